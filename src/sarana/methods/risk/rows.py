"""The rows of all people side by side with the whole number of their person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.basics.errors import BadTable
from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Codes, coded, ranked

_ID_LENGTH = 16
_DIGITS = b"0123456789abcdef"
_TOP_BIT = np.int64(-(1 << 63))
"""Turned round so that signed numbers follow the order of unsigned ones."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Which person each row is of.

    People are numbered in the order of their first rows, so that a walk over the rows is nearly one over the people.

    Args:
        relation: the standardised rows, in the order of `person`.
        person: shape (rows,), the number of the row's person.
        position: shape (rows,), the place of the row's source among the sources.
        first: shape (people,), the first row of each person.
        later: the rows that are not the first of their person.
        in_order: shape (people,), the numbers of the people in order of person_id.
        ids: shape (people,), person_id, in its order.
    """

    relation: str
    person: Codes
    position: Codes
    first: Codes
    later: Codes
    in_order: Codes
    ids: pa.Array

    @property
    def n_people(self) -> int:
        """How many people there are."""
        return len(self.ids)

    def any_of(self, values: Codes) -> tuple[Codes, NDArray[np.bool_]]:
        """A value of each person, -1 where there is none; and whose rows say more than one, so that it must be voted.

        Args:
            values: shape (rows,), not negative; -1 where not known.
        """
        found, differs = values[self.first], np.zeros(self.n_people, bool)
        more = values[self.later]
        seen = np.flatnonzero(more >= 0)
        people, said = self.person[self.later[seen]], more[seen]
        blank = found[people] < 0
        found[people[blank]] = said[blank]
        differs[people[found[people] != said]] = True
        return found, differs

    def most(self, values: Codes) -> Codes:
        """The largest value of each person; of values as `any_of` takes them."""
        found = values[self.first]
        np.maximum.at(found, self.person[self.later], values[self.later])
        return found

    def source_bits(self) -> Codes:
        """For each person one bit for each source that has a row of them."""
        bit = np.int32(1) << self.position.astype(np.int32)
        found = bit[self.first]
        np.bitwise_or.at(found, self.person[self.later], bit[self.later])
        return found


def number_rows(engine: Engine, sources: Sequence[str]) -> Rows:
    """Bring `people` and `standardised` together, and number the people.

    Both tables stand in one order when they come from a run, so they are read side by side; otherwise both are sorted.

    Raises:
        BadTable: RISK-013 they do not hold the same rows, or a row is of a source that is not named.
    """
    relation, people = "standardised", "people"
    if not _is_aligned(engine, relation, people):
        for name in (relation, people):
            engine.run(f"CREATE OR REPLACE TEMP TABLE sorted_{name} AS SELECT * FROM {name} ORDER BY source, row_id")
        relation, people = "sorted_standardised", "sorted_people"
        twice = engine.row("SELECT count(*) - count(DISTINCT (source, row_id)) FROM sorted_people")[0]
        if twice or not _is_aligned(engine, relation, people):
            raise _misfit(engine, "they do not hold the same rows")
    source = coded(engine.read(relation, ["source"], ["source"])["source"])
    known = {name: at for at, name in enumerate(sources)}
    positions = [known.get(name, MISSING) for name in source.values.to_pylist()]
    position = np.array([*positions, MISSING], np.int8)[source.codes]
    n_strange = int((position < 0).sum())
    if n_strange:
        raise _misfit(engine, f"{n_strange} rows are from sources that the settings do not name")
    return _number(relation, position, whole(engine.read(people, ["person_id"])["person_id"]))


def _is_aligned(engine: Engine, left: str, right: str) -> bool:
    one, other = (engine.read(name, ["row_id", "source"], ["source"]) for name in (left, right))
    if not one["row_id"].equals(other["row_id"]):
        return False
    mine, theirs = coded(one["source"]), coded(other["source"])
    place = pc.fill_null(pc.index_in(theirs.values, value_set=mine.values), len(mine.values)).to_numpy()
    return np.array_equal(mine.codes, np.append(place, MISSING)[theirs.codes])


def _misfit(engine: Engine, why: str) -> BadTable:
    n_people, n_rows = engine.row("SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM standardised)")
    what = f"people has {n_people} rows and standardised {n_rows}; {why}."
    return BadTable("RISK-013", what, where="people", cure="Run the steps before this one again.")


def _number(relation: str, position: Codes, ids: pa.Array) -> Rows:
    """The rows of a relation, numbered by the person_id of each."""
    hexadecimal = _hexadecimal(ids)
    key = ranked(ids).codes if hexadecimal is None else hexadecimal.view(np.int64) ^ _TOP_BIT
    n = len(key)
    order = _order(key)
    key = key[order]
    starts = np.flatnonzero(np.append(np.ones(min(n, 1), bool), key[1:] != key[:-1]))
    first = order[starts]
    is_first = np.zeros(n, bool)
    is_first[first] = True
    in_order = (np.cumsum(is_first) - 1)[first]
    person = np.empty(n, np.int64)
    person[order] = np.repeat(in_order, np.diff(np.append(starts, n)))
    return Rows(
        relation=relation,
        person=person,
        position=position,
        first=np.flatnonzero(is_first),
        later=np.flatnonzero(~is_first),
        in_order=in_order,
        ids=ids.take(pa.array(first)),
    )


def _order(key: Codes) -> Codes:
    """The rows in order of their keys, and of equal keys in their own.

    Numbers are sorted in a quarter of the time that finding their order takes; so as much of each key as there is room
    for is sorted with the number of its row, and only where that is not enough the order is mended.
    """
    n_bits = max(len(key) - 1, 1).bit_length()
    packed = key >> n_bits << n_bits | np.arange(len(key))
    packed.sort()
    order = packed & ((1 << n_bits) - 1)
    found = key[order]
    return order[np.argsort(found, kind="stable")] if (found[1:] < found[:-1]).any() else order


def _hexadecimal(ids: pa.Array) -> NDArray[np.uint64] | None:
    """Ids of 16 hexadecimal digits as whole numbers of the same order; None if any is not one."""
    if ids.null_count or not len(ids):
        return None
    ends = np.frombuffer(ids.buffers()[1], np.int32)[ids.offset : ids.offset + len(ids) + 1]
    if (np.diff(ends) != _ID_LENGTH).any():
        return None
    digit = np.full(256, MISSING, np.int16)
    digit[np.frombuffer(_DIGITS, np.uint8)] = np.arange(len(_DIGITS))
    pair = np.where((digit < 0) | (digit[:, np.newaxis] < 0), MISSING, digit << 4 | digit[:, np.newaxis])
    digits = np.frombuffer(ids.buffers()[2], "<u2", count=_ID_LENGTH // 2 * len(ids), offset=int(ends[0]))
    said = pair.ravel()[digits]  # the first of two digits stands in the lower byte
    return None if (said < 0).any() else said.astype(np.uint8).view(">u8").astype(np.uint64)


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
