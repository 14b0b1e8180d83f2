"""The rows of all people side by side with the whole number of their person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.basics.errors import BadTable
from sarana.methods.engine import Engine, literal
from sarana.methods.risk.coded import Codes, ranked

_ID_LENGTH = 16
_NO_DIGIT = 255
_TOP_BIT = np.int64(-(1 << 63))
"""Turned round so that signed numbers follow the order of unsigned ones."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Which person each row is of.

    Args:
        relation: the standardised rows, in the order of `person`.
        person: shape (rows,), the number of the row's person; numbers follow the order of person_id.
        ids: shape (people,), the person_id of each number.
        position: shape (rows,), the place of the row's source among the sources.
    """

    relation: str
    person: Codes
    ids: pa.Array
    position: Codes

    @property
    def n_people(self) -> int:
        """How many people there are."""
        return len(self.ids)


def number_rows(engine: Engine, sources: Sequence[str]) -> Rows:
    """Bring `people` and `standardised` together, and number the people in order of person_id.

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
    whens = " ".join(f"WHEN {literal(source)} THEN {at}" for at, source in enumerate(sources))
    position = engine.columns(f"SELECT CASE source {whens} ELSE -1 END::TINYINT AS pos FROM {relation}")["pos"]
    n_strange = int((position < 0).sum())
    if n_strange:
        raise _misfit(engine, f"{n_strange} rows are from sources that the settings do not name")
    person, ids = _number(_whole(engine.arrow(f"SELECT person_id FROM {people}")["person_id"]))
    return Rows(relation, person, ids, position.astype(np.int64))


def _is_aligned(engine: Engine, left: str, right: str) -> bool:
    n_left, n_right = engine.row(f"SELECT (SELECT count(*) FROM {left}), (SELECT count(*) FROM {right})")
    return bool(
        n_left == n_right
        and not engine.row(
            f"SELECT count(*) FROM (SELECT source AS s, row_id AS r FROM {left}) POSITIONAL JOIN "
            f"(SELECT source, row_id FROM {right}) WHERE s IS DISTINCT FROM source OR r IS DISTINCT FROM row_id"
        )[0]
    )


def _misfit(engine: Engine, why: str) -> BadTable:
    n_people, n_rows = engine.row("SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM standardised)")
    what = f"people has {n_people} rows and standardised {n_rows}; {why}."
    return BadTable("RISK-013", what, where="people", cure="Run the steps before this one again.")


def _number(ids: pa.Array) -> tuple[Codes, pa.Array]:
    """The number of each id among the distinct ones in their order, and the distinct ones."""
    hexadecimal = _hexadecimal(ids)
    key = ranked(ids).codes if hexadecimal is None else hexadecimal.view(np.int64) ^ _TOP_BIT
    order = np.argsort(key)  # of equal keys any may come first: they are one person
    is_new = np.ones(len(key), bool)
    is_new[1:] = key[order[1:]] != key[order[:-1]]
    person = np.empty(len(key), np.int64)
    person[order] = np.cumsum(is_new) - 1
    return person, ids.take(pa.array(order[is_new]))


def _hexadecimal(ids: pa.Array) -> NDArray[np.uint64] | None:
    """Ids of 16 hexadecimal digits as whole numbers of the same order; None if any is not one."""
    if ids.null_count or not pc.all(pc.equal(pc.binary_length(ids), _ID_LENGTH)).as_py():
        return None
    digits = np.full(256, _NO_DIGIT, np.uint8)
    digits[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
    start = int(np.frombuffer(ids.buffers()[1], np.int32)[ids.offset])
    said = digits[np.frombuffer(ids.buffers()[2], np.uint8)[start : start + _ID_LENGTH * len(ids)]]
    if (said == _NO_DIGIT).any():
        return None
    return (said[0::2] << 4 | said[1::2]).view(">u8").astype(np.uint64)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
