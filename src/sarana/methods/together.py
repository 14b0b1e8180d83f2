"""Several pieces of work at once, where each leaves the interpreter alone for most of its time (Arrow, NumPy)."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def each[A, B](work: Callable[[A], B], of: Iterable[A], *, threads: int) -> list[B]:
    """What the work makes of each, in the order given, whoever did it.

    Args:
        work: looks at its argument alone: no engine, for one connection serves one thread.
        of: what it is done with.
        threads: how many may work at once; with one, one after the other in this thread.
    """
    every = list(of)
    if threads < 2 or len(every) < 2:
        return [work(one) for one in every]
    with ThreadPoolExecutor(max_workers=min(threads, len(every)), thread_name_prefix="each") as pool:
        return list(pool.map(work, every))
