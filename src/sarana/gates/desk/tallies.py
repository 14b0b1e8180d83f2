"""How much is done from day to day, by room: of oneself, and for a data-protection officer of her agency.

Never by person, and never where so few people worked that the sum would point at one of them.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.basics.actors import Actor
from sarana.ground.ledger.queries import acts_per_day
from sarana.ground.pages import charts

DAYS = 28
FEWEST_PEOPLE = 3

ROOMS = {
    "accounts": gettext_lazy("Agencies, people and signing in"),
    "ledger": gettext_lazy("Reading who looked"),
    "desk": gettext_lazy("Searching"),
    "pages": gettext_lazy("Pages"),
    "words": gettext_lazy("Second words"),
    "codelists": gettext_lazy("Words and areas"),
    "jobs": gettext_lazy("Long work"),
    "breaches": gettext_lazy("Breaches"),
    "population": gettext_lazy("Maps of areas"),
    "vault": gettext_lazy("Backups, and who people are"),
    "consent": gettext_lazy("What people agreed to"),
    "people": gettext_lazy("People who are helped"),
    "exchange": gettext_lazy("Handing over"),
    "policy": gettext_lazy("Refused by a rule"),
}
COLOURS = ("var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)", "var(--chart-5)")


@dataclass(frozen=True, slots=True)
class Tally:
    """The acts of some weeks: for each day and room their number, and how many people did them."""

    days: tuple[dt.date, ...]
    rooms: tuple[str, ...]
    counts: Counter[tuple[dt.date, str]]
    n_people: int
    is_own: bool

    @property
    def is_withheld(self) -> bool:
        """True where so few people worked that the sum would point at one of them."""
        return not self.is_own and self.n_people < FEWEST_PEOPLE

    @property
    def total(self) -> int:
        """All acts."""
        return self.counts.total()

    @property
    def heads(self) -> list[str]:
        """The names of the rooms, as the table has them."""
        return [called(room) for room in self.rooms]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For each day on which anything was done: the day, the number for each room, the sum; newest first."""
        table = []
        for day in reversed(self.days):
            numbers = [self.counts[day, room] for room in self.rooms]
            if any(numbers):
                cells = list(zip(self.heads, numbers, strict=True))
                table.append({"day": day, "cells": cells, "sum": sum(numbers)})
        return table


def called(room: str) -> str:
    """A room in words; its own name where it has none here."""
    return str(ROOMS.get(room, room))


def tally(actor: Actor, *, is_own: bool) -> Tally:
    """The last four weeks, today included."""
    first = actor.today - dt.timedelta(days=DAYS - 1)
    rows, n_people = acts_per_day(actor, first, is_own=is_own)
    counts: Counter[tuple[dt.date, str]] = Counter()
    for day, action, number in rows:
        counts[day, action.partition(".")[0]] += number
    days = tuple(first + dt.timedelta(days=step) for step in range(DAYS))
    rooms = tuple(sorted({room for _day, room in counts}, key=lambda room: (*ROOMS, room).index(room)))
    return Tally(days, rooms, counts, n_people, is_own)


def drawing(found: Tally) -> str:
    """The chart of a tally: a bar a day, one part for each room."""
    values = [
        {"day": day.isoformat(), "room": called(room), "order": order, "n": found.counts[day, room]}
        for day in found.days
        for order, room in enumerate(found.rooms)
    ]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640,
        "height": 200,
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "var(--surface)", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "labelExpr": "substring(datum.value, 8)", "ticks": False},
            },
            "y": {"field": "n", "type": "quantitative", "title": _("Acts"), "axis": {"tickMinStep": 1, "format": "d"}},
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "room",
                "type": "nominal",
                "title": None,
                "sort": found.heads,
                "scale": {"domain": found.heads, "range": list(COLOURS[: len(found.heads)])},
            },
        },
    }
    return charts.draw(spec, says=says(found))


def says(found: Tally) -> str:
    """The chart in one sentence."""
    busiest = max(found.days, key=lambda day: sum(found.counts[day, room] for room in found.rooms))
    most = sum(found.counts[busiest, room] for room in found.rooms)
    return _("%(total)s acts in %(days)s days; most on one day: %(most)s.") % {
        "total": found.total,
        "days": DAYS,
        "most": most,
    }
