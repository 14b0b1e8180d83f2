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
STARTED_AT = timezone.now()
"""When this process began to serve."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The facts of the panel "This installation"."""

    version: str
    mode: Any
    database: str
    started_at: dt.datetime
    sealed_at: dt.datetime | None
    """When what was done was last sealed; None before the first seal."""

    n_unsealed: int


def this_installation() -> Installation:
    """The facts as they are now."""
    chain = queries.standing_of_the_chain()
    mode = MODES[settings.SARANA_MODE]
    return Installation(version("sarana"), mode, _database(), STARTED_AT, chain.last_sealed_at, chain.n_waiting)


def _database() -> str:
    return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
