"""From the rows of a person to one line: the best-supported sex, birth and area, and age.

A value is supported by the rows that say it. Where support is equal, the more precise value is taken, then that of the
source that stands first, then the newest, then the smallest; so the order of rows never matters.
Most people have one row, or rows that agree; only where they differ is there a vote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.engine import Engine, literal
from sarana.methods.risk.coded import MISSING, Coded, Codes, any_of, ask, coded, most, replace
from sarana.methods.risk.rows import Rows

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
    whens = " ".join(f"WHEN {literal(said)} THEN {at}" for at, said in enumerate(_PRECISION, start=1))
    said = engine.arrow(
        f"SELECT sex, birth, coalesce(CASE birth_precision {whens} END, -1)::TINYINT AS exact, as_of, "
        f"{', '.join(AREA_LEVELS)} FROM {rows.relation}"
    )
    n, of = rows.n_people, rows.person
    fields = {name: coded(said[name]) for name in ("sex", "birth", *AREA_LEVELS)}
    exact_of_row = said["exact"].to_numpy()
    found = {name: any_of(n, of, field.codes) for name, field in fields.items()}
    plain = {name: Coded(codes, fields[name].values) for name, (codes, _) in found.items()}
    differs = {name: is_torn for name, (_, is_torn) in found.items()}
    exact = most(n, of, exact_of_row)
    differs["area"] = np.logical_or.reduce([differs[level] for level in AREA_LEVELS])
    _load_voters(engine, rows, said, differs["sex"] | differs["birth"] | differs["area"])
    sex, at = _voted(engine, _SEX_VOTE, differs["sex"])
    plain["sex"] = replace(plain["sex"], at, sex["sex"])
    births, at = _voted(engine, _BIRTH_VOTE, differs["birth"])
    plain["birth"] = replace(plain["birth"], at, births["birth"])
    exact[at] = births["exact"].to_numpy()
    _vote_areas(engine, plain, differs["area"])
    return Persons(
        sex=plain["sex"],
        birth=plain["birth"],
        age=_ages(engine, plain["birth"], as_of),
        exact=exact,
        areas={level: plain[level] for level in AREA_LEVELS},
        n_rows=np.bincount(of, minlength=n),
        source_bits=_source_bits(rows),
        household=Coded(np.full(n, MISSING, np.int64), pa.array([], pa.string())),
    )


def precision_sql(exact: str) -> str:
    """How well a birth is known, in the words of `standardised`, as SQL."""
    whens = " ".join(f"WHEN {at} THEN {literal(said)}" for at, said in enumerate(_PRECISION, start=1))
    return f"CASE {exact} {whens} END"


def _source_bits(rows: Rows) -> Codes:
    found = np.zeros(rows.n_people, np.int64)
    np.bitwise_or.at(found, rows.person, np.int64(1) << rows.position)
    return found


def _ages(engine: Engine, birth: Coded, as_of: date) -> Coded:
    day = f"DATE {literal(as_of.isoformat())}"
    years = f"date_sub('year', birth, {day})"
    sql = f"CASE WHEN {years} BETWEEN 0 AND {_OLDEST} AND birth <= {day} THEN {years}::SMALLINT END"
    return ask(engine, sql, {"birth": birth}, len(birth.codes))


def _load_voters(engine: Engine, rows: Rows, said: pa.Table, differs: Flags) -> None:
    """Make `risk_rows`: the rows of people whose rows differ."""
    at = np.flatnonzero(differs[rows.person])
    table = said.take(pa.array(at))
    table = table.append_column("p", pa.array(rows.person[at])).append_column("pos", pa.array(rows.position[at]))
    engine.load("risk_rows", table)


def _voted(engine: Engine, sql: str, differs: Flags) -> tuple[dict[str, pa.Array], Codes]:
    """What a vote gave for those who differ, and who they are."""
    found = engine.arrow(sql)
    found = found.filter(pa.array(differs[found["p"].to_numpy()]))
    return {name: found[name].combine_chunks() for name in found.column_names}, found["p"].to_numpy()


def _best(order: str, person: str = "p") -> str:
    """The clause that keeps the first line of each person in a total order."""
    return f"QUALIFY row_number() OVER (PARTITION BY {person} ORDER BY {order}) = 1"


_SEX_VOTE = f"""
    WITH said AS (SELECT p, sex, count(*) AS n, min(pos) AS pos, max(as_of) AS as_of
                  FROM risk_rows WHERE sex IS NOT NULL GROUP BY ALL)
    SELECT p, sex FROM said {_best("n DESC, pos, as_of DESC NULLS LAST, sex")}"""
_BIRTH_VOTE = f"""
    WITH said AS (SELECT p, birth, greatest(max(exact), 1) AS exact, count(*) AS n, min(pos) AS pos,
                         max(as_of) AS as_of
                  FROM risk_rows WHERE birth IS NOT NULL GROUP BY p, birth),
    years AS (SELECT p, year(birth) AS year, sum(n) AS n FROM said WHERE exact < 3 GROUP BY ALL)
    SELECT s.p, s.birth, s.exact
    FROM said s LEFT JOIN years y ON y.p = s.p AND y.year = CASE WHEN s.exact = 3 THEN year(s.birth) END
    {_best("s.n + coalesce(y.n, 0) DESC, s.exact DESC, s.pos, s.as_of DESC NULLS LAST, s.birth", "s.p")}"""
"""A known day is also supported by rows that give only its year."""


def _vote_areas(engine: Engine, plain: dict[str, Coded], differs: Flags) -> None:
    """Put the voted area of people whose rows disagree into `plain`, each level inside the one above."""
    at = np.flatnonzero(differs)
    engine.load("vote_people", pa.table({"p": at}))
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE vote_rows AS SELECT p, pos, as_of, {', '.join(AREA_LEVELS)} "
        "FROM risk_rows SEMI JOIN vote_people USING (p)"
    )
    for level in AREA_LEVELS:
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE vote_level AS
            WITH said AS (SELECT p, {level}, count(*) AS n, min(pos) AS pos, max(as_of) AS as_of
                          FROM vote_rows WHERE {level} IS NOT NULL GROUP BY p, {level})
            SELECT p, {level} FROM said {_best(f"n DESC, pos, as_of DESC NULLS LAST, {level}")}""")
        won = engine.arrow(f"SELECT {level} FROM vote_people LEFT JOIN vote_level USING (p) ORDER BY p")
        plain[level] = replace(plain[level], at, won[level].combine_chunks())
        engine.run(
            f"DELETE FROM vote_rows r USING vote_level v WHERE r.p = v.p AND r.{level} IS DISTINCT FROM v.{level}"
        )
