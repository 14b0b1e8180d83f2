"""When the update of a province is due, and how long ago one was begun: all that Today has to know of a year."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from sarana.basics.actors import Actor
from sarana.learning.population.models import Run, Update
from sarana.learning.population.year import queries

LONG_DAYS = 400
"""After so many days without a start whoever opens the guide may be new, and everything is looked at afresh."""

OPENS_DAYS = 90
"""So many days before an update is due its files are asked for."""

REST_DAYS = 42
"""So many days after a map was taken in nothing is asked for again, however old the day is from which it looks."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """The updates and maps of a province, and the days that follow from them."""

    area: str
    today: dt.date
    asked: Update | None
    made: Update | None
    runs: tuple[Run, ...]

    @cached_property
    def due_on(self) -> dt.date:
        """The day on which the update is due: a year after the day from which the last map looks; else today."""
        return a_year_after(self.runs[0].as_of) if self.runs else self.today

    @property
    def opens_on(self) -> dt.date:
        """The day from which files are asked for: some time before it is due, and some time after the last map came."""
        before = self.due_on - dt.timedelta(days=OPENS_DAYS)
        return max([before, *(local_day(run.taken_in_at) + dt.timedelta(days=REST_DAYS) for run in self.runs[:1])])

    @property
    def shuts_on(self) -> dt.date | None:
        """The day after which no update can be made beside the last map: it is rounded, and what is behind it goes."""
        if self.made is None or not self.runs or self.runs[0].rounded_to is None:
            return None
        return self.made.until if self.made.run_ref == self.runs[0].ref else None

    @property
    def is_shutting(self) -> bool:
        """Whether that day is near, or over."""
        return self.shuts_on is not None and self.today >= self.shuts_on - dt.timedelta(days=OPENS_DAYS)

    @property
    def is_shut(self) -> bool:
        """Whether that day is over."""
        return self.shuts_on is not None and self.today > self.shuts_on

    @property
    def is_open(self) -> bool:
        """Whether it is time to see to the next update."""
        return not self.runs or self.today >= self.opens_on or self.is_shutting

    @property
    def days_since(self) -> int | None:
        """How many days ago an update was last asked for here, or a map taken in; None: never."""
        started = [*([self.asked.asked_at] if self.asked else []), *(run.taken_in_at for run in self.runs)]
        return (self.today - local_day(max(started))).days if started else None

    @property
    def is_long_ago(self) -> bool:
        """Whether so long ago that nothing is taken for granted."""
        return self.days_since is None or self.days_since >= LONG_DAYS


def due_of(actor: Actor, area: str) -> Due:
    """What a province for which an actor answers is due.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    return Due(
        area=area,
        today=actor.today,
        asked=queries.last_update(actor, area),
        made=queries.last_made(actor, area),
        runs=tuple(queries.last_runs(actor, area)),
    )


def local_day(moment: dt.datetime) -> dt.date:
    """The day of a moment where this machine works."""
    return timezone.localtime(moment).date()


def a_year_after(day: dt.date) -> dt.date:
    """The same day a year later; the day after for one that comes every four years only."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)
