"""How long things of this room last, in one place for the page that says so: the values by which the room works."""

import datetime as dt
from dataclasses import dataclass

from sarana.ground.accounts import actions, throttle
from sarana.ground.accounts.actions import trials
from sarana.ground.accounts.models import store


@dataclass(frozen=True, slots=True)
class Limits:
    """Sittings, invitations, tries of a passphrase, and browsers that are known."""

    idle: dt.timedelta
    longest: dt.timedelta
    invitation: dt.timedelta
    tries_a_minute: int
    browser: dt.timedelta


def limits() -> Limits:
    """As they are now."""
    return Limits(store.IDLE, store.LONGEST, actions.INVITATION_LASTS, trials.MEASURE, throttle.DEVICE_LASTS)
