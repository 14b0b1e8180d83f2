"""The writing doors of people: enter somebody, change what is kept, say who works with her, how she stands to others.

Each changes rows, the sealed tier, the line and what the search file has to learn in one transaction.
"""

import secrets
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people import policy, queries
from sarana.care.people.asking.actions import mark_anew, shorten
from sarana.care.people.conflict.queries.hiding import accounts_kept_out
from sarana.care.people.finding.actions.noting import note_change
from sarana.care.people.models import Assigned, Person, Relation
from sarana.care.people.photographs.queries import files_of
from sarana.care.people.same.actions import leave
from sarana.care.people.values import MOST, Contact, Names, Story, Tiered, to_values
from sarana.ground.accounts.models import Membership
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import files
from sarana.ground.vault.identities.actions import erasing
from sarana.ground.vault.identities.actions.sealing import begin, seal
from sarana.ground.vault.identities.models import Erased
from sarana.ground.vault.identities.policy import HELPERS
from sarana.methods.sealing.identities import Tier

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of what codes are made: nothing that is taken for something else when it is read aloud or by hand."""
CODE_LENGTH = 5

TIER_OF = {Names: Tier.NAMES, Contact: Tier.CONTACT, Story: Tier.STORY}
ACT_OF = {
    Tier.NAMES: "people.names-changed",
    Tier.CONTACT: "people.contact-changed",
    Tier.STORY: "people.story-changed",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a person stands in the open."""

    sex: Person.Sex = Person.Sex.UNKNOWN
    stateless: Person.Stateless = Person.Stateless.UNKNOWN
    nationalities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    needs_interpreter: bool = False
    level: Person.Level = Person.Level.AUDITED


@transaction.atomic
def enter(actor: Actor, agency: UUID, facts: Facts, *tiers: Tiered) -> Person:
    """Enter a person for an agency; whoever enters her works with her.

    Raises:
        Refused: PEOPLE-003 the actor enters nobody there. NotYet: PEOPLE-004 no purpose is stated; PEOPLE-005 no name
            is given, or more than 50 of something; VAULT-063 too much for one tier; VAULT-002, VAULT-031 no keys.
    """
    policy.check_may_enter(actor, agency)
    _check(*tiers)
    if not any(isinstance(tier, Names) and tier.names for tier in tiers):
        raise _too_few_or_many()
    values = {TIER_OF[type(tier)]: to_values(tier) for tier in tiers}
    ref = begin(actor, agency=agency, values=values, act="people.entered")
    person = Person(ref=ref, agency_ref=agency, entered_at=actor.now, entered_by_ref=actor.account_ref)
    person.subject_id = queries.subject_id(actor, ref)
    _put(person, facts)
    save_with_a_code(person)
    Assigned.objects.create(
        person=person, agency_ref=agency, account_ref=actor.account_ref, since_at=actor.now, by_ref=actor.account_ref
    )
    note_change(actor, person)
    return person


@transaction.atomic
def change(actor: Actor, ref: UUID, tier: Tiered, *, version: int) -> Person:
    """Seal a tier of a person anew, in place of the version that the actor saw (0 where there was none).

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004, PEOPLE-005 as `enter`; VAULT-064 somebody else saved meanwhile;
            PEOPLE-084 it is an emergency that nobody confirmed.
        Person.DoesNotExist: there is none, or none for her.
    """
    person = queries.get_own(actor, ref, also_in_emergency=True)
    _check(tier)
    if isinstance(tier, Names) and not tier.names:
        raise _too_few_or_many()
    kind = TIER_OF[type(tier)]
    seal(actor, ref, {kind: to_values(tier)}, versions={kind: version}, act=ACT_OF[kind])
    _changed(actor, person)
    if isinstance(tier, Names):
        mark_anew(actor, person, tier)
    return person


@transaction.atomic
def change_facts(actor: Actor, ref: UUID, facts: Facts, *, revision: int) -> Person:
    """Change what stands in the open.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `enter`; PEOPLE-006 somebody else saved meanwhile; PEOPLE-008 nobody
            works with her, so nobody would open her.
        Person.DoesNotExist: there is none, or none for her.
    """
    person = queries.get_own(actor, ref)
    if facts.level == Person.Level.CLOSED and not person.assigned.exists():
        raise _nobody_left()
    if person.revision != revision:
        raise NotYet(
            "PEOPLE-006",
            "Somebody else saved this person while you were writing, so nothing of yours was saved yet.",
            cure="See what was saved, and save once more: what you wrote is still here.",
        )
    _put(person, facts)
    if facts.level == Person.Level.CLOSED:
        shorten(actor, person)
    person.save(update_fields=["sex", "stateless", "nationalities", "languages", "needs_interpreter", "level"])
    _changed(actor, person)
    _recorded(actor, "people.facts-changed", person)
    return person


@transaction.atomic
def assign(actor: Actor, ref: UUID, account: UUID) -> None:
    """Let somebody of the agency work with a person; done twice it is done once.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `enter`; PEOPLE-007 she is none who helps in this agency.
        Person.DoesNotExist: there is none, or none for the actor.
    """
    person = queries.get_own(actor, ref)
    works = Membership.objects.filter(
        account__ref=account, agency__ref=person.agency_ref, ended_at__isnull=True, role__code__in=HELPERS
    )
    if not works.exists() or account in accounts_kept_out(person):
        raise NotYet(
            "PEOPLE-007",
            "Only somebody who helps in this agency can be assigned to this person.",
            cure="Choose somebody of the agency with a role that helps people.",
        )
    new = {"agency_ref": person.agency_ref, "since_at": actor.now, "by_ref": actor.account_ref}
    _, is_new = Assigned.objects.get_or_create(person=person, account_ref=account, defaults=new)
    if is_new:
        _recorded(actor, "people.assigned", person, account)


