"""The reading doors of alarms, and what in the ledger raises one."""

import datetime as dt
from collections.abc import Iterator
from itertools import batched
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import NOBODY, Actor
from sarana.care.people.alarms import policy
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.models import Person
from sarana.ground.accounts.models import Membership
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.policy import HELPERS

USED_UP = ("PEOPLE-011", "PEOPLE-030", "PEOPLE-083")
"""Refusals of whoever used up a day's number; a room with another number adds its code."""

LAID = "people.lure-laid"
TOGETHER = 500

type Line = tuple[dt.datetime, UUID, UUID | None, str, str]
"""When, who, of which agency, what, for which purpose."""


def get_alarm(actor: Actor, ref: UUID) -> Alarm:
    """An alarm of an agency of which the actor is the officer.

    Raises:
        Alarm.DoesNotExist: there is none, or none for her.
    """
    return alarms_for(actor).get(ref=ref)


def alarms_for(actor: Actor) -> QuerySet[Alarm]:
    """The alarms that an officer reads, the newest first; none for whoever is no officer."""
    return Alarm.objects.filter(policy.openable_by(actor)).order_by("-last_at", "-pk").fetch_mode(models.FETCH_RAISE)


def used_up(since: dt.datetime) -> Iterator[Line]:
    """Refusals since a moment of those who used up a day's number; what was rolled back with them stands as a line.

    A number is of a person and not of an agency: each agency in which she helped that day is told, for the line
    of a refusal names but one of hers.
    """
    rows = Entry.objects.filter(at__gte=since, result=Entry.Result.REFUSED, code__in=USED_UP).order_by("at")
    known: dict[tuple[UUID, dt.date], list[UUID]] = {}
    for at, account, agency, code, purpose in rows.values_list("at", "actor_ref", "agency_ref", "code", "purpose"):
        day = (account, at.date())
        if day not in known:
            known[day] = _helped_in(*day)
        yield from ((at, account, told, code, purpose) for told in known[day] or filter(None, (agency,)))


def _helped_in(account: UUID, day: dt.date) -> list[UUID]:
    """The agencies in which somebody helped on a day."""
    rows = Membership.objects.filter(account__ref=account, role__code__in=HELPERS, starts_on__lte=day)
    rows = rows.filter(models.Q(until__isnull=True) | models.Q(until__gte=day))
    rows = rows.filter(models.Q(ended_at__isnull=True) | models.Q(ended_at__date__gte=day))
    return list(rows.order_by("agency__ref").values_list("agency__ref", flat=True).distinct())


def lured(since: dt.datetime) -> Iterator[Line]:
    """Acts since a moment on records that lure, but for their own entering; those of the machine are none."""
    lures = list(Person.objects.filter(is_decoy=True).values_list("ref", flat=True))
    for part in batched(lures, TOGETHER, strict=False):
        rows = Entry.objects.filter(at__gte=since, thing_ref__in=part, result=Entry.Result.DONE)
        told = rows.exclude(action=LAID).exclude(actor_ref=NOBODY).order_by("at")
        yield from told.values_list("at", "actor_ref", "owner_agency_ref", "action", "purpose")
