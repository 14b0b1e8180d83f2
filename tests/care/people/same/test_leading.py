"""Who leads whom agrees with the judgements whatever happened to the rows, and chains of old are followed whole."""

import pytest

from care.people.same.test_same import led, same, three
from makers.agencies import local
from makers.identities import TwoHouses
from sarana.basics.errors import Refused
from sarana.care.people import queries as people_queries
from sarana.care.people.finding.queries import leaders
from sarana.care.people.models import Person
from sarana.care.people.same import actions, jobs, queries
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Subject

pytestmark = pytest.mark.django_db


def test_after_a_restore_everybody_is_led_as_judgements_say(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was erased since the backup goes once more, and with her, in the database alone, who led the others."""
    (first, second, third), rows = three(houses)
    same(houses, rows[first.pk, second.pk])
    same(houses, rows[first.pk, third.pk])
    same(houses, rows[second.pk, third.pk])
    assert led() == {first.pk: None, second.pk: first.pk, third.pk: first.pk}
    Subject.objects.filter(person=first).delete()
    assert led() == {second.pk: None, third.pk: None}
    monkeypatch.setattr(jobs, "_LOOKED", {})
    list(jobs.due(local()))
    assert led() == {second.pk: None, third.pk: second.pk}
    assert Entry.objects.get(action="people.led-anew").n_things == 1
    Person.objects.filter(pk=second.pk).update(led_by=third.pk)
    list(jobs.due(local()))
    assert led()[second.pk] == third.pk, "once a day"
    assert actions.lead_all_anew(local()) == 1
    assert led() == {second.pk: None, third.pk: second.pk}
    assert actions.lead_all_anew(local()) == 0
    with pytest.raises(Refused, match="PEOPLE-065"):
        actions.lead_all_anew(houses.supervisor)


def test_a_chain_that_an_older_version_left_is_followed_whole_and_a_circle_ends(houses: TwoHouses) -> None:
    (first, second, third), _rows = three(houses)
    Person.objects.filter(pk=third.pk).update(led_by=second)
    Person.objects.filter(pk=second.pk).update(led_by=first)
    of_all = [person.refresh_from_db() or queries.head_of(person) for person in (first, second, third)]
    assert of_all == [first.pk] * 3
    assert queries.group_of(first.pk) == [first.pk, second.pk, third.pk]
    joined = queries.joined_with(houses.supervisor, third)
    assert [(row.pk, leads) for row, leads in joined] == [(first.pk, True), (second.pk, False)]
    Person.objects.filter(pk=first.pk).update(led_by=third)
    of_all = [person.refresh_from_db() or queries.head_of(person) for person in (first, second, third)]
    assert of_all == [first.pk] * 3
    assert queries.group_of(first.pk) == [first.pk, second.pk, third.pk]
    everybody = {person.ref: person for person in people_queries.people_for(houses.supervisor)}
    assert set(leaders(houses.supervisor, everybody)) == set(everybody)
