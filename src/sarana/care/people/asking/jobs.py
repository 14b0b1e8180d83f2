"""Looking at what was asked, as work of the machine itself: for all questions together, never while anybody waits."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.work import Due, Kind, Receipt, Step, Work
from sarana.care.people.asking import actions, queries

AGAIN = dt.timedelta(minutes=15)
"""So often the schedule asks at most: an answer that comes within minutes would tell who is known."""


def _check(actor: Actor, _args: object) -> None:
    if not actor.is_local:
        raise Refused(
            "PEOPLE-079",
            "Questions of other agencies are looked at by the machine itself, when their time has come.",
            cure="Nothing has to be done.",
        )


def look(actor: Actor) -> tuple[int, int]:
    """Look at everything that was asked an hour ago or earlier; how many, and how many people that reached."""
    asked = queries.waiting(actor.now - actions.WAITS)
    return len(asked), sum(actions.look_at(actor, ref) for ref in asked)


def _look(work: Work) -> Receipt:
    with work.saving(0, 0):
        n_gone = actions.sweep(work.actor.now)
    n_asked, _n_reached = look(work.actor)
    # How many were reached is told nowhere: beside how many were asked, it would tell who is known.
    return {"asked": n_asked, "over": n_gone}


LOOK = Kind(
    code="people.look-at-questions",
    words=_("Look at what agencies asked one another"),
    check=_check,
    thing=lambda _args: "people.questions",
    steps=lambda _args: (Step(_("Look at what was asked"), _look),),
    counts={"asked": _("Questions looked at"), "over": _("Agreements and answers that were over")},
)
KINDS = (LOOK,)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now."""
    if queries.is_due(actor.now - actions.WAITS, actor.today):
        yield Due(LOOK.code, AGAIN)
