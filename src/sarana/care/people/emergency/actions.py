"""The writing doors of emergencies: open somebody, confirm it as a second person, end it.

Each writes its line, and whatever tells others, in one transaction: where nothing can be written down nobody is opened.
"""

from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.references import new_ref
from sarana.care.people import policy as people_policy
from sarana.care.people import queries as people
from sarana.care.people.emergency import queries
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.emergency.tasks import of_emergency
from sarana.care.people.models import Person
from sarana.care.people.reasons import seal_reason
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.actions import record
from sarana.ground.tasks.actions import make_tasks


@transaction.atomic
def open_somebody(actor: Actor, code: str, reason: Emergency.Reason, words: str) -> Person:
    """Open one person for fifteen minutes, to be read only; for an hour from now once a second person confirms it.

    The officer for data protection has a task, and whoever works with the person a line on Today, when this returns.
    Done twice while it lasts it is done once.

    Raises:
        Refused: PEOPLE-003 the actor helps nobody; PEOPLE-082 nobody is opened by this code; PEOPLE-083 her number is
            used up. NotYet: PEOPLE-004 no purpose is stated; PEOPLE-081 why is not said.
    """
    people_policy.check_may_look(actor)
    # Of two at once of the same person the second waits, and counts the first.
    Account.objects.select_for_update(of=("self",)).get(ref=actor.account_ref)
    made = Emergency(ref=new_ref(), account_ref=actor.account_ref, reason=reason, opened_at=actor.now)
    made.words_sealed = seal_reason(words, made.ref)
    person = queries.find_to_open(actor, code)
    if person is not None and queries.find_lasting(actor, person) is not None:
        return person
    queries.check_any_left(actor)
    if person is None:
        raise _nobody()
    made.person, made.agency_ref = person, person.agency_ref
    made.save(force_insert=True)
    make_tasks(actor, Agency.objects.get(ref=person.agency_ref), [of_emergency(actor, made)])
    _recorded(actor, "people.emergency-opened", made)
    return person


@transaction.atomic
def confirm(actor: Actor, ref: UUID) -> Emergency:
    """Confirm, as a second person who may open the person without it, that this is an emergency.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people.queries`; PEOPLE-085 it is her own.
        NotYet: PEOPLE-086 it is over, ended, or was confirmed.
        Emergency.DoesNotExist, Person.DoesNotExist: there is none, or none for her.
    """
    held = _held(actor, ref)
    if held.account_ref == actor.account_ref:
        raise Refused(
            "PEOPLE-085",
            "An emergency is confirmed by another person than the one who opened it.",
            cure="Call your supervisor, or whoever works with this person.",
        )
    people.get_own(actor, held.person.ref)
    if not held.waits(actor.now):
        raise _over()
    held.confirmed_at, held.confirmed_by_ref = actor.now, actor.account_ref
    held.save(update_fields=["confirmed_at", "confirmed_by_ref"])
    _recorded(actor, "people.emergency-confirmed", held)
    return held


@transaction.atomic
def end(actor: Actor, ref: UUID) -> Emergency:
    """End an emergency at once: by whoever opened it, by those who may confirm it, or by the officer.

    Raises:
        NotYet: PEOPLE-086 it is over already. Emergency.DoesNotExist: there is none, or none for her.
    """
    held = _held(actor, ref)
    if not held.lasts(actor.now):
        raise _over()
    held.ended_at, held.ended_by_ref = actor.now, actor.account_ref
    held.save(update_fields=["ended_at", "ended_by_ref"])
    _recorded(actor, "people.emergency-ended", held)
    return held


def _held(actor: Actor, ref: UUID) -> Emergency:
    found = queries.get_emergency(actor, ref)
    return Emergency.objects.select_for_update(of=("self",)).select_related("person").get(pk=found.pk)


def _nobody() -> Refused:
    return Refused(
        queries.NOBODY,
        "Nobody is opened by this code in an emergency.",
        cure="Read the code once more, letter by letter. Some people are opened only by those who work with them: call "
        "your supervisor.",
    )


def _over() -> NotYet:
    return NotYet(
        "PEOPLE-086",
        "This emergency is over, or was confirmed already.",
        cure="Nothing has to be done. Where the person has to be opened still, it is asked for anew.",
    )


def _recorded(actor: Actor, act: str, row: Emergency) -> None:
    record(
        actor, act, thing_kind=people_policy.KIND, thing_ref=row.person.ref, thing_refs=[row.ref], n_things=1,
        owner_agency_ref=row.agency_ref,
    )  # fmt: skip