@transaction.atomic
def end_assigned(actor: Actor, ref: UUID, account: UUID) -> None:
    """End that somebody works with a person; the last one of a person who is kept closely stays.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `enter`; PEOPLE-008 nobody would be left who may open her.
        Person.DoesNotExist: there is none, or none for the actor.
    """
    person = queries.get_own(actor, ref)
    others = person.assigned.exclude(account_ref=account)
    if person.level == Person.Level.CLOSED and not others.exists():
        raise _nobody_left()
    if person.assigned.filter(account_ref=account).delete()[0]:
        _recorded(actor, "people.unassigned", person, account)


@transaction.atomic
def relate(actor: Actor, ref: UUID, other: UUID, kind: Relation.Kind, *, may_know: bool = False) -> Relation:
    """Say how a person stands to another whom the actor may know of.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `enter`; PEOPLE-009 it is herself, another agency's, or said before.
        Person.DoesNotExist: one of them is not there, or not for the actor.
    """
    person, second = queries.get_own(actor, ref), queries.get_own(actor, other)
    made = Relation(
        agency_ref=person.agency_ref, person=person, other=second, kind=kind, may_know=may_know,
        said_at=actor.now, said_by_ref=actor.account_ref,
    )  # fmt: skip
    said = Relation.objects.filter(person=second, other=person, kind=made.turned_round)
    if person.agency_ref != second.agency_ref or said.exists():
        raise _not_of_these()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise _not_of_these() from err
    _recorded(actor, "people.related", person, second.ref)
    return made


@transaction.atomic
def unrelate(actor: Actor, relation: UUID) -> None:
    """Take back how two people stand to one another.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `enter`. Relation.DoesNotExist: there is none, or none for her.
    """
    row = Relation.objects.select_related("person", "other").get(ref=relation, agency_ref__in=actor.agency_refs)
    try:
        person = queries.get_own(actor, row.person.ref)
        queries.get_own(actor, row.other.ref)
    except Person.DoesNotExist as err:
        raise Relation.DoesNotExist from err
    row.delete()
    _recorded(actor, "people.unrelated", person, row.other.ref)


@transaction.atomic
def erase(actor: Actor, ref: UUID, reason: Erased.Reason) -> None:
    """Erase a person for good, with all that is kept of her here.

    Not written down: the erasing of her identity is, in the same transaction.

    Raises:
        Refused: VAULT-060 the actor may not. NotYet: VAULT-065 she is held; PEOPLE-061 somebody judges in this moment
            whether her record is one with another.
        Person.DoesNotExist: there is none of the actor's agencies.
    """
    held = Person.objects.select_for_update(of=("self",)).filter(policy.unhidden(actor))
    person = held.get(ref=ref, agency_ref__in=actor.agency_refs)
    lying = files_of(person)
    note_change(actor, person, is_gone=True)
    leave(actor, person)
    erasing.erase(actor, ref, reason=reason)
    transaction.on_commit(partial(files.remove, *lying))


def _changed(actor: Actor, person: Person) -> None:
    person.revision += 1
    person.save(update_fields=["revision"])
    note_change(actor, person)


def _put(person: Person, facts: Facts) -> None:
    person.sex, person.stateless, person.level = facts.sex, facts.stateless, facts.level
    person.nationalities, person.languages = sorted(set(facts.nationalities)), list(dict.fromkeys(facts.languages))
    person.needs_interpreter = facts.needs_interpreter


def new_code() -> str:
    """A code drawn by chance: it tells neither how many there are nor who came first."""
    return "SR-" + "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def save_with_a_code(person: Person) -> None:
    """Keep a new person under a code that nobody in her agency has. Raises: NotYet PEOPLE-010 none is free."""
    for _time in range(9):
        person.code = new_code()
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise NotYet("PEOPLE-010", "No code is free for this person.", cure="Try again; if it stays so, tell the operator.")


def _check(*tiers: Tiered) -> None:
    for tier in tiers:
        lists = (
            (tier.names, tier.documents)
            if isinstance(tier, Names)
            else (tier.ways,)
            if isinstance(tier, Contact)
            else ()
        )
        if any(len(each) > MOST for each in lists):
            raise _too_few_or_many()


def _too_few_or_many() -> NotYet:
    return NotYet(
        "PEOPLE-005",
        "A person has one name at least, and at most 50 names, papers or ways to be reached.",
        cure="Write one name at least; where none is known, what the person is called. Leave out what is there twice.",
    )


def _nobody_left() -> NotYet:
    return NotYet("PEOPLE-008", "Nobody would be left who may open this person.", cure="Assign somebody else first.")


def _not_of_these() -> NotYet:
    return NotYet(
        "PEOPLE-009",
        "This cannot be said of these two.",
        cure="Choose another person of the same agency, of whom this was not said yet.",
    )


def _recorded(actor: Actor, act: str, person: Person, *others: UUID) -> None:
    record(
        actor,
        act,
        thing_kind=policy.KIND,
        thing_ref=person.ref,
        thing_refs=others,
        n_things=1,
        owner_agency_ref=person.agency_ref,
    )
