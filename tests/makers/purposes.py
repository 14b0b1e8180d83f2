"""Makes purposes for which people are looked at."""

import datetime as dt
from typing import Any

from makers.agencies import local
from sarana.ground.codelists import actions
from sarana.ground.codelists.models import Purpose

WORDS = {"name": "Find families", "name_th": "ตามหาครอบครัว", "text": "Asking who looks.", "text_th": "ถามผู้ตามหา"}
LONG_AGO = dt.date(2020, 1, 1)


def purpose_form(**more: Any) -> dict[str, Any]:
    """The form of a new purpose, filled in."""
    return {"code": "families", **WORDS, "roles": ["case-worker"], "from_on": LONG_AGO.isoformat(), **more}


def a_purpose(*roles: str, code: str = "families", until_on: dt.date | None = None) -> Purpose:
    """A purpose that some roles may state."""
    return actions.add_purpose(local(), code=code, words=WORDS, roles=roles, from_on=LONG_AGO, until_on=until_on)
