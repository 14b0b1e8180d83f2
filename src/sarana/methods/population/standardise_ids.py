"""A source's national IDs brought to plain digits, each number read once, with what can be said of it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods import identifiers as ids
from sarana.methods.coded import Coded
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.source_rows import SourceRows

STATES = pa.array(["valid", "check", "length", "shared"])


@dataclass(frozen=True, slots=True)
class Ids:
    """The IDs of a source's rows: digits, state, and flags with commas between."""

    numbers: Coded
    states: Coded
    flags: Coded


def standard_ids(engine: Engine, rows: SourceRows, most_rows: int) -> Ids:
    """Read every distinct national ID of a source once: thirteen plain digits at once, the rest in the engine.

    Args:
        engine: where the words are read.
        rows: the source's rows.
        most_rows: a valid ID on more rows of the source than these is nobody's: `shared`.
    """
    column = rows.column("national_id")
    n_rows = column.counts()
    asked = ~ids.are_plainly_valid(column.words) | (n_rows > most_rows)
    places = _with_same_digits(engine, column.words, asked)
    relation = f"words_{rows.name}_national_id"
    words = {"place": pa.array(places), "n": pa.array(n_rows[places]), "raw": column.words.take(pa.array(places))}
    engine.lend(relation, pa.table(words))
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE _digits AS SELECT *, try_cast(digits AS BIGINT) AS number FROM "
        f"(SELECT place, n, raw, {ids.digits_sql('raw')} AS digits FROM {quoted(relation)})"
    )
    engine.give_back(relation)
    found = engine.arrow(_states_sql(most_rows))
    engine.run("DROP TABLE _digits")
    is_asked = np.zeros(len(column.words), np.bool_)
    is_asked[places] = True
    state = np.zeros(len(column.words), np.int8)
    state[places] = pc.fill_null(found.column("state"), -1).to_numpy()
    flags = np.full(len(column.words), -1, np.int32)
    flags[places] = np.arange(len(places))
    told = Coded(column.gathered(flags, -1), column.words)
    numbers = pc.replace_with_mask(column.words, pa.array(is_asked), found.column("number").combine_chunks())
    return Ids(
        numbers=Coded(column.places, numbers).only(column.marked(pc.is_valid(numbers))),
        states=Coded(column.gathered(state, -1), STATES),
        flags=told.reworded(found.column("flags")),
    )


def _with_same_digits(engine: Engine, words: pa.Array, asked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The places of the words asked about, and of those that are the same number as one of them, spelt plainly."""
    engine.lend("_asked", pa.table({"raw": words.filter(pa.array(asked))}))
    digits = engine.arrow(
        f"SELECT DISTINCT digits FROM (SELECT {ids.digits_sql('raw')} AS digits, raw FROM _asked) WHERE digits <> raw"
    )
    engine.give_back("_asked")
    is_same = pc.is_in(words, value_set=digits.column(0).combine_chunks()).to_numpy(zero_copy_only=False)
    return np.flatnonzero(asked | is_same)


def _states_sql(most_rows: int) -> str:
    """SQL for number, state (its place among `STATES`) and flags of every word, in the order of the words."""
    valid, check, length, shared = range(len(STATES))
    checked = ids.checks_sql("digits", "number")
    flags = {
        ids.LEADING_ZERO: f"state = {valid} AND length(digits) = 12",
        ids.LETTERS: f"state <> {valid} AND {ids.has_letters_sql('raw')}",
        ids.BAD_CHECK: f"state = {check}",
        ids.BAD_LENGTH: f"state = {length}",
        ids.SHARED: f"state = {shared}",
        ids.FILLER: f"digits IS NOT NULL AND {ids.filler_sql('digits')}",
        ids.IN_POWERS: f"digits IS NULL AND {ids.in_powers_sql('raw')}",
    }
    cases = ", ".join(f"CASE WHEN {when} THEN {literal(code)} END" for code, when in flags.items())
    return f"""
        WITH many AS (
            SELECT digits FROM _digits WHERE digits IS NOT NULL GROUP BY digits HAVING sum(n) > {most_rows}
        ), judged AS (
            SELECT place, raw, digits, CASE WHEN digits IS NULL THEN NULL
                WHEN {checked} THEN CASE WHEN digits IN (SELECT digits FROM many) OR {ids.filler_sql("digits")}
                    THEN {shared} ELSE {valid} END
                WHEN length(digits) = 13 THEN {check}
                WHEN {ids.lost_zero_sql("digits")} THEN {valid} ELSE {length} END AS state
            FROM _digits
        )
        SELECT CASE WHEN state = {valid} AND length(digits) = 12 THEN '0' || digits ELSE digits END AS number,
            state::TINYINT AS state, nullif(concat_ws(',', {cases}), '') AS flags
        FROM judged ORDER BY place
    """
