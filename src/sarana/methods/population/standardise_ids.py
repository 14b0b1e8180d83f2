"""A source's national IDs brought to plain digits, each number read once, with what can be said of it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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
    """Read every distinct national ID of a source once.

    Args:
        engine: where the words are read.
        rows: the source's rows.
        most_rows: a valid ID on more rows of the source than these is nobody's: `shared`.
    """
    column = rows.column("national_id")
    words = rows.lend_words(engine, "national_id")
    if not words:
        return Ids(column, Coded(column.places, STATES), column)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE _digits AS SELECT *, try_cast(digits AS BIGINT) AS number FROM "
        f"(SELECT place, n, raw, {ids.digits_sql('raw')} AS digits FROM {quoted(words)})"
    )
    engine.give_back(words)
    found = engine.arrow(_states_sql(most_rows))
    engine.run("DROP TABLE _digits")
    numbers = found.column("number").combine_chunks()
    is_told = column.marked(pc.is_valid(numbers))
    state = pc.fill_null(found.column("state"), -1).to_numpy().astype(np.int32)
    return Ids(
        numbers=Coded(np.where(is_told, column.places, np.int32(-1)), numbers),
        states=Coded(column.gathered(state, -1), STATES),
        flags=column.reworded(found.column("flags")),
    )


def _states_sql(most_rows: int) -> str:
    """SQL for number, state (its place among `STATES`) and flags of every word, in the order of the words.

    To count rows only numbers are brought together that stand on several rows or are spelt in several ways.
    """
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
    is_odd = f"state <> {valid} OR length(digits) = 12 OR digits IS NULL OR {flags[ids.FILLER]}"
    return f"""
        WITH odd AS (SELECT digits FROM _digits WHERE digits IS DISTINCT FROM raw),
        many AS (
            SELECT digits FROM _digits WHERE digits IS NOT NULL AND (n > 1 OR digits IN (SELECT digits FROM odd))
            GROUP BY digits HAVING sum(n) > {most_rows}
        ), judged AS (
            SELECT place, raw, digits, CASE WHEN digits IS NULL THEN NULL
                WHEN {checked} THEN CASE WHEN digits IN (SELECT digits FROM many) OR {ids.filler_sql("digits")}
                    THEN {shared} ELSE {valid} END
                WHEN length(digits) = 13 THEN {check}
                WHEN {ids.lost_zero_sql("digits")} THEN {valid} ELSE {length} END AS state
            FROM _digits
        )
        SELECT CASE WHEN state = {valid} AND length(digits) = 12 THEN '0' || digits ELSE digits END AS number,
            state::TINYINT AS state, CASE WHEN {is_odd} THEN nullif(concat_ws(',', {cases}), '') END AS flags
        FROM judged ORDER BY place
    """
