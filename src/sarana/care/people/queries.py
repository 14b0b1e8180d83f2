"""The reading doors of people: rows in the open, for those who may know of them. What is sealed opens by an act."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.ordering import sort_key
from sarana.care.people import policy
from sarana.care.people.conflict.queries.hiding import accounts_kept_out, pks_hidden_from
from sarana.care.people.emergency.policy import lasting
from sarana.care.people.knowing.queries import hers
from sarana.care.people.models import Assigned, Emergency, Person, Relation
from sarana.ground.accounts.models import Account, Membership
from sarana.ground.accounts.queries import running
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.policy import ENDING, HELPERS, may
from sarana.ground.vault.identities.queries import own_subjects, shared_for
from sarana.methods.sealing.identities import Tier

TOGETHER = 5_000
"""So many references stand in one question to the database."""


def people_for(actor: Actor) -> QuerySet[Person]:
    """The people of her own agencies whom the actor may know of, the newest first.

    Raises:
        Refused: PEOPLE-003 she has no door. NotYet: PEOPLE-004 no purpose is stated.
    """
    policy.check_may_look(actor)
    return _own(actor).order_by("-entered_at", "-pk")


def get_person(actor: Actor, ref: UUID) -> Person:
    """A person of her own agency, or one of whom a living basis lets it read; or whom she opened in an emergency.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people_for`.
        BadFile: VAULT-066, VAULT-067 it is not known who was erased.
        Person.DoesNotExist: there is none, or none for her, or she was erased.
    """
    policy.check_may_look(actor)
    is_erased = is_listed(ref)
    # Looked for all the same: an answer that came sooner would tell who was erased from who never was.
    found = _own(actor).filter(ref=ref).first() or _given(actor).filter(ref=ref).first() or in_emergency(actor, ref)
    if found is None or is_erased:
        raise Person.DoesNotExist
    return found


def mine_for(actor: Actor) -> QuerySet[Person]:
    """Those of them with whom the actor works.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people_for`.
    """
    policy.check_may_look(actor)
    return some_of(actor, hers(actor.account_ref)).order_by("-entered_at", "-pk")


def some_of(actor: Actor, rows: Iterable[int] | QuerySet[Assigned, Any]) -> QuerySet[Person]:
    """Those of some people, by their rows, of whom the actor may know."""
    found = Person.objects.filter(policy.of_found(actor), pk__in=rows)
    return found.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE)


def find_by_code(actor: Actor, code: str) -> Person | None:
    """The person of the actor's own agencies with this code, of whom she may know; none who was erased."""
    found = _own(actor).filter(code=code).first()
    return None if found is None or is_listed(found.ref) else found


def get_own(actor: Actor, ref: UUID, *, also_in_emergency: bool = False) -> Person:
    """A person whom the actor may change, locked; where it is said, also one whom an emergency lets her change.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people_for`; PEOPLE-084 nobody confirmed the emergency.
        Person.DoesNotExist: there is none, or none for her.
    """
    policy.check_may_look(actor)
    if is_listed(ref):
        raise Person.DoesNotExist
    found = _own(actor).filter(ref=ref).first() or (in_emergency(actor, ref) if also_in_emergency else None)
    if found is None:
        raise Person.DoesNotExist
    held = Person.objects.select_for_update(of=("self",)).select_related("subject").get(pk=found.pk)
    if held.pk in pks_hidden_from(actor):  # a conflict of interest that was written down while the row was waited for
        raise Person.DoesNotExist
    if found.emergency is None:
        policy.check_may_change(actor, held, assigned_to(held))
    else:
        policy.check_is_confirmed(found.emergency)
    return held


def in_emergency(actor: Actor, ref: UUID) -> Person | None:
    """A person who is open to the actor because of an emergency alone, with that emergency."""
    rows = Person.objects.filter(policy.opened_in_emergency(actor), ref=ref).distinct()
    found = rows.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE).first()
    if found is None:
        return None
    mine = Emergency.objects.filter(lasting(actor.now), person=found, account_ref=actor.account_ref)
    found.emergency = mine.order_by("-opened_at").first()
    return found if found.emergency else None


def those_of(actor: Actor, refs: Iterable[UUID]) -> frozenset[UUID]:
    """Which of some people the actor may know of: what a search asks before anything is counted or cut.

    The same as `_own` for a few hundred out of a million: there the rule would be looked up through its agency.

    Cost: 2 milliseconds for 300.
    """
    found: set[UUID] = set()
    answers: dict[tuple[UUID, str, bool], bool] = {}
    hidden = pks_hidden_from(actor)
    for part in batched(refs, TOGETHER, strict=False):
        rows = list(Person.objects.filter(ref__in=part).values_list("pk", "ref", "agency_ref", "level"))
        closely = [pk for pk, _ref, _agency, level in rows if level != Person.Level.AUDITED]
        own = Assigned.objects.filter(person__in=closely, account_ref=actor.account_ref)
        hers = frozenset(own.values_list("person_id", flat=True)) if closely else frozenset()
        for pk, ref, agency, level in rows:
            told = (agency, level, pk in hers)
            if told not in answers:
                answers[told] = policy.may_know(actor, agency, level, is_assigned=pk in hers)
            if answers[told] and pk not in hidden:
                found.add(ref)
    return frozenset(found)


