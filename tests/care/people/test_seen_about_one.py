"""Pages about one person stand in the report of who looked at her; a code of somebody who was erased finds nobody."""

import pytest

from care.people.conftest import comes
from care.people.finding.test_finding import enter
from makers.identities import TwoHouses
from sarana.care.people import queries
from sarana.care.people.conflict.queries import reading
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["consents", "photographs", "conflict"])
def test_a_page_about_one_person_has_its_line_under_her_reference(houses: TwoHouses, page: str) -> None:
    person, other = enter(houses, "Malee Jaidee"), enter(houses, "Somchai Rakthai")
    client, last = comes(houses.supervisor), Entry.objects.latest("pk").pk

    assert client.get(f"/people/{person.ref}/{page}/").status_code == 200

    lines = Entry.objects.filter(pk__gt=last)
    assert lines.filter(thing_ref=person.ref, owner_agency_ref=houses.ours.ref).count() == 1
    assert not lines.filter(thing_ref=other.ref).exists()


def test_the_code_of_somebody_who_was_erased_finds_nobody_although_the_row_came_back(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever relates, ends or flags: three doors that ask by a code."""
    person, other = enter(houses, "Malee Jaidee"), enter(houses, "Somchai Rakthai")
    doors = (
        lambda code: queries.find_by_code(houses.supervisor, code),
        lambda code: queries.find_to_end(houses.supervisor, code),
        lambda code: reading.find_to_flag(houses.supervisor, code),
    )
    assert [door(person.code) for door in doors] == [person] * 3
    for module in (queries, reading):
        monkeypatch.setattr(module, "is_listed", lambda ref: ref == person.ref)

    assert [door(person.code) for door in doors] == [None] * 3
    assert [door(other.code) for door in doors] == [other] * 3
