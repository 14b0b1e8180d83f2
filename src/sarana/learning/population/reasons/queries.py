"""The reading doors: what drives the index of an area that an actor was given, and which areas do better."""

from collections.abc import Sequence

from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.reasons.models import Answer, Better, Indicator


def indicators_of(run: Run) -> list[Indicator]:
    """The indicators of which a run tells, in the order of its set."""
    return list(Indicator.objects.filter(run=run).order_by("position"))


def answers_in(area: Figure, beside: Sequence[Figure] = ()) -> dict[tuple[str, str, str], Answer]:
    """What is told of an area and of those in which it lies, by level, code and indicator."""
    codes = {one.code for one in (area, *beside)}
    found = Answer.objects.filter(run=area.run, code__in=codes)
    return {(one.level, one.code, one.key): one for one in found}


def find_better(area: Figure) -> Better | None:
    """How a subdistrict stands against its circumstances, where that can be told."""
    if area.level != AreaLevel.SUBDISTRICT:
        return None
    return Better.objects.filter(run=area.run, code=area.code).first()


def codes_that_do_better(run: Run) -> frozenset[str]:
    """The subdistricts of a run that an actor was given which do better than their circumstances predict."""
    return frozenset(Better.objects.filter(run=run, is_better=True).values_list("code", flat=True))
