"""Which sources an update is made of unless somebody chooses otherwise: this year's, with papers, not refused."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.learning.population.sources.models import Source
from sarana.learning.population.year.queries import last_runs, provinces_of
from sarana.learning.population.year.reckoning import Line, lines_of


def why_not_ticked(actor: Actor, complete: Iterable[Source]) -> dict[UUID, str]:
    """Why some of these sources are not ticked by themselves, in words; nothing of those that are.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    areas = {source.area for source in complete} & set(provinces_of(actor))
    found = {}
    for area in sorted(areas):
        runs = last_runs(actor, area)
        for line in lines_of(actor, area, runs[0] if runs else None):
            found[line.known.source.ref] = _why_not(line)
    return {ref: why for ref, why in found.items() if why}


def _why_not(line: Line) -> str:
    if line.is_refused:
        return _("refused: it is left out")
    if not line.has_papers:
        return _("its agreement has run out or is missing")
    if not line.is_fresh:
        return _("its file is that of last year")
    return ""
