"""Raise alarms from what the ledger holds, and enter records that lure whoever looks without a reason."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.care.people import queries
from sarana.care.people.actions import Facts, save_with_a_code
from sarana.care.people.alarms import policy
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.alarms.queries import LAID, Line, lured, used_up
from sarana.care.people.alarms.tasks import of_alarm
from sarana.care.people.finding.actions.noting import note_change
from sarana.care.people.models import Assigned, Person
from sarana.care.people.values import Contact, Names, Story, to_values
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.ground.tasks.actions import make_tasks
from sarana.ground.vault.identities.actions.sealing import begin
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.identities import Tier

LOOKS_BACK = dt.timedelta(days=7)
"""So far back it looks each time: a machine that was off for a weekend tells of it when it is on again."""


type Whose = tuple[UUID, UUID, dt.date, str]
"""The agency, the account, the day, and the act or the code."""


@dataclass(slots=True)
class _Told:
    """What somebody did on one day, added up."""

    first_at: dt.datetime
    last_at: dt.datetime
    purpose: str
    n: int = 1


def raise_alarms(actor: Actor) -> int:
    """Raise an alarm for each who opened a record that lures or used up a day's number; gives how many are new.

    It reads the ledger, where a refusal stands although what was asked for was taken back with it. Done again it is
    done once; what the same person does again on that day is counted in the alarm that is there.

    Not written down: each alarm that is raised is a line of its own.

    Raises:
        Refused: PEOPLE-034 somebody else than the machine asks.
    """
    policy.check_is_machine(actor)
    n_new = 0
    with transaction.atomic(), postgres.as_task(OPERATOR):
        since = actor.now - LOOKS_BACK
        for kind, lines in ((Alarm.Kind.LURE, lured(since)), (Alarm.Kind.USED_UP, used_up(since))):
            for whose, told in _by_day(actor, lines):
                n_new += _raise(actor, kind, whose, told)
    return n_new


@transaction.atomic
def lay(actor: Actor, agency: UUID, facts: Facts, names: Names, contact: Contact | None = None) -> Person:
    """Enter a record that lures: an invented person whom nobody helps; on every page she is as anybody else.

    Raises:
        Refused: PEOPLE-033 the actor enters none. NotYet: PEOPLE-004, VAULT-002 as `enter`.
    """
    policy.check_may_lay(actor, agency)
    # As many tiers as the form of entering seals: a page that says less of her would tell her apart.
    values = {
        Tier.NAMES: to_values(names),
        Tier.CONTACT: to_values(contact or Contact()),
        Tier.STORY: to_values(Story()),
    }
    ref = begin(actor, agency=agency, values=values, act=LAID)
    person = Person(ref=ref, agency_ref=agency, entered_at=actor.now, entered_by_ref=actor.account_ref, is_decoy=True)
    person.subject_id = queries.subject_id(actor, ref)
    person.sex, person.nationalities, person.languages = facts.sex, sorted(facts.nationalities), list(facts.languages)
    person.level = facts.level
    save_with_a_code(person)
    who = {"agency_ref": agency, "account_ref": actor.account_ref, "since_at": actor.now, "by_ref": actor.account_ref}
    Assigned.objects.create(person=person, **who)
    note_change(actor, person)
    return person


def _by_day(actor: Actor, lines: Iterator[Line]) -> list[tuple[Whose, _Told]]:
    found: dict[Whose, _Told] = {}
    for at, account, agency, what, purpose in lines:
        if agency is None:
            continue
        key = (agency, account, at.astimezone(actor.now.tzinfo).date(), what)
        told = found.setdefault(key, _Told(at, at, purpose, 0))
        told.last_at, told.purpose, told.n = at, purpose, told.n + 1
    return list(found.items())


def _raise(actor: Actor, kind: Alarm.Kind, whose: Whose, told: _Told) -> bool:
    """One alarm with its line and its task, or what is there with a higher number; gives whether it is new."""
    agency, account, day, what = whose
    new = {"purpose": told.purpose, "first_at": told.first_at, "last_at": told.last_at, "n": told.n}
    alarm, is_new = Alarm.objects.get_or_create(
        agency_ref=agency, account_ref=account, day=day, kind=kind, what=what, defaults=new
    )
    if not is_new:
        if alarm.n < told.n:
            alarm.n, alarm.last_at = told.n, told.last_at
            alarm.save(update_fields=["n", "last_at"])
        return False
    told_to = Agency.objects.filter(ref=agency).first()
    if told_to is not None:
        make_tasks(actor, told_to, [of_alarm(actor, alarm.ref)])
    record(
        actor, "people.alarm-raised", thing_kind=policy.ALARM, thing_ref=alarm.ref, owner_agency_ref=agency,
        n_things=told.n,
    )  # fmt: skip
    return True
