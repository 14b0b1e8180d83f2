"""`./dev bench update`: an update with 1 % of the rows changed, beside the full run with that model, in one run.

A province is invented and run, a share of the rows of every file is changed, and the two ways to the new tables are
measured one after the other, each as a process of its own. The end is 0 only when all tables are the same bytes.
"""

import argparse
import csv
import filecmp
import json
import platform
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.contenders import COMMAND, SOURCES, Means, invent
from bench.measured import Cost, Failed, run_measured

PEOPLE = 1_750_000
GOAL_SECONDS = 5.0
"""What an update of 2.28 million rows with 1 % changed should take: the goal that is held against what is reached."""

SECTORS = ("health", "education", "human_security", "family_welfare")
OWN = ("receipts/", "work/changes.parquet", "work/set-aside-lines.parquet")
"""What may differ between the two run folders, besides the receipts: what only an update has."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many lines of the files were changed, taken out and put in."""

    changed: int
    gone: int
    new: int


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say whether the tables are the same.

    Returns:
        0 when they are, 1 when a table differs, 2 when a run failed.
    """
    asked = _ask(arguments)
    means = Means(asked.threads, asked.memory)
    print(f"{platform.python_implementation()} {platform.python_version()}, {asked.threads} threads, {asked.memory}")
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as temp:
        try:
            return _measure(asked, means, asked.work or Path(temp))
        except Failed as err:
            print(f"bench: {err}", file=sys.stderr)
            return 2


def _ask(arguments: Sequence[str]) -> argparse.Namespace:
    ask = argparse.ArgumentParser(prog="./dev bench update")
    ask.add_argument("--people", type=int, default=PEOPLE, help="people in the province (1,750,000: full scale)")
    ask.add_argument("--share", type=float, default=0.01, help="the share of rows that are changed")
    ask.add_argument("--only", choices=SECTORS, help="change one file only; every file unless said")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--memory", default="5GB")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--work", type=Path, help="an empty folder to keep the province, the runs and the logs in")
    return ask.parse_args(arguments)


def _measure(asked: argparse.Namespace, means: Means, work: Path) -> int:
    work.mkdir(parents=True, exist_ok=True)
    _say(f"inventing {asked.people:,} people (seed {asked.seed}) …")
    province = invent(asked.people, asked.seed, 1.0, work)
    _say("the earlier run …")
    words = [str(SOURCES), "--data", str(province), *means.words()]
    _run(["run", *words, "--unsealed", "--out", str(work / "earlier")], work / "earlier.log")
    names = (asked.only,) if asked.only else SECTORS
    changed = change_files(province, work / "later", names, asked.share, random.Random(asked.seed))  # noqa: S311
    later = ["--data", str(work / "later"), *means.words()]
    _say("the full run with its model …")
    full = _run(
        ["run", str(SOURCES), *later, "--unsealed", "--model", str(work / "earlier"), "--out", str(work / "full")],
        work / "full.log",
    )
    _say("the update …")
    update = _run(
        ["update", str(work / "earlier"), "--sources", str(SOURCES), *later, "--out", str(work / "update")],
        work / "update.log",
    )
    unlike = unlike_files(work / "full", work / "update")
    _tell(work, {"full": full, "update": update}, changed, unlike)
    return 1 if unlike else 0


def _run(words: list[str], log: Path) -> Cost:
    return run_measured(["-c", COMMAND, "population", *words], log)


def change_files(before: Path, after: Path, names: Sequence[str], share: float, chance: random.Random) -> Changed:
    """Write the later state of a province: of a share of the lines, one in five goes, for one a person comes in.

    The other three get the first values of another line (who somebody is); who comes in is a copy of somebody under a
    row id of its own.
    """
    shutil.copytree(before, after, ignore=shutil.ignore_patterns("truth"))
    changed = gone = new = 0
    for name in names:
        with (after / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        own = head.index("row_id")
        out = set()
        for turn, at in enumerate(chance.sample(range(len(rows)), round(len(rows) * share))):
            other = list(chance.choice(rows))
            if turn % 5 == 0:
                out.add(at)
            elif turn % 5 == 1:
                other[own] = f"new-{name}-{turn}"
                rows.append(other)
                new += 1
            else:
                rows[at] = [*rows[at][: own + 1], *other[own + 1 : own + 6], *rows[at][own + 6 :]]
                changed += 1
        gone += len(out)
        with (after / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [head, *(row for at, row in enumerate(rows) if at not in out)]
            )
    return Changed(changed, gone, new)


def unlike_files(left: Path, right: Path) -> list[str]:
    """The files of two runs that are not the same bytes, or stand in one only."""
    found = sorted({*_files(left), *_files(right)})
    return [name for name in found if not _is_same(left / name, right / name)]


def _files(run: Path) -> Iterator[str]:
    for file in run.rglob("*"):
        name = file.relative_to(run).as_posix()
        if file.is_file() and not name.startswith(OWN):
            yield name


def _is_same(left: Path, right: Path) -> bool:
    return left.is_file() and right.is_file() and filecmp.cmp(left, right, shallow=False)


def _tell(work: Path, costs: dict[str, Cost], changed: Changed, unlike: list[str]) -> None:
    receipts = {name: _receipts(work / name) for name in costs}
    n_rows = receipts["full"]["read"]["rows_in"]
    print(
        f"\n{n_rows:,} rows; lines changed {changed.changed:,}, gone {changed.gone:,}, new {changed.new:,}\n\n"
        "| | seconds | CPU seconds | peak MiB |\n|---|---:|---:|---:|"
    )
    for name, cost in costs.items():
        peak = max(cost.peak_mib, *(step["peak_memory_mib"] for step in receipts[name].values()))
        print(f"| {name} | {cost.wall_seconds:.1f} | {cost.cpu_seconds:.1f} | {peak:,.0f} |")
    print("\n| step | full, CPU s | update, CPU s | |\n|---|---:|---:|---|")
    for step, said in receipts["update"].items():
        before = receipts["full"].get(step, {}).get("cpu_seconds")
        how = "taken over" if "taken over" in said["counts"] else "done anew"
        print(f"| {step} | {'' if before is None else f'{before:.1f}'} | {said['cpu_seconds']:.1f} | {how} |")
    wall = costs["update"].wall_seconds
    print(f"\nThe goal at 2.28 million rows is {GOAL_SECONDS:.0f} s; this update took {wall:.1f} s.")
    print("All tables are the same bytes." if not unlike else "Not the same bytes: " + ", ".join(unlike))


def _receipts(run: Path) -> dict[str, dict[str, dict[str, int]]]:
    said = (json.loads(file.read_text("utf-8")) for file in sorted((run / "receipts").iterdir()))
    return {receipt["step"]: receipt for receipt in said}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
