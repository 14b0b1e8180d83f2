"""What is worth a question: patterns that begin a conversation. None of them says that anybody did wrong.

Night work, a long list or many refusals have good reasons on most days. So the officer sees a day, a count and the
words "worth a question", the person concerned can see the same of herself, and nothing is added up over people.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncDate

from sarana.basics.actors import NOBODY, Actor
from sarana.ground.ledger import policy
from sarana.ground.ledger.models import Entry

DAYS = 7
NIGHT = (22, 5)
"""From this hour in the evening until this hour in the morning, in the time zone of the request."""

AT_NIGHT, IN_BULK, REFUSED, AGAIN, FOREIGN = 10, 500, 10, 15, 12
"""How many in a day: acts at night, things opened, refusals, openings of one and the same thing, things of others."""


class Pattern(StrEnum):
    """What was seen."""

    NIGHT = "night"
    BULK = "bulk"
    REFUSALS = "refusals"
    AGAIN = "again"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Question:
    """On one day one person did something often: worth a question."""

    pattern: Pattern
    actor_ref: UUID
    on: dt.date
    n: int
    thing_ref: UUID | None = None


def worth_a_question(actor: Actor, *, days: int = DAYS) -> list[Question]:
    """What was done in the officer's agencies in the last days that is worth a question, newest day first.

    Raises:
        Refused: LEDGER-011 only the data-protection officer reads it.
    """
    policy.check_may_report(actor)
    found = [
        question for agency in policy.officer_agencies(actor) for question in _in_agency(_recent(actor, agency, days))
    ]
    return sorted(
        found, key=lambda each: (-each.on.toordinal(), each.pattern, str(each.actor_ref), str(each.thing_ref))
    )


def _recent(actor: Actor, agency: UUID, days: int) -> "QuerySet[Entry]":
    """The agency's acts of the last days, read by the agency's own index from the first row of those days on."""
    since = actor.now - dt.timedelta(days=days)
    first = Entry.objects.filter(at__gte=since).order_by("at").values_list("id", flat=True)[:200]
    rows = Entry.objects.filter(agency_ref=agency, id__gte=min(first, default=0), at__gte=since)
    zone = actor.now.tzinfo
    return (
        rows.exclude(actor_ref=NOBODY)
        .order_by()
        .annotate(on=TruncDate("at", tzinfo=zone), hour=ExtractHour("at", tzinfo=zone))
    )


def _in_agency(rows: "QuerySet[Entry]") -> Iterator[Question]:
    done = rows.filter(result=Entry.Result.DONE)
    openings = done.filter(~Q(thing_kind=""))
    evening, morning = NIGHT
    night = openings.filter(Q(hour__gte=evening) | Q(hour__lt=morning))
    by_day = ("actor_ref", "on")
    for who, on, n in night.values_list(*by_day).annotate(n=Count("id")).filter(n__gte=AT_NIGHT):
        yield Question(Pattern.NIGHT, who, on, n)
    for who, on, n in openings.values_list(*by_day).annotate(n=Sum("n_things")).filter(n__gte=IN_BULK):
        yield Question(Pattern.BULK, who, on, n)
    refused = rows.filter(result=Entry.Result.REFUSED)
    for who, on, n in refused.values_list(*by_day).annotate(n=Count("id")).filter(n__gte=REFUSED):
        yield Question(Pattern.REFUSALS, who, on, n)
    foreign = openings.filter(owner_agency_ref__isnull=False).exclude(owner_agency_ref=F("agency_ref"))
    for who, on, n in foreign.values_list(*by_day).annotate(n=Sum("n_things")).filter(n__gte=FOREIGN):
        yield Question(Pattern.FOREIGN, who, on, n)
    one = openings.filter(thing_ref__isnull=False).exclude(thing_ref=F("actor_ref"))
    for who, on, thing, n in one.values_list(*by_day, "thing_ref").annotate(n=Count("id")).filter(n__gte=AGAIN):
        yield Question(Pattern.AGAIN, who, on, n, thing)
