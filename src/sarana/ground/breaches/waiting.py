"""What breaches ask of an officer on Today: whom she has to tell, in red once the deadline is over."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.breaches import policy, queries


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line for all who were not told yet."""
    if not policy.may_keep_any(actor):
        return
    duties = list(queries.waiting_for(actor))
    n_late = sum(duty.is_overdue(actor.now) for duty in duties)
    if duties:
        yield Waiting(
            ngettext("%(count)s has to be told of a breach", "%(count)s have to be told of a breach", len(duties))
            % {"count": len(duties)},
            ngettext("%(count)s deadline is over", "%(count)s deadlines are over", n_late) % {"count": n_late}
            if n_late
            else _("No deadline is over yet."),
            "breaches:breaches",
            until=duties[0].due_at.date(),
        )
