"""Somebody is found by name, number and telephone; whom one may not know of changes nothing in any answer."""

from dataclasses import replace
from typing import Any

import pytest

from makers.agencies import a_person, acting
from makers.identities import TwoHouses
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import actions, queries
from sarana.care.people.actions import Facts
from sarana.care.people.finding.actions import feeding, searching
from sarana.care.people.finding.actions.searching import Hits, find
from sarana.care.people.finding.alike import look_alikes
from sarana.care.people.models import Person, ToIndex
from sarana.care.people.values import BirthOf, Contact, DocumentOf, Names, WayOf, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list
from sarana.ground.vault.identities.models import Erased
from sarana.methods.search.entry import Entry as Known
from sarana.methods.search.entry import Name, Query, Reason

pytestmark = pytest.mark.django_db


def enter(houses: TwoHouses, *names: str, number: str = "", phone: str = "", year: int = 0, **facts: Any) -> Person:
    """Enter somebody, and bring her into the search file as it happens after a request."""
    tier = Names(
        names=tuple(checked_name(name) for name in names),
        documents=(DocumentOf("national-id", number),) if number else (),
        birth=BirthOf(year) if year else None,
    )
    ways = Contact(ways=(WayOf("phone", phone),) if phone else ())
    person = actions.enter(houses.worker, houses.ours.ref, Facts(**facts), tier, ways)
    feeding.feed_at_once(houses.ours.ref)
    return person


def asked(houses: TwoHouses, words: str, actor: Any = None, **rest: Any) -> Hits:
    return find(actor or houses.worker, houses.ours.ref, Query(words=words, **rest))


def refs(found: Hits) -> list[Any]:
    return [hit.person.ref for hit in found.hits]


def test_somebody_is_found_by_name_in_another_script_by_number_and_by_telephone(houses: TwoHouses) -> None:
    malee = enter(houses, "มาลี ใจดี", number="1-2345-67890-12-1", phone="081 234 5678", year=1999)
    enter(houses, "Somchai Rakthai")
    for words in ("มาลี ใจดี", "malee jaidee", "ใจดี มาลี", "1234567890121", "+66 81 234 5678"):
        found = asked(houses, words)
        assert refs(found)[0] == malee.ref, words
    best = asked(
        houses,
        "มาลี ใจดี",
    ).hits[0]
    assert best.score > 0.95
    assert Reason.SAME_NAME in best.reasons
    assert best.initials == "ม. ใจ."
    assert not asked(houses, "Nobody Of-this-name").hits
    assert not ToIndex.objects.exists()


def test_a_burmese_name_in_the_font_of_zawgyi_is_found_by_its_unicode_spelling_and_back(houses: TwoHouses) -> None:
    """`\\u1031` stands before its letter in Zawgyi and after it in Unicode; asat is another sign."""
    zawgyi, unicode = (
        "\u1031\u1021\u102c\u1004\u1039 \u101d\u1004\u1039\u1038",
        "\u1021\u1031\u102c\u1004\u103a \u101d\u1004\u103a\u1038",
    )
    entered = [enter(houses, zawgyi), enter(houses, "\u1019\u103c\u1004\u1037\u103a")]
    assert refs(asked(houses, unicode)) == [entered[0].ref]
    assert refs(asked(houses, "\u103b\u1019\u1004\u1037\u1039")) == [entered[1].ref]


@pytest.mark.check("A-03")
def test_whom_one_may_not_know_of_changes_nothing_in_an_answer(houses: TwoHouses) -> None:
    """Not the hits, nor their order, nor whether there is more: the same with and without those who are hidden."""
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    seen = [enter(houses, f"Malee Jaidee {end}") for end in ("Aa", "Bo")]
    before = find(colleague, houses.ours.ref, Query(words="malee jaidee"), limit=2)
    for level in (Person.Level.CLOSED, Person.Level.PROTECTED):
        for _one in range(4):
            enter(houses, "Malee Jaidee", level=level)
    after = find(colleague, houses.ours.ref, Query(words="malee jaidee"), limit=2)
    assert refs(after) == refs(before)
    assert [(hit.score, hit.reasons) for hit in after.hits] == [(hit.score, hit.reasons) for hit in before.hits]
    assert (after.is_more, before.is_more) == (False, False)
    assert set(refs(after)) == {person.ref for person in seen}
    assert find(houses.worker, houses.ours.ref, Query(words="malee jaidee"), limit=2).is_more


