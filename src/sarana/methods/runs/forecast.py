"""How long a run will take on this machine: from runs it did before, else from a short timed probe of the engine."""

import contextlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.methods.engine import Engine
from sarana.methods.reference import read_reference
from sarana.methods.runs.means import Means
from sarana.methods.runs.receipts import Receipt

PROBE_ROWS = 100_000
KEPT_PACES = 30
FAR = 30.0
"""Earlier runs with this many times more or fewer rows say little: the probe is asked instead."""


class Cost(msgspec.Struct, frozen=True):
    """What a step costs in probes: the seconds of the step divided by those of the probe on the same machine."""

    fixed: float
    per_million_rows: float

    def probes(self, n_rows: int) -> float:
        """What the step costs for so many rows."""
        return self.fixed + self.per_million_rows * n_rows / 1e6


PLAIN = Cost(fixed=0.01, per_million_rows=10.0)
"""How a step grows of which nobody has measured the cost: with its rows, after a little beginning."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What a finished run took: counts and seconds only."""

    n_rows: int
    threads: int
    memory_mib: int
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds that each step will take, and what that is known from."""

    seconds: Mapping[str, float]
    n_rows: int
    basis: str

    @property
    def total_seconds(self) -> float:
        """Seconds of the whole run."""
        return sum(self.seconds.values())


def forecast_run(
    steps: Sequence[str], n_rows: int, means: Means, *, paces: Sequence[Pace], costs: Mapping[str, Cost], temp: Path
) -> Forecast:
    """Say how long a run will take before it begins.

    Args:
        steps: names of the steps, in order.
        n_rows: rows of all sources together; an estimate will do.
        means: threads and memory that the run gets.
        paces: earlier runs on this machine.
        costs: what each step costs in probes, from `reference/costs.toml`; a step without one is free for a probe, and
            grows with its rows from an earlier run.
        temp: a folder that the probe may use.

    Returns:
        Seconds for each step: after the nearest earlier run with the same steps and threads, else after a probe.
    """
    nearest = _nearest(steps, n_rows, means, paces)
    if nearest is not None:
        seconds = {
            step: nearest.seconds[step] * cost.probes(n_rows) / cost.probes(nearest.n_rows)
            for step in steps
            for cost in (costs.get(step, PLAIN),)
        }
        return Forecast(seconds=seconds, n_rows=n_rows, basis=f"an earlier run of {nearest.n_rows:,} rows here")
    probe = probe_seconds(means, temp)
    seconds = {step: probe * costs[step].probes(n_rows) if step in costs else 0.0 for step in steps}
    return Forecast(seconds=seconds, n_rows=n_rows, basis=f"a probe of this machine ({probe:.2f} s)")


def probe_seconds(means: Means, temp: Path) -> float:
    """Wall seconds of a small piece of work like that of a run: make texts, join them, group them, sort them."""
    with Engine(threads=means.threads, memory="256MiB", temp=temp) as engine:
        start = time.perf_counter()
        engine.run(
            f"CREATE TABLE probe AS SELECT i, md5(i::VARCHAR) AS word, hash(i) % {PROBE_ROWS // 4} AS block "
            f"FROM range({PROBE_ROWS}) AS made(i)"
        )
        engine.row(
            "SELECT count(*), max(near) FROM (SELECT l.block, jaro_winkler_similarity(l.word, r.word) AS near "
            "FROM probe l JOIN probe r ON l.block = r.block AND l.i < r.i ORDER BY near, l.block)"
        )
        return time.perf_counter() - start


def read_costs() -> Mapping[str, Cost]:
    """What each step costs in probes, as measured and set down in `reference/costs.toml`."""
    return {step: msgspec.convert(cost, Cost) for step, cost in read_reference("costs.toml").items()}


def read_paces(path: Path | None) -> list[Pace]:
    """Earlier runs on this machine; none when nothing was kept or the file cannot be read."""
    if path is None:
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Pace])
    except (OSError, msgspec.MsgspecError):
        return []


def keep_pace(path: Path | None, receipts: Sequence[Receipt], n_rows: int, means: Means) -> None:
    """Remember what a run took, unless there is no folder; a forecast is not worth a failed run: nothing is raised."""
    if path is None:
        return
    pace = Pace(
        n_rows=n_rows,
        threads=means.threads,
        memory_mib=means.memory_mib,
        seconds={receipt.step: receipt.seconds for receipt in receipts},
    )
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode([*read_paces(path), pace][-KEPT_PACES:]))


def _nearest(steps: Sequence[str], n_rows: int, means: Means, paces: Sequence[Pace]) -> Pace | None:
    def distance(pace: Pace) -> float:
        rows = math.log(max(pace.n_rows, 1) / max(n_rows, 1))
        memory = math.log(pace.memory_mib / means.memory_mib)
        return abs(rows) + abs(memory)

    usable = [
        pace
        for pace in paces
        if pace.threads == means.threads
        and set(steps) <= set(pace.seconds)
        and 1 / FAR < max(pace.n_rows, 1) / max(n_rows, 1) < FAR
    ]
    return min(reversed(usable), key=distance, default=None)
