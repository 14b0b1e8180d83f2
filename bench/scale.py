"""`./dev scale population`: the chain on a tenth, on one and on ten provinces' rows, and how its cost grows.

Each size is a run of its own from CSV to the report, in a process of its own; people are invented beforehand, and
quality is measured afterwards, neither counted. What a run took is that of its process, from its start to its end. It
is kept beside the run, so that a run in a folder that was kept (`--work`) need not be made again. The end is 0 when
every size that was asked for was run.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.about import about_text, say
from bench.contenders import Means, judge_pairs_only, run_ours, steps_of
from bench.measured import Cost, Failed, run_measured
from sarana.methods.engine import memory_bytes
from sarana.methods.runs.meter import memory_free_mib

PEOPLE = 1_750_000
"""People of a whole province: 2.28 million rows."""

SIZES = ("0.1", "1", "10")
COST_FILE = "cost.json"
STRATA = ("all", "human security", "stateless")
ROOM_GIB = 30
"""Disk that the largest size takes at its widest: files, run and what is spilled."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: rows, cost and quality."""

    size: str
    n_rows: int
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    f1: dict[str, float]
    steps: dict[str, tuple[float, float, float]]


def main(arguments: Sequence[str]) -> int:
    """Measure, print one table, and say what was left out and why.

    Returns:
        0 when every size asked for was run, 1 when one had to be left out, 2 when a run failed.
    """
    asked = _ask(arguments)
    means = Means(asked.threads, asked.memory)
    print(about_text(means), flush=True)
    wanted = SIZES[: SIZES.index(asked.up_to) + 1]
    found: list[Measured] = []
    lacking = ""
    with ExitStack() as stack:
        work = asked.work or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sarana-scale-")))
        for size in wanted:
            lacking = _lacking(size, means, work)
            if lacking:
                break
            try:
                found.append(_measure(size, asked.seed, means, work.resolve(), keep=asked.work is not None))
            except Failed as err:
                print(f"scale: {err}", file=sys.stderr)
                return 2
    print(f"\n{table(found)}\n")
    for one in found:
        told = (
            f"{step} {cpu:.0f} s CPU, {wall:.0f} s, {peak:,.0f} MiB" for step, (cpu, wall, peak) in one.steps.items()
        )
        print(f"Steps at {one.size}: " + "; ".join(told))
    print(left_out([size for size in SIZES if size not in {one.size for one in found}], asked.up_to, lacking))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", "utf-8")
    return 1 if lacking else 0


def table(found: Sequence[Measured]) -> str:
    """All sizes as a table in Markdown; growth is that of CPU, brought to exactly ten times the rows."""
    head = ["provinces", "rows", "wall s", "CPU s", "peak MiB", "CPU growth for ten times the rows"]
    lines = [head + [f"F1 {stratum}" for stratum in STRATA]]
    lines.append(["---:"] * len(lines[0]))
    for at, one in enumerate(found):
        grown = f"x{growth(found[at - 1], one):.1f}" if at else ""
        cost = [
            one.size,
            f"{one.n_rows:,}",
            f"{one.wall_seconds:.0f}",
            f"{one.cpu_seconds:.0f}",
            f"{one.peak_mib:,.0f}",
        ]
        lines.append([*cost, grown, *(f"{one.f1[stratum]:.4f}" for stratum in STRATA)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def growth(small: Measured, large: Measured) -> float:
    """By how much CPU grew, as if rows had grown exactly tenfold."""
    return 10 * (large.cpu_seconds / small.cpu_seconds) / (large.n_rows / small.n_rows)


def left_out(sizes: Sequence[str], up_to: str, lacking: str) -> str:
    """What was not run, and why."""
    if not sizes:
        return "Every size was run."
    why = lacking or f"--up-to {up_to} was asked for"
    return f"Left out: {', '.join(sizes)} times a province's rows, because {why}."


def _ask(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    ask = argparse.ArgumentParser(prog="./dev scale population")
    ask.add_argument("--up-to", choices=SIZES, default=SIZES[-1], help="the largest size, in provinces (10 wants 8 GB)")
    ask.add_argument("--seed", type=int, default=8101, help="of the first province; the others follow")
    ask.add_argument("--memory", default="8GB")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--work", type=Path, help="a folder to keep provinces, runs and logs in; what is there is used")
    ask.add_argument("--json", type=Path, help="write all figures to this file")
    return ask.parse_args(arguments)


def _lacking(size: str, means: Means, work: Path) -> str:
    """What this machine has too little of for a size; empty where there is enough."""
    if size != SIZES[-1]:
        return ""
    work.mkdir(parents=True, exist_ok=True)
    free, needed = memory_free_mib(), memory_bytes(means.memory) // 2**20
    if free is not None and free < needed:
        return f"{free:,} MiB of memory are free and {needed:,} were to be given"
    room = shutil.disk_usage(work).free // 2**30
    return f"{room} GiB of disk are free and {ROOM_GIB} are needed" if room < ROOM_GIB else ""


def _measure(size: str, seed: int, means: Means, work: Path, *, keep: bool) -> Measured:
    """Invent one size, run the chain on it, and measure both."""
    own = work / f"provinces-{size}"
    own.mkdir(parents=True, exist_ok=True)
    province = own / "province"
    if not province.exists():
        say(f"{size}: inventing …")
        n_provinces, people = (int(size), PEOPLE) if float(size) >= 1 else (1, round(PEOPLE * float(size)))
        seeds = ",".join(str(seed + at) for at in range(n_provinces))
        made = own / "unfinished"
        shutil.rmtree(made, ignore_errors=True)
        run_measured(
            ["-m", "bench.provinces", str(made), "--people", str(people), "--seeds", seeds], own / "invent.log"
        )
        made.rename(province)
    run = own / "run"
    if (own / COST_FILE).is_file():
        say(f"{size}: the run that was made before …")
        cost = Cost(**json.loads((own / COST_FILE).read_text("utf-8")))
    else:
        shutil.rmtree(run, ignore_errors=True)
        say(f"{size}: the whole chain …")
        cost = run_ours(province, own, means).cost
        (own / COST_FILE).write_text(json.dumps(asdict(cost)) + "\n", "utf-8")
    say(f"{size}: judging …")
    measured = _measured(size, run, cost, judge_pairs_only(run, province, own, means))
    if not keep:
        shutil.rmtree(own)
    return measured


def _measured(size: str, run: Path, cost: Cost, f1: dict[str, float]) -> Measured:
    return Measured(
        size=size,
        n_rows=json.loads((run / "receipts" / "01-read.json").read_text("utf-8"))["rows_in"],
        wall_seconds=cost.wall_seconds,
        cpu_seconds=cost.cpu_seconds,
        peak_mib=cost.peak_mib,
        f1={stratum: f1[f"{stratum}: f1"] for stratum in STRATA},
        steps={step: (own.cpu_seconds, own.wall_seconds, own.peak_mib) for step, own in steps_of(run)},
    )
