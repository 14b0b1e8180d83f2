"""`__also` and `__also_in` compare as `exact` and `in` do, and leave the finding of rows to other conditions."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from makers.identities import TwoHouses, two_houses
from sarana.care.people import policy
from sarana.care.people.models import Assigned, Person
from sarana.ground.vault.identities.models import Subject

pytestmark = pytest.mark.django_db

HOW: dict[str, Callable[[list[UUID]], QuerySet[Person]]] = {
    "one": lambda refs: Person.objects.filter(agency_ref__also=refs[0]),
    "several": lambda refs: Person.objects.filter(agency_ref__also_in=refs),
}


@pytest.mark.parametrize("how", list(HOW))
def test_the_same_rows_are_found_as_by_what_it_stands_for(houses: TwoHouses, how: str) -> None:
    people = [a_person_of(houses, agency) for agency in (houses.ours.ref, houses.theirs.ref)]
    here = HOW[how]([houses.ours.ref])

    assert list(here) == [people[0]]
    assert not HOW[how]([uuid4()]).exists()


@pytest.mark.parametrize("how", list(HOW))
def test_on_sqlite_twenty_people_are_found_by_their_references_whatever_the_agency(how: str) -> None:
    """The plan of the same question without it says why it is there: the agency is looked up, and read whole."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts rows, and chooses by itself")
    wanted = {"ref__in": [uuid4() for _ in range(20)]}

    found = HOW[how]([uuid4()]).filter(**wanted).explain()
    plain = Person.objects.filter(agency_ref=uuid4(), **wanted).explain()

    assert "(ref=?)" in found
    assert "(agency_ref=?)" in plain


@pytest.fixture
def houses() -> TwoHouses:
    """Two agencies."""
    return two_houses()


def a_person_of(houses: TwoHouses, agency: UUID) -> Person:
    """A row of somebody, as far as it is asked here."""
    subject = Subject.objects.create(ref=uuid4(), agency_ref=agency, epoch=1, own_key=b"", versions={})
    return Person.objects.create(
        subject=subject,
        ref=subject.ref,
        agency_ref=agency,
        code=uuid4().hex[:8],
        entered_at=houses.worker.now,
        entered_by_ref=uuid4(),
    )


def test_who_is_found_otherwise_is_judged_by_the_same_rule(houses: TwoHouses) -> None:
    """`of_found` is `openable_by`, for everybody."""
    people = [a_person_of(houses, agency) for agency in (houses.ours.ref, houses.theirs.ref) for _ in range(3)]
    Person.objects.filter(pk=people[1].pk).update(level="closed")
    Person.objects.filter(pk=people[2].pk).update(level="protected")
    Assigned.objects.create(person=people[1], agency_ref=houses.ours.ref, account_ref=houses.worker.account_ref,
                            since_at=houses.worker.now, by_ref=uuid4())  # fmt: skip
    seen = []
    for actor in (houses.worker, houses.supervisor, houses.custodian, houses.police, houses.outsider):
        found = Person.objects.filter(policy.of_found(actor), pk__in=[each.pk for each in people])
        assert set(found) == set(Person.objects.filter(policy.openable_by(actor)))
        seen.append(len(found))
    assert len(set(seen)) > 2
