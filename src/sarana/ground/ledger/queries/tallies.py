"""Counts of acts from day to day, as far as an actor may read them; never by person."""

import datetime as dt

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from sarana.basics.actors import NOBODY, Actor
from sarana.ground.ledger import policy
from sarana.ground.ledger.models import Entry


def acts_per_day(actor: Actor, first: dt.date, *, is_own: bool) -> tuple[list[tuple[dt.date, str, int]], int]:
    """For each day from the first and each kind of act its number, and how many different people did them.

    Days are those of the actor's clock. Of oneself, or of all that one may read; the machine itself is nobody.
    """
    zone = actor.now.tzinfo
    begins = dt.datetime.combine(first, dt.time(), tzinfo=zone)
    mine = Q(actor_ref=actor.account_ref)
    rows = Entry.objects.filter(mine if is_own else policy.openable_by(actor), at__gte=begins)
    counted = rows.annotate(day=TruncDate("at", tzinfo=zone)).values_list("day", "action").annotate(n=Count("id"))
    n_people = rows.exclude(actor_ref=NOBODY).aggregate(n=Count("actor_ref", distinct=True))["n"]
    return [(day, action, n) for day, action, n in counted.order_by("day", "action")], n_people
