"""What the report is told besides the tables of areas: the run, its sources, its indicators, its map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


class AreaOutline(Protocol):
    """The outline of one area on the map."""

    @property
    def code(self) -> str:
        """The code of the area, as in the table of areas."""

    @property
    def level(self) -> str:
        """The level of the area; only subdistricts are coloured."""

    @property
    def rings(self) -> Sequence[Sequence[tuple[float, float]]]:
        """Rings of (longitude, latitude) in degrees, outer rings and holes alike."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source: who keeps it, how much came in, and what could not be used. Counts only, no person's value.

    `missing` counts rows without a value by standard field, `flags` counts values by the code of their flag,
    `set_aside` counts rows by code, `unknown_codes` counts values no code list knows, by standard field.
    """

    name: str
    custodian: str = ""
    legal_basis: str = ""
    agreement: str = ""
    agreement_until: date | None = None
    as_of: date | None = None
    rows_in: int = 0
    rows_out: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    unknown_codes: Mapping[str, int] = field(default_factory=dict)
    without_id: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the set, as a reader should know it."""

    id: str
    sector: str
    name: Mapping[str, str]
    """By language, `en` at least."""
    grade: str = ""
    absence: Mapping[str, str] = field(default_factory=dict)
    """By source: what it means to stand in no row of it, `none` or `unknown`."""
    is_on: bool = True
    why_off: str = ""
    is_status: bool = False
    """True for the legal-status indicator, which the second map leaves out."""


@dataclass(frozen=True, slots=True)
class BandRule:
    """The rule that gives a band, in thousandths of the index and of coverage."""

    red_from: int
    yellow_from: int
    red_if_scored_high: int | None = None
    grey_below_coverage: int | None = None
    min_sectors: int | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    """The rule in words by language, where the set gives them."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """The indicator set that was used."""

    id: str
    version: str
    status: str
    indicators: tuple[IndicatorLine, ...]
    bands: BandRule | None = None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What linking gave; None where the receipt does not say."""

    rows: int | None = None
    people: int | None = None
    pairs_accepted: int | None = None
    pairs_in_review: int | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run: what it is called, from when its values are, and how it is repeated."""

    name: str
    as_of: date | None
    is_invented: bool
    command: str
    versions: Mapping[str, str] = field(default_factory=dict)
    settings_hash: str = ""
    impact_assessment: str = ""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Everything the report says that is not a figure of an area."""

    run: RunFacts
    indicator_set: SetFacts
    sources: tuple[SourceFacts, ...] = ()
    link: LinkFacts = LinkFacts()
    shapes: tuple[AreaOutline, ...] = ()
    shapes_source: str = ""
    """Where the boundaries come from; empty if the shapes are cells computed from village points."""
    language: str = "en"
    """The language that is seen first: `en` or `th`. Both are always in the file."""
    code_reasons: Mapping[str, str] = field(default_factory=dict)
    """What each code says, in English, from `reference/codes`."""
