"""Long work on boundary files: looking one through, in a process that is bounded and can be ended."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.learning.population.boundaries import actions, queries
from sarana.learning.population.boundaries.apart import look_apart
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.beside import beside

State = BoundaryFile.State


def _check(actor: Actor, args: Args) -> None:
    """Whoever answers for the province; which file it is, is asked by the step, where rows may be read."""
    if "file" not in args:
        raise NotYet("POPULATION-039", "This work is asked for on the page of boundaries.", cure="Open the page.")
    policy.check_may_update(actor, args.get("area", ""))


def _look(work: Work) -> Receipt:
    """Look it through; where that was done before this worker came, say what came of it."""
    with work.saving(0, 0):
        file = queries.get_to_look_through(work.actor, UUID(work.args["file"]))
        asked = queries.asked_of(work.actor, file) if file.state == State.WAITING else None
    if asked is None:
        return _told(file)
    try:
        found = beside(work, lambda progress: look_apart(asked, progress))
    except BadFile as err:
        with work.saving(1, 1):
            actions.keep_fault(work.actor, file, err)
        raise
    with work.saving(1, 1):
        actions.keep_found(work.actor, file, found)
    return _told(queries.get_boundary(work.actor, file.ref))


def _told(file: BoundaryFile) -> Receipt:
    if file.fault:
        raise actions.fault_of(file).error()
    if not file.told:
        raise actions.moved()
    told = file.found()
    return {"areas": len(told.codes), "wrong": sum(told.wrong.values())}


KINDS = (
    Kind(
        code=actions.LOOK,
        words=_("Look through a boundary file"),
        check=_check,
        thing=lambda args: f"{actions.LOOK}:{args.get('file', '')}",
        steps=lambda _args: (Step(_("Read the outlines, and draw them small"), _look),),
        about=lambda args: args.get("area", ""),
        counts={"areas": _("Areas"), "wrong": _("Areas that lie wrong")},
    ),
)
