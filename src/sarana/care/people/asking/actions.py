"""The writing doors of asking: agree, say yes for a person, ask, look, decide.

Whoever asks gets the same answer at once, always: nothing is looked up in her request. Looking is work of the machine,
for all questions together, some time later; what it finds is written on the side of the agency that was asked.
"""

import contextlib
import datetime as dt
import os
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people import queries as people
from sarana.care.people.asking import policy, queries
from sarana.care.people.asking.marking import SEALED_FOR, key_of, marks_of, marks_opened
from sarana.care.people.asking.models import Agreement, Askable, AskMark, Question, Reached
from sarana.care.people.conflict.queries.reading import check_not_kept_out
from sarana.care.people.models import Person
from sarana.care.people.policy import KIND
from sarana.care.people.values import Names
from sarana.ground.accounts import keyed
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record, record_list
from sarana.ground.vault.identities.actions.glimpsing import glimpse
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.identities import Tier

LONGEST_DAYS, LONGEST_IN_SHELTER_DAYS = 366, 90
"""So long a yes holds; of somebody in a shelter, or who is kept closed, it is renewed four times a year."""
MOST_A_DAY, OWN_A_DAY, AGAIN_DAYS = 50, 5, 30
"""So often an agency may agree to be asked a day; so often one person asks a day; so seldom about the same person."""
WAITS = dt.timedelta(hours=1)
"""So long at least a question waits before anything looks at it."""
MOST_MARKS = 8
"""By so many names and papers one question asks at most: nobody looks through people by one who was invented."""
MOST_REACHED = 3
"""A mark that more people have is no person's: it reaches nobody."""


@transaction.atomic
def propose(actor: Actor, agency: UUID, partner: UUID, *, until: dt.date, a_day: int) -> Agreement:
    """Propose an agreement to another agency, for one's own.

    Raises:
        Refused: PEOPLE-070 the actor does not speak for the agency.
        NotYet: PEOPLE-071 these are no terms, or one of the two is proposed or in force.
    """
    policy.check_may_sign(actor, agency)
    is_timely = actor.today < until <= actor.today + dt.timedelta(days=LONGEST_DAYS)
    has_partner = partner != agency and Agency.objects.filter(ref=partner, closed_on__isnull=True).exists()
    other_way = Agreement.objects.filter(agency_ref=partner, partner_ref=agency, ended_at__isnull=True)
    if not (is_timely and has_partner and 1 <= a_day <= MOST_A_DAY) or other_way.exists():
        raise _no_terms()
    made = Agreement(agency_ref=agency, partner_ref=partner, until=until, a_day=a_day)
    made.proposed_at, made.proposed_by_ref = actor.now, actor.account_ref
    made.key_sealed = keyed.seal(SEALED_FOR, os.urandom(32).hex(), bound_to=str(made.ref))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise _no_terms() from err
    _agreed(actor, "people.agreement-proposed", made)
    return made


@transaction.atomic
def sign(actor: Actor, ref: UUID) -> Agreement:
    """Sign for the other agency: from now on both may ask, about those who say yes.

    Raises:
        Refused: PEOPLE-070. NotYet: PEOPLE-072 it is signed, over or ended. Agreement.DoesNotExist: none for her.
    """
    held = _held(actor, ref)
    policy.check_may_sign(actor, held.partner_ref)
    if held.signed_at is not None or held.ended_at is not None or actor.today > held.until:
        raise _not_now()
    held.signed_at, held.signed_by_ref = actor.now, actor.account_ref
    held.save(update_fields=["signed_at", "signed_by_ref"])
    _agreed(actor, "people.agreement-signed", held)
    return held


@transaction.atomic
def end(actor: Actor, ref: UUID) -> Agreement:
    """End an agreement for either side: its key and all marks are gone, and nothing that was asked reaches anybody.

    Raises:
        Refused: PEOPLE-070. NotYet: PEOPLE-072 it ended before. Agreement.DoesNotExist: none for her.
    """
    held = _held(actor, ref)
    sides = (held.agency_ref, held.partner_ref)
    policy.check_may_sign(actor, next((side for side in sides if policy.may_sign(actor, side)), sides[0]))
    if held.ended_at is not None:
        raise _not_now()
    _end(actor, held)
    _agreed(actor, "people.agreement-ended", held)
    return held


