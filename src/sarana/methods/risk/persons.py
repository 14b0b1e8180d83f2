"""From the rows of a person to one line: the best-supported sex, birth and area, and age.

A value is supported by the rows that say it. Where support is equal, the more precise value is taken, then that of the
source that stands first, then the newest, then the smallest; so the order of rows never matters.
"""

from collections.abc import Sequence
from datetime import date

from sarana.methods.engine import Engine, literal

AREA_LEVELS = ("province", "district", "subdistrict", "village")
_OLDEST = 130
"""An age above this is a slip, and unknown."""


def make_rows(engine: Engine, sources: Sequence[str], more: str) -> None:
    """Make `risk_rows`: the rows of all people with a whole number for the person (`p`), in order of person_id.

    Args:
        engine: holds `standardised` and `people`.
        sources: names of the sources in order.
        more: more columns, as SQL over `standardised s`, each after a comma.

    Cost: 3 CPU seconds for 2.28 million rows.
    """
    engine.run(
        "CREATE OR REPLACE TEMP TABLE risk_people AS "
        "SELECT person_id, (row_number() OVER (ORDER BY person_id))::INTEGER AS p "
        "FROM (SELECT DISTINCT person_id FROM people)"
    )
    position = " ".join(f"WHEN {literal(source)} THEN {at}" for at, source in enumerate(sources))
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_rows AS
        SELECT n.p, (CASE s.source {position} END)::TINYINT AS pos, s.as_of, s.sex, s.birth,
               (CASE s.birth_precision WHEN 'day' THEN 3 WHEN 'first' THEN 2 WHEN 'year' THEN 1 END)::TINYINT AS exact,
               s.province, s.district, s.subdistrict, s.village, s.house, s.household{more}
        FROM people p JOIN risk_people n USING (person_id) JOIN standardised s USING (source, row_id)""")


def make_persons(engine: Engine, as_of: date, sources: Sequence[str]) -> None:
    """Make `risk_persons`: one line a person, households not yet known.

    Args:
        engine: holds `risk_people` and `risk_rows`.
        as_of: the day for which ages are counted.
        sources: names of the sources in order.
    """
    areas = ", ".join(
        f"max({level}) AS {level}, min({level}) IS DISTINCT FROM max({level}) AS {level}_differs"
        for level in AREA_LEVELS
    )
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_plain AS
        SELECT p, count(*)::INTEGER AS n_rows, bit_or(1 << pos)::INTEGER AS source_bits,
               max(sex) AS sex, min(sex) IS DISTINCT FROM max(sex) AS sex_differs,
               max(birth) AS birth, max(exact) AS exact,
               min(birth) IS DISTINCT FROM max(birth) AS birth_differs,
               {areas}
        FROM risk_rows GROUP BY p""")
    _vote_sex(engine)
    _vote_birth(engine)
    _vote_areas(engine)
    _name_sources(engine, sources)
    voted = ", ".join(
        f"CASE WHEN a.p IS NULL THEN x.{level} ELSE a.{level} END AS {level}" for level in reversed(AREA_LEVELS)
    )
    day = f"DATE {literal(as_of.isoformat())}"
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_persons AS
        WITH whole AS (
            SELECT x.p, coalesce(s.sex, x.sex) AS sex, coalesce(b.birth, x.birth) AS birth,
                   coalesce(b.exact, x.exact) AS exact, {voted}, x.n_rows, x.source_bits
            FROM risk_plain x
                 LEFT JOIN vote_sex s USING (p) LEFT JOIN vote_birth b USING (p) LEFT JOIN vote_area a USING (p)
        )
        SELECT *, CASE WHEN date_sub('year', birth, {day}) BETWEEN 0 AND {_OLDEST} AND birth <= {day}
                       THEN date_sub('year', birth, {day})::SMALLINT END AS age
        FROM whole""")


def _vote_sex(engine: Engine) -> None:
    """`vote_sex`: the sex of people whose rows disagree."""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE vote_sex AS
        WITH said AS (SELECT r.p, r.sex, count(*) AS n, min(r.pos) AS pos, max(r.as_of) AS as_of
                      FROM risk_rows r JOIN risk_plain x USING (p)
                      WHERE x.sex_differs AND r.sex IS NOT NULL GROUP BY ALL)
        SELECT p, sex FROM said {_best("n DESC, pos, as_of DESC NULLS LAST, sex")}""")


def _vote_birth(engine: Engine) -> None:
    """`vote_birth`: the birth of people whose rows disagree; a known day is also supported by rows of its mere year."""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE vote_birth AS
        WITH said AS (SELECT r.p, r.birth, coalesce(max(r.exact), 1) AS exact, count(*) AS n, min(r.pos) AS pos,
                             max(r.as_of) AS as_of
                      FROM risk_rows r JOIN risk_plain x USING (p)
                      WHERE x.birth_differs AND r.birth IS NOT NULL GROUP BY r.p, r.birth),
        years AS (SELECT p, year(birth) AS year, sum(n) AS n FROM said WHERE exact < 3 GROUP BY ALL)
        SELECT s.p, s.birth, s.exact
        FROM said s LEFT JOIN years y ON y.p = s.p AND y.year = CASE WHEN s.exact = 3 THEN year(s.birth) END
        {_best("s.n + coalesce(y.n, 0) DESC, s.exact DESC, s.pos, s.as_of DESC NULLS LAST, s.birth", "s.p")}""")


def _vote_areas(engine: Engine) -> None:
    """`vote_area`: the area of people whose rows disagree, each level inside the one above."""
    differs = " OR ".join(f"x.{level}_differs" for level in AREA_LEVELS)
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE vote_rows AS
        SELECT r.p, r.pos, r.as_of, {", ".join(f"r.{level}" for level in AREA_LEVELS)}
        FROM risk_rows r JOIN risk_plain x USING (p) WHERE {differs}""")
    engine.run("CREATE OR REPLACE TEMP TABLE vote_area AS SELECT DISTINCT p FROM vote_rows")
    for level in AREA_LEVELS:
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE vote_level AS
            WITH said AS (SELECT p, {level}, count(*) AS n, min(pos) AS pos, max(as_of) AS as_of
                          FROM vote_rows WHERE {level} IS NOT NULL GROUP BY p, {level})
            SELECT p, {level} FROM said {_best(f"n DESC, pos, as_of DESC NULLS LAST, {level}")}""")
        engine.run(
            "CREATE OR REPLACE TEMP TABLE vote_area AS "
            f"SELECT a.*, v.{level} FROM vote_area a LEFT JOIN vote_level v USING (p)"
        )
        engine.run(
            f"DELETE FROM vote_rows r USING vote_level v WHERE r.p = v.p AND r.{level} IS DISTINCT FROM v.{level}"
        )


def _best(order: str, person: str = "p") -> str:
    """The clause that keeps the first line of each person in a total order."""
    return f"QUALIFY row_number() OVER (PARTITION BY {person} ORDER BY {order}) = 1"


def _name_sources(engine: Engine, sources: Sequence[str]) -> None:
    """`risk_sources`: for each combination of sources that occurs, their names in order."""
    names = ", ".join(f"CASE WHEN source_bits & {1 << at} <> 0 THEN {literal(s)} END" for at, s in enumerate(sources))
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_sources AS
        SELECT source_bits, list_filter([{names}], lambda name: name IS NOT NULL) AS sources
        FROM (SELECT DISTINCT source_bits FROM risk_plain)""")
