"""From what a province says of itself and from the indicator set to what the report is told."""

from pathlib import PurePath

from sarana.methods.population.report.values import (
    BandRule,
    IndicatorLine,
    ReportSettings,
    RunFacts,
    SetFacts,
    SourceFacts,
)
from sarana.methods.population.sources import Sources
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.receipts import versions

COMMAND = "sarana population run SOURCES.toml --data DATA --out RUN"
"""How a run is repeated; folders are left open, since a file that travels names no path of ours."""


def report_settings(
    sources: Sources, chosen: IndicatorSet, *, banding: str = "", language: str = "en"
) -> ReportSettings:
    """What the report says besides figures and outlines.

    Args:
        sources: what SOURCES.toml says.
        chosen: the indicator set of the run.
        banding: the banding of the set that was used; empty for the set's own choice.
        language: the language seen first, `en` or `th`.
    """
    run = sources.run
    banded = chosen.bandings[banding or chosen.banding]
    rule = BandRule(banded.says, tuple((band, banded.rules[band]) for band in banded.order))
    lines = tuple(
        IndicatorLine(
            id=i.id.upper(),
            sector=i.sector,
            name=i.name,
            grade=i.grade,
            absence=dict(i.absence),
            is_on=i.status == "on" or i.id.upper() in run.allowed_indicators,
            is_status=i.id == chosen.legal_status,
        )
        for i in chosen.indicators
    )
    given = tuple(
        SourceFacts(
            name=name,
            custodian=said.custodian,
            legal_basis=said.legal_basis,
            agreement=said.agreement,
            agreement_until=said.agreement_until,
            as_of=sources.as_of(name),
        )
        for name, said in sources.sources.items()
    )
    return ReportSettings(
        run=RunFacts(run.name, run.as_of, run.invented, COMMAND, dict(versions()), run.impact_assessment),
        indicator_set=SetFacts(chosen.id, chosen.version, chosen.status, lines, rule),
        sources=given,
        boundaries=_boundaries(sources),
        language=language,
    )


def _boundaries(sources: Sources) -> str:
    """The name of the boundary file of the maps, who drew it, and its day; its folder is nobody's business."""
    said = sources.boundaries
    if said is None or said.level != "subdistrict":
        return ""
    day = said.as_of.isoformat() if said.as_of else ""
    return ", ".join(filter(None, (PurePath(said.path).name, said.drawn_by, day)))
