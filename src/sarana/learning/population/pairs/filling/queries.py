"""What waits for somebody at the machine: queues that nothing here can lay out, and judgements no run here is given."""

from dataclasses import dataclass

from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.models import Run
from sarana.learning.population.pairs.filling.lacking import lacking
from sarana.learning.population.pairs.models import Judgement
from sarana.learning.population.pairs.queries import HOLDS, NOT_CARRIED, queues_to_fill
from sarana.learning.population.sources.models import Update


@dataclass(frozen=True, slots=True)
class AtMachine:
    """A province, and whether corrections or judgements of it wait for somebody at the machine; of nobody is told."""

    area: str
    has_corrections: bool
    has_judgements: bool


def waiting_at_machine() -> list[AtMachine]:
    """The provinces of which something waits there, by their codes; whoever asks has her own rule."""
    to_fill = frozenset(queues_to_fill())
    lacking_here = frozenset(ref for ref, _folder in lacking()) if to_fill else frozenset()
    with postgres.as_task(OPERATOR):
        filled_by_hand = Run.objects.filter(ref__in=to_fill - lacking_here).values_list("area", flat=True)
        corrections = frozenset(filled_by_hand)
        judgements = frozenset(area for area in _judged_areas() if _is_judged_since(area))
    return [AtMachine(area, area in corrections, area in judgements) for area in sorted(corrections | judgements)]


def _judged_areas() -> frozenset[str]:
    rows = Judgement.objects.filter(HOLDS).exclude(pair__run__withdrawn_because__in=NOT_CARRIED)
    return frozenset(rows.order_by().values_list("pair__run__area", flat=True).distinct())


def _is_judged_since(area: str) -> bool:
    """Whether something was judged since the newest map of a province was taken in, which was made at the machine."""
    newest = Run.objects.filter(area=area, withdrawn_at__isnull=True).order_by("-as_of", "-pk").first()
    if newest is None or Update.objects.filter(run_ref=newest.ref).exists():
        return False
    return Judgement.objects.filter(HOLDS, pair__run__area=area, judged_at__gte=newest.taken_in_at).exists()
