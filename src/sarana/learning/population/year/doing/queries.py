"""The reading doors of activities, and their sums by area."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.learning.population import policy
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.queries import check_may_look, figures_for, runs_for
from sarana.learning.population.year.models import Activity
from sarana.methods.disclosure.rule import DisclosureSettings

FEWEST = DisclosureSettings().threshold
"""Of fewer people no number is told to others."""

NO_MORE = "-"
"""In place of a district, for areas that are no more."""


@dataclass(slots=True)
class Sum:
    """Activities of one area: how many, how many people they reached, and what they cost by currency.

    Those that reached few people are counted in `n_small`, and not in `n_reached`: the sum tells nothing of them.
    """

    n: int = 0
    n_small: int = 0
    n_reached: int = 0
    costs: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, activities: Iterable[Activity]) -> "Sum":
        """All of these together."""
        found = cls()
        for each in activities:
            found.add(each)
        return found

    def add(self, activity: Activity) -> None:
        """Take one more."""
        self.n += 1
        if activity.n_reached < FEWEST:
            self.n_small += 1
        else:
            self.n_reached += activity.n_reached
        if activity.cost is not None:
            self.costs[activity.currency] = self.costs.get(activity.currency, 0) + activity.cost


def activities_for(actor: Actor) -> QuerySet[Activity]:
    """The activities that an actor may see, without those that were taken back.

    Raises:
        Refused: POPULATION-001 she has no door here.
    """
    check_may_look(actor)
    rows = Activity.objects.filter(policy.activities_openable_by(actor), ended_at__isnull=True)
    return rows.select_related("agency").fetch_mode(models.FETCH_RAISE)


def get_activity(actor: Actor, ref: UUID) -> Activity:
    """One of them.

    Raises:
        Refused: POPULATION-001 she has no door here.
        Activity.DoesNotExist: there is none.
    """
    return activities_for(actor).get(ref=ref)


def places_of(actor: Actor, areas: Iterable[str], language: str) -> list[tuple[str, str]]:
    """The districts and subdistricts of some provinces by their codes, as their newest map names them."""
    found: list[tuple[str, str]] = []
    for area in areas:
        run = runs_for(actor).filter(area=area).order_by("-as_of", "-pk").first()
        found += _places(actor, run, language) if run is not None else []
    return found


def _places(actor: Actor, run: Run, language: str) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    inside: dict[str, list[tuple[str, str]]] = {}
    for row in figures_for(actor, run, AreaLevel.SUBDISTRICT).order_by("code"):
        inside.setdefault(row.parent, []).append((row.code, f"– {row.called(language)}"))
    for row in figures_for(actor, run, AreaLevel.DISTRICT).order_by("code"):
        lines += [(row.code, row.called(language)), *inside.get(row.code, ())]
    return lines


def done_between(
    actor: Actor, area: str, since: dt.date, until: dt.date, districts: Iterable[str]
) -> dict[str, list[Activity]]:
    """The activities of a province between two days, by district, the newest first.

    "": those of the whole province; NO_MORE: those of areas that lie in no district of today.
    """
    known = sorted(districts, key=len, reverse=True)
    found: dict[str, list[Activity]] = {}
    between = activities_for(actor).filter(area=area, from_on__lte=until, until_on__gt=since)
    for row in between.order_by("-from_on", "-pk"):
        place = next((code for code in known if row.place.startswith(code)), NO_MORE if row.place else "")
        found.setdefault(place, []).append(row)
    return found


def tells_number(actor: Actor, activity: Activity) -> bool:
    """Whether an actor is told how many people an activity reached: of few, only those of its own agency are."""
    return activity.n_reached >= FEWEST or activity.agency.ref in actor.agency_refs
