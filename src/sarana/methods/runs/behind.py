"""Work behind: what a step left is written and hashed by a second thread, while the next step begins on its tables."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import pyarrow as pa

from sarana.methods.runs.receipts import Receipt

SHARE = 8
"""One part in so many of a run's memory may be tables that stay for the next steps."""


class Behind:
    """At most one piece of work at a time that another thread does; with one thread it is done at once.

    A context: at its end, whatever ended it, what was begun is done.
    """

    def __init__(self, *, is_parallel: bool) -> None:
        """`is_parallel`: whether there is a second thread to do it."""
        self.is_parallel = is_parallel
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind") if is_parallel else None
        self._begun: Future[Receipt] | None = None

    def __enter__(self) -> Self:
        """Nothing is begun."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        """Wait for what was begun; its fault is told unless there is one already."""
        try:
            self.settle()
        except Exception:
            if fault is None:
                raise
        finally:
            if self._pool is not None:
                self._pool.shutdown()

    def begin(self, work: Callable[[], Receipt]) -> None:
        """Begin a piece of work; what was begun before must be settled."""
        if self._pool is not None:
            self._begun = self._pool.submit(work)
            return
        self._begun = Future()
        self._begun.set_result(work())

    @property
    def is_done(self) -> bool:
        """Whether nothing is being done."""
        return self._begun is None or self._begun.done()

    def settle(self) -> Receipt | None:
        """Wait for what was begun: its receipt, or None where nothing was begun since.

        Raises:
            SaranaError: what kept it from being done.
        """
        begun, self._begun = self._begun, None
        return begun.result() if begun is not None else None


class Kept:
    """Tables that stay in memory for the steps that read them next, as many as there is room for.

    Args:
        memory_mib: the memory of the run, of which they take an eighth at most.
    """

    def __init__(self, memory_mib: int) -> None:
        """Nothing is kept."""
        self._room = memory_mib * 2**20 // SHARE
        self._tables: dict[str, pa.Table] = {}

    def has_room(self, tables: Iterable[pa.Table]) -> bool:
        """Whether tables could be kept, if nothing else were."""
        return sum(int(table.nbytes) for table in tables) <= self._room

    def find(self, relation: str) -> pa.Table | None:
        """A table that is kept, or None."""
        return self._tables.get(relation)

    def keep(self, tables: Mapping[str, pa.Table], wanted: Iterable[str]) -> None:
        """Keep the new tables, and of the older ones what is still wanted, the newest first, while there is room."""
        still = set(wanted)
        newest = {**self._tables, **tables}
        room = self._room
        self._tables = {}
        for relation, table in reversed(newest.items()):
            room -= table.nbytes if relation in still else 0
            if relation in still and room >= 0:
                self._tables[relation] = table
        self._tables = dict(reversed(self._tables.items()))
