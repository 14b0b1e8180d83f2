"""Which rows are worth comparing: pairs that share one of a few keys, when at least one of them is open.

Two rows with unlike valid IDs are two people; they are not brought together (but for the hidden ones, which teach).
A key that more rows share than `block_rows` says nothing and is left out: the row is found by a rarer key. What a key
without a place is shared by is counted in the row's province: namesakes of other provinces are compared only where few
rows of the whole country share the key (`away_rows`).
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.linkage.rows import DAY, Codes, Rows
from sarana.methods.linkage.settings import LinkSettings
from sarana.methods.together import each

Numbers = NDArray[np.int64]
Truths = NDArray[np.bool_]
_SLICE = 1 << 21
"""Pairs that are looked at together, so that wide keys do not fill the memory."""

_LOOSE = 1 << 24
"""Pairs that lie loose before those that were found twice are let go of."""

_MANY = 1 << 23
"""Rows from which keys are made one after the other: one of so many rows takes some 300 MiB while it is made."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows a and b, from 0, a < b; each once, ordered by a, b.

    Args:
        key: shape (pairs,), a in the upper half and b in the lower: of hundreds of millions both apart would be twice
            as much.
    """

    key: Numbers

    @classmethod
    def of(cls, parts: Sequence[Numbers]) -> Self:
        """Pairs as keys, in any order and more than once."""
        return cls(_once(np.concatenate([np.empty(0, dtype=np.int64), *parts])))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.key)

    @property
    def a(self) -> Numbers:
        """The smaller rows."""
        return self.key >> 32

    @property
    def b(self) -> Numbers:
        """The greater rows."""
        return self.key & 0xFFFFFFFF

    def only(self, kept: Truths | Numbers | slice) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.key[kept])

    def slices(self, size: int) -> Iterator["Pairs"]:
        """All pairs, some at a time; one empty slice where there are none."""
        for begin in range(0, max(len(self.key), 1), size):
            yield self.only(slice(begin, begin + size))


@dataclass(frozen=True, slots=True)
class Block:
    """A key of several parts, which applies where all are known; what else x and y must share; how wide it may be."""

    name: str
    parts: tuple[str, ...]
    only: Callable[[Rows, Numbers, Numbers], Truths] | None = None
    width: float = 1

    @property
    def is_local(self) -> bool:
        """Whether only rows of one place can share it."""
        return not {"area", "village"}.isdisjoint(self.parts)


def _one_sex(rows: Rows, x: Numbers, y: Numbers) -> Truths:
    """Whether the sex is the same, as far as known."""
    one, other = rows.sex[x], rows.sex[y]
    agrees: Truths = (one == 0) | (other == 0) | (one == other)
    return agrees


def _births_may_agree(rows: Rows, x: Numbers, y: Numbers) -> Truths:
    """Whether the births are the same but for the year, or their years one or ten off, as far as known."""
    one, other = rows.birth[x], rows.birth[y]
    apart = np.abs(rows.year[one] - rows.year[other])
    same_day = (rows.month[one] == rows.month[other]) & (rows.day[one] == rows.day[other])
    agrees: Truths = (one == 0) | (other == 0) | (apart == 1) | (apart == 10) | same_day
    return agrees


def _births_are_near(rows: Rows, x: Numbers, y: Numbers) -> Truths:
    """Whether the births may agree, or are of one year."""
    near: Truths = _births_may_agree(rows, x, y) | (rows.year[rows.birth[x]] == rows.year[rows.birth[y]])
    return near


def _year_is_off(rows: Rows, x: Numbers, y: Numbers) -> Truths:
    """Whether no key with a year can bring them together: a birth is missing, or its year one or ten off."""
    one, other = rows.birth[x], rows.birth[y]
    apart = np.abs(rows.year[one] - rows.year[other])
    off: Truths = ((one == 0) | (other == 0) | (apart == 1) | (apart == 10)) & _one_sex(rows, x, y)
    return off


BLOCKS = (
    Block("both names, year", ("lesser", "greater", "year")),
    Block("both names", ("given", "family"), _births_may_agree),
    Block("birth, given, sex", ("given", "birth", "sex")),
    Block("birth, family", ("family", "birth")),
    Block("birth, subdistrict, sex", ("birth", "area", "sex")),
    Block("year, given, subdistrict", ("given_head", "year", "area"), _one_sex),
    Block("year, family, subdistrict", ("family_head", "year", "area"), _one_sex),
    Block("house, given", ("village", "house", "given_start")),
    Block("house, family", ("village", "house", "family_start"), _one_sex),
    Block("house, year", ("village", "house", "year"), _one_sex),
    Block("given, subdistrict", ("given", "area"), _year_is_off, 2),
    Block("family, subdistrict", ("family", "area"), _year_is_off),
    Block("starts, subdistrict", ("lesser_start", "greater_start", "area"), _births_are_near),
    Block("given, family start, year", ("given", "family_start", "year"), _one_sex),
    Block("family, given start, year", ("family", "given_start", "year"), _one_sex),
    Block("given head, family", ("given_head", "family"), _births_are_near),
    Block("given, family head", ("given", "family_head"), _births_are_near),
    Block("birth, given start, sex", ("birth", "given_start", "sex")),
)
"""Keys that were measured against their cost: pairs found that no other key finds, for pairs to compare."""


def block_pairs(rows: Rows, settings: LinkSettings, *, threads: int = 1) -> tuple[Pairs, dict[str, int]]:
    """The pairs that are worth comparing.

    Returns:
        The pairs; and how many each key found, before doubles are taken out (two open rows count twice).

    Cost: 4.5 CPU seconds and 250 MiB for 2.3 million rows.
    """
    found = _Found()
    _by_keys(found, rows, ~rows.has_id | rows.is_hidden, settings, threads)
    for part in _same_id(rows):
        found.add("same ID", part)
    return found.pairs(), found.counts


def open_pairs(rows: Rows, is_open: Truths, settings: LinkSettings, *, threads: int = 1) -> Pairs:
    """The pairs that the keys find for some rows only."""
    found = _Found()
    _by_keys(found, rows, is_open, settings, threads)
    return found.pairs()


def _once(numbers: Numbers) -> Numbers:
    """Some numbers, each once, in order; they are sorted where they lie."""
    numbers.sort()
    found: Numbers = numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]
    return found


def are_among(numbers: Numbers, of: Numbers) -> Truths:
    """Which of some numbers stand among others, which are in order and each once."""
    if not len(of):
        return np.zeros(len(numbers), dtype=np.bool_)
    found: Truths = of[np.minimum(np.searchsorted(of, numbers), len(of) - 1)] == numbers
    return found


class _Found:
    """Pairs as keys find them, one after another or side by side; what was found twice is let go of on the way."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {block.name: 0 for block in BLOCKS}
        self._once: Numbers = np.empty(0, dtype=np.int64)
        self._parts: list[Numbers] = []
        self._n = 0
        self._turn = threading.Lock()

    def add(self, name: str, part: Numbers) -> None:
        """Take in what a key found."""
        with self._turn:
            self.counts[name] = self.counts.get(name, 0) + len(part)
            self._parts.append(part)
            self._n += len(part)
            if self._n > max(_LOOSE, len(self._once) // 2):
                self._put_together()

    def pairs(self) -> Pairs:
        """All pairs."""
        self._put_together()
        return Pairs(self._once)

    def _put_together(self) -> None:
        whole = np.concatenate([self._once, *self._parts])
        self._once, self._n = self._once[:0], 0  # what was put together need not lie there twice
        self._parts.clear()
        self._once = _once(whole)


def _by_keys(found: _Found, rows: Rows, is_open: Truths, settings: LinkSettings, threads: int) -> None:
    """Take in the pairs of an open row and another that each key finds; keys side by side."""

    def find(block: Block) -> None:
        for part in _find(block, rows, is_open, settings):
            found.add(block.name, part)

    each(find, BLOCKS, threads=threads if len(rows) < _MANY else 1)


_PARTS: Mapping[str, Callable[[Rows], Codes]] = {
    "given": lambda rows: _heads(rows.keys, None)[rows.given_key],
    "family": lambda rows: _heads(rows.keys, None)[rows.family_key],
    "lesser": lambda rows: np.minimum(_PARTS["given"](rows), _PARTS["family"](rows)),
    "greater": lambda rows: _greater(_PARTS["given"](rows), _PARTS["family"](rows)),
    "given_head": lambda rows: _heads(rows.keys, 3)[rows.given_key],
    "given_start": lambda rows: _heads(rows.keys, 2)[rows.given_key],
    "family_head": lambda rows: _heads(rows.keys, 4, least=2)[rows.family_key],
    "family_start": lambda rows: _heads(rows.keys, 2)[rows.family_key],
    "lesser_start": lambda rows: np.minimum(_PARTS["given_start"](rows), _PARTS["family_start"](rows)),
    "greater_start": lambda rows: _greater(_PARTS["given_start"](rows), _PARTS["family_start"](rows)),
    "year": lambda rows: _years(rows)[rows.birth],
    "birth": lambda rows: np.where(rows.precise == DAY, rows.birth, 0),
    "sex": lambda rows: rows.sex,
    "area": lambda rows: rows.subdistrict,
    "village": lambda rows: rows.village,
    "house": lambda rows: rows.house,
}
"""What keys are made of, as numbers from 1; 0 for missing, and for a name of which no consonant is heard.

Each is made when a key needs it: all of them together would be a third of what the rows themselves take.
"""


def _greater(given: Codes, family: Codes) -> Codes:
    """The greater of two numbers where both are known."""
    return np.where(np.minimum(given, family) > 0, np.maximum(given, family), 0)


def _years(rows: Rows) -> Codes:
    """By the number of a birth: the number of its year."""
    return np.append(0, np.unique(rows.year[1:], return_inverse=True)[1] + 1).astype(np.int32)


def _heads(keys: pa.Array, letters: int | None, least: int = 1) -> Codes:
    """By the number of a key: the number of its first letters, from 1; 0 for a key of fewer letters than `least`."""
    heads = keys if letters is None else pc.utf8_slice_codeunits(keys, 0, letters)
    number = np.asarray(heads.dictionary_encode().indices) + 1
    is_long = np.asarray(pc.utf8_length(keys)) >= least
    return np.append(0, np.where(is_long, number, 0)).astype(np.int32)


def _find(block: Block, rows: Rows, is_open: Truths, settings: LinkSettings) -> Iterator[Numbers]:
    """Pairs of an open row and another with the same key, a slice at a time."""
    most = int(settings.block_rows * block.width)
    key, known = _keyed(block, rows)
    at = _near_open(key, known, is_open)
    key = key[at]
    if block.is_local or rows.province.max(initial=0) < 2:
        order = np.argsort(key)
        at, key = at[order], key[order]
        begin, size = _runs(key)
        wanted = [(np.flatnonzero((size >= 2) & (size <= most)), begin, size)]
    else:
        home = rows.province[at]
        key = _one_number([key, home])
        order = np.argsort(key)
        at, key = at[order], key[order]
        wanted = _near_and_away(key, int(home.max(initial=0)) + 1, most, settings.away_rows)
    for places, begin, size in wanted:
        first = places[is_open[at[places]]]
        for one, other in _spread(first, begin[first], size[first]):
            x, y = at[one], at[other]
            kept = x != y
            if block.only is not None:
                kept &= block.only(rows, x, y)
            yield _pair(x[kept], y[kept])


def _near_and_away(key: Numbers, n_homes: int, most: int, away: int) -> list[tuple[Numbers, Numbers, Numbers]]:
    """With whom the rows of many provinces are paired: places of rows; by place where their others begin, and how many.

    A row whose province is not known is of all provinces.

    Args:
        key: in order; a key without a place, times `n_homes`, plus the number of a province, 0 for none.
        n_homes: one more than there are provinces.
        most: most rows of one province that share a key.
        away: most rows of the country that share a key, for those of unlike provinces to be paired.
    """
    home = key % n_homes
    begin, size = _runs(key // n_homes)
    near, n_near = _runs(key)
    n_nowhere = np.where(home[begin] == 0, n_near[begin], 0)
    with_all = (size <= np.where(home == 0, most, away)) & (size >= 2)
    at_home = np.flatnonzero((home > 0) & (size > away) & (n_near + n_nowhere <= most))
    to_nowhere = at_home[n_nowhere[at_home] > 0]
    return [(np.flatnonzero(with_all), begin, size), (at_home, near, n_near), (to_nowhere, begin, n_nowhere)]


def _keyed(block: Block, rows: Rows) -> tuple[Numbers, Truths]:
    """Each row's key, and whether all its parts are known."""
    columns = [_PARTS[part](rows) for part in block.parts]
    return _one_number(columns), np.logical_and.reduce([column > 0 for column in columns])


def _same_id(rows: Rows) -> Iterator[Numbers]:
    """Pairs of rows with one ID, a slice at a time."""
    at = np.flatnonzero(rows.id)
    at = at[np.argsort(rows.id[at])]
    begin, size = _runs(rows.id[at])
    first = np.arange(len(at))
    for one, other in _spread(first, first + 1, begin + size - first - 1):
        yield _pair(at[one], at[other])


def _pair(x: Numbers, y: Numbers) -> Numbers:
    """Two rows as one number, the smaller in its upper half."""
    return np.minimum(x, y) << 32 | np.maximum(x, y)


def _one_number(columns: Sequence[Codes | Numbers]) -> Numbers:
    """Several numbers a row as one, which is equal where all of them are."""
    key, width = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        n = int(column.max(initial=0)) + 1
        if width * n >= 1 << 62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            width = len(key)
        key = key * n + column
        width *= n
    return key


def _near_open(key: Numbers, known: Truths, is_open: Truths) -> Numbers:
    """The rows that may share a key with an open one: all that do, and a few more, so that few need be sorted."""
    n_bits = max(10, (8 * int(np.count_nonzero(is_open))).bit_length())
    # The odd number is 2^64 over the golden ratio: it spreads neighbours far apart (Knuth, TAOCP 3, 6.4).
    spread = ((key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - n_bits)).astype(np.int64)
    is_near = np.zeros(1 << n_bits, dtype=np.bool_)
    is_near[spread[known & is_open]] = True
    return np.flatnonzero(known & is_near[spread])


def _runs(key: Numbers) -> tuple[Numbers, Numbers]:
    """For each of some sorted numbers: where the run of its equals begins, and how long it is."""
    edges = np.append(np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)]), len(key))
    sizes = np.diff(edges)
    return np.repeat(edges[:-1], sizes), np.repeat(sizes, sizes)


def _spread(first: Numbers, begin: Numbers, count: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Each `first` with every place of its run (`count` places from `begin`), a slice at a time."""
    ends = np.cumsum(count)
    cuts = np.searchsorted(ends, np.arange(_SLICE, int(ends[-1]) if len(ends) else 0, _SLICE))
    for low, high in zip([0, *cuts.tolist()], [*cuts.tolist(), len(first)], strict=True):
        times = count[low:high]
        before = np.cumsum(times) - times
        yield (
            np.repeat(first[low:high], times),
            np.arange(int(times.sum()), dtype=np.int64) + np.repeat(begin[low:high] - before, times),
        )
