"""What asking asks of those who help on Today: to decide with a person about whom another agency asked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.care.people import policy
from sarana.care.people.asking import queries


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line, where something waits to be decided; whoever has no door here is asked for nothing."""
    if not policy.has_role(actor):
        return
    if n := queries.n_waiting(actor):
        yield Waiting(
            ngettext(
                "Another agency asks about %(count)s person whom you help",
                "Another agency asks about %(count)s people whom you help",
                n,
            )
            % {"count": n},
            _("Ask whether this person wishes to be called. That they do not, or cannot be asked, is a good answer."),
            "people:asked",
        )
