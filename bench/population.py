"""`./dev bench population`: plain Splink, exact ID and ours on the same invented province, in one run, with verdicts.

Each contender is a process of its own. Without `--defects` two things are measured: the province as it usually is, and
one of a tenth of the people with twice the defects. The end is 0 only when nothing required was missed.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.about import about_run, about_text, say
from bench.contenders import Done, Means, invent, judge, run_exact_id, run_ours, run_splink
from bench.figures import CPU, PEAK, WALL, Values, Verdict, judge_run, table, worst_of
from bench.measured import Cost, Failed

PEOPLE = 1_750_000
ROWS_PER_PERSON = 1.3026
"""Measured on invented provinces: 113,950 rows of 87,500 people."""


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say whether what is required was reached.

    Returns:
        0 when it was, 1 when a figure falls short, 2 when a contender failed.
    """
    asked = _ask(arguments)
    means = Means(asked.threads, asked.memory)
    about = about_run(means)
    print(about_text(means), flush=True)
    try:
        parts = [
            _measure_seeds(people, defects, asked, means) for people, defects in _parts(asked.people, asked.defects)
        ]
    except Failed as err:
        print(f"bench: {err}", file=sys.stderr)
        return 2
    if asked.json:
        asked.json.write_text(json.dumps({**about, "parts": parts}, indent=1) + "\n", "utf-8")
    missed = [f"{part['title']}: {figure}" for part in parts for figure in part["missed"]]
    print(f"\n{len(missed)} figures fall short." if missed else "\nAll that is required was reached.")
    print("\n".join(f"  {line}" for line in missed))
    return 1 if missed else 0


def _ask(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    ask = argparse.ArgumentParser(prog="./dev bench population")
    size = ask.add_mutually_exclusive_group()
    size.add_argument("--people", type=int, default=PEOPLE, help="people in the province (1,750,000: full scale)")
    size.add_argument("--rows", type=int, help="about how many rows instead")
    ask.add_argument("--seeds", default="1,2,3", help="one province for each; the worst is what counts")
    ask.add_argument("--defects", type=float, help="only this rate of defects, 1 being the usual")
    ask.add_argument("--memory", default="5GB")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument(
        "--skip-splink", action="store_true", help="leave the anchor out: quicker, and judged by bounds only"
    )
    ask.add_argument("--work", type=Path, help="a folder to keep provinces, runs and logs in")
    ask.add_argument("--json", type=Path, help="write all figures to this file")
    asked = ask.parse_args(arguments)
    asked.people = round(asked.rows / ROWS_PER_PERSON) if asked.rows else asked.people
    asked.seeds = [int(seed) for seed in asked.seeds.split(",")]
    return asked


def _parts(people: int, defects: float | None) -> Iterator[tuple[int, float]]:
    """The provinces to measure: how many people, how many defects."""
    if defects is not None:
        yield people, defects
        return
    yield people, 1.0
    yield people // 10, 2.0


def _measure_seeds(people: int, defects: float, asked: argparse.Namespace, means: Means) -> dict[str, Any]:
    """Measure one size and rate of defects over all seeds; print each, and the worst."""
    runs: list[dict[str, Any]] = []
    missed: dict[str, None] = {}
    for seed in asked.seeds:
        with _folder(asked.work, f"people-{people}-seed-{seed}-defects-{defects:g}") as work:
            run = _measure(people, seed, defects, work, means, with_splink=not asked.skip_splink)
        verdicts = judge_run(run["figures"], defects=defects, n_rows=run["rows"])
        _print_run(run, verdicts)
        runs.append(run)
        missed |= dict.fromkeys(f"seed {seed}, {verdict.figure}" for verdict in verdicts if verdict.missed)
    title = f"{people:,} people, {defects:g} times the usual defects"
    if len(runs) > 1:
        worst = worst_of([run["figures"] for run in runs])
        # Each seed was held against its own anchor above; the worst are held against the bounds alone.
        verdicts = judge_run({"ours": worst["ours"]}, defects=defects, n_rows=min(run["rows"] for run in runs))
        print(f"\n## Worst of {len(runs)} seeds: {title}\n\n{table(worst, verdicts)}", flush=True)
    return {"title": title, "people": people, "defects": defects, "runs": runs, "missed": list(missed)}


def _measure(people: int, seed: int, defects: float, work: Path, means: Means, *, with_splink: bool) -> dict[str, Any]:
    """Invent one province and let every contender work on it, one after the other."""
    say(f"inventing {people:,} people (seed {seed}, defects {defects:g}) …")
    province = invent(people, seed, defects, work)
    say("ours, the whole chain …")
    done: dict[str, Done] = {"ours": run_ours(province, work, means)}
    if with_splink:
        say("plain Splink …")
        done["splink"] = run_splink(done["ours"], work, means)
    say("exact ID …")
    done["exact ID"] = run_exact_id(province, work, means)
    say("judging …")
    judged = judge(done, province, work, means)
    n_rows = json.loads((work / "run" / "receipts" / "01-read.json").read_text("utf-8"))["rows_in"]
    return {
        "seed": seed,
        "rows": n_rows,
        "banding": judged["banding"],
        "gaps": judged["gaps"],
        "figures": {name: _costs(one.cost) | judged["figures"][name] for name, one in done.items()},
        "steps": {name: {step: _costs(cost) for step, cost in one.steps} for name, one in done.items()},
    }


def _costs(cost: Cost) -> dict[str, float]:
    return {CPU: cost.cpu_seconds, WALL: cost.wall_seconds, PEAK: cost.peak_mib}


def _print_run(run: Mapping[str, Any], verdicts: Sequence[Verdict]) -> None:
    """The table of one seed, then what each step took."""
    figures: Mapping[str, Values] = run["figures"]
    print(f"\n## Seed {run['seed']}, {run['rows']:,} rows\n\n{table(figures, verdicts)}\n")
    pairs = {figure.partition(":")[0]: n for figure, n in figures["ours"].items() if figure.endswith("true pairs")}
    print("True pairs: " + ", ".join(f"{stratum} {n:,}" for stratum, n in pairs.items()))
    print(f"People of the highest band: {run['banding']}; not found: no red person of theirs holds most of her rows")
    print("\nWhy recall differs from the whole's, by stratum:")
    print("\n".join(f"- {gap['line']}" for gap in run["gaps"]) + "\n")
    for name, steps in run["steps"].items():
        if steps:
            told = (f"{s} {c[CPU]:.1f} s CPU, {c[WALL]:.1f} s, {c[PEAK]:,.0f} MiB" for s, c in steps.items())
            print(f"Steps of {name}: " + "; ".join(told), flush=True)


class _folder:  # noqa: N801
    """A folder for one province: kept where one was named, else gone afterwards."""

    def __init__(self, work: Path | None, name: str) -> None:
        self.is_kept = work is not None
        self.path = work / name if work else Path(tempfile.mkdtemp(prefix="sarana-bench-"))

    def __enter__(self) -> Path:
        self.path = self.path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)
        return self.path

    def __exit__(self, *_: object) -> None:
        if not self.is_kept:
            shutil.rmtree(self.path, ignore_errors=True)
