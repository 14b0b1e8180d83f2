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
    """One source: who keeps it, under which right, and from which day its values are."""

    name: str
    custodian: str = ""
    legal_basis: str = ""
    agreement: str = ""
    agreement_until: date | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the set, as a reader should know it."""

    id: str
    sector: str
    name: str
    """In English, as the set gives it; other languages stand in `reference/words`."""
    grade: str = ""
    absence: Mapping[str, str] = field(default_factory=dict)
    """By source: what it means to stand in no row of it, `none` or `unknown`."""
    is_on: bool = True
    """False where it waits for an ethics decision."""
    is_status: bool = False
    """True for the legal-status indicator, which the second map leaves out."""


@dataclass(frozen=True, slots=True)
class BandRule:
    """The rules that give a band, in the order in which they are tried."""

    says: str
    """The rule in one English sentence, as the set gives it."""
    rules: tuple[tuple[str, str], ...]
    """Band (`red yellow green grey`) and rule, as the set writes it."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """The indicator set that was used."""

    id: str
    version: str
    status: str
    indicators: tuple[IndicatorLine, ...]
    bands: BandRule | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run: what it is called, from when its values are, and how it is repeated."""

    name: str
    as_of: date | None
    is_invented: bool
    command: str
    versions: Mapping[str, str] = field(default_factory=dict)
    impact_assessment: str = ""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Everything the report says that is neither a figure nor an outline: plain values, no path, no time."""

    run: RunFacts
    indicator_set: SetFacts
    sources: tuple[SourceFacts, ...] = ()
    boundaries: str = ""
    """Where the outlines come from; empty if they are cells around village points."""
    language: str = "en"
    """The language that is seen first: `en` or `th`. Both are always in the file."""
