"""An agency asks whether another knows a person: nobody sees a name, and who asks learns nothing from here."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from makers.agencies import NOW, a_person, acting, an_agency, give
from makers.identities import TwoHouses, keys_that_open, two_houses
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import actions as people
from sarana.care.people.actions import Facts
from sarana.care.people.asking import actions, jobs, queries
from sarana.care.people.asking.models import Agreement, Askable, AskMark, Question, Reached
from sarana.care.people.models import Person
from sarana.care.people.values import BirthOf, DocumentOf, Names, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Erased
from sarana.methods.search.entry import Identifier
from sarana.methods.search.tokens import marks, skeleton

pytestmark = pytest.mark.django_db

BORN = BirthOf(1999)
MALEE = Names(names=(checked_name("มาลี ใจดี"),), birth=BORN)
MALEE_ELSEWHERE = Names(names=(checked_name("Jaidee Malee"),), birth=BORN)
SOMBAT = Names(names=(checked_name("สมบัติ รักไทย"),), birth=BirthOf(1980))
PAPER = DocumentOf("passport", "AB 1234567", "KH")


@dataclass(frozen=True)
class Sides:
    """Our shelter asks their police; both have somebody who signs."""

    houses: TwoHouses
    police: Actor
    chief: Actor
    agreement: Agreement


@pytest.fixture
def sides(tmp_path: Path, settings: Any) -> Sides:
    """An agreement in force between two agencies."""
    keys_that_open(tmp_path, settings)
    houses = two_houses()
    chief = replace(acting(a_person(houses.theirs, "supervisor", name="Chief")), purpose="help")
    worker = replace(acting(a_person(houses.theirs, "case-worker", name="Dara")), purpose="help")
    made = actions.propose(
        houses.supervisor, houses.ours.ref, houses.theirs.ref, until=houses.worker.today + dt.timedelta(300), a_day=2
    )
    actions.sign(chief, made.ref)
    return Sides(houses, worker, chief, Agreement.objects.get())


def ours(sides: Sides, names: Names = MALEE, **facts: Any) -> Person:
    return people.enter(sides.houses.worker, sides.houses.ours.ref, Facts(**facts), names)


def theirs(sides: Sides, names: Names = MALEE_ELSEWHERE, *, days: int = 100, **facts: Any) -> Person:
    person = people.enter(sides.police, sides.houses.theirs.ref, Facts(**facts), names)
    actions.say_yes(sides.police, person.ref, sides.agreement.ref, until=sides.police.today + dt.timedelta(days))
    return person


def agreed(sides: Sides, names: Names = MALEE, days: int = 60) -> Person:
    person = ours(sides, names)
    actions.say_yes(sides.houses.worker, person.ref, sides.agreement.ref, until=NOW.date() + dt.timedelta(days))
    return person


def later(**more: Any) -> Actor:
    return Actor.local(NOW + dt.timedelta(**more))


def test_whoever_is_found_in_another_script_decides_and_the_asker_learns_nothing(sides: Sides) -> None:
    known, unknown, found = agreed(sides), agreed(sides, SOMBAT), theirs(sides)
    asked = [actions.ask(sides.houses.worker, each.ref, sides.agreement.ref) for each in (known, unknown)]
    assert not Reached.objects.exists(), "nothing is looked up while somebody waits"
    assert jobs.look(later(minutes=59)) == (0, 0), "nor before its time"
    assert jobs.look(later(minutes=61)) == (2, 1)
    (row,) = queries.reached_for(sides.police)
    assert (row.person.ref, row.asker_ref) == (found.ref, sides.houses.ours.ref)
    assert not queries.reached_for(sides.houses.worker).exists()
    seen = [
        {name: value for name, value in each.items() if name not in {"id", "ref", "person_id"}}
        for each in Question.objects.filter(pk__in=[each.pk for each in asked]).values()
    ]
    assert seen[0] == seen[1], "the two questions stand alike, whoever is known"
    assert seen[0]["marks"] == []
    own = Entry.objects.filter(owner_agency_ref=sides.houses.ours.ref)
    assert not own.filter(action__in=["people.question-reached", "people.asking-decided"]).exists()
    actions.decide(sides.police, row.ref, Reached.Outcome.CALLS)
    with pytest.raises(NotYet, match="PEOPLE-077"):
        actions.decide(sides.chief, row.ref, Reached.Outcome.NO)
    acts = set(Entry.objects.filter(owner_agency_ref=sides.houses.theirs.ref).values_list("action", flat=True))
    assert {"people.question-reached", "people.asking-decided", "people.agreement-proposed"} <= acts
    looked_at = Entry.objects.filter(action="people.question-reached-nobody")
    assert [(row.owner_agency_ref, row.n_things) for row in looked_at] == [(sides.houses.theirs.ref, 0)]
    signed = Entry.objects.get(action="people.agreement-signed")
    assert (signed.agency_ref, signed.owner_agency_ref) == (sides.houses.theirs.ref, sides.houses.ours.ref)
    assert own.filter(action="people.asked").count() == 2


def test_whose_name_is_changed_is_found_by_the_new_one_alone(sides: Sides) -> None:
    person = theirs(sides, SOMBAT)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    people.change(sides.police, person.ref, MALEE_ELSEWHERE, version=1)
    actions.ask(sides.houses.supervisor, agreed(sides, SOMBAT).ref, sides.agreement.ref)
    assert jobs.look(later(hours=2)) == (2, 1)


@pytest.mark.check("A-20")
def test_nobody_is_found_who_did_not_say_yes_or_took_it_back(sides: Sides) -> None:
    people.enter(sides.police, sides.houses.theirs.ref, Facts(), MALEE_ELSEWHERE)
    second = theirs(sides)
    actions.take_back(sides.police, second.ref, sides.agreement.ref)
    over = theirs(sides, days=0)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    assert jobs.look(later(days=1)) == (1, 0)
    assert AskMark.objects.filter(askable__person=second).count() == 0
    assert actions.sweep(NOW + dt.timedelta(days=1)) >= 1
    assert not Askable.objects.filter(person=over).exists()


def test_who_did_not_say_yes_is_not_asked_about(sides: Sides) -> None:
    with pytest.raises(NotYet, match="PEOPLE-075"):
        actions.ask(sides.houses.worker, ours(sides).ref, sides.agreement.ref)
    person = agreed(sides, days=1)
    late = replace(sides.houses.worker, now=NOW + dt.timedelta(days=2))
    with pytest.raises(NotYet, match="PEOPLE-075"):
        actions.ask(late, person.ref, sides.agreement.ref)


@pytest.mark.parametrize(("kind", "days", "is_good"), [("police", 366, True), ("police", 367, False)])
def test_a_yes_holds_a_year_at_most(sides: Sides, kind: str, days: int, is_good: bool) -> None:
    person = people.enter(sides.police, sides.houses.theirs.ref, Facts(), MALEE)
    until = sides.police.today + dt.timedelta(days)
    if is_good:
        assert actions.say_yes(sides.police, person.ref, sides.agreement.ref, until=until)
    else:
        with pytest.raises(NotYet, match="PEOPLE-073"):
            actions.say_yes(sides.police, person.ref, sides.agreement.ref, until=until)


def test_the_yes_of_somebody_in_a_shelter_or_kept_closed_is_renewed_within_90_days(sides: Sides) -> None:
    closed = people.enter(sides.police, sides.houses.theirs.ref, Facts(level=Person.Level.CLOSED), MALEE)
    for actor, person in ((sides.houses.worker, ours(sides)), (sides.police, closed)):
        actions.say_yes(actor, person.ref, sides.agreement.ref, until=actor.today + dt.timedelta(90))
        with pytest.raises(NotYet, match="PEOPLE-073"):
            actions.say_yes(actor, person.ref, sides.agreement.ref, until=actor.today + dt.timedelta(91))
        actions.say_yes(actor, person.ref, sides.agreement.ref, until=actor.today + dt.timedelta(30))
    assert Askable.objects.count() == 2


def test_a_day_and_a_person_have_their_number(sides: Sides) -> None:
    first, second, third = (agreed(sides, names) for names in (MALEE, SOMBAT, MALEE_ELSEWHERE))
    actions.ask(sides.houses.worker, first.ref, sides.agreement.ref)
    with pytest.raises(NotYet, match="PEOPLE-076"):
        actions.ask(sides.houses.supervisor, first.ref, sides.agreement.ref)
    actions.ask(sides.houses.supervisor, second.ref, sides.agreement.ref)
    with pytest.raises(NotYet, match="PEOPLE-076"):
        actions.ask(sides.houses.supervisor, third.ref, sides.agreement.ref)
    tomorrow = replace(sides.houses.worker, now=NOW + dt.timedelta(days=1))
    assert actions.ask(tomorrow, third.ref, sides.agreement.ref)


def test_a_name_that_many_bear_reaches_nobody(sides: Sides) -> None:
    for _time in range(actions.MOST_REACHED + 1):
        theirs(sides)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    assert jobs.look(later(hours=2)) == (1, 0)


def test_ending_takes_the_key_and_the_marks_and_what_was_asked(sides: Sides) -> None:
    theirs(sides)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    actions.end(sides.chief, sides.agreement.ref)
    held = Agreement.objects.get()
    assert (held.key_sealed, AskMark.objects.count(), Question.objects.exclude(marks=[]).count()) == (None, 0, 0)
    assert jobs.look(later(hours=2)) == (0, 0)
    with pytest.raises(NotYet, match="PEOPLE-072"):
        actions.end(sides.houses.supervisor, held.ref)
    assert actions.propose(
        sides.chief, sides.houses.theirs.ref, sides.houses.ours.ref, until=NOW.date() + dt.timedelta(9), a_day=1
    )


def test_both_sign_and_nobody_for_the_other(sides: Sides) -> None:
    actions.end(sides.chief, sides.agreement.ref)
    until = NOW.date() + dt.timedelta(days=30)
    made = actions.propose(
        sides.houses.supervisor, sides.houses.ours.ref, sides.houses.theirs.ref, until=until, a_day=5
    )
    person = ours(sides)
    with pytest.raises(NotYet, match="PEOPLE-072"):
        actions.say_yes(sides.houses.worker, person.ref, made.ref, until=until)
    with pytest.raises(Refused, match="PEOPLE-070"):
        actions.sign(sides.houses.supervisor, made.ref)
    with pytest.raises(Refused, match="PEOPLE-070"):
        actions.sign(sides.police, made.ref)
    with pytest.raises(Agreement.DoesNotExist):
        actions.sign(sides.houses.outsider, made.ref)
    with pytest.raises(NotYet, match="PEOPLE-071"):
        actions.propose(sides.chief, sides.houses.theirs.ref, sides.houses.ours.ref, until=until, a_day=5)
    for wrong in ({"a_day": 0}, {"a_day": 51}, {"until": NOW.date()}, {"until": NOW.date() + dt.timedelta(367)}):
        told: dict[str, Any] = {"until": until, "a_day": 5, **wrong}
        with pytest.raises(NotYet, match="PEOPLE-071"):
            actions.propose(sides.houses.supervisor, sides.houses.ours.ref, sides.houses.theirs.ref, **told)


def test_who_is_kept_closed_is_decided_about_by_those_assigned(sides: Sides) -> None:
    theirs(sides, days=80, level=Person.Level.CLOSED)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    jobs.look(later(hours=2))
    (row,) = queries.reached_for(sides.police)
    assert (queries.n_waiting(replace(sides.police, purpose="")), queries.n_waiting(sides.chief)) == (1, 0)
    with pytest.raises(Reached.DoesNotExist):
        actions.decide(sides.chief, row.ref, Reached.Outcome.NO)


def test_a_key_of_another_key_folder_opens_nothing(sides: Sides, settings: Any) -> None:
    person = agreed(sides)
    settings.SECRET_KEY = "another" * 9
    with pytest.raises(NotYet, match="PEOPLE-078"):
        actions.ask(sides.houses.worker, person.ref, sides.agreement.ref)


def test_one_without_a_paper_or_a_year_is_not_asked_about(sides: Sides) -> None:
    for names in (Names(names=(checked_name("มาลี ใจดี"),)), Names(names=(checked_name("Lek"),), birth=BORN)):
        person = ours(sides, names)
        with pytest.raises(NotYet, match="PEOPLE-074"):
            actions.say_yes(sides.houses.worker, person.ref, sides.agreement.ref, until=NOW.date())


def test_marks_are_of_this_agreement_alone_and_of_nothing_weak() -> None:
    key, other = bytes(32), bytes(range(32))
    assert marks(key, names=["มาลี ใจดี"], year=1999) == marks(key, names=["Jaidee Malee"], year=1999)
    assert not marks(key, names=["มาลี ใจดี"], year=1999) & marks(other, names=["มาลี ใจดี"], year=1999)
    assert not marks(key, names=["มาลี ใจดี"], year=1999) & marks(key, names=["มาลี ใจดี"], year=1998)
    papers = [(Identifier("passport", "ab-1234567"), "KH")]
    assert marks(key, papers=papers) == marks(key, papers=[(Identifier("passport", "AB 1234567"), "kh")])
    assert not marks(key, papers=papers) & marks(key, papers=[(Identifier("passport", "AB1234567"), "LA")])
    assert not marks(key, names=["มาลี ใจดี"], papers=[(Identifier("passport", "12"), "KH")])
    assert skeleton("Lek") == skeleton("") == ""


@pytest.mark.check("A-20")
def test_the_database_keeps_a_question_without_marks_once_it_was_looked_at(sides: Sides) -> None:
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(looked_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(ended_at=NOW)


@pytest.mark.check("A-20")
def test_nobody_but_the_machine_looks_at_questions(sides: Sides) -> None:
    with pytest.raises(Refused, match="PEOPLE-079"):
        jobs.LOOK.check(sides.chief, {})
    jobs.LOOK.check(later(), {})


def test_erasing_and_taking_back_give_no_question_back(sides: Sides) -> None:
    first, second = agreed(sides), agreed(sides, SOMBAT)
    actions.ask(sides.houses.worker, first.ref, sides.agreement.ref)
    people.erase(sides.houses.supervisor, first.ref, Erased.Reason.MISTAKE)
    actions.ask(sides.houses.worker, second.ref, sides.agreement.ref)
    actions.take_back(sides.houses.worker, second.ref, sides.agreement.ref)
    with pytest.raises(NotYet, match="PEOPLE-076"):
        actions.ask(sides.houses.worker, agreed(sides, MALEE_ELSEWHERE).ref, sides.agreement.ref)
    assert jobs.look(later(hours=2)) == (1, 0)
    assert not Question.objects.exclude(marks=[]).exists()


def test_one_question_asks_by_few_names(sides: Sides) -> None:
    names = Names(
        tuple(
            checked_name(f"Malee {end}dee{end}")
            for end in ("Jai", "Som", "Rak", "Thong", "Kla", "Phon", "Wong", "Nak", "Tham")
        ),
        BORN,
    )
    with pytest.raises(NotYet, match="PEOPLE-080"):
        actions.ask(sides.houses.worker, agreed(sides, names).ref, sides.agreement.ref)


def test_what_is_closed_or_ended_is_decided_by_nobody_any_more(sides: Sides) -> None:
    found = theirs(sides, days=300)
    actions.ask(sides.houses.worker, agreed(sides).ref, sides.agreement.ref)
    assert jobs.look(later(hours=2)) == (1, 1)
    people.change_facts(sides.police, found.ref, Facts(level=Person.Level.CLOSED), revision=1)
    assert Askable.objects.get(person=found).until == sides.police.today + dt.timedelta(90)
    actions.end(sides.chief, sides.agreement.ref)
    assert queries.n_waiting(sides.police) == 0
    with pytest.raises(NotYet, match="PEOPLE-077"):
        actions.decide(sides.police, Reached.objects.get().ref, Reached.Outcome.CALLS)


def test_nobody_asks_about_people_of_a_third_agency_under_an_agreement_of_two(sides: Sides) -> None:
    """Somebody who works in two agencies brings no person of the second into an agreement of the first."""
    account = a_person(sides.houses.ours, "case-worker", name="Both")
    third = an_agency("Third house")
    give(account, third, "case-worker")
    both = replace(acting(account), purpose="help")
    person = people.enter(both, third.ref, Facts(), MALEE)
    with pytest.raises(NotYet, match="PEOPLE-072"):
        actions.say_yes(both, person.ref, sides.agreement.ref, until=NOW.date())
    with pytest.raises(NotYet, match="PEOPLE-072"):
        actions.ask(both, person.ref, sides.agreement.ref)
    assert not Askable.objects.exists()
