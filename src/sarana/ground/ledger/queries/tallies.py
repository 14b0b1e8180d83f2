"""Counts of acts from day to day, as far as an actor may read them; never by person."""

import datetime as dt
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from sarana.basics.actors import NOBODY, Actor
from sarana.ground.ledger import policy
from sarana.ground.ledger.models import Entry

UNCOUNTED = "tasks."
"""Acts on tasks are in no statistics: how many people were to be referred would show in them."""


def acts_per_day(actor: Actor, first: dt.date, *, is_own: bool) -> tuple[list[tuple[dt.date, str, int]], int]:
    """For each day from the first and each kind of act its number, and how many different people did them.

    Days are those of the actor's clock. Of oneself, or of all that one may read; the machine itself is nobody.
    """
    zone = actor.now.tzinfo
    begins = dt.datetime.combine(first, dt.time(), tzinfo=zone)
    mine = Q(actor_ref=actor.account_ref)
    rows = Entry.objects.filter(mine if is_own else policy.openable_by(actor), at__gte=begins)
    rows = rows.exclude(action__startswith=UNCOUNTED)
    counted = rows.annotate(day=TruncDate("at", tzinfo=zone)).values_list("day", "action").annotate(n=Count("id"))
    n_people = rows.exclude(actor_ref=NOBODY).aggregate(n=Count("actor_ref", distinct=True))["n"]
    return [(day, action, n) for day, action, n in counted.order_by("day", "action")], n_people


def things_of_today(actor: Actor, action: str) -> frozenset[UUID]:
    """The different things to which an actor did something today, for rooms that allow so many a day."""
    begins = dt.datetime.combine(actor.today, dt.time(), tzinfo=actor.now.tzinfo)
    mine = Entry.objects.filter(actor_ref=actor.account_ref, action=action, at__gte=begins, result=Entry.Result.DONE)
    return frozenset(ref for ref in mine.values_list("thing_ref", flat=True).distinct() if ref)


def count_of_today(actor: Actor, action: str) -> int:
    """How often an actor did something today, for rooms that allow it so often a day."""
    begins = dt.datetime.combine(actor.today, dt.time(), tzinfo=actor.now.tzinfo)
    return Entry.objects.filter(
        actor_ref=actor.account_ref, action=action, at__gte=begins, result=Entry.Result.DONE
    ).count()
