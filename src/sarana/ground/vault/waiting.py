"""What is asked on Today: of an operator a backup that is late or untried, of a data custodian keys that are old."""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile
from sarana.basics.waiting import Waiting
from sarana.ground.vault import places, policy, queries
from sarana.ground.vault.identities import policy as identities
from sarana.ground.vault.identities.queries import erased_since_turned
from sarana.ground.vault.identities.standing import is_due
from sarana.ground.vault.journal import LATE_DAYS, RED_DAYS

ADDRESS, KEYS_ADDRESS = "desk:backups", "desk:keys"

WITHIN = dt.timedelta(days=7)
"""So soon after somebody was erased the keys should be changed: together for all of a week, not for each."""


def is_late(actor: Actor) -> bool:
    """Whether no backup was made within the last three days."""
    made = queries.find_last_backup(actor)
    return made is None or actor.now - made.made_at > dt.timedelta(days=LATE_DAYS)


def is_untried(actor: Actor) -> bool:
    """Whether no drill passed within the last thirty days."""
    drilled = queries.find_last_drill(actor)
    return drilled is None or actor.now - drilled.at > dt.timedelta(days=RED_DAYS)


def has_old_keys(actor: Actor) -> bool:
    """Whether keys of an agency whose custodian she is seal for more than ninety days, or by a false clock."""
    for agency in identities.agencies_kept_by(actor):
        with contextlib.suppress(BadFile):  # it is told wherever they are opened
            file = places.store().find_agency_file(str(agency))
            if file is not None and is_due(file.epochs[-1].began_on, actor.today):
                return True
    return False


def erased_of(actor: Actor) -> list[dt.date]:
    """When people were erased whom an older backup still opens with the keys of today, the first day first."""
    return sorted(
        day for agency in identities.agencies_kept_by(actor) for day in erased_since_turned(agency, actor.now)
    )


def lines(actor: Actor) -> Iterator[Waiting]:
    """A line for each, for those who can do something."""
    if erased := erased_of(actor):
        yield Waiting(
            ngettext(
                "An older backup still opens %(count)s person who was erased",
                "An older backup still opens %(count)s people who were erased",
                len(erased),
            )
            % {"count": len(erased)},
            _("Change the keys of your agency: once the older keys are gone, no backup opens these people any more."),
            KEYS_ADDRESS,
            until=erased[0] + WITHIN,
        )
    if has_old_keys(actor):
        yield Waiting(
            _("The keys of your agency seal for more than ninety days"),
            _("New ones keep what is sealed from then on out of other hands: change them."),
            KEYS_ADDRESS,
        )
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
