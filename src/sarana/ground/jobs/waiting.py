"""What long work asks of somebody on Today: work that is stuck, and one's own that did not come to its end."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.jobs import queries

DAYS_TOLD = 7


def lines(actor: Actor) -> Iterator[Waiting]:
    """One line for stuck work, and one for work of one's own that failed in the last days."""
    n_stuck = queries.stuck_for(actor).count()
    if n_stuck:
        yield Waiting(
            ngettext("%(count)s piece of work is stuck", "%(count)s pieces of work are stuck", n_stuck)
            % {"count": n_stuck},
            _("Nothing was heard from its worker: see whether one runs."),
            "jobs:jobs",
        )
    n_failed = queries.ended_for(actor, actor.now - dt.timedelta(days=DAYS_TOLD)).count()
    if n_failed:
        yield Waiting(
            ngettext(
                "%(count)s piece of your work did not come to its end",
                "%(count)s pieces of your work did not come to their end",
                n_failed,
            )
            % {"count": n_failed},
            _("Read what was in the way; then go on with it."),
            "jobs:jobs",
        )