def given_for(actor: Actor) -> QuerySet[Person]:
    """People of other agencies of whom a living basis lets the actor's agencies read something, for her purpose.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people_for`.
    """
    policy.check_may_look(actor)
    return _given(actor).order_by("-entered_at", "-pk")


def relations_of(actor: Actor, person: Person) -> list[tuple[Relation, Person, str]]:
    """How a person stands to others whom the actor may know of: the row, the other, and what the other is to her."""
    rows = Relation.objects.filter(models.Q(person=person) | models.Q(other=person)).order_by("said_at", "pk")
    ends = {pk for row in rows for pk in (row.person_id, row.other_id)}
    seen = {row.pk: row for row in some_of(actor, ends - {person.pk})}
    found = []
    for row in rows:
        is_first = row.person_id == person.pk
        other = seen.get(row.other_id if is_first else row.person_id)
        if other is not None:
            kind = row.turned_round if is_first else Relation.Kind(row.kind)
            found.append((row, other, str(kind.label)))
    return found


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps in an agency; since when with a person, where she works with her."""

    ref: UUID
    name: str
    since_at: dt.datetime | None = None


def working_with(actor: Actor, person: Person) -> tuple[list[Helper], list[Helper]]:
    """Who works with a person of the actor's own agency, and who else helps there."""
    since = dict(person.assigned.order_by("since_at", "pk").values_list("account_ref", "since_at"))
    if person.agency_ref not in actor.agency_refs:
        return [], []
    named = dict(Account.objects.filter(ref__in=since).values_list("ref", "name"))
    helping = Membership.objects.filter(
        running(actor.today), agency__ref=person.agency_ref, role__code__in=HELPERS, account__is_active=True
    )
    others = (
        helping.exclude(account__ref__in=[*since, *accounts_kept_out(person)])
        .values_list("account__ref", "account__name")
        .distinct()
    )
    free = [Helper(ref, name) for ref, name in others]
    return (
        [Helper(ref, named.get(ref, ""), at) for ref, at in since.items()],
        sorted(free, key=lambda each: sort_key(each.name)),
    )


def tiers_given(actor: Actor, person: Person) -> frozenset[Tier]:
    """Which tiers of a person of another agency the actor's agencies may read now."""
    given = shared_for(actor).filter(basis__subject=person.subject_id)
    return frozenset(Tier(tier) for tier in given.values_list("tier", flat=True))


def check_may_end(actor: Actor) -> None:
    """Make sure that an actor holds and erases people of an agency.

    Raises:
        Refused: PEOPLE-012 she does not.
    """
    if not _ends_in(actor):
        raise Refused(
            "PEOPLE-012",
            "Only a supervisor or the custodian of the data, signed in with a second factor, holds or erases people.",
            cure="Ask one of them, and give the code of the person.",
        )


def find_to_end(actor: Actor, code: str) -> Person | None:
    """The person with a code whom the actor may hold or erase; none who was erased, whatever rows say."""
    found = Person.objects.filter(policy.unhidden(actor), code=code, agency_ref__in=_ends_in(actor)).first()
    return None if found is None or is_listed(found.ref) else found


def get_to_end(actor: Actor, ref: UUID) -> Person:
    """A person whom the actor may hold or erase; of her nothing but the code is shown, and no purpose is asked.

    Raises:
        Person.DoesNotExist: there is none, or none for her, or she was erased.
    """
    is_erased = is_listed(ref)
    rows = Person.objects.filter(policy.unhidden(actor)).select_related("subject")
    found = rows.filter(ref=ref, agency_ref__in=_ends_in(actor)).first()
    if found is None or is_erased:
        raise Person.DoesNotExist
    return found


def _ends_in(actor: Actor) -> list[UUID]:
    return [agency for agency in actor.agency_refs if may(actor, ENDING, agency)]


def assigned_to(person: Person) -> frozenset[UUID]:
    """Who works with a person."""
    return frozenset(person.assigned.values_list("account_ref", flat=True))


def subject_id(actor: Actor, ref: UUID) -> int:
    """The row of the sealed identity of a person whom the actor has just begun."""
    return own_subjects(actor, [ref]).values_list("pk", flat=True).get()


def _own(actor: Actor) -> QuerySet[Person]:
    rows = Person.objects.filter(policy.openable_by(actor))
    return rows.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE)


def _given(actor: Actor) -> QuerySet[Person]:
    rows = Person.objects.filter(policy.given_to(actor)).exclude(agency_ref__in=actor.agency_refs).distinct()
    return rows.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE)
