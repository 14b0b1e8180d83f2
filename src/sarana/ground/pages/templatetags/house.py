"""Tags and filters that pages use: fetched files, days and moments, counts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Protocol

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils.translation import get_language, gettext

from sarana.basics.gaps import Answer
from sarana.ground.accounts import once
from sarana.ground.accounts.models.agencies import LOCAL
from sarana.ground.countries import COUNTRIES
from sarana.ground.pages import answers, calendars
from sarana.ground.pages.fetched import find_fetched

register = template.Library()


class FormWordsNode(CsrfTokenNode):
    """The two words that every form carries: the one against forgery, and its own, with which it is done once."""

    def render(self, context: Any) -> str:
        """Two hidden fields; without a word of its own where nobody is signed in."""
        user = getattr(context.get("request"), "user", None)
        own = f'<input type="hidden" name="{once.FIELD}" value="{once.new_word()}">'
        return super().render(context) + (own if user is not None and user.is_authenticated else "")


@register.tag("csrf_token")
def form_words(_parser: Any, _token: Any) -> FormWordsNode:
    """In the place of Django's own tag, so that no form can be without its words."""
    return FormWordsNode()


class Called(Protocol):
    """What has a name in more than one language: an agency, a role."""

    def called(self, language: str) -> str:
        """Its name for somebody who reads this language."""


@register.simple_tag
def fetched(name: str) -> str:
    """The address of a file of the browser's libraries; "" where the build did not fetch them."""
    found = find_fetched(name)
    return static(found) if found else ""


@register.filter
def day(value: dt.date | None) -> str:
    """A day in words, in the calendar of the one who reads."""
    return calendars.say_day(_as_day(value)) if value else ""


@register.filter
def weekday(value: dt.date | None) -> str:
    """A day in words with its weekday."""
    return calendars.say_day(_as_day(value), with_weekday=True) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A day and a time."""
    return calendars.say_moment(value) if value else ""


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands apart."""
    return "" if value is None else f"{value:,}"


@register.filter
def seal(value: str) -> str:
    """To whom a backup is sealed: the keys' name and epoch, as backups keep them, in the language of the page."""
    name, _sep, epoch = value.rpartition(", epoch ")
    return gettext("%(name)s, epoch %(number)s of its keys") % {"name": name, "number": epoch} if name else value


@register.inclusion_tag("pages/answer.html")
def answer(value: Answer) -> dict[str, Any]:
    """An answer; where there is none, why, told apart from what a person could have said."""
    gap = value.gap
    return {"value": value.value, "gap": gap.value if gap else "", "reason": answers.GAPS[gap] if gap else ""}


@register.filter
def leads_to(places: Iterable[Any], key: str) -> bool:
    """Whether a place is among those into which the reader may go: a page leads to it then only."""
    return any(place.key == key for place in places)


@register.filter
def called(value: Called | None) -> str:
    """The name of an agency or a role in the language of the page."""
    return value.called(get_language() or "en") if value else ""


@register.filter
def tongue(code: str) -> str:
    """The language of the local names of a country, or of an area within it, for browsers and those who are read to."""
    return LOCAL.get(code[:2], "und")


@register.filter
def country(code: str) -> str:
    """A country in words; its code where it lies outside the region."""
    return str(COUNTRIES.get(code, code))


def _as_day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
