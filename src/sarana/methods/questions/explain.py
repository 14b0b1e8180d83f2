"""Why a person's index is what it is: reasons, what is missing, what would change the band, which links carry it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sarana.basics.errors import BadSetting, BadTable, NotYet
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings
from sarana.methods.questions.explain_changes import Change, bands_of, find_changes, weighed_by
from sarana.methods.questions.explain_hidden import Hidden, case_registers, hide
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN
from sarana.methods.risk.scoring import indicators_off
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import PERSONS, Indicator

STATUS = "unvalidated, for planning only"


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer that counts: its score (1 to 3), its part of the index in thousandths, and the rule that gave it."""

    indicator: str
    name: str
    sector: str
    score: int
    part: int
    grade: str
    sources: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that concerns the person and has no answer, and why.

    `asked` says of each register that could answer: `no-source` (none of the run plays it), `no-row` (the person has no
    row there), `no-answer` (there is a row, and it does not say, or not lately enough).
    """

    indicator: str
    name: str
    sector: str
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that counts as the person's, and the weakest probability that holds it to the others.

    Where rows may be hidden, the certainty is that of the links that are listed, so that it tells of no other row; None
    where no link to the other listed rows is.
    """

    source: str
    row_id: str
    certainty: float | None


@dataclass(frozen=True, slots=True)
class HeldLink:
    """Two rows joined into the person, with the probability and what speaks for and against it.

    `is_doubtful`: it also stands in `review`, to be judged by a person.
    """

    left: str
    right: str
    probability: float
    evidence: tuple[str, ...]
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that may be said of a person's index to the one who asks.

    Attributes:
        index, low, high: thousandths; None where nothing is known.
        coverage: thousandths of the questions that concern the person.
        band, rules: the band, and the rules of all bands in the order in which they are tried.
        band_without_status: the band of the second map; None unless the custodian asks.
        reasons: what counts, the largest part of the index first.
        protected_part: thousandths of the index that protected reasons make up together; None where none is hidden.
        missing: what concerns the person and is not known.
        not_asked: what does not concern the person; off: what waits for an ethics decision.
        changes: the smallest changes that lead to another band.
        rows, links: what carries the person.
        n_left_apart: pairs of one of these rows and another person's that were left apart, and are to be judged.
        hides_rows: rows of registers of cases are not shown, should there be any.
        refer_now: codes that mean *refer this person now*; None unless the custodian asks.
        literature: what the sources of reasons are, by short name.
    """

    status: str
    is_for_custodian: bool
    set: str
    index: int | None
    low: int | None
    high: int | None
    coverage: int
    band: str
    rules: tuple[tuple[str, str], ...]
    band_without_status: str | None
    reasons: tuple[Reason, ...]
    protected_part: int | None
    missing: tuple[Missing, ...]
    not_asked: tuple[str, ...]
    off: tuple[str, ...]
    changes: tuple[Change, ...]
    rows: tuple[HeldRow, ...]
    links: tuple[HeldLink, ...]
    n_left_apart: int
    hides_rows: bool
    refer_now: tuple[str, ...] | None
    literature: Mapping[str, str]


def explain_person(engine: Engine, risk: RiskSettings, person_id: str, *, is_for_custodian: bool) -> Explanation:
    """Explain the index of one person.

    Args:
        engine: holds `scores`, `contributions`, `people`, `persons`, `standardised`, `links`, `review` and `refer_now`.
        risk: how the index was computed.
        person_id: as in `people`.
        is_for_custodian: says everything; otherwise what `hide` names is left out or told together.

    Returns:
        What may be said; names and identity numbers never are.

    Raises:
        BadSetting: EXPLAIN-002 the run has no such person.
        NotYet: EXPLAIN-005 the set computes no index for this person.
        BadTable: EXPLAIN-006 the person's figures do not follow from the set.

    Cost: 1.5 s for a run of 2,279,000 rows.
    """
    _rows(engine, person_id)
    hidden = Hidden() if is_for_custodian else hide(engine, risk, person_id)
    return explain_with(engine, risk, person_id, hidden, is_for_custodian=is_for_custodian)


def explain_with(
    engine: Engine, risk: RiskSettings, person_id: str, hidden: Hidden, *, is_for_custodian: bool
) -> Explanation:
    """The same, where it is known already what is hidden; `persons` and `standardised` are not asked.

    Raises:
        As `explain_person`.
    """
    rows = _rows(engine, person_id)
    scores, line = _scores(engine, risk, person_id)
    parts = _parts(engine, risk, person_id)
    told = [i for i in risk.set.indicators if i.id not in hidden.indicators]
    asked = _Asked(risk, frozenset(row.source for row in rows), is_for_custodian=is_for_custodian)
    reasons = sorted((_reason(i, scores[i.id], parts[i.id]) for i in told if scores.get(i.id, 0) > 0), key=_by_part)
    off = indicators_off(risk)
    shown = [row for row in rows if row.source not in hidden.sources]
    links, n_left_apart = _links(engine, rows, shown)
    used = {source for reason in reasons for source in reason.sources}
    rule = risk.banding_rule()
    return Explanation(
        status=STATUS,
        is_for_custodian=is_for_custodian,
        set=f"{risk.set.id} {risk.set.version}",
        index=line["index"],
        low=line["low"],
        high=line["high"],
        coverage=line["coverage"],
        band=line["band"],
        rules=tuple((band, rule.rules[band]) for band in rule.order),
        band_without_status=line["band_without_status"] if is_for_custodian else None,
        reasons=tuple(reasons),
        protected_part=sum(parts.get(name) or 0 for name in hidden.indicators) if hidden.indicators else None,
        missing=tuple(
            Missing(i.id, i.name, i.sector, asked.of(i)) for i in told if scores.get(i.id, NOT_APPLICABLE) == UNKNOWN
        ),
        not_asked=tuple(i.id for i in told if i.id not in scores and i.id not in off),
        off=tuple(off),
        changes=find_changes(engine, risk, scores, line["band"], hidden.indicators),
        rows=tuple(held_by(row, shown, links) for row in shown) if hidden.sources else tuple(shown),
        links=links,
        n_left_apart=n_left_apart,
        hides_rows=bool(hidden.sources),
        refer_now=_refer_now(engine, person_id) if is_for_custodian else None,
        literature={name: says for name, says in risk.set.literature.items() if name in used},
    )


def _rows(engine: Engine, person_id: str) -> list[HeldRow]:
    found = (
        engine.rows(
            "SELECT source, row_id, certainty FROM people WHERE person_id = $1 ORDER BY source, row_id", [person_id]
        )
        if re.fullmatch(r"[0-9a-f]{16}", person_id)
        else []
    )
    if not found:
        raise BadSetting(
            "EXPLAIN-002",
            "The run knows no such person.",
            where="--person",
            cure="Give a person_id of people.parquet, 16 signs of 0-9 and a-f; never a name or an identity number.",
        )
    return [HeldRow(*row) for row in found]


def _scores(engine: Engine, risk: RiskSettings, person_id: str) -> tuple[dict[str, int], dict[str, Any]]:
    """The person's scores (0 not known) of the indicators that apply, and the line with index and band, checked."""
    found = engine.arrow("SELECT * FROM scores WHERE person_id = $1", [person_id]).to_pylist()
    if not found:
        raise NotYet(
            "EXPLAIN-005",
            "The set of indicators computes no index for this person, for it leaves them out.",
            where=risk.set.id,
            cure="See `leave_out` in the set: people counted where they live, and the dead.",
        )
    line = found[0]
    scores = {i.id: line[i.id] for i in risk.set.indicators if line.get(i.id) is not None}
    now = np.array([[scores.get(i.id, NOT_APPLICABLE) for i in risk.set.indicators]], np.int8)
    weighed = weighed_by(risk, now)
    is_known = bool(weighed.observed[0])
    figures = {name: int(getattr(weighed, name)[0]) if is_known else None for name in ("index", "low", "high")}
    if any(line[name] != figure for name, figure in figures.items()) or bands_of(engine, risk, now) != [line["band"]]:
        raise BadTable(
            "EXPLAIN-006",
            "The figures of this person do not follow from the set of indicators.",
            where="scores.parquet",
            cure="Make the run anew: its files were changed, or made by another version.",
        )
    return scores, line


