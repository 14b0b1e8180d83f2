"""Somebody is entered, changed, related and erased; nothing that names her stands in the open."""

from dataclasses import replace
from typing import Any

import pytest

from makers.agencies import a_person, acting
from makers.identities import TwoHouses, let_read
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import actions, opening, queries
from sarana.care.people.actions import Facts
from sarana.care.people.models import Assigned, Person, Relation, ToIndex
from sarana.care.people.values import Contact, Names, WayOf, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Erased, Subject

pytestmark = pytest.mark.django_db

MALEE = Names(names=(checked_name("มาลี ใจดี"), checked_name("Lek", "nickname")))
WAYS = Contact(ways=(WayOf("phone", "0812345678", safety="unsafe"), WayOf("line", "malee", safety="safe")))


def entered(houses: TwoHouses, names: Names = MALEE, **facts: Any) -> Person:
    return actions.enter(houses.worker, houses.ours.ref, Facts(**facts), names, WAYS)


def test_who_is_entered_is_found_by_her_agency_and_by_nobody_else(houses: TwoHouses) -> None:
    person = entered(houses, nationalities=("TH",), sex=Person.Sex.FEMALE)
    assert [row.ref for row in queries.people_for(houses.supervisor)] == [person.ref]
    revealed = opening.reveal(houses.worker, queries.get_person(houses.worker, person.ref))
    assert revealed is not None
    assert [name.text for name in revealed.holds.names] == ["มาลี ใจดี", "Lek"]
    assert Entry.objects.filter(action="people.name-revealed", thing_ref=person.ref).count() == 1
    assert not queries.people_for(houses.outsider).exists()
    for other in (houses.outsider, houses.police):
        with pytest.raises(Person.DoesNotExist):
            queries.get_person(other, person.ref)
    for role in ("system-operator", "data-protection-officer", "analyst", "data-custodian"):
        with pytest.raises(Refused, match="PEOPLE-003"):
            queries.people_for(replace(acting(a_person(houses.ours, role, name=role)), purpose="care-of-data"))
    with pytest.raises(NotYet, match="PEOPLE-004"):
        queries.people_for(replace(houses.worker, purpose=""))


def test_another_agency_sees_of_her_what_a_basis_lets_it(houses: TwoHouses) -> None:
    person = entered(houses)
    let_read(houses, person.ref)
    found = queries.get_person(houses.police, person.ref)
    revealed = opening.reveal(houses.police, found)
    assert revealed is not None
    assert revealed.holds == MALEE
    assert opening.open_contact(houses.police, found) is None
    with pytest.raises(Person.DoesNotExist):
        actions.change(houses.police, person.ref, MALEE, version=1)


@pytest.mark.check("A-02")
def test_a_person_who_is_kept_closely_opens_for_those_assigned(houses: TwoHouses) -> None:
    closed, protected = entered(houses, level=Person.Level.CLOSED), entered(houses, level=Person.Level.PROTECTED)
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    assert {row.ref for row in queries.people_for(houses.worker)} == {closed.ref, protected.ref}
    assert {row.ref for row in queries.people_for(houses.supervisor)} == {protected.ref}
    assert not queries.people_for(colleague).exists()
    assert queries.those_of(colleague, [closed.ref, protected.ref]) == frozenset()
    actions.assign(houses.worker, closed.ref, colleague.account_ref)
    assert [row.ref for row in queries.people_for(colleague)] == [closed.ref]
    actions.end_assigned(colleague, closed.ref, houses.worker.account_ref)
    with pytest.raises(NotYet, match="PEOPLE-008"):
        actions.end_assigned(colleague, closed.ref, colleague.account_ref)
    with pytest.raises(NotYet, match="PEOPLE-007"):
        actions.assign(colleague, closed.ref, houses.police.account_ref)


def test_two_who_save_at_once_lose_nothing(houses: TwoHouses) -> None:
    person = entered(houses)
    actions.change(houses.worker, person.ref, Names(names=(checked_name("Malee"),)), version=1)
    with pytest.raises(NotYet, match="VAULT-064"):
        actions.change(houses.supervisor, person.ref, MALEE, version=1)
    actions.change_facts(houses.worker, person.ref, Facts(sex=Person.Sex.FEMALE), revision=2)
    with pytest.raises(NotYet, match="PEOPLE-006"):
        actions.change_facts(houses.supervisor, person.ref, Facts(), revision=2)
    assert Person.objects.get().sex == "female"
    assert list(ToIndex.objects.values_list("revision", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\u0301\u0302", "x" * 201, "x" * 10_000])
def test_what_is_no_name_is_refused_with_one_sentence(text: str) -> None:
    with pytest.raises(NotYet, match="PEOPLE-001"):
        checked_name(text)


def test_signs_that_nobody_sees_leave_a_name(houses: TwoHouses) -> None:
    assert checked_name("Ma\u202elee\u200b  Jai\tdee").text == "Malee Jai dee"
    with pytest.raises(NotYet, match="PEOPLE-005"):
        actions.enter(houses.worker, houses.ours.ref, Facts(), Names())
    assert not Person.objects.exists()


@pytest.mark.check("A-02")
def test_relations_read_both_ways_and_only_between_people_one_may_know(houses: TwoHouses) -> None:
    mother, son = entered(houses), entered(houses, level=Person.Level.CLOSED)
    made = actions.relate(houses.worker, mother.ref, son.ref, Relation.Kind.PARENT)
    (row,) = queries.relations_of(houses.worker, mother)
    assert (row[1].ref, row[2]) == (son.ref, "child")
    assert queries.relations_of(houses.worker, son)[0][2] == "parent"
    assert queries.relations_of(houses.supervisor, mother) == []
    for again in ((mother, son, Relation.Kind.PARENT), (son, mother, Relation.Kind.CHILD), (son, son, "friend")):
        with pytest.raises(NotYet, match="PEOPLE-009"):
            actions.relate(houses.worker, again[0].ref, again[1].ref, Relation.Kind(again[2]))
    with pytest.raises(Relation.DoesNotExist):
        actions.unrelate(houses.supervisor, made.ref)
    actions.unrelate(houses.worker, made.ref)
    assert not Relation.objects.exists()


@pytest.mark.check("A-14")
def test_the_days_number_of_names_is_an_end(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(opening.MOST_A_DAY, opening.REVEALED, 1)
    first, second = entered(houses), entered(houses)
    for _time in range(2):
        assert opening.reveal(houses.worker, first)
    with pytest.raises(Refused, match="PEOPLE-011"):
        opening.reveal(houses.worker, second)


@pytest.mark.check("A-18")
def test_erasing_leaves_nothing_but_work_for_the_search_file(houses: TwoHouses) -> None:
    person = entered(houses)
    actions.erase(houses.supervisor, person.ref, Erased.Reason.OWN_REQUEST)
    assert (Person.objects.count(), Subject.objects.count(), Assigned.objects.count()) == (0, 0, 0)
    assert ToIndex.objects.filter(person_ref=person.ref, is_gone=True).count() == 1
    with pytest.raises(Person.DoesNotExist):
        queries.get_person(houses.worker, person.ref)
