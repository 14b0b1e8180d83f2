"""Writes the report of a run: one file that needs no network and no script, in English and Thai."""

from sarana.methods.population.report.given import report_settings
from sarana.methods.population.report.page import report_bytes, write_report
from sarana.methods.population.report.values import (
    AreaOutline,
    BandRule,
    IndicatorLine,
    ReportSettings,
    RunFacts,
    SetFacts,
    SourceFacts,
)

__all__ = [
    "AreaOutline",
    "BandRule",
    "IndicatorLine",
    "ReportSettings",
    "RunFacts",
    "SetFacts",
    "SourceFacts",
    "report_bytes",
    "report_settings",
    "write_report",
]
