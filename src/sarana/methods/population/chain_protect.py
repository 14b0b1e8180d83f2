"""The work of the step that protects: the table of areas, and beside it answers, sectors, areas that do better."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.areas.answers import LEVELS, read_tree
from sarana.methods.areas.circumstances import as_table as predicted_table
from sarana.methods.areas.circumstances import predict_rates
from sarana.methods.disclosure.answers import as_table, is_rounded, protect_answers
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.disclosure.sectors import as_table as sector_table
from sarana.methods.disclosure.sectors import protect_sectors
from sarana.methods.engine import Engine
from sarana.methods.population.earlier_tables import seen_releases
from sarana.methods.risk.settings import RiskSettings


def protect_tables(
    engine: Engine,
    progress: Progress,
    *,
    settings: DisclosureSettings,
    risk: RiskSettings,
    earlier: Mapping[str, Path],
) -> StepReport:
    """Make `areas`, `area_answers`, `area_sectors` and `area_better`: they tell of few neither alone nor together.

    Args:
        engine: holds `areas_internal`, `persons`, `scores` and `villages`.
        progress: told of each sheet of figures.
        settings: threshold and dominance.
        risk: the indicator set, and which of its indicators are off.
        earlier: tables that are out; beside those nothing is told of answers.

    Raises:
        BadSetting, BadTable: the faults of `protect`.
    """
    report = protect(engine, settings, progress, seen_releases(engine, earlier))
    tree, places = read_tree(engine)
    _hold_scores(engine, risk)
    told = protect_answers(engine, risk, settings, tree)
    sectors = protect_sectors(engine, risk, settings, told, tree)
    found = None if is_rounded(engine) else predict_rates(engine, risk.set, places)
    predicted = () if found is None else found[1]
    engine.lend("area_answers", as_table(told))
    engine.lend("area_sectors", sector_table(sectors))
    engine.lend("area_better", predicted_table(predicted))
    lines, of_sectors = (Counter(line.level for line in every) for every in (told, sectors))
    more: dict[str, int | float | str] = {f"answers_{level}": lines[level] for level in LEVELS}
    more |= {f"sectors_{level}": of_sectors[level] for level in LEVELS}
    more |= {"areas_predicted": len(predicted), "areas_that_do_better": sum(one.is_better for one in predicted)}
    return replace(report, counts={**report.counts, **more})


def _hold_scores(engine: Engine, risk: RiskSettings) -> None:
    """Read the answers of everyone once, a byte each: they are asked for several times, by place, never by person."""
    engine.lend("scores", engine.read("scores", [indicator.id for indicator in risk.set.indicators]))
