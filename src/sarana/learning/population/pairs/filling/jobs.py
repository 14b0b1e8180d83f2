"""Filling queues anew as work of the machine itself, where somebody said since that a row is of somebody else."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.basics.progress import Progress
from sarana.basics.work import Due, Kind, Receipt, Step, Work
from sarana.learning.population import policy
from sarana.learning.population.pairs import queries
from sarana.learning.population.pairs.filling.actions import note_filled
from sarana.learning.population.pairs.filling.lacking import lacking
from sarana.learning.population.pairs.keeping import Before
from sarana.learning.population.pairs.laying import Laid, lay_out_pairs
from sarana.learning.population.sources.beside import beside
from sarana.learning.population.sources.jobs import means

AGAIN = dt.timedelta(hours=1)
"""So often the schedule asks at most."""


def _laid(ref: UUID, folder: Path, today: dt.date, before: Before, progress: Progress) -> list[Laid]:
    del progress
    return lay_out_pairs(ref, folder, means(), today=today, before=before)


def _fill(work: Work) -> Receipt:
    with work.saving(0, 0):
        wanting = lacking()
    n_pairs, failed = 0, list[SaranaError]()
    for number, (ref, folder) in enumerate(wanting, start=1):
        try:
            with work.saving(number - 1, len(wanting)):
                before = queries.known_before(ref)
            laid = beside(work, partial(_laid, ref, folder, work.actor.today, before))
            with work.saving(number, len(wanting)):
                note_filled(work.actor, ref, laid)
        except SaranaError as err:  # the queues of other provinces are filled nevertheless
            failed.append(err)
        else:
            n_pairs += sum(bool(each.asked_by) for each in laid)
    if failed and len(failed) == len(wanting):
        raise failed[0]
    return {"queues": len(wanting) - len(failed), "pairs": n_pairs, "failed": len(failed)}


FILL = Kind(
    code="population.fill-queues",
    words=_("Lay out pairs to judge of people of whom a row is said to be of somebody else"),
    check=lambda actor, _args: policy.check_may_take_in(actor),
    thing=lambda _args: "population.queues",
    steps=lambda _args: (Step(_("Fill the queue of pairs to judge"), _fill),),
    counts={"queues": _("Queues filled"), "pairs": _("Pairs to judge"), "failed": _("Queues that could not be filled")},
)
KINDS = (FILL,)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now."""
    del actor
    if lacking():
        yield Due(FILL.code, AGAIN)
