"""Who has which number in a search file, held in memory: whose rights are asked before anything else is read of her."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sarana.methods.search.tables import REF, TOGETHER, Connection, rows_in


class Numbered:
    """The references of all people of a file, by number; 16 MB for a million."""

    def __init__(self) -> None:
        """Nothing is read yet; see `read`."""
        self._stamps: dict[int, int] = {}
        self._refs = np.zeros((0, REF), np.uint8)
        self._turns = np.zeros(0, np.uint32)

    def __len__(self) -> int:
        """One more than the highest number that may be given."""
        return len(self._refs)

    @property
    def turns(self) -> NDArray[np.uint32]:
        """In which turn people come who are found equally well: by the first bytes of their references."""
        return self._turns

    def read(self, connection: Connection) -> None:
        """Read what changed since: all of it the first time (30 milliseconds for a million)."""
        stamps = dict(connection.execute("SELECT part, stamp FROM refs INDEXED BY refs_stamp"))
        changed = [part for part, stamp in stamps.items() if self._stamps.get(part) != stamp]
        if not changed:
            return
        missing = (max(stamps) + 1) * TOGETHER - len(self._refs)
        if missing > 0:
            self._refs = np.concatenate([self._refs, np.zeros((missing, REF), np.uint8)])
            self._turns = np.concatenate([self._turns, np.zeros(missing, np.uint32)])
        for part, refs in rows_in(connection, "SELECT part, refs FROM refs WHERE part IN ({})", changed):
            here = slice(part * TOGETHER, (part + 1) * TOGETHER)
            self._refs[here] = np.frombuffer(refs, np.uint8).reshape(TOGETHER, REF)
            self._turns[here] = np.frombuffer(refs, ">u4")[:: REF // 4]
        self._stamps = stamps

    def refs_of(self, people: Sequence[int]) -> dict[UUID, int]:
        """The references of some people who are there, in their order, each with its number."""
        rows = self._refs[np.asarray(people, np.int64)].tobytes()
        found = {rows[at : at + REF]: person for at, person in zip(range(0, len(rows), REF), people, strict=True)}
        found.pop(bytes(REF), None)
        return {UUID(bytes=ref): person for ref, person in found.items()}
