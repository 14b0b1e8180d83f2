"""The flags of rows, kept as numbered sets: most rows have none, and few sets are met."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.coded import Coded, Places, fitting

type FlagSet = tuple[str, ...]


class FlagSets:
    """For every row its flags, each once, sorted."""

    def __init__(self, n_rows: int) -> None:
        """No row has a flag yet."""
        self._sets: list[FlagSet] = [()]
        self._numbers: dict[FlagSet, int] = {(): 0}
        self._places = np.zeros(n_rows, np.int32)

    def add(self, column: Coded) -> None:
        """Give each row the flags of its word: codes with commas between; a missing word has none."""
        told = [tuple(code for code in word.split(",") if code) for word in column.words.to_pylist()]
        self._join(np.flatnonzero(column.places >= 0), column.places, told)

    def mark(self, is_flagged: NDArray[np.bool_], flag: str) -> None:
        """Give some rows one flag."""
        self._join(np.flatnonzero(is_flagged), np.zeros(len(is_flagged), np.int8), [(flag,)])

    def counts(self) -> Counter[str]:
        """How many rows bear each flag."""
        counts: Counter[str] = Counter()
        for flags, n in zip(self._sets, np.bincount(self._places, minlength=len(self._sets)), strict=True):
            counts.update({flag: int(n) for flag in flags if n})
        return counts

    def to_coded(self) -> Coded:
        """The sets as a column of lists of text; a row without flags has an empty list."""
        places = self._places.astype(fitting(len(self._sets)))
        return Coded(places, pa.array([list(flags) for flags in self._sets], pa.list_(pa.string())))

    def _join(self, rows: NDArray[np.int64], places: Places, told: list[FlagSet]) -> None:
        pairs = self._places[rows].astype(np.int64) * max(len(told), 1) + places[rows]
        met, which = np.unique(pairs, return_inverse=True)
        numbers = [self._number(self._sets[pair // len(told)], told[pair % len(told)]) for pair in met.tolist()]
        self._places[rows] = np.array(numbers, np.int32)[which]

    def _number(self, *sets: Iterable[str]) -> int:
        flags = tuple(sorted({flag for each in sets for flag in each}))
        if flags not in self._numbers:
            self._numbers[flags] = len(self._sets)
            self._sets.append(flags)
        return self._numbers[flags]
