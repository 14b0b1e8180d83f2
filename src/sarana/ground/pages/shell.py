"""What the frame of every page needs to know: the places, who is signed in and for whom, language, colours, mode."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.ground.accounts import queries

SCHEMES = (("system", _("As the device")), ("light", _("Light")), ("dark", _("Dark")))
SCHEME_COOKIE = "scheme"


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places in the bar: its words, the name of its address, and where its addresses begin."""

    key: str
    words: Any
    address: str
    begins: str
    is_open: str = ""
    """The full name of the rule that says to whom it is shown; to everybody where it is empty."""


PLACES = (
    Place("today", _("Today"), "desk:today", "/"),
    Place(
        *("population", _("Population"), "population:runs", "/population/"),
        is_open="sarana.learning.population.policy.has_role",
    ),
    Place(
        *("sources", _("Sources"), "population:sources", "/population/sources/"),
        is_open="sarana.learning.population.sources.policy.has_role",
    ),
    Place("settings", _("Settings"), "desk:settings", "/settings/"),
    Place("looked", _("Who looked"), "desk:looked", "/looked/"),
    Place("system", _("This system"), "desk:system", "/system/"),
)
"""Places stand here once their pages exist: a place that leads nowhere is not shown."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """The words and addresses of the frame."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "places": [place for place in PLACES if _is_shown(place, actor)],
        "here": _here(request.path),
        "standing": queries.standing(actor, get_language() or "en") if actor else (),
        "me_address": find_address("accounts:me"),
        "search_address": find_address("desk:search") if actor else "",
        "scheme": scheme_of(request),
        "schemes": SCHEMES,
        "tongues": (("th", "ไทย"), ("en", "English")),
        "printed": actor.now if actor else None,
        "is_demo": settings.SARANA_MODE == "demo",
    }


def _is_shown(place: Place, actor: Actor | None) -> bool:
    """True where the place has pages, and this person has a door there."""
    if not find_address(place.address):
        return False
    return not place.is_open or (actor is not None and bool(import_string(place.is_open)(actor)))


def find_address(name: str) -> str:
    """The address of a page by its name, or "" while no room has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _here(path: str) -> str:
    """The place in which a path lies: the one whose beginning is longest."""
    found = [place for place in PLACES if path.startswith(place.begins) and (place.begins != "/" or path == "/")]
    return max(found, key=lambda place: len(place.begins)).key if found else ""


def scheme_of(request: HttpRequest) -> str:
    """The colours chosen in this browser."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in dict(SCHEMES) else "system"
