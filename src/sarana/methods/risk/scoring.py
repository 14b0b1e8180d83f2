"""The step from people and their facts to persons, scores, contributions, and who is to be referred now."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine, quoted
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.coded import MISSING, Codes, ask, distinct, whole
from sarana.methods.risk.facts import gather_facts
from sarana.methods.risk.frame import make_frame
from sarana.methods.risk.households import make_households
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN, Scores, Weighed, share_index, weigh_scores
from sarana.methods.risk.persons import AREA_LEVELS, Persons, make_persons, precision_sql
from sarana.methods.risk.rows import Rows, number_rows
from sarana.methods.risk.scopes import Columns
from sarana.methods.risk.sets import is_always, is_otherwise, rules_of
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.risk.shapes import BANDS, Indicator, IndicatorSet

_PERSONS = f"""
    SELECT person_id, sex, birth, {precision_sql("exact")} AS birth_precision, age,
           village, subdistrict, district, province, household, n_rows::BIGINT AS n_rows, sources
    FROM risk_people JOIN risk_areas USING (area) JOIN risk_sources USING (source_bits)
         LEFT JOIN risk_households USING (home)"""


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
    rows = number_rows(engine, settings.sources)
    persons = make_persons(engine, rows, settings.as_of)
    progress.report(1, 5, "households")
    persons = make_households(engine, rows, persons, settings.sources, settings.most_members)
    progress.report(2, 5, "indicators")
    wanted = {name for name, _ in columns.facts.values()}
    given = wanted & {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    frame = make_frame(engine, columns, gather_facts(engine, rows, sorted(given)), persons, rows)
    is_left_out = whole(ask(engine, f"coalesce({left_out}, false)::TINYINT", frame, rows.n_people)) == 1
    scores = [whole(ask(engine, f"({sql} + 1)::TINYINT", frame, rows.n_people)) - 1 for sql in compiled]
    progress.report(3, 5, "index")
    one, which = distinct([(score, 4) for score in scores], rows.n_people)
    _weigh_patterns(engine, settings, np.stack([score[one] for score in scores], axis=1).astype(np.int8))
    progress.report(4, 5, "results")
    _name_people(engine, settings, rows, persons, np.where(is_left_out, MISSING, which))
    _refer(engine, settings.set)
    return _hand_on(engine, settings, rows, sorted(wanted - given))


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


def _name_people(engine: Engine, settings: RiskSettings, rows: Rows, persons: Persons, patterns: Codes) -> None:
    """Leave `persons` in the engine, and `risk_people` with the pattern of each; -1 stands for who is left out."""
    areas = [(persons.areas[level].codes, len(persons.areas[level].values)) for level in AREA_LEVELS]
    one, area = distinct(areas, rows.n_people)
    levels = {level: persons.areas[level].taken(one) for level in AREA_LEVELS}
    engine.load("risk_areas", pa.table({"area": np.arange(len(one)), **levels}))
    names = persons.household.values
    engine.load("risk_households", pa.table({"home": np.arange(len(names)), "household": names}))
    bits, sources = np.unique(persons.source_bits), settings.sources
    named = [[source for at, source in enumerate(sources) if int(b) >> at & 1] for b in bits]
    engine.load("risk_sources", pa.table({"source_bits": bits, "sources": pa.array(named, pa.list_(pa.string()))}))
    columns = {
        "person_id": rows.ids,
        "pattern": patterns.astype(np.int32),
        "sex": persons.sex.taken(),
        "birth": persons.birth.taken(),
        "exact": persons.exact.astype(np.int8),
        "age": persons.age.taken(),
        "area": area.astype(np.int32),
        "home": persons.household.codes.astype(np.int32),
        "n_rows": persons.n_rows.astype(np.int32),
        "source_bits": persons.source_bits.astype(np.int32),
    }
    table, kept = pa.table(columns), patterns >= 0
    engine.load("risk_people", table if kept.all() else table.filter(pa.array(kept)))
    engine.run(f"CREATE OR REPLACE VIEW persons AS {_PERSONS}")


def _weigh_patterns(engine: Engine, settings: RiskSettings, scores: Scores) -> None:
    """Make `risk_patterns`: the index, bands, scores and contributions of each pattern of scores that occurs."""
    indicators = settings.set.indicators
    weights = np.array([indicator.weight for indicator in indicators], np.int64)
    names = sorted(settings.set.sectors)
    sectors = np.array([names.index(indicator.sector) for indicator in indicators])
    without = scores.copy()
    without[:, [indicator.id for indicator in indicators].index(settings.set.legal_status)] = NOT_APPLICABLE
    parts = share_index(scores, weights)
    columns = {"pattern": np.arange(len(scores))}
    columns |= {f"s{at}": pa.array(column, pa.int8(), mask=column < 0) for at, column in enumerate(scores.T)}
    columns |= {f"c{at}": pa.array(parts[:, at], pa.int16(), mask=scores[:, at] <= 0) for at in range(len(indicators))}
    engine.load("risk_without", _table({"pattern": columns["pattern"]}, weigh_scores(without, weights, sectors)))
    engine.load("risk_with", _table(columns, weigh_scores(scores, weights, sectors)))
    band = band_sql(settings.banding_rule(), settings.set.id)
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_patterns AS
        WITH b AS (SELECT pattern, {band} AS band_without_status FROM risk_without)
        SELECT w.*, {band} AS band, b.band_without_status FROM risk_with w JOIN b USING (pattern)""")