@pytest.mark.check("A-03")
def test_more_than_a_few_are_asked_for_in_batches_and_hide_the_same(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_OWN", 1)
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    seen = {enter(houses, f"Malee {end}").ref for end in ("Jaidee", "Jaide", "Jaydee")}
    for _one in range(3):
        enter(houses, "Malee Jaidee", level=Person.Level.CLOSED)
    assert set(refs(asked(houses, "malee jaidee", colleague))) == seen


def test_no_other_agency_and_no_other_role_searches(houses: TwoHouses) -> None:
    enter(houses, "Malee Jaidee")
    for actor in (houses.outsider, houses.police, houses.custodian, replace(houses.worker, is_strong=False)):
        with pytest.raises(Refused, match="PEOPLE-003"):
            asked(houses, "malee", actor)
    with pytest.raises(NotYet, match="PEOPLE-004"):
        asked(houses, "malee", replace(houses.worker, purpose=""))
    assert not find(houses.outsider, houses.outsider.grants[0].agency_ref, Query(words="malee")).hits
    assert not Entry.objects.filter(action="people.searched", actor_ref=houses.police.account_ref).exists()


def test_a_search_is_one_line_with_its_hits_sealed_and_a_mark_of_its_words(houses: TwoHouses) -> None:
    malee = enter(houses, "Malee Zqxjaidee")
    for words in ("malee zqxjaidee", "ZQXJAIDEE  Malee", "malee", "nobody-at-all"):
        asked(houses, words)
    lines = list(Entry.objects.filter(action="people.searched").order_by("id"))
    assert [line.n_things for line in lines] == [1, 1, 1, 0]
    assert open_list(lines[0]) == [malee.ref]
    marks = [line.thing_ref for line in lines]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert all(line.owner_agency_ref == houses.ours.ref and line.purpose == "help" for line in lines)
    assert not any("zqx" in str(value).lower() for line in Entry.objects.values() for value in line.values())


def test_whoever_leads_is_given_once_for_those_whom_she_leads(houses: TwoHouses) -> None:
    first, second = enter(houses, "Malee Jaidee", "Lek"), enter(houses, "Malee Jaide")
    Person.objects.filter(ref=second.ref).update(led_by=first)
    assert refs(asked(houses, "malee jaide")) == [first.ref]
    Person.objects.filter(ref=first.ref).update(level=Person.Level.CLOSED)
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    assert refs(asked(houses, "malee jaide", colleague)) == [second.ref], "who leads her is not hers to know"


@pytest.mark.check("A-17")
def test_the_days_number_of_searches_is_an_end(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(houses, "Malee Jaidee")
    monkeypatch.setattr(searching, "SEARCHES_A_DAY", 2)
    asked(houses, "malee"), asked(houses, "malee")
    with pytest.raises(Refused, match="PEOPLE-030"):
        asked(houses, "malee")
    assert asked(houses, "malee", houses.supervisor).hits, "each has a number of her own"


@pytest.mark.check("A-18")
def test_what_changed_is_found_as_it_is_now_and_who_was_erased_is_found_no_more(houses: TwoHouses) -> None:
    malee = enter(houses, "Malee Jaidee", phone="0812345678")
    actions.change(houses.worker, malee.ref, Names(names=(checked_name("Suda Rakthai"),)), version=1)
    feeding.feed_at_once(houses.ours.ref)
    assert not asked(houses, "malee jaidee").hits
    assert refs(asked(houses, "suda rakthai")) == [malee.ref]
    actions.erase(houses.supervisor, malee.ref, Erased.Reason.OWN_REQUEST)
    assert not asked(houses, "suda rakthai").hits, "before the file knows"
    feeding.feed_at_once(houses.ours.ref)
    assert not look_alikes(houses.worker, houses.ours.ref, Known(malee.ref, 9, (Name("Suda Rakthai"),)))


def test_work_of_the_machine_asks_who_may_be_the_same(houses: TwoHouses) -> None:
    first = enter(houses, "สมชาย ใจดี", number="1234567890121", year=1985)
    second = enter(houses, "Somchai Jaidee", year=1985, level=Person.Level.CLOSED)
    enter(houses, "Prasert Wongsa")
    entry = Known(first.ref, 1, (Name("สมชาย ใจดี"),), phones=("0999999999",))
    found = look_alikes(houses.worker, houses.ours.ref, entry)
    assert [match.ref for match in found] == [second.ref]


@pytest.mark.check("A-02")
def test_whom_a_search_may_show_is_whom_the_lists_show(houses: TwoHouses) -> None:
    """The rule for a few hundred rows and the rule of lists give the same, for everybody and at every level."""
    people = [enter(houses, f"Malee {level}", level=level) for level in Person.Level for _one in range(2)]
    refs_of_all = [person.ref for person in people]
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    actions.assign(houses.worker, people[-1].ref, colleague.account_ref)
    shown = []
    for actor in (houses.worker, houses.supervisor, colleague, houses.police, houses.outsider, houses.custodian):
        listed = frozenset(queries._own(actor).values_list("ref", flat=True))
        assert queries.those_of(actor, refs_of_all) == listed
        shown.append(len(listed))
    assert shown == [6, 4, 3, 0, 0, 0]
