"""Who opens a record that lures, or uses up a day's number, is told to the officer in a minute, and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from care.people.finding.test_finding import asked, enter, refs
from makers.agencies import a_person, acting, an_agency, give, local
from makers.counted import Counted
from makers.identities import TwoHouses
from makers.purposes import a_purpose
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.care.people import opening, queries
from sarana.care.people.actions import Facts
from sarana.care.people.alarms import actions
from sarana.care.people.alarms.jobs import due
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.alarms.tasks import LOOK_INTO
from sarana.care.people.finding.actions import feeding, searching
from sarana.care.people.models import Person
from sarana.care.people.values import Names, checked_name
from sarana.ground.accounts.models import Account
from sarana.ground.jobs.schedule import ask_for_due
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.policy import openable_by
from sarana.ground.tasks.models import Task
from sarana.ground.vault.identities.policy import HELPERS

pytestmark = pytest.mark.django_db


def laid(houses: TwoHouses, name: str = "Zqxlure Invented") -> Person:
    """A record that lures, which the search knows as anybody."""
    person = actions.lay(houses.supervisor, houses.ours.ref, Facts(), Names(names=(checked_name(name),)))
    feeding.feed_at_once(houses.ours.ref)
    return person


def an_officer(houses: TwoHouses) -> Account:
    return a_person(houses.ours, "data-protection-officer", name="Officer")


def comes(account: Account, purpose: str = "") -> Client:
    """The browser of somebody who stated a purpose, where one is named."""
    return come_in(account, purpose=purpose)


def of(actor: Actor) -> Account:
    return Account.objects.get(ref=actor.account_ref)


def test_a_record_that_lures_is_as_any_other_for_all_who_help(houses: TwoHouses) -> None:
    lure, other = laid(houses), enter(houses, "Suda Rakthai")
    assert {row.ref for row in queries.people_for(houses.worker)} == {lure.ref, other.ref}
    assert refs(asked(houses, "zqxlure invented")) == [lure.ref]
    assert lure.code.startswith("SR-")
    assert [row.level for row in queries.people_for(houses.worker)] == ["audited", "audited"]
    assert not Alarm.objects.exists()
    list(due(local(houses.worker.now)))
    assert not Alarm.objects.exists(), "who only sees it on a list did nothing"


def test_opening_it_tells_the_officer_within_the_next_minute(houses: TwoHouses) -> None:
    lure, officer = laid(houses), an_officer(houses)
    for _time in range(3):
        opening.reveal(houses.worker, queries.get_person(houses.worker, lure.ref))
    machine = local(houses.worker.now)
    assert actions.raise_alarms(machine) == 1
    assert actions.raise_alarms(machine) == 0, "told once"
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.what, alarm.n, alarm.purpose) == ("lure", opening.REVEALED, 3, "help")
    assert alarm.account_ref == houses.worker.account_ref
    task = Task.objects.get()
    assert (task.kind, task.role, task.agency) == (LOOK_INTO.code, "data-protection-officer", houses.ours)
    found = queries.get_person(houses.worker, lure.ref)
    opening.open_contact(houses.worker, found)
    assert opening.open_story(houses.worker, found) is not None, "as many parts as anybody has"
    opening.names_of(houses.worker, [found], opened=found.ref)
    opening.reveal(houses.worker, queries.get_person(houses.worker, lure.ref))
    assert actions.raise_alarms(machine) == 3
    told = [(opening.REACHED, 1), (opening.REVEALED, 4), (opening.SEEN, 1), (opening.STORY, 1)]
    assert sorted(Alarm.objects.values_list("what", "n")) == sorted(told)
    assert Entry.objects.filter(action="people.alarm-raised").count() == 4
    assert Entry.objects.filter(openable_by(acting(officer)), action="people.alarm-raised").count() == 4


@pytest.mark.check("A-14")
@pytest.mark.check("A-17")
def test_a_day_that_is_used_up_raises_an_alarm_although_the_request_was_taken_back(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SEARCHES_A_DAY", 1)
    a_purpose(*HELPERS, code="help")
    enter(houses, "Malee Jaidee")
    client = comes(of(houses.worker), "help")
    page = f"/people/search/?agency={houses.ours.ref}"
    assert client.post(page, {"words": "malee"}).status_code == 200
    for _time in range(2):
        refused = client.post(page, {"words": "malee"})
        assert refused.status_code == 403
        assert "PEOPLE-030" in refused.content.decode()
    now = Entry.objects.order_by("-id")[0].at
    assert actions.raise_alarms(local(now)) == 1
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.what, alarm.n) == ("used-up", "PEOPLE-030", 2)
    assert Task.objects.filter(kind=LOOK_INTO.code).count() == 1


@pytest.mark.check("A-17")
def test_whoever_helps_in_two_agencies_and_uses_up_a_day_is_told_to_the_officers_of_both(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of a refusal names but one agency of hers, and that may be the other one."""
    monkeypatch.setattr(searching, "SEARCHES_A_DAY", 0)
    a_purpose(*HELPERS, code="help")
    account = of(houses.worker)
    give(account, houses.theirs, "investigator")
    give(account, an_agency("Where she is an analyst alone"), "analyst")
    page = f"/people/search/?agency={houses.ours.ref}"
    assert comes(account, "help").post(page, {"words": "malee"}).status_code == 403
    actions.raise_alarms(local(Entry.objects.order_by("-id")[0].at))
    told = set(Alarm.objects.values_list("agency_ref", flat=True))
    assert told == {houses.ours.ref, houses.theirs.ref}
    assert set(Task.objects.values_list("agency__ref", flat=True)) == told


