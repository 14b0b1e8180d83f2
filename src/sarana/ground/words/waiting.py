"""What second words ask of somebody on Today: what she was told of, until she says that she has read it."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.words import queries


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line for each proposal of which the actor was told and which she has not seen."""
    for notice in queries.notices_for(actor).filter(seen_at__isnull=True):
        yield Waiting(
            _("%(agency)s: an act that needs two people was proposed")
            % {"agency": notice.proposal.agency.called(get_language() or "en")},
            _("Read it: you may agree where your role allows it, and you may object."),
            "words:words",
        )
