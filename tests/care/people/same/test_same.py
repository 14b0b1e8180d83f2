"""Two records of one person are found by the machine, joined by a supervisor, and stand as before when it is undone."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.forms.models import model_to_dict

from care.people.photographs.test_pages import comes
from makers.agencies import a_person, acting, local
from makers.identities import TwoHouses
from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.care.people import actions as people
from sarana.care.people import entering
from sarana.care.people.actions import Facts
from sarana.care.people.alarms.actions import lay
from sarana.care.people.entering import alike
from sarana.care.people.finding import files
from sarana.care.people.finding.actions.feeding import feed_at_once
from sarana.care.people.finding.actions.searching import find
from sarana.care.people.models import Person
from sarana.care.people.same import actions, jobs, queries
from sarana.care.people.same.leading import heads_of, without
from sarana.care.people.same.models import Compared, Likeness, SameJudgement, Verdict
from sarana.care.people.same.showing import differences
from sarana.care.people.values import BirthOf, DocumentOf, Names, checked_name
from sarana.ground.codelists.loading import load_all_purposes
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Erased, Sealed, Subject
from sarana.methods.search.entry import Query

pytestmark = pytest.mark.django_db

MALEE = Names(names=(checked_name("มาลี ใจดี"),), birth=BirthOf(1999))
JAIDEE = Names(names=(checked_name("Malee Jaidee"),), birth=BirthOf(1999))
SOMBAT = Names(names=(checked_name("สมบัติ รักไทย"),), birth=BirthOf(1980))


class Machine:
    """Work of the machine, which nobody stops."""

    def __init__(self) -> None:
        self.actor, self.args = local(), dict[str, str]()

    def report(self, done: int, total: int, what: str) -> None:
        """Goes on."""


def entered(houses: TwoHouses, names: Names, **facts: Any) -> Person:
    made = people.enter(houses.worker, houses.ours.ref, Facts(**facts), names)
    feed_at_once(houses.ours.ref)
    return made


def compare() -> dict[str, Any]:
    work: Any = Machine()
    return dict(jobs.COMPARE.steps({})[0].do(work))


def pair(houses: TwoHouses) -> tuple[Person, Person, Likeness]:
    first, second = entered(houses, MALEE), entered(houses, JAIDEE)
    entered(houses, SOMBAT)
    compare()
    return first, second, Likeness.objects.get()


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of people and of what is sealed of them."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Person, Subject, Sealed)}


def searched(houses: TwoHouses, actor: Actor | None = None) -> list[str]:
    found = find(actor or houses.supervisor, houses.ours.ref, Query(words="malee jaidee"))
    return [hit.person.code for hit in found.hits]


def test_two_scripts_of_one_name_are_found_alike_once_and_others_are_not(houses: TwoHouses) -> None:
    first, second, row = pair(houses)
    assert (row.first_id, row.second_id, row.is_open) == (first.pk, second.pk, True)
    assert row.reasons
    assert row.per_cent >= 80
    assert compare() == {"compared": 0, "alike": 0}, "nobody changed since"
    assert Compared.objects.count() == 3
    people.change(houses.worker, second.ref, JAIDEE, version=1)
    assert compare() == {"compared": 1, "alike": 0}, "compared anew, and not a second pair"


def test_joined_they_are_one_to_search_and_undone_every_row_is_as_before(houses: TwoHouses) -> None:
    first, second, row = pair(houses)
    before = everything()
    with pytest.raises(NotYet, match="PEOPLE-063"):
        actions.judge(houses.supervisor, row.ref, Verdict.SAME, leads=houses.ours.ref)
    made = actions.judge(houses.supervisor, row.ref, Verdict.SAME, leads=second.ref)
    assert searched(houses) == [second.code]
    others = queries.joined_with(houses.worker, Person.objects.get(pk=first.pk))
    assert [(each.code, leads) for each, leads in others] == [(second.code, True)]
    assert not queries.likenesses_for(houses.supervisor).exists()
    with pytest.raises(NotYet, match="PEOPLE-061"):
        actions.judge(houses.supervisor, row.ref, Verdict.OTHER)
    actions.undo(houses.supervisor, made.ref)
    assert everything() == before
    assert set(searched(houses)) == {first.code, second.code}
    assert [each.ref for each in queries.likenesses_for(houses.supervisor)] == [row.ref]
    with pytest.raises(NotYet, match="PEOPLE-064"):
        actions.undo(houses.supervisor, made.ref)
    acts = list(Entry.objects.filter(action__in=["people.judged", "people.judgement-undone"]).order_by("id"))
    assert [each.action for each in acts] == ["people.judged", "people.judgement-undone"]


type Rows = dict[tuple[int, int], Likeness]


def three(houses: TwoHouses) -> tuple[list[Person], Rows]:
    """Three records of one name, and their likenesses by the rows of both."""
    records = [entered(houses, names) for names in (MALEE, JAIDEE, MALEE)]
    compare()
    return records, {(row.first_id, row.second_id): row for row in Likeness.objects.all()}


def same(houses: TwoHouses, row: Likeness, leads: Person | None = None) -> SameJudgement:
    return actions.judge(houses.supervisor, row.ref, Verdict.SAME, leads=leads.ref if leads else None)


def led() -> dict[int, int | None]:
    """Who is led by whom."""
    return dict(Person.objects.values_list("pk", "led_by"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_records_are_joined_and_taken_apart_in_any_order(houses: TwoHouses, order: tuple[int, ...]) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    before, pairs = everything(), [(one, two), (two, last), (one, last)]
    joined = [same(houses, rows[pair]) for pair in pairs]
    assert led() == {one: None, two: one, last: one}
    assert set(queries.group_of(one)) == {one, two, last}
    assert searched(houses) == [records[0].code]
    assert not queries.likenesses_for(houses.supervisor).exists(), "none of the three waits for ever"
    actions.undo(houses.supervisor, joined[order[0]].ref)
    assert led() == {one: None, two: one, last: one}, "the two others still say that all are one"
    actions.undo(houses.supervisor, joined[order[1]].ref)
    first, second = pairs[order[2]]
    assert led() == {**dict.fromkeys((one, two, last)), second: first}
    actions.undo(houses.supervisor, joined[order[2]].ref)
    assert everything() == before


def test_an_inner_judgement_taken_back_leaves_what_the_others_say(houses: TwoHouses) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    made = same(houses, rows[one, two])
    inner = same(houses, rows[two, last])
    assert (inner.leads_id, inner.follows_id) == (two, last), "it names the two that were judged, and nobody else"
    actions.undo(houses.supervisor, made.ref)
    actions.judge(houses.supervisor, rows[one, two].ref, Verdict.OTHER)
    assert led() == {one: None, two: None, last: two}


def test_whoever_was_chosen_brings_along_who_leads_her(houses: TwoHouses) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    same(houses, rows[one, two])
    same(houses, rows[two, last], leads=records[2])
    assert led() == {one: last, two: last, last: None}


def test_who_leads_is_told_alike_in_whatever_way_a_group_came_about() -> None:
    assert heads_of([(1, 2), (3, 4), (2, 4), (4, 1), (5, 4)]) == {1: 5, 2: 5, 3: 5, 4: 5, 5: 5}
    assert heads_of(without([(1, 2), (2, 3), (4, 3)], gone=[2])) == {3: 4, 4: 4}
    assert heads_of([]) == {}


def test_records_that_were_joined_with_more_in_this_moment_are_not_judged(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    made = same(houses, rows[one, two])
    before, asked = led(), queries.joins_around
    monkeypatch.setattr(queries, "joins_around", iter_of([], [(one, two)]))
    with pytest.raises(NotYet, match="PEOPLE-061"), transaction.atomic():
        same(houses, rows[two, last])
    monkeypatch.setattr(queries, "joins_around", iter_of([(one, two)], [(one, two), (two, last)]))
    with pytest.raises(NotYet, match="PEOPLE-061"), transaction.atomic():
        actions.undo(houses.supervisor, made.ref)
    monkeypatch.setattr(queries, "joins_around", asked)
    assert led() == before
    assert SameJudgement.objects.get().undone_at is None


@pytest.mark.django_db(transaction=True)
def test_on_postgresql_who_judges_in_the_same_moment_is_told_so(houses: TwoHouses) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    faults = list[BaseException]()

    def judges() -> None:
        try:
            same(houses, rows[two, last])
        except BaseException as err:  # told below
            faults.append(err)
        finally:
            connections.close_all()

    thread = threading.Thread(target=judges)
    with transaction.atomic():
        same(houses, rows[one, two])
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive(), "it waits for the record that both name"
    thread.join()
    assert [type(err) for err in faults] == [NotYet]
    assert "PEOPLE-061" in str(faults[0])
    assert led() == {one: None, two: one, last: None}
    same(houses, rows[two, last])
    assert led() == {one: None, two: one, last: one}


def iter_of(*answers: list[tuple[int, int]]) -> Callable[[object], list[tuple[int, int]]]:
    """Answers that are given one after the other."""
    left = iter(answers)
    return lambda _pks: next(left)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_who_is_erased_leaves_the_others_as_their_judgements_say(houses: TwoHouses, gone: int) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    same(houses, rows[one, two])
    same(houses, rows[two, last])
    people.erase(houses.supervisor, records[gone].ref, Erased.Reason.OWN_REQUEST)
    assert led() == [{two: None, last: two}, {one: None, last: None}, {one: None, two: one}][gone]
    left = Likeness.objects.get()
    assert left.is_open is (gone == 1), "a pair that nobody judged waits; one that was judged keeps its judgement"
    assert left.judgements.count() == (gone != 1)


def test_a_judgement_that_names_who_led_the_two_outlasts_her(houses: TwoHouses) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    same(houses, rows[one, two])
    made = same(houses, rows[two, last])
    SameJudgement.objects.filter(pk=made.pk).update(leads=one)
    people.erase(houses.supervisor, records[0].ref, Erased.Reason.OWN_REQUEST)
    made.refresh_from_db()
    assert (made.leads_id, made.follows_id) == (two, last)
    assert led() == {two: None, last: two}


def test_nobody_lets_a_person_of_another_agency_go(houses: TwoHouses) -> None:
    first, _second, _row = pair(houses)
    with pytest.raises(Person.DoesNotExist):
        actions.leave(houses.police, first)


@pytest.mark.parametrize("verdict", [Verdict.OTHER, Verdict.CANNOT_SAY])
def test_what_is_not_one_person_is_kept_and_not_asked_again(houses: TwoHouses, verdict: Verdict) -> None:
    first, _second, row = pair(houses)
    made = actions.judge(houses.supervisor, row.ref, verdict)
    assert (made.leads, made.follows) == (None, None)
    people.change(houses.worker, first.ref, MALEE, version=1)
    compare()
    assert not queries.likenesses_for(houses.supervisor).exists()
    assert [each.ref for each in queries.judged_for(houses.supervisor)] == [made.ref]


def test_only_a_supervisor_who_may_open_both_knows_of_a_pair(houses: TwoHouses) -> None:
    first, _second, row = pair(houses)
    for actor in (houses.worker, houses.police, houses.outsider, houses.custodian):
        with pytest.raises(Refused, match="PEOPLE-060"):
            actions.judge(actor, row.ref, Verdict.SAME)
    elsewhere = replace(acting(a_person(houses.theirs, "supervisor", name="Chief")), purpose="help")
    with pytest.raises(Likeness.DoesNotExist):
        actions.judge(elsewhere, row.ref, Verdict.SAME)
    assert queries.n_waiting(replace(houses.supervisor, purpose="")) == 1
    Person.objects.filter(pk=first.pk).update(level=Person.Level.CLOSED)
    assert not queries.likenesses_for(houses.supervisor).exists()
    assert queries.n_waiting(houses.supervisor) == 0
    with pytest.raises(Likeness.DoesNotExist):
        actions.judge(houses.supervisor, row.ref, Verdict.SAME)
    assert not SameJudgement.objects.exists()


def test_a_record_that_is_closed_to_the_supervisor_changes_nothing_that_she_sees(houses: TwoHouses) -> None:
    records, rows = three(houses)
    one, two, last = (record.pk for record in records)
    same(houses, rows[one, two])
    Person.objects.filter(pk=one).update(level=Person.Level.CLOSED)
    load_all_purposes(local())
    client = comes(houses.supervisor)
    answer = client.post(f"/people/alike/{rows[two, last].ref}/judge/", {"verdict": "same", "leads": records[1].ref})
    assert answer.status_code == 302
    assert led() == {one: None, two: one, last: one}
    page = client.get("/people/alike/").content.decode()
    assert f"{records[1].code} leads" in page
    assert records[0].code not in page
    assert set(searched(houses)) == {records[1].code, records[2].code}
    assert searched(houses, houses.worker) == [records[0].code], "who works with her sees one"
    SameJudgement.objects.filter(likeness=rows[two, last]).update(leads=one)
    assert records[0].code not in client.get("/people/alike/").content.decode(), "nobody but the two is ever named"


def test_a_lure_is_compared_joined_and_shown_as_anybody(houses: TwoHouses) -> None:
    lure = lay(houses.supervisor, houses.ours.ref, Facts(), MALEE)
    feed_at_once(houses.ours.ref)
    assert [each.person.ref for each in alike(houses.worker, houses.ours.ref, JAIDEE)] == [lure.ref]
    twin = entered(houses, JAIDEE)
    assert queries.is_due()
    assert compare() == {"compared": 2, "alike": 1}
    same(houses, Likeness.objects.get(first=lure.pk, second=twin.pk))
    assert led() == {lure.pk: None, twin.pk: lure.pk}


def test_whoever_enters_somebody_is_shown_who_is_alike_and_nobody_hidden(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = entered(houses, MALEE), entered(houses, JAIDEE, level=Person.Level.CLOSED)
    colleague = replace(acting(a_person(houses.ours, "intake-desk", name="Desk")), purpose="help")
    assert [each.person.ref for each in alike(colleague, houses.ours.ref, JAIDEE)] == [first.ref]
    assert {each.person.ref for each in alike(houses.worker, houses.ours.ref, JAIDEE)} == {first.ref, second.ref}
    assert alike(colleague, houses.ours.ref, SOMBAT) == []
    assert Entry.objects.filter(action="people.searched").count() == 3
    monkeypatch.setattr(entering, "find", broken)
    assert alike(colleague, houses.ours.ref, JAIDEE) == [], "a broken file holds nobody up"


def broken(*_args: object, **_named: object) -> None:
    raise BadFile("SEARCH-003", "This search file is damaged.")


def test_what_cannot_be_of_one_person_is_said() -> None:
    older = Names(MALEE.names, BirthOf(1980), (DocumentOf("passport", "A1", "TH"),))
    newer = Names(MALEE.names, BirthOf(1999), (DocumentOf("passport", "B2", "TH"),))
    assert len(differences(older, newer)) == 2
    assert differences(MALEE, JAIDEE) == []
    about = Names(MALEE.names, BirthOf(1995, give_or_take=5))
    assert differences(about, JAIDEE) == []


@pytest.mark.check("A-20")
def test_the_database_keeps_a_judgement_whole(houses: TwoHouses) -> None:
    _first, _second, row = pair(houses)
    made = actions.judge(houses.supervisor, row.ref, Verdict.OTHER)
    for wrong in ({"verdict": "same"}, {"undone_at": made.judged_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SameJudgement.objects.update(**wrong)
    again = {**model_to_dict(row, exclude=["id", "ref"]), "first_id": row.second_id, "second_id": row.first_id}
    again = {name: value for name, value in again.items() if name not in {"first", "second"}}
    with pytest.raises(IntegrityError), transaction.atomic():
        Likeness.objects.create(**again)


@pytest.mark.check("A-20")
def test_nobody_but_the_machine_compares(houses: TwoHouses) -> None:
    person = entered(houses, MALEE)
    with pytest.raises(Refused, match="PEOPLE-065"):
        actions.note_compared(houses.worker, houses.ours.ref, (person.pk, person.ref, 1), [])
    with pytest.raises(Refused, match="PEOPLE-065"):
        jobs.COMPARE.check(houses.supervisor, {})


@pytest.mark.check("A-20")
def test_work_of_the_machine_sets_nobody_beside_people_of_another_agency(houses: TwoHouses) -> None:
    """The same person stands in three agencies: what finds people, and what compares them, knows each for itself."""
    theirs = replace(acting(a_person(houses.theirs, "case-worker", name="Dara")), purpose="help")
    third = houses.outsider.grants[0].agency_ref
    mine = entered(houses, MALEE), entered(houses, JAIDEE)
    elsewhere = [
        people.enter(actor, agency, Facts(), MALEE)
        for actor, agency in ((theirs, houses.theirs.ref), (houses.outsider, third))
    ]
    for agency in (houses.theirs.ref, third):
        feed_at_once(agency)
    assert compare() == {"compared": 4, "alike": 1}
    row = Likeness.objects.get()
    assert ({row.first_id, row.second_id}, row.agency_ref) == ({each.pk for each in mine}, houses.ours.ref)
    for agency, wanted in ((houses.ours.ref, mine), *zip((houses.theirs.ref, third), zip(elsewhere), strict=True)):
        file = files.answering(local(), agency)
        assert {match.ref for match in file.search(Query(words="malee jaidee"), limit=50).matches} == {
            each.ref for each in wanted
        }
