"""What an emergency asks on Today of those who may open the person without it: to confirm it or end it, and to know."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.care.people import policy
from sarana.care.people.emergency import queries


def lines(actor: Actor) -> Iterator[Waiting]:
    """Up to two lines; whoever has no door to people is asked for nothing."""
    if not policy.has_role(actor):
        return
    if n := queries.n_to_confirm(actor):
        yield Waiting(
            ngettext(
                "%(count)s emergency waits for a second person now",
                "%(count)s emergencies wait for a second person now",
                n,
            )
            % {"count": n},
            _("A colleague opened somebody whom you help. Call them, then confirm it or end it, within 15 minutes."),
            "people:emergencies",
            until=actor.today,
        )
    elif n := queries.n_unseen(actor):
        yield Waiting(
            ngettext(
                "%(count)s person whom you help was opened in an emergency",
                "%(count)s people whom you help were opened in an emergency",
                n,
            )
            % {"count": n},
            _("See who did and why. The line goes when you have looked."),
            "people:emergencies",
        )
