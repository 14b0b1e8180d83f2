"""What a run may use of the machine: threads and memory, and how the memory is shared between Python and the engine."""

from dataclasses import dataclass

from sarana.basics.errors import BadSetting, NoRoom
from sarana.methods.engine import memory_bytes
from sarana.methods.runs.meter import memory_held_mib

ENGINE_SHARE = 0.8
"""Part of the free memory that the engine is told of; the rest is for NumPy, Arrow and what it does not count."""

ROW_KIB = 0.3
"""What the widest moment of a run holds for each row: measured on 2,279,000, 6,837,000 and 22,790,000 rows."""

ENGINE_FLOOR_MIB = 192
ENGINE_FLOOR_PER_THREAD_MIB = 64


@dataclass(frozen=True, slots=True)
class Means:
    """Threads and memory of a run; outside the settings that count, for they must not change a result."""

    threads: int
    memory_mib: int


def read_means(threads: int, memory: str) -> Means:
    """Check what the command line asked for.

    Raises:
        BadSetting: ENGINE-001 fewer than one thread; ENGINE-002 the text is no amount of memory.
        NoRoom: RUN-004 less memory than a run needs to begin.
    """
    if threads < 1:
        raise BadSetting("ENGINE-001", f"{threads} threads were asked for.", cure="Give at least 1.")
    means = Means(threads=threads, memory_mib=memory_bytes(memory) // 2**20)
    needed = needed_mib(threads)
    if means.memory_mib < needed:
        raise NoRoom(
            "RUN-004",
            f"{means.memory_mib} MiB of memory are too little for {threads} threads.",
            cure=f"Give at least {needed} MiB with --memory, or fewer --threads.",
        )
    return means


def check_room(means: Means, n_rows: int) -> None:
    """Refuse a run that would need more memory than it was given; better before it begins than in its middle.

    Raises:
        NoRoom: RUN-004 less memory than so many rows need.
    """
    needed = needed_mib(means.threads) + int(n_rows * ROW_KIB / 1024) + 1
    if means.memory_mib < needed:
        raise NoRoom(
            "RUN-004",
            f"{means.memory_mib} MiB of memory are too little for about {n_rows:,} rows.",
            cure=f"Give at least {needed} MiB with --memory, or run fewer sources at a time.",
        )


def needed_mib(threads: int) -> int:
    """The least memory, in MiB, with which a run begins: what Python holds, and room for the engine to spill."""
    return memory_held_mib() + int(_floor_mib(threads) / ENGINE_SHARE) + 1


def engine_memory_mib(means: Means) -> int:
    """How much of a run's memory the engine gets: a share of what Python does not hold, never less than it needs."""
    return max(int((means.memory_mib - memory_held_mib()) * ENGINE_SHARE), _floor_mib(means.threads))


def _floor_mib(threads: int) -> int:
    return ENGINE_FLOOR_MIB + ENGINE_FLOOR_PER_THREAD_MIB * threads
