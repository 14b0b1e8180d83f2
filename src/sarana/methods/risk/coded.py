"""Columns of people as small whole numbers, and SQL asked once for each distinct combination of what it looks at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine

MISSING = -1
Codes = NDArray[np.signedinteger[Any]]
_DENSE = 1 << 20
"""Up to so many combinations a table of all of them is quicker than looking each up."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: for each person the place of the value in `values`, or -1 where it is not known."""

    codes: Codes
    values: pa.Array

    def taken(self, at: Codes | None = None) -> pa.Array:
        """The values themselves, of everyone or of those at some places."""
        codes = self.codes if at is None else self.codes[at]
        return self.values.take(as_arrow(codes))


def coded(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A column of values, or of codes as `Engine.read` gives words, as codes of the smallest type that holds them."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    found = whole if pa.types.is_dictionary(whole.type) else pc.dictionary_encode(whole)
    indices = found.indices.cast(pa.from_numpy_dtype(fitting(len(found.dictionary))))
    return Coded(pc.fill_null(indices, MISSING).to_numpy(), found.dictionary)


def fitting(n: int) -> type[np.signedinteger[Any]]:
    """The smallest type of whole numbers for so many codes."""
    return next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if n <= np.iinfo(kind).max)


def ranked(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A column of texts as codes that stand in the order of their values."""
    found = coded(column)
    order = pc.array_sort_indices(found.values)
    rank = np.empty(len(order) + 1, found.codes.dtype)
    rank[order.to_numpy()] = np.arange(len(order))
    rank[MISSING] = MISSING
    return Coded(rank[found.codes], found.values.take(order))


def as_arrow(numbers: Codes) -> pa.Array:
    """Whole numbers as Arrow keeps them; negative ones are NULL."""
    is_known = numbers >= 0
    n_known = int(np.count_nonzero(is_known))
    known = None if n_known == len(numbers) else pa.py_buffer(np.packbits(is_known, bitorder="little"))
    said = pa.py_buffer(np.ascontiguousarray(numbers))
    kind = pa.from_numpy_dtype(numbers.dtype)
    return pa.Array.from_buffers(kind, len(numbers), [known, said], len(numbers) - n_known)


def words(column: Coded, at: Codes) -> pa.DictionaryArray:
    """The texts of some places as Arrow keeps few words: those that occur, in their order."""
    codes = column.codes[at].astype(np.int64)
    occurs = np.zeros(len(column.values) + 1, bool)
    occurs[codes] = True
    used = np.flatnonzero(occurs[:-1])
    found = ranked(column.values.take(pa.array(used)))
    rank = np.full(len(occurs), MISSING, column.codes.dtype)
    rank[used] = found.codes
    return pa.DictionaryArray.from_arrays(as_arrow(rank[codes]), found.values)


def of_numbers(numbers: Codes) -> Coded:
    """Whole numbers as a column; negative ones are not known."""
    return Coded(numbers, pa.array(np.arange(max(int(numbers.max(initial=0)), 0) + 1)))


def most(n: int, of: Codes, values: Codes) -> Codes:
    """The largest value of each of n people (or households), -1 where there is none.

    Args:
        n: how many there are.
        of: shape (rows,), whose each row is.
        values: shape (rows,), not negative.
    """
    found = np.full(n, MISSING, values.dtype)
    np.maximum.at(found, of, values)
    return found


def distinct(columns: Sequence[tuple[Codes, int]], n: int) -> tuple[Codes, Codes]:
    """The distinct combinations of columns.

    Args:
        columns: codes from -1, each with the number of its values.
        n: the number of people.

    Returns:
        One person of each combination; and for each person which combination is theirs.
    """
    one, place, key = _met(columns, n)
    return one, place[key]


def _met(columns: Sequence[tuple[Codes, int]], n: int) -> tuple[Codes, Codes, Codes]:
    """One person of each combination; for each key the place of its combination among them; and each person's key."""
    some, size = list[tuple[Codes, int]](), 1
    for codes, n_values in columns:
        if some and size * (n_values + 1) > _DENSE:
            one, place, key = _unique(_key(some, size, n), size)
            some, size = [(place[key], len(one))], len(one) + 1
        some.append((codes, n_values))
        size *= n_values + 1
    return _unique(_key(some, size, n), size)


def _key(columns: Sequence[tuple[Codes, int]], size: int, n: int) -> Codes:
    """A whole number for each person's combination, reckoned in the smallest type: that is what costs."""
    kind = fitting(size)
    key = np.zeros(n, kind)
    for at, (codes, n_values) in enumerate(columns):
        if at:
            key *= kind(n_values + 1)
        key += codes.astype(kind, copy=False)
        key += kind(1)
    return key.astype(np.int64, copy=False)


def _unique(key: Codes, size: int) -> tuple[Codes, Codes, Codes]:
    at = np.arange(len(key))
    if size > _DENSE:
        met = pc.dictionary_encode(pa.array(key))
        which = met.indices.to_numpy().astype(np.int64)
        one = np.empty(len(met.dictionary), np.int64)
        one[which] = at
        return one, at[: len(one)], which
    place = np.full(size, MISSING, np.int64)
    place[key] = at
    used = np.flatnonzero(place >= 0)
    one = place[used]
    place[used] = at[: len(used)]
    return one, place, key


def ask(engine: Engine, sql: str, frame: Mapping[str, Coded], n: int) -> Coded:
    """The answer to SQL for each of n people, reckoned once for each distinct combination of the columns it names.

    Args:
        engine: where it is reckoned.
        sql: an expression over the columns of the frame.
        frame: the columns by name.
        n: the number of people.
    """
    answer, key = _asked(engine, sql, frame, n)
    return Coded(answer.codes[key], answer.values)


def ask_whole(engine: Engine, sql: str, frame: Mapping[str, Coded], n: int) -> NDArray[np.int8]:
    """The same of SQL whose answers are small whole numbers, not negative; -1 where not known."""
    answer, key = _asked(engine, f"({sql})::TINYINT", frame, n)
    if not len(answer.values):
        return np.full(n, MISSING, np.int8)
    said = np.append(answer.values.to_numpy(), np.int8(MISSING))[answer.codes]
    return np.asarray(said[key], np.int8)


def _asked(engine: Engine, sql: str, frame: Mapping[str, Coded], n: int) -> tuple[Coded, Codes]:
    """The answer for each key, and each person's key."""
    named = [name for name in dict.fromkeys(re.findall(r"\w+", sql)) if name in frame]
    one, place, key = _met([(frame[name].codes, len(frame[name].values)) for name in named], n)
    columns = {name: frame[name].taken(one) for name in named}
    engine.load("risk_asked", pa.table({"asked_at": np.arange(len(one)), **columns}))
    answer = coded(engine.arrow(f"SELECT {sql} AS answer FROM risk_asked ORDER BY asked_at")["answer"])
    return Coded(np.append(answer.codes, answer.codes.dtype.type(MISSING))[place], answer.values), key
