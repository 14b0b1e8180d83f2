"""Writes the report of a run: one file that needs no network and no script, in English and Thai."""

from sarana.methods.population.report.page import render_report, write_report
from sarana.methods.population.report.figures import read_atlas
from sarana.methods.population.report.values import (
    AreaOutline,
    BandRule,
    IndicatorLine,
    LinkFacts,
    ReportSettings,
    RunFacts,
    SetFacts,
    SourceFacts,
)

__all__ = [
    "AreaOutline",
    "BandRule",
    "IndicatorLine",
    "LinkFacts",
    "ReportSettings",
    "RunFacts",
    "SetFacts",
    "SourceFacts",
    "read_atlas",
    "render_report",
    "write_report",
]
