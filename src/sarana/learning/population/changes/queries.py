"""The reading doors: the run before a run, and the figures of both side by side."""

from sarana.basics.actors import Actor
from sarana.learning.population import queries
from sarana.learning.population.models import Figure, Run
from sarana.methods.population.package.reading import MOST_ROUNDINGS


def run_before(actor: Actor, run: Run) -> Run | None:
    """The last run of the same province from an earlier day; both were protected beside each other, or one is not here.

    Real people are held against real ones only, and invented against invented.

    Raises:
        Refused: POPULATION-001 she has no door here.
    """
    earlier = queries.runs_for(actor).filter(area=run.area, as_of__lt=run.as_of, is_invented=run.is_invented)
    return earlier.order_by("-as_of", "-pk").first()


def run_with_reasons(actor: Actor, run: Run) -> Run | None:
    """The last run of the same province that tells what drives the index: a rounded one does not."""
    earlier = queries.runs_for(actor).filter(area=run.area, as_of__lt=run.as_of, is_invented=run.is_invented)
    return earlier.filter(indicators__isnull=False).distinct().order_by("-as_of", "-pk").first()


def n_rounded(run: Run) -> int:
    """How often the counts of a run were rounded: once for each rounded table, its own with them.

    Of a run that a province handed over, its earlier tables need not be here, so what the province says counts; where
    it says nothing, so many times that no change is called clear.
    """
    if run.rounded_to is None:
        return 0
    # Withdrawn ones count too: their tables were out, and later ones were rounded beside them.
    beside = Run.objects.filter(area=run.area, taken_in_at__lte=run.taken_in_at, rounded_to__isnull=False)
    said = 1
    if run.station_id is not None:
        said = MOST_ROUNDINGS if run.n_roundings is None else run.n_roundings
    return max(beside.count(), said, 1)


def both_of(actor: Actor, before: Run, now: Run, level: str, *, within: str = "") -> list[tuple[Figure | None, Figure]]:
    """The areas of a level in both runs, by code: what the earlier one has of each, and the later."""
    old = {one.code: one for one in queries.figures_for(actor, before, level)}
    return [(old.get(one.code), one) for one in queries.figures_for(actor, now, level, within=within).order_by("code")]


def same_area(actor: Actor, before: Run, area: Figure) -> Figure | None:
    """What an earlier run has of an area that an actor was given."""
    return queries.figures_for(actor, before, area.level, among=frozenset({area.code})).first()
