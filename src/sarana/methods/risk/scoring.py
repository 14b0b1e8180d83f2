"""The step from people and their facts to persons, scores, contributions, and who is to be referred now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.coded import MISSING, Coded, Codes, ask_whole, coded, distinct
from sarana.methods.risk.frame import make_frame
from sarana.methods.risk.households import make_households
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN, Scores, Weighed, share_index, weigh_scores
from sarana.methods.risk.lending import Counted, Patterns, lend_persons, lend_scores
from sarana.methods.risk.persons import make_persons
from sarana.methods.risk.rows import Rows, number_rows
from sarana.methods.risk.scopes import Columns
from sarana.methods.risk.sets import is_always, is_otherwise, rules_of
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.risk.shapes import BANDS, Indicator, IndicatorSet


def score_people(engine: Engine, settings: RiskSettings, progress: Progress) -> StepReport:
    """Compute the index of every person.

    Args:
        engine: holds `standardised` and `people`; `persons`, `scores`, `contributions` and `refer_now` are lent to it,
            in order of person_id.
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
    compiled = compile_set(settings)
    columns = compiled.columns
    progress.report(0, 5, "persons")
    rows = number_rows(engine, settings.sources)
    persons = make_persons(engine, rows, settings.as_of)
    progress.report(1, 5, "households")
    persons = make_households(engine, rows, persons, settings.sources, settings.most_members)
    progress.report(2, 5, "indicators")
    wanted = {name for name, _ in columns.facts.values()}
    given = wanted & {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    frame = make_frame(engine, columns, given, persons, rows)
    answers = ask_set(engine, compiled, frame, rows.n_people)
    progress.report(3, 5, "index")
    which = answers.which
    patterns = _weigh_patterns(engine, settings, answers.patterns)
    progress.report(4, 5, "results")
    is_counted = ~answers.is_left_out[rows.in_order]
    people = Counted(rows.ids if is_counted.all() else rows.ids.filter(pa.array(is_counted)), rows.in_order[is_counted])
    lend_persons(engine, settings.sources, persons, people)
    lend_scores(engine, [indicator.id for indicator in settings.set.indicators], patterns, people, which[people.at])
    _refer(engine, settings.set, rows)
    return _report(settings, rows, patterns, which[people.at], sorted(wanted - given))


@dataclass(frozen=True, slots=True)
class Compiled:
    """A set as SQL: the columns its rules look at, each indicator's score, and who is left out."""

    columns: Columns
    scores: tuple[str, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rules of a set answer of each person.

    Args:
        patterns: shape (patterns, indicators), the distinct answers: 1 to 3, 0 unknown, -1 not applicable.
        which: shape (people,), the pattern of each.
        is_left_out: shape (people,), whom the set leaves out.
    """

    patterns: Scores
    which: Codes
    is_left_out: NDArray[np.bool_]


def compile_set(settings: RiskSettings) -> Compiled:
    """The rules of a set as SQL, and the columns that they look at.

    Raises:
        BadSetting: RISK-010 to RISK-014 as `check_settings`; RISK-003 to RISK-008 a rule cannot be read.
    """
    check_settings(settings)
    columns = Columns(settings.register_bits(), settings.as_of, settings.numbers())
    scores = tuple(_score_sql(settings, indicator, columns) for indicator in settings.set.indicators)
    left_out = columns.of_set(settings.set, "leave_out", settings.set.leave_out) if settings.set.leave_out else "false"
    return Compiled(columns, scores, left_out)


def ask_set(engine: Engine, compiled: Compiled, frame: Mapping[str, Coded], n: int) -> Answers:
    """The answers of each of n people to a set."""
    is_left_out = ask_whole(engine, f"coalesce({compiled.left_out}, false)", frame, n) == 1
    scores = [ask_whole(engine, f"{sql} + 1", frame, n) - np.int8(1) for sql in compiled.scores]
    one, which = distinct([(score, 4) for score in scores], n)
    return Answers(np.stack([score[one] for score in scores], axis=1), which, is_left_out)


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


def _weigh_patterns(engine: Engine, settings: RiskSettings, scores: Scores) -> Patterns:
    """The index, bands, scores and contributions of each pattern of scores that occurs."""
    indicators = settings.set.indicators
    weights = np.array([indicator.weight for indicator in indicators], np.int64)
    names = sorted(settings.set.sectors)
    sectors = np.array([names.index(indicator.sector) for indicator in indicators])
    without = scores.copy()
    without[:, [indicator.id for indicator in indicators].index(settings.set.legal_status)] = NOT_APPLICABLE
    weighed = weigh_scores(scores, weights, sectors)
    band = band_sql(settings.banding_rule(), settings.set.id)
    return Patterns(
        scores=scores,
        parts=share_index(scores, weights),
        weighed=weighed,
        band=bands_of(engine, weighed, band),
        band_without_status=bands_of(engine, weigh_scores(without, weights, sectors), band),
    )


def bands_of(engine: Engine, weighed: Weighed, band: str) -> Coded:
    """The band of each pattern, one of `BANDS`, by SQL as `band_sql` gives it."""
    numbers = {f.name: pa.array(getattr(weighed, f.name), pa.int16()) for f in fields(Weighed)}
    engine.load("risk_weighed", pa.table({"pattern": np.arange(len(weighed.index)), **numbers}))
    said = coded(engine.arrow(f"SELECT {band} AS band FROM risk_weighed ORDER BY pattern")["band"])
    place = [BANDS.index(word) for word in said.values.to_pylist()]
    return Coded(np.array([*place, MISSING], np.int8)[said.codes], pa.array(BANDS))


def _refer(engine: Engine, of: IndicatorSet, rows: Rows) -> None:
    """Lend `refer_now`: people with a code that means refer now, each code once; it is read nowhere else."""
    there = {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    number, code = np.zeros(0, np.int32), pa.array([], pa.string())
    if of.refer_now is not None and of.refer_now in there:
        said = coded(engine.read(rows.relation, [of.refer_now], [of.refer_now])[of.refer_now])
        at = np.flatnonzero(said.codes >= 0)
        place = np.empty(rows.n_people, np.int32)
        place[rows.in_order] = np.arange(rows.n_people)
        number, code = place[rows.person[at]], said.taken(at)
    found = pa.table({"number": number, "code": code}).group_by(["number", "code"]).aggregate([])
    found = found.sort_by([("number", "ascending"), ("code", "ascending")])
    engine.lend("refer_now", pa.table({"person_id": rows.ids.take(found["number"]), "code": found["code"]}))


def _report(
    settings: RiskSettings, rows: Rows, patterns: Patterns, occurring: Codes, missing: Sequence[str]
) -> StepReport:
    """Count people in each band, and say what was switched off or could not be known.

    Args:
        settings: what the step was asked.
        rows: all rows.
        patterns: what is known of each pattern.
        occurring: the pattern of everyone who is counted.
        missing: the facts that no source gives.
    """
    n_people = np.bincount(occurring, minlength=len(patterns.scores))
    n_bands = np.bincount(patterns.band.codes, n_people, minlength=len(BANDS))
    counts: dict[str, int | float | str] = {f"band_{band}": int(n_bands[at]) for at, band in enumerate(BANDS)}
    counts |= {
        "left_out": rows.n_people - len(occurring),
        "patterns": int((n_people > 0).sum()),
        "set": f"{settings.set.id} {settings.set.version}",
        "banding": settings.banding or settings.set.banding,
        "facts_no_source_gives": ", ".join(missing),
        "registers_no_source_plays": ", ".join(name for name, bits in settings.register_bits().items() if not bits),
        "indicators_off": ", ".join(indicators_off(settings)),
    }
    return StepReport(rows_in=len(rows.person), rows_out=len(occurring), counts=counts)


def indicators_off(settings: RiskSettings) -> list[str]:
    """The indicators that wait for an ethics decision which the province has not recorded."""
    return [i.id for i in settings.set.indicators if i.status == "ethics" and i.id not in settings.ethics_decisions]
