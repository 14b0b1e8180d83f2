"""Dates as the person who reads them counts years: in the Buddhist or in the common era.

Which one is settled once a request, like the language; whoever did not choose, or has not signed in, reads dates as
her language counts: Thai in the Buddhist era, the others in the common one.
"""

import datetime as dt
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sarana.ground.accounts.models import Account

BUDDHIST, COMMON, AS_LANGUAGE = (
    Account.Calendar.BUDDHIST.value,
    Account.Calendar.COMMON.value,
    Account.Calendar.AS_LANGUAGE.value,
)
AHEAD_YEARS = 543
FIRST_JANUARY_YEAR = 1941
"""Since then the Thai year begins in January; before, January to March belonged to the year that went before."""

_calendar: ContextVar[str] = ContextVar("calendar", default=AS_LANGUAGE)


class CalendarMiddleware:
    """Settles in which calendar the dates of an answer are written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the calendar of the person who is signed in."""
        token = _calendar.set(getattr(request.user, "calendar", AS_LANGUAGE))
        try:
            return self.get_response(request)
        finally:
            _calendar.reset(token)


def calendar_chosen() -> str:
    """In which calendar the reader of this answer chose to read dates."""
    return _calendar.get()


def buddhist_year(day: dt.date) -> int:
    """The year of the Buddhist era in which a day lies, as Thailand counted when it was."""
    early = day.year < FIRST_JANUARY_YEAR and day.month < 4
    return day.year + AHEAD_YEARS - early


def common_year(buddhist: int, month: int | None) -> int:
    """The common year of a year of the Buddhist era, as Thailand counted when it was; turns `buddhist_year` round."""
    year = buddhist - AHEAD_YEARS
    return year + 1 if year < FIRST_JANUARY_YEAR and month is not None and month < 4 else year


def say_day(day: dt.date, *, calendar: str = "", with_weekday: bool = False, short: bool = False) -> str:
    """A day in words: "29 November 2026", "29 พฤศจิกายน 2569"; an era is named where a reader could mistake it."""
    written = date_format(day, "j M" if short else "j F")
    weekday = f"{_weekday(day)} " if with_weekday else ""
    return f"{weekday}{written} {say_year(day, calendar=calendar)}"


def say_year(day: dt.date, *, calendar: str = "") -> str:
    """The year alone, with its era where the language's usual one is another."""
    chosen = calendar or _calendar.get()
    is_thai = (get_language() or "").startswith("th")
    if chosen == AS_LANGUAGE:
        chosen = BUDDHIST if is_thai else COMMON
    if chosen == BUDDHIST:
        year = buddhist_year(day)
        return str(year) if is_thai else _("%(year)s BE") % {"year": year}
    return _("CE %(year)s") % {"year": day.year} if is_thai else str(day.year)


def say_moment(moment: dt.datetime, *, calendar: str = "") -> str:
    """A day and a time, in the time zone of the installation."""
    here = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{say_day(here.date(), calendar=calendar)} {here:%H:%M}"


def _weekday(day: dt.date) -> str:
    named = date_format(day, "l")
    return f"วัน{named}ที่" if (get_language() or "").startswith("th") else named
