"""The writing doors: record an incident, count whom it touches, note who was told, close it."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.breaches import policy
from sarana.ground.breaches.deadlines import deadlines_of
from sarana.ground.breaches.models import Affected, Duty, Incident
from sarana.ground.ledger.actions import record


@transaction.atomic
def record_incident(
    actor: Actor,
    *,
    agency: Agency,
    what: str,
    found: str,
    since_at: dt.datetime,
    known_at: dt.datetime,
    file_number: str = "",
) -> Incident:
    """Record an incident; whom to tell by when is taken from the country of the agency as it is today.

    Raises:
        NotYet: BREACHES-002 the times are not in their order.
    """
    policy.check_may_keep(actor, agency)
    if not since_at <= known_at <= actor.now:
        raise NotYet(
            "BREACHES-002",
            "It began before it was known, and it was known before now.",
            cure="Correct the two times; where the first is not known, take the earliest it can have been.",
        )
    made = Incident(
        agency=agency, what=what, found=found, since_at=since_at, known_at=known_at, file_number=file_number
    )
    made.recorded_at, made.recorded_by_ref = actor.now, actor.account_ref
    made.save(force_insert=True)
    Duty.objects.bulk_create(
        Duty(incident=made, country=each.country, code=each.code, is_law=each.is_law, due_at=each.due_at(known_at))
        for each in deadlines_of(agency.country)
    )
    _record(actor, made, "breaches.recorded")
    return made


@transaction.atomic
def count_people(actor: Actor, incident: Incident, *, agency_ref: UUID, tier: str, n_people: int) -> Affected:
    """Say how many people of an agency it touches, in one tier; a later number takes the place of an earlier one."""
    policy.check_may_keep(actor, incident.agency)
    _check_open(incident)
    row, _made = Affected.objects.update_or_create(
        incident=incident, agency_ref=agency_ref, tier=tier, defaults={"n_people": n_people}
    )
    _record(actor, incident, "breaches.counted", n_things=n_people)
    return row


@transaction.atomic
def note_told(actor: Actor, duty: Duty, *, told_at: dt.datetime) -> Duty:
    """Note that somebody was told, once.

    Raises:
        NotYet: BREACHES-003 it was noted already, or the time is none between then and now.
    """
    policy.check_may_keep(actor, duty.incident.agency)
    in_time = duty.incident.known_at <= told_at <= actor.now
    rows = Duty.objects.filter(pk=duty.pk, told_at__isnull=True)
    if not in_time or not rows.update(told_at=told_at, told_by_ref=actor.account_ref):
        raise NotYet(
            "BREACHES-003",
            "This was noted already, or the time lies before it was known or after now.",
            cure="See what stands on the page; correct the time.",
        )
    _record(actor, duty.incident, "breaches.told")
    return duty


@transaction.atomic
def close_incident(actor: Actor, incident: Incident) -> Incident:
    """Close an incident of which everybody was told whom a law names, and whose people were counted.

    Raises:
        NotYet: BREACHES-004 somebody whom a law names was not told, or nobody was counted; BREACHES-005 it is closed.
    """
    policy.check_may_keep(actor, incident.agency)
    _check_open(incident)
    untold = Duty.objects.filter(incident=incident, is_law=True, told_at__isnull=True).exists()
    if untold or not Affected.objects.filter(incident=incident).exists():
        raise NotYet(
            "BREACHES-004",
            "Somebody whom the law names was not told yet, or nobody was counted.",
            cure="Tell them, note when, and say how many people it touches (0 where it is none).",
        )
    if not Incident.objects.filter(pk=incident.pk, closed_at__isnull=True).update(closed_at=actor.now):
        raise _closed()
    incident.closed_at = actor.now
    _record(actor, incident, "breaches.closed")
    return incident


def _check_open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise _closed()


def _closed() -> NotYet:
    return NotYet("BREACHES-005", "This incident is closed.", cure="Record what is new as an incident of its own.")


def _record(actor: Actor, incident: Incident, act: str, n_things: int | None = None) -> None:
    record(
        actor,
        act,
        thing_kind=policy.KIND,
        thing_ref=incident.ref,
        owner_agency_ref=incident.agency.ref,
        n_things=n_things,
    )