def _parts(engine: Engine, risk: RiskSettings, person_id: str) -> dict[str, int]:
    """The part of the index of each indicator that counts, in thousandths."""
    line = engine.arrow("SELECT * FROM contributions WHERE person_id = $1", [person_id]).to_pylist()[0]
    return {i.id: line[i.id] for i in risk.set.indicators if line[i.id] is not None}


def _reason(indicator: Indicator, score: int, part: int) -> Reason:
    return Reason(
        indicator=indicator.id,
        name=indicator.name,
        sector=indicator.sector,
        score=score,
        part=part,
        grade=indicator.grade,
        sources=indicator.sources,
        rule=indicator.score[str(score)],
    )


def _by_part(reason: Reason) -> int:
    return -reason.part


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which registers could have answered, and whether the person stands in them."""

    risk: RiskSettings
    sources: frozenset[str]
    is_for_custodian: bool

    def of(self, indicator: Indicator) -> dict[str, str]:
        """What is known of each register that could answer; registers of cases are left out unless all may be said."""
        hidden = frozenset[str]() if self.is_for_custodian else case_registers(self.risk.set)
        played = {s: self.risk.registers.get(s, s) for s in self.risk.sources}
        standing = {played[source] for source in self.sources}
        return {
            register: "no-source"
            if register not in played.values()
            else "no-answer"
            if register in standing
            else "no-row"
            for register in indicator.fields
            if register != PERSONS and register not in hidden
        }


def _links(engine: Engine, rows: list[HeldRow], shown: list[HeldRow]) -> tuple[tuple[HeldLink, ...], int]:
    """The links between rows that are shown, and how many of their pairs with other people's rows are in doubt."""
    own = [f"{row.source}:{row.row_id}" for row in rows]
    may = {f"{row.source}:{row.row_id}" for row in shown}
    mine = "(SELECT unnest($1::VARCHAR[]))"
    found = engine.rows(
        f'SELECT "left", "right", probability, evidence FROM links WHERE "left" IN {mine} AND "right" IN {mine} '
        'ORDER BY probability, "left", "right"',
        [own],
    )
    doubts = engine.rows(
        f'SELECT "left", "right" FROM review WHERE "left" IN {mine} OR "right" IN {mine}', [sorted(may)]
    )
    doubtful = {(left, right) for left, right in doubts}
    links = tuple(
        HeldLink(left, right, probability, tuple(evidence), is_doubtful=(left, right) in doubtful)
        for left, right, probability, evidence in found
        if left in may and right in may
    )
    inside = set(own)
    return links, sum(not (left in inside and right in inside) for left, right in doubtful)


def held_by(row: HeldRow, shown: Sequence[HeldRow], links: Sequence[HeldLink]) -> HeldRow:
    """The row with the certainty that the links give which are listed, reckoned as `people` has it."""
    name = f"{row.source}:{row.row_id}"
    found = [link.probability for link in links if name in (link.left, link.right)]
    accepted = [probability for probability in found if probability >= LinkSettings(sources=()).accept]
    if found:
        return replace(row, certainty=min(accepted, default=max(found)))
    return replace(row, certainty=1.0 if len(shown) == 1 else None)


def _refer_now(engine: Engine, person_id: str) -> tuple[str, ...]:
    found = engine.rows("SELECT code FROM refer_now WHERE person_id = $1 ORDER BY code", [person_id])
    return tuple(str(code) for (code,) in found)