@transaction.atomic
def say_yes(actor: Actor, person_ref: UUID, agreement: UUID, *, until: dt.date) -> Askable:
    """Write down that a person agrees to be asked about under an agreement until a day, or agrees again.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people.queries`; PEOPLE-072 the agreement is not in force;
            PEOPLE-073 the day is over, or too far away; PEOPLE-074 nothing is known of her by which one could ask;
            PEOPLE-094 the other agency has a conflict of interest about her.
        Person.DoesNotExist, Agreement.DoesNotExist: there is none, or none for the actor.
    """
    person = people.get_own(actor, person_ref)
    held = _in_force(actor, agreement, person)
    _check_until(actor, person, until)
    opened = glimpse(
        actor, [person.ref], Tier.NAMES, act="people.may-be-asked", agency=person.agency_ref, asked=person.ref
    )
    found = marks_opened(key_of(held), opened.get(person.ref))
    if not found:
        raise _nothing_to_ask_by()
    told = {
        "agency_ref": person.agency_ref, "until": until, "said_at": actor.now, "said_by_ref": actor.account_ref,
        "revision": person.revision,
    }  # fmt: skip
    made, _is_new = Askable.objects.update_or_create(agreement=held, person=person, defaults=told)
    AskMark.objects.filter(askable=made).delete()
    AskMark.objects.bulk_create(
        AskMark(askable=made, agency_ref=person.agency_ref, mark=each) for each in sorted(found)
    )
    return made


@transaction.atomic
def take_back(actor: Actor, person_ref: UUID, agreement: UUID) -> None:
    """Take back that a person may be asked about; needs no key. Nothing is done where she said no yes.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `say_yes`. Person.DoesNotExist: none for the actor.
    """
    person = people.get_own(actor, person_ref)
    rows = Askable.objects.filter(person=person, agreement__ref=agreement)
    if rows.delete()[0]:
        # They stay, without marks: what was asked counts, also when it is taken back.
        asked = Question.objects.filter(person=person, agreement__ref=agreement, looked_at__isnull=True)
        asked.update(looked_at=actor.now, marks=[])
        _gone(actor, Reached.objects.filter(person=person, agreement__ref=agreement, outcome=""))
        _recorded(actor, "people.may-not-be-asked", person)


@transaction.atomic
def ask(actor: Actor, person_ref: UUID, agreement: UUID) -> Question:
    """Ask whether the other agency knows a person of one's own, who said yes to that.

    It is the same whether or not anybody knows her: nothing is looked up here.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `say_yes`; PEOPLE-072 the agreement is not in force; PEOPLE-075 she
            did not say yes, or it is over; PEOPLE-076 the day's number is used up, or it was asked lately;
            PEOPLE-074 nothing is known of her by which one could ask; PEOPLE-094 as `say_yes`.
        Person.DoesNotExist, Agreement.DoesNotExist: there is none, or none for the actor.
    """
    person = people.get_own(actor, person_ref)
    held = _in_force(actor, agreement, person)
    if held.pk not in queries.askable_of(actor, person):
        raise NotYet(
            "PEOPLE-075",
            "This person did not say yes to this question, or the yes is over.",
            cure="Explain it to the person in a language that they speak, and write down what they say.",
        )
    _check_budget(actor, held, person)
    opened = glimpse(actor, [person.ref], Tier.NAMES, act="people.asked", agency=person.agency_ref, asked=person.ref)
    found = marks_opened(key_of(held), opened.get(person.ref))
    if not found:
        raise _nothing_to_ask_by()
    if len(found) > MOST_MARKS:
        raise NotYet(
            "PEOPLE-080",
            "More is written down of this person than one question may ask by.",
            cure="A question asks by eight names and papers at most. Leave out spellings that are only guessed.",
        )
    return Question.objects.create(
        agreement=held,
        person=person,
        agency_ref=person.agency_ref,
        purpose=actor.purpose,
        asked_at=actor.now,
        asked_by_ref=actor.account_ref,
        marks=sorted(each.hex() for each in found),
    )


def shorten(actor: Actor, person: Person) -> None:
    """Shorten what somebody agreed to who is kept closed from now on, as part of an act that records itself."""
    last = actor.today + dt.timedelta(days=LONGEST_IN_SHELTER_DAYS)
    Askable.objects.filter(person=person, until__gt=last).update(until=last)


