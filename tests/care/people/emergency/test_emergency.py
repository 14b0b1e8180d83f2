"""Somebody is opened in an emergency: for minutes, by two people, told at once, never who is closed or unwritten."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from care.people.conftest import comes
from makers.agencies import a_person, acting
from makers.counted import Counted
from makers.identities import TwoHouses
from makers.ledger import full
from makers.photographs import added
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import actions as people
from sarana.care.people import opening
from sarana.care.people import queries as of_people
from sarana.care.people.actions import Facts
from sarana.care.people.alarms.actions import raise_alarms
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.conflict.actions import Flag, flag
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.emergency import actions, queries, waiting
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.emergency.tasks import REVIEW
from sarana.care.people.models import Person
from sarana.care.people.photographs.queries import photographs_of
from sarana.care.people.values import Contact, Names, Story, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list
from sarana.ground.tasks.models import Task
from sarana.ground.tasks.policy import openable_by as tasks_of

pytestmark = pytest.mark.django_db

MALEE, WHY = Names((checked_name("Malee Jaidee"),)), "She is at the bus station with the man."
DANGER = Emergency.Reason.DANGER
FORM = {"reason": "danger", "words": WHY}


@dataclass(frozen=True)
class Night:
    """A protected person with whom the case worker works, a colleague who does not, and the officer."""

    houses: TwoHouses
    person: Person
    colleague: Actor
    officer: Actor

    def later(self, actor: Actor, **more: Any) -> Actor:
        return replace(actor, now=actor.now + dt.timedelta(**more))

    def opened(self) -> Emergency:
        actions.open_somebody(self.colleague, self.person.code, DANGER, WHY)
        return Emergency.objects.latest("pk")

    def may_open(self, actor: Actor) -> bool:
        try:
            return of_people.get_person(actor, self.person.ref).ref == self.person.ref
        except Person.DoesNotExist:
            return False


@pytest.fixture
def night(houses: TwoHouses) -> Night:
    """Nobody but the colleague is there."""
    colleague = replace(acting(a_person(houses.ours, "case-worker", name="Nok")), purpose="help")
    officer = acting(a_person(houses.ours, "data-protection-officer", name="Officer"))
    return Night(houses, entered(houses), colleague, officer)


def entered(houses: TwoHouses, level: Person.Level = Person.Level.PROTECTED) -> Person:
    facts = Facts(level=level)
    return people.enter(houses.worker, houses.ours.ref, facts, MALEE, Contact(), Story("She told it"))


@pytest.mark.check("A-05")
def test_alone_it_lasts_fifteen_minutes_and_reads_only(night: Night, counted: Counted) -> None:
    assert not night.may_open(night.colleague)
    night.opened()
    n = counted("minutes asked at", 61, exact=True)
    held = [minute for minute in range(n) if night.may_open(night.later(night.colleague, minutes=minute))]
    assert held == list(range(15))
    found = of_people.get_person(night.colleague, night.person.ref)
    assert (opening.reveal(night.colleague, found) or pytest.fail("shut")).holds == MALEE
    assert opening.open_story(night.colleague, found) is not None
    with pytest.raises(NotYet, match="PEOPLE-084"):
        people.change(night.colleague, night.person.ref, Story("Another"), version=1)
    assert not night.may_open(replace(night.colleague, now=night.colleague.now - dt.timedelta(hours=3))), (
        "a clock that is set back prolongs nothing"
    )


@pytest.mark.check("A-05")
def test_confirmed_by_a_second_person_it_lasts_an_hour_from_its_beginning(night: Night, counted: Counted) -> None:
    emergency = night.opened()
    with pytest.raises(Refused, match="PEOPLE-085"):
        actions.confirm(night.colleague, emergency.ref)
    other = replace(acting(a_person(night.houses.ours, "case-worker", name="Other")), purpose="help")
    for nobody in (other, night.houses.outsider, night.houses.police, night.houses.custodian):
        with pytest.raises((Emergency.DoesNotExist, Refused)):
            actions.confirm(nobody, emergency.ref)
    with pytest.raises(Refused, match="PEOPLE-003"):
        actions.confirm(night.officer, emergency.ref)
    actions.confirm(night.later(night.houses.supervisor, minutes=14), emergency.ref)
    with pytest.raises(NotYet, match="PEOPLE-086"):
        actions.confirm(night.later(night.houses.worker, minutes=14), emergency.ref)
    n = counted("minutes asked at", 90, exact=True)
    held = [minute for minute in range(n) if night.may_open(night.later(night.colleague, minutes=minute))]
    assert held == list(range(60))
    people.change(night.colleague, night.person.ref, Story("He took her phone"), version=1)
    late = night.later(night.colleague, minutes=61)
    with pytest.raises(Person.DoesNotExist):
        people.change(late, night.person.ref, Story("Late"), version=2)


def test_too_late_nobody_confirms_and_the_database_takes_no_own_word(night: Night) -> None:
    emergency = night.opened()
    with pytest.raises(NotYet, match="PEOPLE-086"):
        actions.confirm(night.later(night.houses.supervisor, minutes=15), emergency.ref)
    with pytest.raises(IntegrityError), transaction.atomic():
        Emergency.objects.update(confirmed_at=emergency.opened_at, confirmed_by_ref=emergency.account_ref)


@pytest.mark.check("A-05")
def test_who_is_closed_foreign_hidden_or_nobody_is_told_apart_by_nothing(night: Night) -> None:
    houses = night.houses
    closed = entered(houses, Person.Level.CLOSED)
    foreign = people.enter(houses.police, houses.theirs.ref, Facts(level=Person.Level.PROTECTED), MALEE)
    hidden = entered(houses)
    flag(houses.supervisor, hidden.ref, Flag(Conflict.Reason.NEAR, WHY, account=night.colleague.account_ref))
    answers = set()
    for code in ("SR-ZZZZZ", closed.code, foreign.code, hidden.code):
        client = comes(night.colleague)
        answer = client.post("/people/emergency/", {**FORM, "code": code})
        assert answer.status_code == 422
        assert "PEOPLE-082" in Entry.objects.latest("pk").code
        answers.add(without_marks(answer.content.decode()).replace(code, "CODE"))
    assert len(answers) == 1
    assert not Emergency.objects.exists()


def without_marks(page: str) -> str:
    """A page without what differs each time it is asked for."""
    lines = (line for line in page.splitlines() if "csrf" not in line and "nonce" not in line)
    return "\n".join(lines)


@pytest.mark.check("A-05")
def test_one_person_only_and_no_list_search_or_other_act(night: Night) -> None:
    other = entered(night.houses)
    emergency = night.opened()
    actions.confirm(night.houses.supervisor, emergency.ref)
    assert night.may_open(night.colleague)
    assert not of_people.people_for(night.colleague).exists()
    assert of_people.those_of(night.colleague, [night.person.ref]) == frozenset()
    assert list(photographs_of(night.colleague, night.person)) == []
    with pytest.raises(Person.DoesNotExist):
        of_people.get_person(night.colleague, other.ref)
    for act in (
        lambda: people.assign(night.colleague, night.person.ref, night.colleague.account_ref),
        lambda: people.change_facts(night.colleague, night.person.ref, Facts(), revision=1),
        lambda: people.end_assigned(night.colleague, night.person.ref, night.houses.worker.account_ref),
    ):
        with pytest.raises(Person.DoesNotExist):
            act()
    client = comes(night.colleague)
    for page in ("change/facts/", "consents/", "question/", "records/", "conflict/", "hold/"):
        assert client.get(f"/people/{night.person.ref}/{page}").status_code in {403, 404}


@pytest.mark.check("A-05")
def test_a_photograph_is_shown_and_nothing_is_hidden_in_it_given_or_removed(night: Night) -> None:
    photograph = added(night.houses.worker, night.person.ref)
    client, chief = comes(night.colleague), comes(night.houses.supervisor)
    client.post("/people/emergency/", {**FORM, "code": night.person.code})
    emergency = Emergency.objects.get()
    assert chief.post(f"/people/emergencies/{emergency.ref}/confirm/").status_code == 302
    listed = client.get(f"/people/{night.person.ref}/photographs/").content.decode()
    assert f"/people/photographs/{photograph.ref}/show/" in listed
    assert f"/people/photographs/{photograph.ref}/mask/" not in listed
    shown = client.post(f"/people/photographs/{photograph.ref}/show/")
    assert "Open in an emergency" in shown.content.decode()
    assert emergency.ref in open_list(Entry.objects.get(action=opening.PHOTOGRAPHED))
    for act in ("mask", "remove"):
        assert client.post(f"/people/photographs/{photograph.ref}/{act}/").status_code == 404
    with pytest.raises(Person.DoesNotExist):
        added(night.colleague, night.person.ref)


@pytest.mark.check("A-05")
def test_it_ends_when_the_person_is_closed_or_somebody_ends_it(night: Night) -> None:
    emergency = night.opened()
    Person.objects.update(level=Person.Level.CLOSED)
    assert not night.may_open(night.colleague)
    Person.objects.update(level=Person.Level.PROTECTED)
    assert night.may_open(night.colleague)
    actions.end(night.officer, emergency.ref)
    assert not night.may_open(night.colleague)
    with pytest.raises(NotYet, match="PEOPLE-086"):
        actions.end(night.colleague, emergency.ref)


@pytest.mark.check("A-05")
def test_the_officer_and_those_who_work_with_her_are_told_in_the_same_moment(night: Night) -> None:
    emergency = night.opened()
    (task,) = Task.objects.filter(tasks_of(night.officer))
    assert (task.kind, task.made_at, task.address) == (REVIEW.code, emergency.opened_at, "people:emergency")
    assert task.due_on == (emergency.opened_at + dt.timedelta(hours=24)).date()
    for told in (night.houses.worker, night.houses.supervisor):
        (line,) = waiting.lines(told)
        assert line.until == told.today, "it waits for a second person"
        (line,) = waiting.lines(night.later(told, minutes=20))
        assert line.until is None
    assert list(waiting.lines(night.colleague)) == []
    assert list(waiting.lines(night.houses.outsider)) == []
    page = comes(night.houses.worker).get(f"/people/emergencies/{emergency.ref}/")
    assert WHY in page.content.decode()
    assert list(waiting.lines(night.later(night.houses.worker, minutes=20))) == [], "who looked is told no more"


@pytest.mark.check("A-05")
def test_it_is_always_written_down_or_not_done(night: Night) -> None:
    with full(), pytest.raises(NotYet, match="LEDGER-002"), transaction.atomic():
        night.opened()
    assert not Emergency.objects.exists()
    assert not Task.objects.exists()
    emergency = night.opened()
    found = of_people.get_person(night.colleague, night.person.ref)
    opening.reveal(night.colleague, found)
    line = Entry.objects.get(action="people.emergency-opened")
    assert (line.thing_ref, line.actor_ref) == (night.person.ref, night.colleague.account_ref)
    revealed = Entry.objects.get(action=opening.REVEALED)
    assert emergency.ref in open_list(revealed)


@pytest.mark.check("A-05")
def test_a_fourth_time_in_a_week_and_guessed_codes_are_refused_and_raise_an_alarm(night: Night) -> None:
    client = comes(night.colleague)
    for _time in range(3):
        one = entered(night.houses)
        assert client.post("/people/emergency/", {**FORM, "code": one.code}).status_code == 302
        assert client.post("/people/emergency/", {**FORM, "code": one.code}).status_code == 302, "twice is once"
    assert Emergency.objects.count() == 3
    refused = client.post("/people/emergency/", {**FORM, "code": night.person.code})
    assert "one week allows" in refused.content.decode()
    now = Entry.objects.latest("pk").at
    assert raise_alarms(Actor.local(now)) == 1
    assert Alarm.objects.get().what == "PEOPLE-083"
    next_week = replace(night.colleague, now=now + dt.timedelta(days=7, minutes=1))
    actions.open_somebody(next_week, night.person.code, DANGER, WHY)
    guesses = replace(acting(a_person(night.houses.ours, "case-worker", name="Guess")), purpose="help")
    client = comes(guesses)
    for number in range(5):
        client.post("/people/emergency/", {**FORM, "code": f"SR-ZZZZ{number}"})
        assert Entry.objects.latest("pk").code == "PEOPLE-082"
    client.post("/people/emergency/", {**FORM, "code": night.person.code})
    assert Entry.objects.latest("pk").code == "PEOPLE-083"
    assert not Emergency.objects.filter(account_ref=guesses.account_ref).exists()


def test_why_is_said_and_lies_sealed(night: Night) -> None:
    for words in ("", "short", "x" * 1001):
        with pytest.raises(NotYet, match="PEOPLE-081"):
            actions.open_somebody(night.colleague, night.person.code, DANGER, words)
    assert WHY.encode() not in bytes(night.opened().words_sealed)
    with pytest.raises(NotYet, match="PEOPLE-004"):
        actions.open_somebody(replace(night.colleague, purpose=""), night.person.code, DANGER, WHY)
    with pytest.raises(Refused, match="PEOPLE-003"):
        actions.open_somebody(night.officer, night.person.code, DANGER, WHY)


def test_the_pages_lead_through_it(night: Night) -> None:
    colleague, worker, officer = (comes(each) for each in (night.colleague, night.houses.worker, night.officer))
    here = f"/people/{night.person.ref}/"
    assert "3 times are left" in colleague.get("/people/emergency/").content.decode()
    short = colleague.post("/people/emergency/", {**FORM, "code": night.person.code, "words": "help"})
    assert short.status_code == 422
    assert colleague.post("/people/emergency/", {**FORM, "code": night.person.code.lower()}).headers["Location"] == here
    page = colleague.get(here).content.decode()
    assert "Open in an emergency" in page
    assert f"{here}change/story/" not in page
    assert f"{here}working/" not in page
    assert "Malee" in colleague.post(f"{here}name/").content.decode()
    assert colleague.post(f"{here}change/story/", {"version": "1", "story-health": "x"}).status_code == 422
    address = f"/people/emergencies/{Emergency.objects.get().ref}/"
    assert "I confirm" not in colleague.get(address).content.decode()
    assert "I confirm" in worker.get(address).content.decode()
    told = officer.get(address).content.decode()
    assert "I confirm" not in told
    meanwhile = f"/looked/?person={night.colleague.account_ref}&thing={night.person.ref}"
    assert meanwhile.replace("&", "&amp;") in told
    who = re.findall(r'data-label="Who">([^<]+)', officer.get(meanwhile).content.decode())
    assert set(who) == {"Nok"}, "what she opened of this person, and nothing else"
    assert worker.post(f"{address}confirm/").status_code == 302
    assert worker.post(f"{address}confirm/").status_code == 422
    assert f"{here}change/story/" in colleague.get(here).content.decode()
    saved = colleague.post(f"{here}change/story/", {"version": "1", "story-own_words": "x", "story-health": ""})
    assert saved.headers["Location"] == here
    assert night.person.code in officer.get("/people/emergencies/").content.decode()
    assert colleague.post(f"{address}end/").status_code == 302
    assert colleague.get(here).status_code == 404
    mine = worker.post("/people/emergency/", {**FORM, "code": night.person.code})
    assert mine.headers["Location"] == here, "who may open her opens her without it"
    assert Emergency.objects.count() == 1


def test_whoever_may_confirm_it_states_her_purpose_and_comes_back_to_it(night: Night) -> None:
    comes(night.colleague).post("/people/emergency/", {**FORM, "code": night.person.code})
    address = f"/people/emergencies/{Emergency.objects.get().ref}/"
    chief = comes(replace(night.houses.supervisor, purpose=""))
    asked = chief.get(address).content.decode()
    assert WHY not in asked
    assert f'value="{address}"' in asked
    assert WHY in comes(replace(night.officer, purpose="")).get(address).content.decode()


def test_others_read_nothing_of_it(night: Night) -> None:
    address = f"/people/emergencies/{night.opened().ref}/"
    other = replace(acting(a_person(night.houses.ours, "case-worker", name="Other")), purpose="help")
    for nobody in (other, night.houses.outsider, night.houses.police):
        client: Client = comes(nobody)
        assert client.get(address).status_code == 404
        assert night.person.code not in client.get("/people/emergencies/").content.decode()
    assert comes(night.houses.custodian).get("/people/emergencies/").status_code == 403
    assert queries.n_left(night.colleague) == 2
