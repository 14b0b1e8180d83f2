"""Columns of people as small whole numbers, and SQL asked once for each distinct combination of what it looks at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine

MISSING = -1
Codes = NDArray[np.signedinteger[Any]]
_DENSE = 1 << 24
"""Up to so many combinations a table of all of them is quicker than sorting."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: for each person the place of the value in `values`, or -1 where it is not known."""

    codes: Codes
    values: pa.Array

    def taken(self, at: Codes | None = None) -> pa.Array:
        """The values themselves, of everyone or of those at some places."""
        codes = self.codes if at is None else self.codes[at]
        return self.values.take(pa.array(codes, pa.int64(), mask=codes < 0))


def coded(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A column of values as codes; the values stand in the order in which they are met."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    found = pc.dictionary_encode(whole)
    return Coded(pc.fill_null(found.indices, MISSING).to_numpy(), found.dictionary)


def ranked(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A column of texts as codes that stand in the order of their values."""
    found = coded(column)
    order = pc.array_sort_indices(found.values)
    rank = np.empty(len(order) + 1, np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    rank[MISSING] = MISSING
    return Coded(rank[found.codes], found.values.take(order))


def of_numbers(numbers: Codes) -> Coded:
    """Whole numbers as a column; negative ones are not known."""
    return Coded(numbers, pa.array(np.arange(max(int(numbers.max(initial=0)), 0) + 1)))


def most(n: int, of: Codes, values: Codes) -> Codes:
    """The largest value of each of n people (or households), -1 where there is none.

    Args:
        n: how many there are.
        of: shape (rows,), whose each row is.
        values: shape (rows,), not negative; -1 where not known.
    """
    found = np.full(n, MISSING, values.dtype)
    seen = np.flatnonzero(values >= 0)
    np.maximum.at(found, of[seen], values[seen])
    return found


def any_of(n: int, of: Codes, values: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """A value of each of n people, -1 where there is none; and whose rows say more than one, so that it must be voted.

    Args:
        n: how many people there are.
        of: shape (rows,), whose each row is.
        values: shape (rows,), not negative; -1 where not known.
    """
    found, differs = np.full(n, MISSING, values.dtype), np.zeros(n, bool)
    seen = np.flatnonzero(values >= 0)
    people, said = of[seen], values[seen]
    found[people] = said
    differs[people[found[people] != said]] = True
    return found, differs


def distinct(columns: list[tuple[Codes, int]], n: int) -> tuple[Codes, Codes]:
    """The distinct combinations of columns.

    Args:
        columns: codes from -1, each with the number of its values.
        n: the number of people.

    Returns:
        One person of each combination; and for each person which combination is theirs.
    """
    key, size = np.zeros(n, np.int64), 1
    for codes, n_values in columns:
        if size * (n_values + 1) >= 1 << 62:
            one, key = _unique(key, size)
            size = len(one)
        key, size = key * (n_values + 1) + codes + 1, size * (n_values + 1)
    return _unique(key, size)


def _unique(key: Codes, size: int) -> tuple[Codes, Codes]:
    if size > _DENSE:
        met = pc.dictionary_encode(pa.array(key))
        which = met.indices.to_numpy().astype(np.int64)
        one = np.empty(len(met.dictionary), np.int64)
        one[which] = np.arange(len(key))
        return one, which
    place = np.full(size, MISSING, np.int64)
    place[key] = np.arange(len(key))
    one = place[place >= 0]
    place[key[one]] = np.arange(len(one))
    return one, place[key]


def ask(engine: Engine, sql: str, frame: Mapping[str, Coded], n: int) -> Coded:
    """The answer to SQL for each of n people, reckoned once for each distinct combination of the columns it names.

    Args:
        engine: where it is reckoned.
        sql: an expression over the columns of the frame.
        frame: the columns by name.
        n: the number of people.
    """
    named = [name for name in dict.fromkeys(re.findall(r"\w+", sql)) if name in frame]
    one, which = distinct([(frame[name].codes, len(frame[name].values)) for name in named], n)
    columns = {name: frame[name].taken(one) for name in named}
    engine.load("risk_asked", pa.table({"asked_at": np.arange(len(one)), **columns}))
    answer = coded(engine.arrow(f"SELECT {sql} AS answer FROM risk_asked ORDER BY asked_at")["answer"])
    return Coded(answer.codes[which], answer.values)


def replace(column: Coded, at: Codes, values: pa.Array) -> Coded:
    """A column in which the people at some places have other values, all of which stand in it already."""
    codes = column.codes.copy()
    found = pc.index_in(values, value_set=column.values)
    codes[at] = pc.fill_null(found, MISSING).to_numpy(zero_copy_only=False)
    return Coded(codes, column.values)


def whole(column: Coded) -> Codes:
    """A column of whole numbers as numbers; -1 where not known."""
    if not len(column.values):
        return np.full(len(column.codes), MISSING, np.int64)
    return np.append(column.values.to_numpy(zero_copy_only=False).astype(np.int64), MISSING)[column.codes]
