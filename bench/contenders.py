"""The three ways to bring rows together that are measured: plain Splink, exact ID alone, and the chain of ours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.measured import ROOT, Cost, run_measured

COMMAND = "from sarana.config.commands import main; main()"
SOURCES = ROOT / "examples" / "chiang-mai" / "sources.toml"
SHARED_STEPS = ("read", "standardise")
"""Steps of ours whose result Splink is given; they are counted in its column too."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every contender may use: threads, and memory such as 5GB."""

    threads: int
    memory: str

    def words(self) -> list[str]:
        """The same, as a command line has it."""
        return ["--threads", str(self.threads), "--memory", self.memory]


@dataclass(frozen=True, slots=True)
class Done:
    """What a contender made of the rows, and what it took; with the cost of every step where there are steps."""

    people: Path
    cost: Cost
    steps: tuple[tuple[str, Cost], ...] = ()


def invent(people: int, seed: int, defects: float, work: Path) -> Path:
    """Invent a province; not counted for anyone."""
    folder = work / "province"
    words = ["--people", str(people), "--seed", str(seed), "--defects", str(defects), "--out", str(folder)]
    run_measured(["-c", COMMAND, "invent", "province", *words], work / "invent.log")
    return folder


def run_ours(province: Path, work: Path, means: Means) -> Done:
    """The whole chain, from CSV to the report."""
    run = work / "run"
    words = [str(SOURCES), "--data", str(province), "--out", str(run), "--unsealed", *means.words()]
    cost = run_measured(["-c", COMMAND, "population", "run", *words], work / "ours.log")
    steps = tuple(steps_of(run))
    # The chain sets the system's own peak back at every step, so the whole's is the greatest of all steps.
    peak = max(cost.peak_mib, *(step.peak_mib for _, step in steps))
    return Done(run / "people.parquet", replace(cost, peak_mib=peak), steps)


def run_exact_id(province: Path, work: Path, means: Means) -> Done:
    """Equal IDs and nothing else."""
    out = _place(work / "exact")
    words = [str(province), str(out), "--temp", str(work / "temp"), *means.words()]
    return Done(out, run_measured(["-m", "bench.exact_id", *words], work / "exact.log"))


def run_splink(ours: Done, work: Path, means: Means) -> Done:
    """Plain Splink on the rows that ours standardised; reading and standardising are added to its cost."""
    out = _place(work / "splink")
    words = [str(ours.people.parent / "standardised.parquet"), str(out), "--temp", str(work / "temp"), *means.words()]
    own = run_measured(["-m", "bench.plain_splink", *words], work / "splink.log")
    shared = [(name, cost) for name, cost in ours.steps if name in SHARED_STEPS]
    cost = own
    for _, part in shared:
        cost = part.after(cost)
    return Done(out, cost, (*shared, ("splink", own)))


def judge(done: Mapping[str, Done], province: Path, work: Path, means: Means) -> dict[str, Any]:
    """Measure the quality of all contenders, in a process of its own so that none inherits its memory."""
    out = work / "judged.json"
    named = [f"{name}={one.people}" for name, one in done.items()]
    words = [str(province), str(work / "run"), str(out), *named, "--temp", str(work / "temp"), *means.words()]
    run_measured(["-m", "bench.judge", *words], work / "judge.log")
    judged: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return judged


def judge_pairs_only(run: Path, province: Path, work: Path, means: Means) -> dict[str, float]:
    """The F1 of every stratum of pairs, and nothing else: what can be asked of tens of millions of rows."""
    out = work / "judged.json"
    words = [str(province), str(run), str(out), f"ours={run / 'people.parquet'}", "--pairs-only"]
    run_measured(["-m", "bench.judge", *words, "--temp", str(work / "temp"), *means.words()], work / "judge.log")
    figures: dict[str, float] = json.loads(out.read_text("utf-8"))["figures"]["ours"]
    return figures


def _place(folder: Path) -> Path:
    folder.mkdir()
    return folder / "people.parquet"


def steps_of(run: Path) -> list[tuple[str, Cost]]:
    """What each step took, as its receipt says."""
    told = [json.loads(path.read_text("utf-8")) for path in sorted((run / "receipts").glob("*.json"))]
    return [(r["step"], Cost(r["cpu_seconds"], r["seconds"], r["peak_memory_mib"])) for r in told]
