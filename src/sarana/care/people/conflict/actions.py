"""The writing doors of conflicts of interest: write one down, lift one, let it follow records that are joined.

From the moment in which one is written down whoever is flagged sees nothing of the person and learns nothing of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.references import new_ref
from sarana.care.people.asking.models import Askable, Question, Reached
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.conflict.queries import reading
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.models import Assigned, Person
from sarana.care.people.policy import KIND
from sarana.care.people.reasons import read_reason, seal_reason
from sarana.ground.accounts.models import Agency, Membership
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities.actions.sharing import end_all_to
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR


@dataclass(frozen=True, slots=True)
class Flag:
    """Who has the conflict, another agency or an account of the person's own; why; who works with her instead."""

    reason: Conflict.Reason
    words: str
    against: UUID | None = None
    account: UUID | None = None
    instead: UUID | None = None


@transaction.atomic
def flag(actor: Actor, ref: UUID, told: Flag) -> Conflict:
    """Write a conflict of interest down, about all records that are joined with a person's.

    What an agency reads on is ended and its keys are gone; whom it may ask about, and what was asked, too. A colleague
    works with the person no more. Nobody is told.

    Raises:
        Refused: PEOPLE-090 the actor writes none down.
        NotYet: PEOPLE-081 why is not said; PEOPLE-091 this agency or account cannot be flagged; PEOPLE-093 it is
            already; PEOPLE-095 nobody would be left who may open the person, and nobody was named.
        Person.DoesNotExist: there is none, or none for the actor.
    """
    found = reading.get_to_flag(actor, ref)
    group = _locked(reading.together(found))
    held = next(each for each in group if each.pk == found.pk)
    _check(actor, held, told)
    made = [_flag(actor, each, told) for each in group if not _stands(each, told)]
    own = next((each for each in made if each.person_id == held.pk), None)
    if own is None:
        raise NotYet("PEOPLE-093", "This is written down already, or was lifted.", cure="Nothing has to be done.")
    _recorded(actor, "people.conflict-flagged", held, [each.ref for each in made])
    return own


@transaction.atomic
def lift(actor: Actor, ref: UUID) -> Person:
    """Lift a conflict, about all records that are joined with the person's; nothing that was ended begins again.

    Raises:
        Refused: PEOPLE-090 the actor lifts none; PEOPLE-092 she wrote it down herself.
        NotYet: PEOPLE-093 it was lifted already. Conflict.DoesNotExist: there is none, or none for her.
    """
    found = reading.conflicts_for(actor).get(ref=ref)
    rows = list(reading.same_party(found).select_for_update(of=("self",)))
    if any(row.flagged_by_ref == actor.account_ref for row in rows):
        raise Refused(
            "PEOPLE-092",
            "A conflict of interest is lifted by another person than the one who wrote it down.",
            cure="Ask another supervisor, or the officer for data protection.",
        )
    if not rows:
        raise NotYet("PEOPLE-093", "This is written down already, or was lifted.", cure="Nothing has to be done.")
    for row in rows:
        row.lifted_at, row.lifted_by_ref = actor.now, actor.account_ref
        row.save(update_fields=["lifted_at", "lifted_by_ref"])
    _recorded(actor, "people.conflict-lifted", found.person, [row.ref for row in rows])
    return found.person


def follow(actor: Actor, pks: Collection[int]) -> None:
    """Let what stands about one of some records stand about all of them: they are one person's from now on.

    It is done as part of an act that records itself, which locked the records. Where nobody would be left who may open
    one of them the act is not done.

    Raises:
        NotYet: PEOPLE-095 nobody would be left.
    """
    standing = list(Conflict.objects.filter(person__in=pks, lifted_at__isnull=True).order_by("pk"))
    told = {(row.against_ref, row.account_ref): row for row in standing}
    for person in Person.objects.filter(pk__in=pks).select_related("subject").order_by("pk") if told else ():
        for row in told.values():
            words = read_reason(row.words_sealed, row.ref) or "Written down about another record of this person."
            one = Flag(Conflict.Reason(row.reason), words, row.against_ref, row.account_ref)
            if not _stands(person, one):
                _flag(actor, person, one)


