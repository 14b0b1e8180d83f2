"""What the frame of every page needs to know: the places, who is signed in and for whom, language, colours, mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
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

    @property
    def path(self) -> str:
        """Where it lies; "" while no room has it."""
        return find_address(self.address)


PLACES = (
    Place("today", _("Today"), "desk:today", "/"),
    Place(*("tasks", _("Tasks"), "tasks:tasks", "/tasks/"), is_open="sarana.ground.tasks.policy.has_role"),
    Place(*("people", _("People we help"), "people:people", "/people/"), is_open="sarana.care.people.policy.has_role"),
    Place(
        *("population", _("Population"), "population:runs", "/population/"),
        is_open="sarana.learning.population.policy.has_role",
    ),
    Place(
        *("sources", _("Sources"), "population:sources", "/population/sources/"),
        is_open="sarana.learning.population.sources.policy.has_role",
    ),
    Place(
        *("pairs", _("Pairs to judge"), "population:pairs", "/population/pairs/"),
        is_open="sarana.learning.population.pairs.policy.has_role",
    ),
    Place(
        *("sets", _("Indicator sets"), "population:sets", "/population/sets/"),
        is_open="sarana.learning.population.sets.policy.has_only_this",
    ),
    Place("settings", _("Settings"), "desk:settings", "/settings/"),
    Place("looked", _("Who looked"), "desk:looked", "/looked/"),
    Place("system", _("This system"), "desk:system", "/system/"),
)
"""Places stand here once their pages exist: a place that leads nowhere is not shown."""

PEOPLE_SEARCH = Place(
    *("people-search", "", "people:search", "/people/search/"), is_open="sarana.care.people.policy.has_role"
)
"""Where people who are helped are searched: no place in the bar; the field at the top leads there."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """The words and addresses of the frame."""
    actor: Actor | None = getattr(request, "actor", None)
    places = [place for place in PLACES if _is_shown(place, actor)]
    return {
        "places": places,
        "here": _here(request.path, places),
        "standing": queries.standing(getattr(request, "held", ()), get_language() or "en"),
        "me_address": find_address("accounts:me"),
        "search_address": find_address("desk:search") if actor else "",
        "people_search_address": find_address(PEOPLE_SEARCH.address) if _is_shown(PEOPLE_SEARCH, actor) else "",
        "scheme": scheme_of(request),
        "schemes": SCHEMES,
        "tongues": (("th", "ไทย"), ("en", "English")),
        "printed": actor.now if actor else None,
        "is_demo": settings.SARANA_MODE == "demo",
    }


def _is_shown(place: Place, actor: Actor | None) -> bool:
    """True where the place has pages, and this person has a door there."""
    if not place.path:
        return False
    return not place.is_open or (actor is not None and bool(import_string(place.is_open)(actor)))


def find_address(name: str) -> str:
    """The address of a page by its name, or "" while no room has it."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=256)
def _address(name: str, urlconf: str, prefix: str) -> str:
    """The same, found once: a page has two dozen addresses in its frame, and they stay while the process runs."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def _here(path: str, shown: Sequence[Place]) -> str:
    """The place in which a path lies, of those that are shown: the one whose beginning is longest."""
    found = [place for place in shown if path.startswith(place.begins) and (place.begins != "/" or path == "/")]
    return max(found, key=lambda place: len(place.begins)).key if found else ""


def scheme_of(request: HttpRequest) -> str:
    """The colours chosen in this browser."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in dict(SCHEMES) else "system"
