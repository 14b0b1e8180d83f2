"""The step from people and their facts to persons, scores, contributions, and who is to be referred now."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np
import pyarrow as pa

from sarana.basics.errors import BadTable
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine, quoted
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.facts import IDS_SQL, make_facts, packed_sql
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.households import make_households
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN, Weighed, share_index, weigh_scores
from sarana.methods.risk.persons import make_persons, make_rows
from sarana.methods.risk.scopes import Columns
from sarana.methods.risk.sets import is_always, is_otherwise, rules_of
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.risk.shapes import BANDS, Indicator, IndicatorSet

_PERSONS = """
    SELECT n.person_id, x.sex, x.birth,
           CASE x.exact WHEN 3 THEN 'day' WHEN 2 THEN 'first' WHEN 1 THEN 'year' END AS birth_precision, x.age,
           x.village, x.subdistrict, x.district, x.province, h.household, x.n_rows::BIGINT AS n_rows, s.sources
    FROM risk_persons x JOIN risk_people n USING (p) JOIN risk_sources s USING (source_bits)
         LEFT JOIN risk_households h USING (p) JOIN risk_scores o USING (p)
    WHERE NOT o.is_left_out"""


def score_people(engine: Engine, settings: RiskSettings, progress: Progress) -> StepReport:
    """Compute the index of every person.

    Args:
        engine: holds `standardised` and `people`; `persons`, `scores`, `contributions` and `refer_now` are left in it.
        settings: the set, the day, the sources, and what the province decided.
        progress: told of five parts.

    Returns:
        Rows in (of people), persons scored, and counts: people left out by the set's own rule, people in each band
        without regard to anything else, patterns of scores, fields that no source gives.

    Raises:
        BadSetting: RISK-010 to RISK-014 as `check_settings`.
        BadTable: RISK-013 `people` and `standardised` do not hold the same rows.

    Source: docs/explanation/index.md; decisions 0002 (bands) and 0003 (absence).
    """
    check_settings(settings)
    columns = Columns(settings.register_bits(), settings.as_of, settings.numbers())
    compiled = [_score_sql(settings, indicator, columns) for indicator in settings.set.indicators]
    left_out = columns.of_set(settings.set, "leave_out", settings.set.leave_out) if settings.set.leave_out else "false"
    progress.report(0, 5, "persons")
    rows_in, given = _gather(engine, settings, columns)
    progress.report(1, 5, "households")
    make_households(engine, settings.sources, settings.most_members)
    progress.report(2, 5, "indicators")
    make_facts(engine, columns.facts, settings.as_of)
    _ask_relations(engine, columns)
    _score(engine, compiled, left_out, columns)
    progress.report(3, 5, "index")
    _weigh_patterns(engine, settings)
    progress.report(4, 5, "results")
    _refer(engine, settings.set)
    return _hand_on(engine, settings, rows_in, sorted({f for f, _ in columns.facts.values()} - given))


def _score_sql(settings: RiskSettings, indicator: Indicator, columns: Columns) -> str:
    """One indicator as SQL: 1 to 3, 0 unknown, -1 not applicable or switched off."""
    if indicator.status == "ethics" and indicator.id not in settings.ethics_decisions:
        return str(NOT_APPLICABLE)
    cases, rest = [], str(UNKNOWN)
    if not is_always(indicator.applies):
        applies, _ = columns.of_indicator(settings.set, indicator, "applies", indicator.applies)
        cases += [f"WHEN NOT {applies} THEN {NOT_APPLICABLE}", f"WHEN {applies} IS NULL THEN {UNKNOWN}"]
    for score, rule in rules_of(indicator):
        if is_otherwise(rule):
            rest = str(score)
            continue
        sql, _ = columns.of_indicator(settings.set, indicator, f"score {score}", rule)
        cases += [f"WHEN {sql} THEN {score}", f"WHEN {sql} IS NULL THEN {UNKNOWN}"]
    return f"(CASE {' '.join(cases)} ELSE {rest} END)" if cases else rest


def _gather(engine: Engine, settings: RiskSettings, columns: Columns) -> tuple[int, set[str]]:
    """Make rows and persons; how many rows came in, and which facts the sources give."""
    there = {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    given = there & {name for name, said in standard_fields().items() if said.is_fact}
    wanted = sorted({name for name, _ in columns.facts.values()} & given)
    more = "".join(f", {packed_sql(name)} AS {quoted('fact_' + name)}" for name in wanted)
    if columns.parents or "id_valid" in columns.used:
        more += IDS_SQL
    make_rows(engine, settings.sources, more)
    rows_in, placed, in_people, in_standardised = engine.row(
        "SELECT count(*), count(pos), (SELECT count(*) FROM people), (SELECT count(*) FROM standardised) FROM risk_rows"
    )
    if not rows_in == placed == in_people == in_standardised:
        what = (
            f"people has {in_people} rows and standardised {in_standardised}; {rows_in} fit together, "
            f"{placed} of them from sources that the settings name."
        )
        raise BadTable("RISK-013", what, where="people", cure="Run the steps before this one again.")
    make_persons(engine, settings.as_of, settings.sources)
    return rows_in, given


def _ask_relations(engine: Engine, columns: Columns) -> None:
    """Answer what rules ask about other members of the household and about parents: `risk_members`, `risk_parent_N`."""
    counts = "".join(
        f", (count(*) FILTER ({sql}))::INTEGER AS member_{n}_yes"
        f", (count(*) FILTER (({sql}) IS NULL))::INTEGER AS member_{n}_unknown"
        for n, sql in enumerate(columns.members)
    )
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_members AS
        SELECT household AS home{counts} FROM risk_known WHERE household IS NOT NULL {"" if counts else "AND false"}
        GROUP BY household""")
    for n, (_, sql) in enumerate(columns.parents):
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE risk_parent_{n} AS
            SELECT valid_id AS ref_{n}, {sql} AS parent_{n} FROM risk_known WHERE valid_id IS NOT NULL
            QUALIFY count(*) OVER (PARTITION BY valid_id) = 1""")


def _score(engine: Engine, compiled: Sequence[str], left_out: str, columns: Columns) -> None:
    """Make `risk_scores`: each person's scores as a pattern (two bits an indicator) and a mask of what applies."""
    joins = "LEFT JOIN risk_members ON home = household" if columns.members else ""
    for n, (ref, _) in enumerate(columns.parents):
        joins += f" LEFT JOIN risk_parent_{n} ON ref_{n} = {ref}"
    scores = ", ".join(f"({sql})::TINYINT AS s{at}" for at, sql in enumerate(compiled))
    pattern = " + ".join(f"greatest(s{at}, 0)::BIGINT * {1 << 2 * at}" for at in range(len(compiled)))
    mask = " + ".join(f"(s{at} >= 0)::BIGINT * {1 << at}" for at in range(len(compiled)))
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_scores AS
        WITH scored AS (SELECT p, coalesce({left_out}, false) AS is_left_out, {scores} FROM risk_known {joins})
        SELECT p, is_left_out, {pattern} AS pattern, {mask} AS mask FROM scored""")


def _weigh_patterns(engine: Engine, settings: RiskSettings) -> None:
    """Make `risk_patterns` and `risk_parts`: the index, bands and contributions of each pattern that occurs."""
    found = engine.arrow("SELECT DISTINCT pattern, mask FROM risk_scores WHERE NOT is_left_out ORDER BY pattern, mask")
    indicators = settings.set.indicators
    bits = np.arange(len(indicators))
    pattern = found["pattern"].to_numpy()[:, np.newaxis]
    mask = found["mask"].to_numpy()[:, np.newaxis]
    scores = np.where((mask >> bits) & 1 == 1, (pattern >> (2 * bits)) & 3, NOT_APPLICABLE).astype(np.int8)
    weights = np.array([indicator.weight for indicator in indicators], np.int64)
    names = sorted(settings.set.sectors)
    sectors = np.array([names.index(indicator.sector) for indicator in indicators])
    without = scores.copy()
    without[:, [indicator.id for indicator in indicators].index(settings.set.legal_status)] = NOT_APPLICABLE
    keys = {"pattern": found["pattern"], "mask": found["mask"]}
    weighed = weigh_scores(scores, weights, sectors)
    engine.load("risk_with", _table(keys, weighed))
    engine.load("risk_without", _table(keys, weigh_scores(without, weights, sectors)))
    parts = share_index(scores, weights)
    named = {f"c{at}": pa.array(parts[:, at], pa.int16(), mask=scores[:, at] <= 0) for at in bits}
    engine.load("risk_parts", pa.table({**keys, **named}))
    band = band_sql(settings.banding_rule(), settings.set.id)
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_patterns AS
        WITH b AS (SELECT pattern, mask, {band} AS band_without_status FROM risk_without)
        SELECT w.*, {band} AS band, b.band_without_status FROM risk_with w JOIN b USING (pattern, mask)""")


