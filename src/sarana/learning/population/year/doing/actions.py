"""The writing doors of activities: write one down, take one back."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.learning.population.policy import ACTIVITY
from sarana.learning.population.sources import policy
from sarana.learning.population.year.models import Activity


@dataclass(frozen=True, slots=True)
class Done:
    """What is said of an activity, beside whose line it is."""

    organiser: str
    kind: str
    group: str
    from_on: dt.date
    until_on: dt.date
    n_reached: int
    source_line: str
    place: str = ""
    cost: int | None = None
    currency: str = ""


@transaction.atomic
def write_activity(actor: Actor, done: Done, *, agency: Agency, area: str) -> Activity:
    """Write an activity down.

    Raises:
        Refused: POPULATION-030 the province is not hers.
    """
    policy.check_may_update(actor, area, agency.ref)
    made = Activity(agency=agency, area=area, written_at=actor.now, written_by_ref=actor.account_ref)
    for name in Done.__slots__:
        setattr(made, name, getattr(done, name))
    made.save(force_insert=True)
    _record(actor, made, "population.activity-written")
    return made


@transaction.atomic
def take_back_activity(actor: Actor, activity: Activity) -> None:
    """Take an activity back that was written down wrongly; that it was written stays.

    Raises:
        Refused: POPULATION-030 the province is not hers, or the line is another agency's.
    """
    policy.check_may_update(actor, activity.area, activity.agency.ref)
    Activity.objects.filter(pk=activity.pk, ended_at__isnull=True).update(ended_at=actor.now)
    _record(actor, activity, "population.activity-taken-back")


def _record(actor: Actor, activity: Activity, act: str) -> None:
    record(actor, act, thing_kind=ACTIVITY, thing_ref=activity.ref, owner_agency_ref=activity.agency.ref)
