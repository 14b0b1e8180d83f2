"""What the queue of pairs asks on Today: of a reviewer pairs that wait, of an operator what waits at the machine."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.waiting import Waiting
from sarana.ground.jobs.policy import OPERATOR as OPERATORS
from sarana.learning.population.pairs import policy, queries
from sarana.learning.population.pairs.filling.queries import AtMachine, waiting_at_machine


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line where pairs wait for a reviewer, and those of the machine for an operator; nothing for others."""
    if actor.roles & OPERATORS:
        for each in waiting_at_machine():
            yield from of_the_machine(each)
    if not policy.has_role(actor):
        return
    try:
        n = sum(queries.left_for(actor, run).count() for run in queries.queues_for(actor))
    except Refused:
        return
    if n:
        yield Waiting(
            ngettext("%(count)s pair of records waits to be judged", "%(count)s pairs of records wait to be judged", n)
            % {"count": n},
            _("Two records that may be of one person. Cannot say is a good answer."),
            "population:pairs",
        )


def of_the_machine(each: AtMachine, *, address: str = "") -> Iterator[Waiting]:
    """What waits at the machine in a province; of nobody is told."""
    told, asks = {"area": each.area}, f"?area={each.area}" if address else ""
    if each.has_corrections:
        yield Waiting(
            _("Corrections of %(area)s wait: its queue of pairs has to be laid out") % told,
            _("The operator lays it out at the machine; nothing here can do it. The manual on pairs says how."),
            address,
            asks=asks,
        )
    if each.has_judgements:
        yield Waiting(
            _("What was judged of pairs of %(area)s waits for the next run") % told,
            _("The last map was made at the machine. There a run goes by it only if the operator gives it along."),
            address,
            asks=asks,
        )
