"""What records that may be of one person ask of a supervisor on Today."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.care.people.same import policy, queries


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line, where some wait to be judged."""
    if policy.has_role(actor) and (n := queries.n_waiting(actor)):
        yield Waiting(
            ngettext(
                "%(count)s pair of records may be of one person", "%(count)s pairs of records may be of one person", n
            )
            % {"count": n},
            _("Nothing is joined until you say so. Cannot say is a good answer."),
            "people:alike",
        )