def _table(more: Mapping[str, Any], weighed: Weighed) -> pa.Table:
    columns = {f.name: pa.array(getattr(weighed, f.name), pa.int16()) for f in fields(Weighed)}
    return pa.table({**more, **columns})


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


def _hand_on(engine: Engine, settings: RiskSettings, rows: Rows, missing: Sequence[str]) -> StepReport:
    """Name the relations of the contract, and count."""
    ids = [quoted(indicator.id) for indicator in settings.set.indicators]
    scores = ", ".join(f"s{at} AS {name}" for at, name in enumerate(ids))
    parts = ", ".join(f"c{at} AS {name}" for at, name in enumerate(ids))
    observed = ", ".join(f"CASE WHEN observed > 0 THEN {name} END AS {name}" for name in ("index", "low", "high"))
    engine.run(f"""
        CREATE OR REPLACE VIEW scores AS
        SELECT person_id, {observed}, band, coverage, band_without_status, {scores}
        FROM risk_people JOIN risk_patterns USING (pattern)""")
    engine.run(f"""
        CREATE OR REPLACE VIEW contributions AS
        SELECT person_id, {parts} FROM risk_people JOIN risk_patterns USING (pattern)""")
    bands = dict(engine.rows("SELECT band, count(*) FROM risk_people JOIN risk_patterns USING (pattern) GROUP BY band"))
    people = sum(bands.values())
    counts: dict[str, int | float | str] = {f"band_{band}": bands.get(band, 0) for band in BANDS}
    counts |= {
        "left_out": rows.n_people - people,
        "patterns": engine.row("SELECT count(DISTINCT pattern) FROM risk_people")[0],
        "set": f"{settings.set.id} {settings.set.version}",
        "banding": settings.banding or settings.set.banding,
        "facts_no_source_gives": ", ".join(missing),
        "registers_no_source_plays": ", ".join(name for name, bits in settings.register_bits().items() if not bits),
        "indicators_off": ", ".join(indicators_off(settings)),
    }
    return StepReport(rows_in=len(rows.person), rows_out=people, counts=counts)


def indicators_off(settings: RiskSettings) -> list[str]:
    """The indicators that wait for an ethics decision which the province has not recorded."""
    return [i.id for i in settings.set.indicators if i.status == "ethics" and i.id not in settings.ethics_decisions]
