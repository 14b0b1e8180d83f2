"""Who looked at one thing, by role and agency; how much each did, for her and her leader; how the chain is."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum

from sarana.basics.actors import Actor
from sarana.ground.ledger import keys, policy, writing
from sarana.ground.ledger.models import Entry, Seal, Waiting

LISTS = 100_000
"""Lists that are opened for one access report, newest first; what is older is said not to be in it."""

GROUPED = ("roles", "agency_ref", "action", "purpose", "result")


@dataclass(frozen=True, slots=True)
class AccessRow:
    """How often people of one role and agency did one thing for one purpose, from when to when: no worker is named."""

    roles: str
    agency_ref: UUID | None
    action: str
    purpose: str
    result: str
    n: int
    first_at: dt.datetime
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WorkerCount:
    """How often one worker did one kind of thing."""

    actor_ref: UUID
    action: str
    n_acts: int
    n_things: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the chain is: for the system's own page and its checks."""

    n_seals: int
    n_sealed: int
    n_waiting: int
    waiting_since: dt.datetime | None
    last_sealed_at: dt.datetime | None
    verification_key_lies_here: bool


def access_report(actor: Actor, thing_ref: UUID) -> list[AccessRow]:
    """Who opened or changed one thing, by role and agency, newest last: made for the person whom it is about.

    Acts on it alone and lists in which it stood are both in the report.

    Raises:
        Refused: LEDGER-011 only the data-protection officer makes it.
    """
    policy.check_may_report(actor)
    agencies = policy.officer_agencies(actor)
    ours = Q(agency_ref__in=agencies) | Q(owner_agency_ref__in=agencies)
    alone = (
        Entry.objects.filter(ours, thing_ref=thing_ref)
        .order_by()
        .values(*GROUPED)
        .annotate(n=Count("id"), first_at=Min("at"), last_at=Max("at"))
    )
    found: dict[tuple[object, ...], AccessRow] = {}
    for row in alone:
        _join(found, AccessRow(**row))
    for entry in _lists(agencies):
        if thing_ref in writing.open_list(entry):
            _join(
                found,
                AccessRow(**{name: getattr(entry, name) for name in GROUPED}, n=1, first_at=entry.at, last_at=entry.at),
            )
    return sorted(found.values(), key=lambda row: (row.last_at, row.action, row.roles))


def _lists(agencies: list[UUID]) -> Iterator[Entry]:
    """Entries with a sealed list that touch these agencies, newest first in each of the two ways of touching them."""
    lists = (
        Entry.objects.filter(things_sealed__isnull=False).order_by("-id").only("ref", "at", "things_sealed", *GROUPED)
    )
    for agency in agencies:
        yield from lists.filter(agency_ref=agency)[:LISTS].iterator(chunk_size=2_000)
        theirs = Q(agency_ref__isnull=True) | ~Q(agency_ref__in=agencies)
        yield from lists.filter(theirs, owner_agency_ref=agency)[:LISTS].iterator(chunk_size=2_000)


def _join(found: dict[tuple[object, ...], AccessRow], row: AccessRow) -> None:
    """Add a row to the one of the same role, agency, act, purpose and result."""
    place = (row.roles, row.agency_ref, row.action, row.purpose, row.result)
    old = found.get(place)
    if old is not None:
        first, last = min(old.first_at, row.first_at), max(old.last_at, row.last_at)
        row = AccessRow(*place, old.n + row.n, first, last)
    found[place] = row


def counts_of_workers(actor: Actor, *, days: int = 30) -> list[WorkerCount]:
    """How often each did what, for herself and for the leader of her team; in no order that compares them.

    The desk sorts by name. There is no export of it and no sum over acts, so that nobody is ranked by it.
    """
    since = actor.now - dt.timedelta(days=days)
    rows = (
        Entry.objects.filter(policy.countable_by(actor), at__gte=since, result=Entry.Result.DONE)
        .order_by()
        .values_list("actor_ref", "action")
        .annotate(n_acts=Count("id"), n=Sum("n_things"))
        .order_by("actor_ref", "action")
    )
    return [WorkerCount(*row) for row in rows]


def standing_of_the_chain() -> Standing:
    """How many are sealed, how many wait and since when; tells of nobody by name.

    Not to be shown to everybody: who counts acts tells by it what another agency does in this moment.
    """
    last = Seal.objects.order_by("-number").only("number", "sealed_at", "n_before", "n_entries").first()
    first_waiting = Waiting.objects.order_by("entry_id").values_list("entry_id", flat=True).first()
    oldest = Entry.objects.filter(id=first_waiting).values_list("at", flat=True).first() if first_waiting else None
    return Standing(
        n_seals=last.number if last else 0,
        n_sealed=last.n_before + last.n_entries if last else 0,
        n_waiting=Waiting.objects.count(),
        waiting_since=oldest,
        last_sealed_at=last.sealed_at if last else None,
        verification_key_lies_here=keys.first_key_lies_here(Path(settings.SARANA_KEYS)),
    )
