"""Runs a contender as a process of its own, so that its CPU, wall and peak memory are its own and nobody else's."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KIB = 1 if sys.platform != "darwin" else 1024
"""Units of `ru_maxrss` in a KiB: Linux counts in KiB, macOS in bytes."""


class Failed(Exception):
    """A contender ended with an error: its exit code, and the last lines it said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: user and system CPU seconds, wall seconds, peak resident memory in MiB."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float

    def after(self, other: "Cost") -> "Cost":
        """The cost of doing this after another thing, in a process of its own."""
        return Cost(
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.peak_mib, other.peak_mib),
        )


def run_measured(arguments: Sequence[str], log: Path) -> Cost:
    """Run Python with these arguments to its end; what it says goes to a file.

    Children of the process that it waits for are counted too.

    Raises:
        Failed: it ended with another code than 0.
    """
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "SARANA_STATE": str(log.parent / "state")}
    began = time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=said, stderr=subprocess.STDOUT, env=environment, cwd=ROOT
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = log.read_text("utf-8", "replace").splitlines()[-12:]
        raise Failed(f"{' '.join(arguments[:3])} … ended with {process.returncode}:\n" + "\n".join(tail))
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / KIB / 1024)