def _check(actor: Actor, person: Person, told: Flag) -> None:
    """Make sure that somebody can be flagged: an agency that is not the person's own, or somebody of that one.

    Raises:
        NotYet: PEOPLE-091 it is neither.
    """
    works = Membership.objects.filter(agency__ref=person.agency_ref, ended_at__isnull=True)
    is_other = told.against not in (None, person.agency_ref) and Agency.objects.filter(ref=told.against).exists()
    is_colleague = told.account not in (None, actor.account_ref) and works.filter(account__ref=told.account).exists()
    if is_other == is_colleague or (told.against and told.account):
        raise NotYet(
            "PEOPLE-091",
            "About this agency or account no conflict of interest can be written down here.",
            cure="Choose another agency, or a colleague of the agency that keeps this person; of yourself somebody "
            "else writes it down.",
        )


def _flag(actor: Actor, person: Person, told: Flag) -> Conflict:
    """One record of a person: the row, and everything that ends with it."""
    ref = new_ref()
    made = Conflict(
        ref=ref, person=person, agency_ref=person.agency_ref, against_ref=told.against, account_ref=told.account,
        reason=told.reason, words_sealed=seal_reason(told.words, ref), flagged_at=actor.now,
        flagged_by_ref=actor.account_ref,
    )  # fmt: skip
    made.save(force_insert=True)
    if told.against is not None:
        end_all_to(actor, person.ref, told.against)
        _ask_no_more(actor, person, told.against)
    if told.account is not None:
        Assigned.objects.filter(person=person, account_ref=told.account).delete()
        lasting = Emergency.objects.filter(person=person, account_ref=told.account, ended_at__isnull=True)
        lasting.update(ended_at=actor.now, ended_by_ref=actor.account_ref)
        _leave_somebody(actor, person, told.instead)
    return made


def _ask_no_more(actor: Actor, person: Person, agency: UUID) -> None:
    """Nobody may ask the agency about the person, nor find her for it; what waited there to be decided is gone.

    What was decided there is the other side's own record of what one of its own people decided, and stays.
    """
    of_both = {"agreement__agency_ref__in": (person.agency_ref, agency)}
    of_both |= {"agreement__partner_ref__in": (person.agency_ref, agency)}
    Askable.objects.filter(person=person, **of_both).delete()
    asked = Question.objects.filter(person=person, **of_both)
    asked.filter(looked_at__isnull=True).update(looked_at=actor.now, marks=[])
    with postgres.as_task(OPERATOR):
        Reached.objects.filter(agency_ref=agency, outcome="", question_ref__in=asked.values("ref")).delete()
        found_here = Reached.objects.filter(person=person, asker_ref=agency, outcome="")
        found_here.update(outcome=Reached.Outcome.GONE, decided_at=actor.now, decided_by_ref=actor.account_ref)


def _leave_somebody(actor: Actor, person: Person, instead: UUID | None) -> None:
    """Make sure that somebody may open the person: whoever was named works with her where nobody else would.

    Raises:
        NotYet: PEOPLE-095 nobody would be left, and nobody was named who helps in this agency.
    """
    if reading.is_anybody_left(actor, person):
        return
    if instead not in {ref for ref, _name in reading.helpers_for(actor, person)}:
        raise NotYet(
            "PEOPLE-095",
            "Nobody would be left who may open this person.",
            cure="Name who works with this person instead, or assign somebody first.",
        )
    Assigned.objects.create(
        person=person, agency_ref=person.agency_ref, account_ref=instead, since_at=actor.now, by_ref=actor.account_ref
    )


def _stands(person: Person, told: Flag) -> bool:
    party = {"against_ref": told.against, "account_ref": told.account}
    return Conflict.objects.filter(person=person, lifted_at__isnull=True, **party).exists()


def _locked(pks: Sequence[int]) -> list[Person]:
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=pks).select_related("subject")
    return list(rows.order_by("pk"))


def _recorded(actor: Actor, act: str, person: Person, refs: Sequence[UUID]) -> None:
    """One line; who is flagged stands nowhere in it, for lists of the ledger are read by more than those who flag."""
    record(
        actor, act, thing_kind=KIND, thing_ref=person.ref, thing_refs=refs, n_things=len(refs),
        owner_agency_ref=person.agency_ref,
    )  # fmt: skip