@pytest.mark.check("A-17")
def test_a_day_of_500_searches_ends_at_the_day_s_number_and_the_schedule_of_the_next_minute_tells_it(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    n = counted("searches of one day", 500, least=20)
    most = n * searching.SEARCHES_A_DAY // 500
    monkeypatch.setattr(searching, "SEARCHES_A_DAY", most)
    a_purpose(*HELPERS, code="help")
    enter(houses, "Malee Jaidee")
    client, page = comes(of(houses.worker), "help"), f"/people/search/?agency={houses.ours.ref}"
    codes = [client.post(page, {"words": f"malee {number}"}).status_code for number in range(n)]
    assert codes == [200] * most + [403] * (n - most)
    ask_for_due()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.what, alarm.n) == ("used-up", "PEOPLE-030", n - most)
    assert Task.objects.get(kind=LOOK_INTO.code).agency == houses.ours


def test_the_page_of_an_alarm_says_who_and_when_and_never_what(houses: TwoHouses) -> None:
    lure, officer = laid(houses), an_officer(houses)
    opening.reveal(houses.worker, queries.get_person(houses.worker, lure.ref))
    actions.raise_alarms(local(houses.worker.now))
    address = f"/people/alarms/{Alarm.objects.get().ref}/"
    page = comes(officer).get(address).content.decode()
    assert "Alice" in page
    for content in (lure.code, str(lure.ref), "Zqxlure", "zqxlure"):
        assert content not in page
    assert address in comes(officer).get(f"/tasks/{Task.objects.get().ref}/").content.decode()
    a_purpose(*HELPERS, code="help")
    for somebody in (houses.worker, houses.supervisor, houses.custodian, houses.police, houses.outsider):
        assert comes(of(somebody), "help").get(address).status_code in {403, 404}
    foreign = a_person(houses.theirs, "data-protection-officer", name="Their officer")
    assert comes(foreign).get(address).status_code == 404


def test_only_a_supervisor_enters_one_and_only_the_machine_raises(houses: TwoHouses) -> None:
    for actor in (houses.worker, houses.custodian, houses.outsider, replace(houses.supervisor, purpose="")):
        with pytest.raises(Refused, match="PEOPLE-033"):
            actions.lay(actor, houses.ours.ref, Facts(), Names(names=(checked_name("Nobody"),)))
        with pytest.raises(Refused, match="PEOPLE-034"):
            actions.raise_alarms(actor)
    assert not Person.objects.exists()


def test_a_supervisor_enters_one_on_a_page_and_keeps_its_code(houses: TwoHouses) -> None:
    a_purpose(*HELPERS, code="help")
    client, names = comes(of(houses.supervisor), "help"), {"name": "Zqxlure Invented", "sex": "female", "year": "2530"}
    form: dict[str, Any] = {"agency": str(houses.ours.ref), **names}
    bad = client.post("/people/lures/", {**form, "name": "\u200b"})
    assert bad.status_code == 422
    done = client.post("/people/lures/", form, follow=True)
    lure = Person.objects.get()
    assert lure.is_decoy
    assert lure.code in done.content.decode()
    assert Entry.objects.filter(action="people.lure-laid", thing_ref=lure.ref).count() == 1
    assert comes(of(houses.worker), "help").get("/people/lures/").status_code == 403
