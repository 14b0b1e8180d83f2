"""From the rows of a person to one line: the best-supported sex, birth and area, and age.

A value is supported by the rows that say it. Where support is equal, the more precise value is taken, then that of the
source that stands first, then the newest, then the smallest; so the order of rows never matters.
Most people have one row, or rows that agree; only where they differ is there a vote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.engine import Engine, literal
from sarana.methods.risk.coded import MISSING, Coded, Codes, as_arrow, ask, coded, ranked
from sarana.methods.risk.rows import Rows, whole

AREA_LEVELS = ("province", "district", "subdistrict", "village")
_PRECISION = ("year", "first", "day")
Flags = NDArray[np.bool_]
_OLDEST = 130
"""An age above this is a slip, and unknown."""


@dataclass(frozen=True, slots=True)
class Persons:
    """One line a person; every column has shape (people,).

    Args:
        sex, birth, age: as best known; age in full years.
        exact: how well birth is known: 1 the year, 2 with a doubtful day, 3 the day.
        areas: level by level.
        n_rows: how many rows a person has.
        source_bits: one bit for each source that has a row of the person.
        household: where they live; known to nobody until `make_households`.
    """

    sex: Coded
    birth: Coded
    age: Coded
    exact: Codes
    areas: Mapping[str, Coded]
    n_rows: Codes
    source_bits: Codes
    household: Coded


def make_persons(engine: Engine, rows: Rows, as_of: date) -> Persons:
    """Find the best-supported value of each field of each person.

    Args:
        engine: holds the standardised rows.
        rows: whose they are.
        as_of: the day for which ages are counted.
    """
    words = ("sex", "birth_precision", *AREA_LEVELS)
    said = engine.read(rows.relation, ["birth", "as_of", *words], words)
    fields = {"birth": coded(said["birth"]), **{name: ranked(said[name]) for name in ("sex", *AREA_LEVELS)}}
    plain, differs = {}, {}
    for name, field in fields.items():
        codes, differs[name] = rows.any_of(field.codes)
        plain[name] = Coded(codes, field.values)
    exact_of_row = _precision(coded(said["birth_precision"]))
    exact = rows.most(exact_of_row)
    differs["area"] = np.logical_or.reduce([differs.pop(level) for level in AREA_LEVELS])
    _load_voters(engine, rows, fields, {"as_of": whole(said["as_of"]), "exact": exact_of_row}, differs)
    sexes = engine.columns(_SEX_VOTE)
    plain["sex"].codes[sexes["p"]] = sexes["sex"]
    births = engine.columns(_BIRTH_VOTE)
    plain["birth"].codes[births["p"]] = births["birth"]
    exact[births["p"]] = births["exact"]
    _vote_areas(engine, plain, differs["area"])
    return Persons(
        sex=plain["sex"],
        birth=plain["birth"],
        age=_ages(engine, plain["birth"], as_of),
        exact=exact,
        areas={level: plain[level] for level in AREA_LEVELS},
        n_rows=np.bincount(rows.person, minlength=rows.n_people),
        source_bits=rows.source_bits(),
        household=Coded(np.full(rows.n_people, MISSING, np.int32), pa.array([], pa.string())),
    )


def precision_words(exact: Codes) -> Coded:
    """How well each birth is known, in the words of `standardised`."""
    return Coded((exact - 1).clip(MISSING), pa.array(_PRECISION))


def _precision(said: Coded) -> Codes:
    """How well each row knows the birth: 1 the year, 2 with a doubtful day, 3 the day; -1 where it says nothing."""
    known = {word: at for at, word in enumerate(_PRECISION, start=1)}
    rank = [known.get(word, MISSING) for word in said.values.to_pylist()]
    return np.array([*rank, MISSING], np.int8)[said.codes]


def _ages(engine: Engine, birth: Coded, as_of: date) -> Coded:
    day = f"DATE {literal(as_of.isoformat())}"
    years = f"date_sub('year', birth, {day})"
    sql = f"CASE WHEN {years} BETWEEN 0 AND {_OLDEST} AND birth <= {day} THEN {years}::SMALLINT END"
    return ask(engine, sql, {"birth": birth}, len(birth.codes))


def _load_voters(
    engine: Engine, rows: Rows, fields: Mapping[str, Coded], more: Mapping[str, Any], differs: Mapping[str, Flags]
) -> None:
    """Make `risk_rows`: the rows of people whose rows differ, and in what; values stand there as codes.

    Args:
        engine: gets the table.
        rows: whose each row is.
        fields: what each row says; codes follow the order of values, but for births, whose day is given as well.
        more: other columns of the rows.
        differs: for each vote the people who need it.
    """
    at = np.flatnonzero(np.logical_or.reduce(list(differs.values()))[rows.person])
    people = rows.person[at]
    columns = {"p": people, "pos": rows.position[at], "day": fields["birth"].taken(at)}
    columns |= {name: as_arrow(field.codes[at]) for name, field in fields.items()}
    columns |= {name: column.take(pa.array(at)) for name, column in more.items()}
    columns |= {f"is_{name}_torn": pa.array(is_torn[people]) for name, is_torn in differs.items()}
    engine.load("risk_rows", pa.table(columns))


def _best(order: str, person: str = "p") -> str:
    """The clause that keeps the first line of each person in a total order."""
    return f"QUALIFY row_number() OVER (PARTITION BY {person} ORDER BY {order}) = 1"


_SEX_VOTE = f"""
    WITH said AS (SELECT p, sex, count(*) AS n, min(pos) AS pos, max(as_of) AS as_of
                  FROM risk_rows WHERE is_sex_torn AND sex IS NOT NULL GROUP BY ALL)
    SELECT p, sex FROM said {_best("n DESC, pos, as_of DESC NULLS LAST, sex")}"""
_BIRTH_VOTE = f"""
    WITH said AS (SELECT p, birth, min(day) AS day, greatest(max(exact), 1) AS exact, count(*) AS n,
                         min(pos) AS pos, max(as_of) AS as_of
                  FROM risk_rows WHERE is_birth_torn AND birth IS NOT NULL GROUP BY p, birth),
    years AS (SELECT p, year(day) AS year, sum(n) AS n FROM said WHERE exact < 3 GROUP BY ALL)
    SELECT s.p, s.birth, s.exact
    FROM said s LEFT JOIN years y ON y.p = s.p AND y.year = CASE WHEN s.exact = 3 THEN year(s.day) END
    {_best("s.n + coalesce(y.n, 0) DESC, s.exact DESC, s.pos, s.as_of DESC NULLS LAST, s.day", "s.p")}"""
"""A known day is also supported by rows that give only its year."""


def _vote_areas(engine: Engine, plain: dict[str, Coded], differs: Flags) -> None:
    """Put the voted area of people whose rows disagree into `plain`, each level inside the one above."""
    at = np.flatnonzero(differs)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE vote_rows AS SELECT p, pos, as_of, {', '.join(AREA_LEVELS)} "
        "FROM risk_rows WHERE is_area_torn"
    )
    for level in AREA_LEVELS:
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE vote_level AS
            WITH said AS (SELECT p, {level}, count(*) AS n, min(pos) AS pos, max(as_of) AS as_of
                          FROM vote_rows WHERE {level} IS NOT NULL GROUP BY p, {level})
            SELECT p, {level} FROM said {_best(f"n DESC, pos, as_of DESC NULLS LAST, {level}")}""")
        plain[level].codes[at] = MISSING
        won = engine.columns("FROM vote_level")
        plain[level].codes[won["p"]] = won[level]
        engine.run(
            f"DELETE FROM vote_rows r USING vote_level v WHERE r.p = v.p AND r.{level} IS DISTINCT FROM v.{level}"
        )