def mark_anew(actor: Actor, person: Person, names: Names) -> None:
    """Make the marks of a person anew whose names were changed, as part of an act that records itself.

    Where the key of an agreement does not open her old marks go all the same: nobody is found by what is not true.
    """
    for held in Askable.objects.filter(person=person, until__gte=actor.today).select_related("agreement"):
        AskMark.objects.filter(askable=held).delete()
        with contextlib.suppress(NotYet):
            found = marks_of(key_of(held.agreement), names)
            rows = [AskMark(askable=held, agency_ref=person.agency_ref, mark=each) for each in sorted(found)]
            AskMark.objects.bulk_create(rows)
        held.revision = person.revision
        held.save(update_fields=["revision"])


def look_at(actor: Actor, question: UUID) -> int:
    """Look, as the machine, at something that was asked long enough ago; gives how many people it reached.

    Both sides' rows are written as the machine writes them; whoever asked sees no change. It has its line on the side
    that was asked, whether it reached somebody or not.
    """
    with transaction.atomic(), postgres.as_task(OPERATOR):
        rows = queries.unlooked(actor.now - WAITS).select_for_update(of=("self",))
        held = rows.filter(ref=question).first()
        if held is None:
            return 0
        other, found = _reached_by(actor, held)
        Reached.objects.bulk_create(_reached(actor, held, other, person) for person in found)
        held.looked_at, held.marks = actor.now, []
        held.save(update_fields=["looked_at", "marks"])
        refs = [person.ref for person in found]
        act = "people.question-reached" if found else "people.question-reached-nobody"
        record_list(actor, KIND, refs, action=act, owner_agency_ref=other)
    return len(found)


@transaction.atomic
def decide(actor: Actor, ref: UUID, outcome: Reached.Outcome) -> Reached:
    """Write down what the person who was reached decides, or those who work with her where it is not safe to ask her.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004; PEOPLE-077 it was decided before.
        Reached.DoesNotExist: there is none, or none for the actor.
    """
    found = queries.get_reached(actor, ref)
    people.get_own(actor, found.person.ref)
    held = Reached.objects.select_for_update(of=("self",)).select_related("person").get(pk=found.pk)
    if held.outcome:
        raise NotYet("PEOPLE-077", "This was decided already.", cure="Open it again to see how.")
    held.outcome, held.decided_at, held.decided_by_ref = outcome, actor.now, actor.account_ref
    held.save(update_fields=["outcome", "decided_at", "decided_by_ref"])
    _recorded(actor, "people.asking-decided", held.person, held.ref)
    return held


def sweep(now: dt.datetime) -> int:
    """Take away every yes whose last day is over, and end agreements that are; gives how many of both."""
    with transaction.atomic(), postgres.as_task(OPERATOR):
        n = Askable.objects.filter(until__lt=now.date()).delete()[0]
        over = list(Agreement.objects.filter(until__lt=now.date(), ended_at__isnull=True))
        for each in over:
            _end(Actor.local(now), each)
    return n + len(over)


def _check_until(actor: Actor, person: Person, until: dt.date) -> None:
    """Make sure that a yes holds no longer than it may.

    Raises:
        NotYet: PEOPLE-073 the day is over, or too far away.
    """
    in_shelter = Agency.objects.filter(ref=person.agency_ref, kind=Agency.Kind.SHELTER).exists()
    most = LONGEST_IN_SHELTER_DAYS if in_shelter or person.level == Person.Level.CLOSED else LONGEST_DAYS
    if not actor.today <= until <= actor.today + dt.timedelta(days=most):
        raise NotYet(
            "PEOPLE-073",
            "A yes does not hold so long.",
            cure="Name a day within a year; within 90 days for somebody in a shelter or who is kept closed, whose own "
            "yes is renewed each time.",
        )


def _reached_by(actor: Actor, question: Question) -> tuple[UUID, list[Person]]:
    """The agency that was asked, and whom of its people a question finds; nobody, where too many have the mark."""
    held = question.agreement
    other = held.partner_ref if question.agency_ref == held.agency_ref else held.agency_ref
    if not held.holds(actor.today) or question.person_id is None or queries.is_kept_from(question, other):
        return other, []
    wanted = [bytes.fromhex(each) for each in question.marks]
    rows = Askable.objects.filter(agreement=held, agency_ref=other, until__gte=actor.today, marks__mark__in=wanted)
    rows = rows.exclude(person__in=queries.kept_from(question.agency_ref))
    pks = list(rows.order_by("pk").values_list("pk", flat=True).distinct()[: MOST_REACHED + 1])
    if len(pks) > MOST_REACHED:
        return other, []
    # Locked: who takes her yes back in this moment is found no more.
    held_rows = Askable.objects.select_for_update(of=("self",)).filter(pk__in=pks).select_related("person")
    return other, [row.person for row in held_rows.order_by("pk")]


