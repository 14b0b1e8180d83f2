"""What waits for somebody now: each room is asked for its lines, and the desk has two of its own."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.accounts import queries
from sarana.ground.ledger.queries import standing_of_the_chain

LAPSING_DAYS = 3
OFFICER = "data-protection-officer"
LAST = dt.date.max


def waiting_for(actor: Actor) -> list[Waiting]:
    """Every line, the most urgent first; lines without a day come last, in the order of rooms."""
    asked: list[Callable[[Actor], Iterable[Waiting]]] = [import_string(name) for name in settings.SARANA_WAITING]
    found = [line for room in asked for line in room(actor)]
    return sorted(found, key=lambda line: line.until or LAST)


def own_lines(actor: Actor) -> Iterator[Waiting]:
    """Invitations that lapse soon, a key that lies where it should not, and a sitting without a second factor."""
    soon = actor.now + dt.timedelta(days=LAPSING_DAYS)
    open_ones = queries.invitations_for(actor).filter(
        used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=actor.now, expires_at__lte=soon
    )
    ends = sorted(open_ones.values_list("expires_at", flat=True))
    if ends:
        yield Waiting(
            ngettext("%(count)s invitation was not used yet", "%(count)s invitations were not used yet", len(ends))
            % {"count": len(ends)},
            _("A link that has lapsed cannot be used; a new one can be made."),
            "accounts:agencies",
            ends[0].astimezone(actor.now.tzinfo).date(),
        )
    if OFFICER in actor.roles and standing_of_the_chain().verification_key_lies_here:
        yield Waiting(
            _("Take the verification key away from this machine"),
            _("Who holds it and the machine could write the past anew."),
            "desk:looked-kept",
        )
    if not actor.is_strong:
        yield Waiting(
            _("Sign in with your second factor"),
            _("Without it this sitting shows nothing about persons, and changes nothing for others."),
            "accounts:me",
        )
