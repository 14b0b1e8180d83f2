"""What a step costs: wall seconds, CPU seconds of all its threads, and its own peak of memory."""

import os
import re
import resource
import sys
import time
from pathlib import Path

SELF = Path("/proc/self")


class Meter:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        """Start the clocks and, where the system lets us, forget the memory peak of earlier steps."""
        _forget_peak()
        self._wall = time.perf_counter()
        self._cpu = _cpu_seconds()

    @property
    def seconds(self) -> float:
        """Wall seconds since the start."""
        return time.perf_counter() - self._wall

    @property
    def cpu_seconds(self) -> float:
        """User and system seconds since the start, over all threads and finished child processes."""
        return _cpu_seconds() - self._cpu

    @property
    def peak_memory_mib(self) -> int:
        """Most memory held since the start, in MiB; since the start of the process where the system cannot reset it."""
        found = _status_mib("VmHWM")
        if found is not None:
            return found
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def memory_held_mib() -> int:
    """Memory that this process holds now, in MiB (its peak so far where the system does not tell)."""
    held = _status_mib("VmRSS")
    return Meter().peak_memory_mib if held is None else held


def memory_free_mib() -> int | None:
    """Memory that the machine could still give, in MiB; None where the system does not tell."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) // 1024 if found else None


def _cpu_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _forget_peak() -> None:
    """Set VmHWM back to what is held now (Linux: writing 5 to clear_refs)."""
    try:
        (SELF / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return  # not allowed or not Linux: the peak is then that of the process so far


def _status_mib(field: str) -> int | None:
    try:
        text = (SELF / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) // 1024 if found else None