def _table(keys: Mapping[str, pa.ChunkedArray], weighed: Weighed) -> pa.Table:
    columns = {f.name: pa.array(getattr(weighed, f.name), pa.int16()) for f in fields(Weighed)}
    return pa.table({**keys, **columns})


def _refer(engine: Engine, of: IndicatorSet) -> None:
    """Make `refer_now`: people with a code that means refer now, each code once; it is read nowhere else."""
    there = {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    if of.refer_now is None or of.refer_now not in there:
        engine.run(
            "CREATE OR REPLACE VIEW refer_now AS SELECT person_id, NULL::VARCHAR AS code FROM people WHERE false"
        )
        return
    engine.run(f"""
        CREATE OR REPLACE VIEW refer_now AS
        SELECT DISTINCT person_id, {quoted(of.refer_now)} AS code
        FROM standardised JOIN people USING (source, row_id) WHERE {quoted(of.refer_now)} IS NOT NULL""")


def _hand_on(engine: Engine, settings: RiskSettings, rows_in: int, missing: Sequence[str]) -> StepReport:
    """Name the relations of the contract, and count."""
    ids = [indicator.id for indicator in settings.set.indicators]
    scores = ", ".join(
        f"CASE WHEN (mask >> {at}) & 1 = 1 THEN ((pattern >> {2 * at}) & 3)::TINYINT END AS {quoted(name)}"
        for at, name in enumerate(ids)
    )
    parts = ", ".join(f"c{at} AS {quoted(name)}" for at, name in enumerate(ids))
    observed = ", ".join(f"CASE WHEN observed > 0 THEN {name} END AS {name}" for name in ("index", "low", "high"))
    counted = "risk_scores JOIN risk_people USING (p)"
    engine.run(f"CREATE OR REPLACE VIEW persons AS {_PERSONS}")
    engine.run(f"""
        CREATE OR REPLACE VIEW scores AS
        SELECT person_id, {observed}, band, coverage, band_without_status, {scores}
        FROM {counted} JOIN risk_patterns USING (pattern, mask) WHERE NOT is_left_out""")
    engine.run(f"""
        CREATE OR REPLACE VIEW contributions AS
        SELECT person_id, {parts} FROM {counted} JOIN risk_parts USING (pattern, mask) WHERE NOT is_left_out""")
    left_out, people = engine.row(
        "SELECT count(*) FILTER (is_left_out), count(*) FILTER (NOT is_left_out) FROM risk_scores"
    )
    bands = dict(
        engine.rows(
            "SELECT band, count(*) FROM risk_scores JOIN risk_patterns USING (pattern, mask) "
            "WHERE NOT is_left_out GROUP BY band"
        )
    )
    counts: dict[str, int | float | str] = {f"band_{band}": bands.get(band, 0) for band in BANDS}
    counts |= {
        "left_out": left_out,
        "patterns": engine.row("SELECT count(*) FROM risk_patterns")[0],
        "set": f"{settings.set.id} {settings.set.version}",
        "banding": settings.banding or settings.set.banding,
        "facts_no_source_gives": ", ".join(missing),
        "registers_no_source_plays": ", ".join(name for name, bits in settings.register_bits().items() if not bits),
        "indicators_off": ", ".join(indicators_off(settings)),
    }
    return StepReport(rows_in=rows_in, rows_out=people, counts=counts)


def indicators_off(settings: RiskSettings) -> list[str]:
    """The indicators that wait for an ethics decision which the province has not recorded."""
    return [i.id for i in settings.set.indicators if i.status == "ethics" and i.id not in settings.ethics_decisions]
