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
from sarana.ground.ledger.models import Entry

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
    """Refusals since a moment of those who used up a day's number; what was rolled back with them stands as a line."""
    rows = Entry.objects.filter(at__gte=since, result=Entry.Result.REFUSED, code__in=USED_UP).order_by("at")
    yield from rows.values_list("at", "actor_ref", "agency_ref", "code", "purpose")


def lured(since: dt.datetime) -> Iterator[Line]:
    """Acts since a moment on records that lure, but for their own entering; those of the machine are none."""
    lures = list(Person.objects.filter(is_decoy=True).values_list("ref", flat=True))
    for part in batched(lures, TOGETHER, strict=False):
        rows = Entry.objects.filter(at__gte=since, thing_ref__in=part, result=Entry.Result.DONE)
        told = rows.exclude(action=LAID).exclude(actor_ref=NOBODY).order_by("at")
        yield from told.values_list("at", "actor_ref", "owner_agency_ref", "action", "purpose")
