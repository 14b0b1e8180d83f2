"""What this installation is: version, mode, database, and since when it runs."""

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sarana.ground.ledger import queries

MODES = {
    "production": _("for real work"),
    "demo": _("demonstration: everything is invented"),
    "development": _("for developers: not for real work"),
}
LEDGER = {
    "nothing": _("nothing yet"),
    "sealed": _("up to now"),
    "behind": _("something waits for longer than ten minutes: tell the operator"),
}
BEHIND = dt.timedelta(minutes=10)
STARTED_AT = timezone.now()
"""When this process began to serve."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The facts of the panel "This installation"."""

    version: str
    mode: Any
    database: str
    started_at: dt.datetime
    ledger: Any
    """Whether what was done is sealed, in words: how much is done here, and when, would tell of other agencies."""


def this_installation() -> Installation:
    """The facts as they are now."""
    chain = queries.standing_of_the_chain()
    mode = MODES[settings.SARANA_MODE]
    return Installation(version("sarana"), mode, _database(), STARTED_AT, LEDGER[_state(chain)])


def _state(chain: queries.Standing) -> str:
    if chain.waiting_since is not None and timezone.now() - chain.waiting_since > BEHIND:
        return "behind"
    return "sealed" if chain.n_seals else "nothing"


def _database() -> str:
    return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
