"""The shape of an indicator set: the values that its file holds."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
Filled = Annotated[str, Meta(min_length=1, max_length=2000)]

BANDS = ("red", "yellow", "green", "grey")
PERSONS = "persons"
"""Not a register: who a person is, as all registers together say it (birth, national_id, household)."""


class Indicator(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question about a person, answered 1 (low) to 3 (high).

    Args:
        id: short name; a column of `scores`.
        name: what is asked, in plain words.
        sector: whose knowledge it is.
        level: `person`, or `household` where all members share the answer.
        fields: register by register, the standard fields that the rules look at.
        absence: register by register, what it means that a person has no row there: `none` (the register would
            know: the fields take the values given in `none`) or `unknown`.
        none: the value that a field takes where absence means none.
        applies: for whom the question makes sense; anyone else is left out of the count, not counted as 1.
        score: rules for 3, 2, 1, tried in this order; an unknown one ends the search, without an answer.
        grade: A regional evidence, B global evidence, C experts' judgement; a minus where evidence also speaks against.
        sources: the literature it rests on.
        sensitivity: `normal`, or `high` for what may harm a person if it is known.
        weight: how much it counts; all start equal.
        status: `on`, or `ethics`: off until the province records an ethics decision.
        max_age_months: values older than this are unknown; 0 for what stays true for life; None for the set's limit.
        note: what should be known by whoever reads or changes it.
    """

    id: Id
    name: Filled
    sector: Filled
    level: Literal["person", "household"]
    fields: Mapping[str, tuple[str, ...]]
    absence: Mapping[str, Literal["none", "unknown"]]
    none: Mapping[str, int | str] = {}
    applies: Filled = "always"
    score: Mapping[str, Filled]
    grade: Literal["A", "A-", "B", "B-", "C", "C-"]
    sources: Annotated[tuple[Filled, ...], Meta(min_length=1)]
    sensitivity: Literal["normal", "high"]
    weight: Annotated[int, Meta(ge=1, le=100)] = 1
    status: Literal["on", "ethics"] = "on"
    max_age_months: Annotated[int, Meta(ge=0, le=1200)] | None = None
    note: str = ""


class Parameter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number that rules use and a province may set for itself, such as a poverty line."""

    value: float
    unit: Filled
    source: Filled


class Banding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to put an index into a band: rules tried in the order of `order`; the last one takes the rest."""

    says: Filled
    order: Annotated[tuple[Literal["red", "yellow", "green", "grey"], ...], Meta(min_length=4, max_length=4)]
    rules: Mapping[Literal["red", "yellow", "green", "grey"], Filled]


class IndicatorSet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A set of indicators with everything needed to compute an index from it.

    Args:
        registers: the registers it draws on, and what each of them is.
        sectors: the sectors its indicators belong to.
        literature: what its indicators rest on, by short name.
        legal_status: the indicator that the second map leaves out.
        leave_out: for which people no index is computed at all, e.g. those counted where they live, and the dead.
        refer_now: the field whose codes mean *refer this person now*; it is never scored.
        max_age_months: values older than this are unknown, unless an indicator says otherwise.
        bandings: the ways of banding it offers; `banding` names the one that is used unless settings choose another.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Filled
    title: Filled
    status: Literal["unvalidated", "back-tested"]
    registers: Mapping[str, Filled]
    sectors: Mapping[str, Filled]
    literature: Mapping[str, Filled]
    legal_status: Id
    leave_out: Filled | None = None
    refer_now: Filled | None = None
    max_age_months: Annotated[int, Meta(ge=1, le=1200)] = 24
    parameters: Mapping[str, Parameter] = {}
    banding: Filled
    bandings: Mapping[str, Banding]
    indicators: Annotated[tuple[Indicator, ...], Meta(min_length=1, max_length=31)]
