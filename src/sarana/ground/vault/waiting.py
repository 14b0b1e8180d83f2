"""What backups ask of an operator on Today: one that is late, and one that was never tried."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.vault import policy, queries
from sarana.ground.vault.journal import LATE_DAYS, RED_DAYS

ADDRESS = "desk:backups"


def is_late(actor: Actor) -> bool:
    """Whether no backup was made within the last three days."""
    made = queries.find_last_backup(actor)
    return made is None or actor.now - made.made_at > dt.timedelta(days=LATE_DAYS)


def is_untried(actor: Actor) -> bool:
    """Whether no drill passed within the last thirty days."""
    drilled = queries.find_last_drill(actor)
    return drilled is None or actor.now - drilled.at > dt.timedelta(days=RED_DAYS)


def lines(actor: Actor) -> Iterator[Waiting]:
    """A line for each, for those who can do something."""
    if not policy.may_make(actor):
        return
    if is_late(actor):
        yield Waiting(
            _("No backup was made for %(days)s days") % {"days": LATE_DAYS},
            _("What was written since would be lost with the machine."),
            ADDRESS,
        )
    if is_untried(actor):
        yield Waiting(
            _("No backup was tried for %(days)s days") % {"days": RED_DAYS},
            _("What was never restored is no backup: drill a restore."),
            ADDRESS,
        )