def _reached(actor: Actor, question: Question, agency: UUID, person: Person) -> Reached:
    return Reached(
        agency_ref=agency,
        person=person,
        asker_ref=question.agency_ref,
        question_ref=question.ref,
        agreement=question.agreement,
        purpose=question.purpose,
        reached_at=actor.now,
    )


def _check_budget(actor: Actor, held: Agreement, person: Person) -> None:
    lately = actor.now - dt.timedelta(days=AGAIN_DAYS)
    begins = dt.datetime.combine(actor.today, dt.time(), tzinfo=actor.now.tzinfo)
    own = Question.objects.filter(asked_by_ref=actor.account_ref, asked_at__gte=begins).count()
    again = Question.objects.filter(agreement=held, person=person, asked_at__gt=lately).exists()
    if again or own >= OWN_A_DAY or queries.n_asked_today(actor, held, person.agency_ref) >= held.a_day:
        raise NotYet(
            "PEOPLE-076",
            "This is not asked now: it was asked lately, or as often today as one day allows.",
            cure="About one person it is asked once in 30 days. Ask about another person tomorrow.",
        )


def _end(actor: Actor, held: Agreement) -> None:
    held.ended_at, held.ended_by_ref, held.key_sealed = actor.now, actor.account_ref, None
    held.save(update_fields=["ended_at", "ended_by_ref", "key_sealed"])
    with postgres.as_task(OPERATOR):
        Askable.objects.filter(agreement=held).delete()
        Question.objects.filter(agreement=held, looked_at__isnull=True).update(looked_at=actor.now, marks=[])
        _gone(actor, Reached.objects.filter(agreement=held, outcome=""))


def _gone(actor: Actor, rows: QuerySet[Reached]) -> None:
    """Nobody decides any more about what was reached under something that ended."""
    rows.update(outcome=Reached.Outcome.GONE, decided_at=actor.now, decided_by_ref=actor.account_ref)


def _held(actor: Actor, ref: UUID) -> Agreement:
    found = queries.get_agreement(actor, ref)
    return Agreement.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _in_force(actor: Actor, ref: UUID, person: Person) -> Agreement:
    """An agreement that holds today, to which the agency of a person belongs; not with one that is kept out."""
    # Locked: whoever ends it in this moment comes before, or after, but not between.
    held = _held(actor, ref)
    if not held.holds(actor.today) or person.agency_ref not in (held.agency_ref, held.partner_ref):
        raise _not_now()
    check_not_kept_out(person, held.partner_ref if person.agency_ref == held.agency_ref else held.agency_ref)
    return held


def _no_terms() -> NotYet:
    return NotYet(
        "PEOPLE-071",
        "On these terms the two agencies cannot agree.",
        cure="Name another agency that works here and with which nothing is proposed or in force, a last day within a "
        "year, and from 1 to 50 questions a day.",
    )


def _not_now() -> NotYet:
    return NotYet(
        "PEOPLE-072",
        "This agreement is not in force: it was not signed by both, or it ended.",
        cure="See the page of agreements: a supervisor signs, or proposes a new one.",
    )


def _nothing_to_ask_by() -> NotYet:
    return NotYet(
        "PEOPLE-074",
        "Nothing is known of this person by which another agency could be asked.",
        cure="Write down the number of a paper, or a name of two words and the exact year of birth.",
    )


def _agreed(actor: Actor, act: str, row: Agreement) -> None:
    """One line in both sides' ledgers: of the agency that acts, about what the other one owns too."""
    other = row.partner_ref if row.agency_ref in actor.agency_refs else row.agency_ref
    record(actor, act, thing_kind=policy.AGREEMENT, thing_ref=row.ref, owner_agency_ref=other)


def _recorded(actor: Actor, act: str, person: Person, *others: UUID) -> None:
    record(
        actor, act, thing_kind=KIND, thing_ref=person.ref, thing_refs=others, n_things=1,
        owner_agency_ref=person.agency_ref,
    )  # fmt: skip
