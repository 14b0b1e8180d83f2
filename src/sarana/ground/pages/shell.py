"""What the frame of every page needs to know: the places, the person, the mode."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places in the bar: its words and the name of its address."""

    key: str
    words: Any
    address: str


PLACES = (Place("today", _("Today"), "desk:today"), Place("settings", _("Settings"), "desk:settings"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """The places of the bar, and whether this is a demonstration."""
    match = request.resolver_match
    return {"places": PLACES, "here": match.view_name if match else "", "is_demo": settings.SARANA_MODE == "demo"}
