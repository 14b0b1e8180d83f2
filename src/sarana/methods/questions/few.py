"""The few people to whom a run points, with all that explains their index, laid out so that one is opened alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sarana.methods.areas.placed import places_of, read_written
from sarana.methods.engine import Engine, quoted
from sarana.methods.questions.explain import Explanation, explain_with
from sarana.methods.questions.explain_hidden import Hidden, facts_of_homes, hidden_of
from sarana.methods.risk.settings import RiskSettings

LEAD = "red"
"""The band whose people are laid out; beside them whoever is to be referred now."""

ASKED = ("scores", "contributions", "people", "links", "review", "refer_now")
"""The relations that an explanation looks at."""


def lay_out(engine: Engine, risk: RiskSettings) -> pa.Table:
    """Everybody in the band of highest need, and everybody to be referred now, in a subdistrict that is known.

    Nobody else is laid out: what nobody has to open lies nowhere but in the run.

    Args:
        engine: holds the relations of a finished run, as `asked` opens it.
        risk: how the index was computed.

    Returns:
        A line a person, by subdistrict and `person_id`: `place` (the subdistrict), `leads` (in that band; who is not is
        there for a flag alone, which is protected), `village` and its names, `house`,
        `sex`, `age`, `given`, `family`, `shared` (facts of the home that somebody else told), and what explains the
        index, nested: `scores`, `contributions`, `people`, `links`, `review`, `refer_now`.

    Cost: 12 s for a run of 2,279,000 rows, 17,000 people laid out.
    """
    places = places_of(engine, read_written(engine))
    names = pa.array([*places.codes["subdistrict"], None], pa.string())
    where = np.where(places.of["subdistrict"] < 0, len(names) - 1, places.of["subdistrict"])
    ids = engine.read("persons", ["person_id"])["person_id"]
    engine.lend("few_places", pa.table({"person_id": ids, "place": names.take(pa.array(where))}))
    engine.run(_FEW)
    engine.give_back("few_places")
    engine.run(_ROWS)
    engine.run(_named(engine))
    engine.run(_pairs("links", "AND"))
    engine.run(_pairs("review", "OR"))
    _load_shared(engine, risk)
    found = engine.arrow(_LAID_OUT)
    for name in ("few", "few_rows", "few_named", "few_links", "few_review", "few_shared"):
        engine.run(f"DROP TABLE {name}")
    return found


def flagged_rows(engine: Engine) -> pa.Table:
    """Everybody whom a register flags to be referred now, laid out or not: `person_id` and `rows`, as source:row."""
    return engine.arrow(_FLAGGED)


def explain_laid_out(line: Mapping[str, Any], risk: RiskSettings, temp: Path, *, is_for_custodian: bool) -> Explanation:
    """Explain the index of a person who was laid out, as `explain_person` does for the run.

    Args:
        line: of `lay_out`, as Python values.
        risk: how the index was computed.
        temp: a folder for the engine, which writes nothing for one person.
        is_for_custodian: says everything.

    Raises:
        BadTable: EXPLAIN-006 the figures do not follow from the set.

    Cost: 0.1 s to 1 s.
    """
    person_id = str(line["person_id"])
    hidden = Hidden() if is_for_custodian else hidden_of(risk, line["shared"])
    with Engine(threads=1, memory="256MiB", temp=temp) as engine:
        for name in ASKED:
            engine.lend(name, _relation(name, line, person_id))
        return explain_with(engine, risk, person_id, hidden, is_for_custodian=is_for_custodian)


def _relation(name: str, line: Mapping[str, Any], person_id: str) -> pa.Table:
    said = line[name]
    if name in ("scores", "contributions"):
        return pa.Table.from_pylist([said], schema=_typed(said))
    rows = [{"person_id": person_id, **row} for row in said] if name in ("people", "refer_now") else said
    return pa.Table.from_pylist(rows, schema=_SCHEMAS[name])


def _typed(said: Mapping[str, Any]) -> pa.Schema:
    words = {"person_id", "band", "band_without_status"}
    return pa.schema([(name, pa.string() if name in words else pa.int16()) for name in said])


_PAIR = [("left", pa.string()), ("right", pa.string()), ("probability", pa.float64())]
_SCHEMAS = {
    "people": pa.schema(
        [("person_id", pa.string()), ("source", pa.string()), ("row_id", pa.string()), ("certainty", pa.float64())]
    ),
    "links": pa.schema([*_PAIR, ("evidence", pa.list_(pa.string()))]),
    "review": pa.schema([*_PAIR, ("evidence", pa.list_(pa.string()))]),
    "refer_now": pa.schema([("person_id", pa.string()), ("code", pa.string())]),
}


def _named(engine: Engine) -> str:
    """The name that most of a person's rows give, one in their own script before one in Latin; and the house."""
    there = {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    house = "house" if "house" in there else "NULL::VARCHAR"
    return f"""
    CREATE TABLE few_named AS
    WITH said AS (SELECT r.person_id, s.given, s.family, s.script, s.as_of, {house} AS house
                  FROM few_rows r JOIN standardised s USING (source, row_id)),
    named AS (SELECT person_id, given, family, count(*) AS n, min(script = 'latin') AS is_latin FROM said
              WHERE given IS NOT NULL OR family IS NOT NULL GROUP BY person_id, given, family
              QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY given IS NULL, is_latin, n DESC, given, family)
                      = 1),
    lived AS (SELECT person_id, house FROM said WHERE house IS NOT NULL
              QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY as_of DESC NULLS LAST, house) = 1)
    SELECT person_id, given, family, house FROM named FULL JOIN lived USING (person_id)"""


_FEW = f"""
    CREATE TABLE few AS
    SELECT p.person_id, w.place, p.village, p.household, p.sex, p.age, s.band = '{LEAD}' AS leads
    FROM persons p JOIN scores s USING (person_id) JOIN few_places w USING (person_id)
    WHERE w.place IS NOT NULL
      AND (s.band = '{LEAD}' OR p.person_id IN (SELECT person_id FROM refer_now))"""

_ROWS = """
    CREATE TABLE few_rows AS
    SELECT person_id, source, row_id, certainty, source || ':' || row_id AS ref
    FROM people WHERE person_id IN (SELECT person_id FROM few)"""


_FLAGGED = """
    WITH flagged AS (SELECT DISTINCT person_id FROM refer_now)
    SELECT f.person_id, coalesce(list(p.source || ':' || p.row_id ORDER BY p.source, p.row_id)
                                 FILTER (WHERE p.row_id IS NOT NULL), []) AS rows
    FROM flagged f LEFT JOIN people p USING (person_id) GROUP BY f.person_id ORDER BY f.person_id"""


def _pairs(name: str, joint: str) -> str:
    """Pairs of rows that touch a listed person: `AND` those inside, `OR` also those that lead elsewhere."""
    inner = "l.person_id = r.person_id" if joint == "AND" else "true"
    return f"""
    CREATE TABLE few_{name} AS
    WITH touched AS (
        SELECT l.person_id AS one, r.person_id AS other, p."left", p."right", p.probability, p.evidence
        FROM {name} p LEFT JOIN few_rows l ON l.ref = p."left" LEFT JOIN few_rows r ON r.ref = p."right"
        WHERE (l.ref IS NOT NULL {joint} r.ref IS NOT NULL) AND {inner}),
    of_whom AS (SELECT one AS person_id, "left", "right", probability, evidence FROM touched WHERE one IS NOT NULL
                UNION ALL
                SELECT other, "left", "right", probability, evidence FROM touched
                WHERE other IS NOT NULL AND other IS DISTINCT FROM one)
    SELECT person_id, list({{"left": "left", "right": "right", "probability": probability, "evidence": evidence}}
                           ORDER BY "left", "right") AS {name}
    FROM of_whom GROUP BY person_id"""


def _load_shared(engine: Engine, risk: RiskSettings) -> None:
    """For each listed person the facts of the home whose newest value a row of somebody else gives.

    The same as `is_of_another` says of one person: a value stands there that none of the person's own rows has.
    """
    facts = facts_of_homes(engine, risk)
    columns = "".join(f", s.{quoted(name)}" for name in facts)
    engine.run(f"""
    CREATE TABLE few_home AS
    WITH home AS (SELECT f.person_id AS whose, p.person_id FROM few f JOIN persons p ON p.household = f.household
                  UNION SELECT person_id, person_id FROM few)
    SELECT h.whose, h.whose = h.person_id AS is_own, s.as_of{columns}
    FROM home h JOIN people r USING (person_id) JOIN standardised s USING (source, row_id)""")
    engine.run("CREATE TABLE few_said (whose VARCHAR, fact VARCHAR)")
    for name in facts:
        engine.run(
            f"""
            INSERT INTO few_said
            WITH known AS (SELECT whose, is_own, {quoted(name)} AS said FROM few_home
                           WHERE {quoted(name)} IS NOT NULL AND as_of IS NOT NULL
                           QUALIFY as_of = max(as_of) OVER (PARTITION BY whose))
            SELECT whose, $1 FROM known GROUP BY whose
            HAVING count(DISTINCT said) > count(DISTINCT said) FILTER (WHERE is_own)""",
            [name],
        )
    engine.run(
        "CREATE TABLE few_shared AS "
        "SELECT whose AS person_id, list(fact ORDER BY fact) AS shared FROM few_said GROUP BY whose"
    )
    engine.run("DROP TABLE few_home")
    engine.run("DROP TABLE few_said")


_LAID_OUT = """
    WITH rows AS (SELECT person_id, list({"source": source, "row_id": row_id, "certainty": certainty}
                                         ORDER BY source, row_id) AS people FROM few_rows GROUP BY person_id),
    referred AS (SELECT person_id, list({"code": code} ORDER BY code) AS refer_now FROM refer_now GROUP BY person_id),
    named_areas AS (SELECT code, any_value(name) AS name, any_value(name_local) AS name_local FROM area_names
                    WHERE level = 'village' GROUP BY code),
    scored AS (SELECT person_id, scored AS scores FROM scores scored
               WHERE person_id IN (SELECT person_id FROM few)),
    parted AS (SELECT person_id, parted AS contributions FROM contributions parted
               WHERE person_id IN (SELECT person_id FROM few))
    SELECT f.place, f.person_id, f.village, a.name AS village_name, a.name_local AS village_name_local,
           f.household, n.house, f.sex, f.age, f.leads, n.given, n.family,
           coalesce(h.shared, []) AS shared, s.scores, c.contributions, r.people,
           coalesce(l.links, []) AS links, coalesce(v.review, []) AS review, coalesce(t.refer_now, []) AS refer_now
    FROM few f JOIN rows r USING (person_id) JOIN scored s USING (person_id) JOIN parted c USING (person_id)
    LEFT JOIN few_named n USING (person_id) LEFT JOIN few_shared h USING (person_id)
    LEFT JOIN few_links l USING (person_id) LEFT JOIN few_review v USING (person_id)
    LEFT JOIN referred t USING (person_id) LEFT JOIN named_areas a ON a.code = f.village
    ORDER BY f.place, f.person_id"""
