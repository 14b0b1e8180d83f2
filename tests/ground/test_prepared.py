"""A question that was prepared answers as the query it was made from, now and again, in every thread."""

import datetime as dt
from threading import Thread
from typing import Any

import pytest
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from makers.agencies import a_person, an_agency
from makers.purposes import a_purpose
from sarana.ground.accounts.models import Account, Agency, Membership
from sarana.ground.accounts.models.people import AccountManager
from sarana.ground.codelists.models import Purpose
from sarana.ground.prepared import Place, Prepared

pytestmark = pytest.mark.django_db

NOT_THERE = "00000000-0000-4000-8000-000000000000"


def whole(row: models.Model) -> list[Any]:
    """Every value of a row, with what it is."""
    return [(type(value), value) for value in (getattr(row, field.attname) for field in row._meta.concrete_fields)]


def of_agency(ref: Any) -> QuerySet[Agency]:
    return Agency.objects.filter(ref=ref)


def begun(day: Any, name: Any) -> QuerySet[Membership, tuple[Any, ...]]:
    rows = Membership.objects.filter(starts_on__lte=day, account__name=name).exclude(starts_on__gt=day)
    return rows.order_by("-agency__name").values_list(
        "ref", "agency__areas", "account__made_at", "until", "agency__ref"
    )


def test_whole_rows_are_those_of_the_query() -> None:
    ours, theirs = an_agency("Ours"), an_agency("Theirs")
    asked = Prepared(of_agency, models.UUIDField())
    for agency in (ours, theirs, ours):
        found = asked.ask(agency.ref)
        assert [whole(row) for row in found] == [whole(row) for row in of_agency(agency.ref)]
        assert found == [agency]
        assert not found[0]._state.adding
    assert asked.first(ours.ref) == ours
    assert asked.first(NOT_THERE) is None
    found[0].name = "Renamed"
    found[0].save()
    again = asked.first(found[0].ref)
    assert again is not None
    assert again.name == "Renamed", "answers are never kept"


def test_a_purpose_with_its_roles_is_the_same() -> None:
    made = a_purpose("case-worker", "supervisor")
    found = Prepared(lambda code: Purpose.objects.filter(code=code), models.CharField()).first(made.code)
    assert found is not None
    assert whole(found) == whole(Purpose.objects.get(pk=made.pk))


def test_values_of_several_tables_are_those_of_the_query() -> None:
    for name in ("Ours", "Theirs"):
        a_person(an_agency(name), name="Ada")
    asked = Prepared(begun, models.DateField(), models.CharField())
    today = Membership.objects.latest("pk").starts_on
    for day, name, n in ((today, "Ada", 2), (today, "Bea", 0), (today - dt.timedelta(days=1), "Ada", 0)):
        assert asked.ask(day, name) == list(begun(day, name))
        assert len(asked.ask(day, name)) == n


def test_a_value_is_never_read_as_sql() -> None:
    a_person(an_agency("Ours"), name="Ada")
    asked = Prepared(lambda name: Account.objects.filter(name=name), models.CharField())
    assert asked.ask("' OR 1=1 --") == asked.ask("%s") == []
    assert len(asked.ask("Ada")) == 1


def test_each_asking_is_one_query_and_the_sql_is_made_once() -> None:
    ours, made = an_agency("Ours"), []

    def make(ref: Any) -> QuerySet[Agency]:
        made.append(ref)
        return of_agency(ref)

    asked = Prepared(make, models.UUIDField())
    with CaptureQueriesContext(connection) as caught:
        for _ in range(3):
            assert asked.first(ours.ref) == ours
    assert len(caught) == 3
    assert len(made) == 1
    assert isinstance(made[0], Place)


def test_another_connection_has_a_form_of_its_own() -> None:
    made: list[Any] = []
    found: list[list[Agency]] = []

    def make(ref: Any) -> QuerySet[Agency]:
        made.append(ref)
        return of_agency(ref)

    asked = Prepared(make, models.UUIDField())
    asked.ask(NOT_THERE)

    def elsewhere() -> None:
        try:
            found.extend([asked.ask(NOT_THERE), asked.ask(NOT_THERE)])
        finally:
            BaseDatabaseWrapper.close(connection)  # type: ignore[arg-type]  # that of SQLite keeps one in memory open

    one = Thread(target=elsewhere)
    one.start()
    one.join()
    assert found == [[], []]
    assert len(made) == 2


def test_a_manager_of_some_accounts_keeps_its_bounds() -> None:
    """As relations make them: a subclass whose rows are narrowed."""
    ada = a_person(an_agency("Ours"), name="Ada")

    class OfNobody(AccountManager):
        def get_queryset(self) -> QuerySet[Account]:
            return super().get_queryset().none()

    some = OfNobody()
    some.model = Account
    assert Account.objects.get(pk=ada.pk) == ada
    with pytest.raises(Account.DoesNotExist):
        some.get(pk=ada.pk)
    with pytest.raises(Account.DoesNotExist):
        Account.objects.get(pk=ada.pk + 1)
    assert Account.objects.db_manager("default").get(pk=ada.pk) == ada


@pytest.mark.parametrize(
    "make",
    [
        lambda ref: Agency.objects.filter(ref=ref).annotate(same=F("name")),
        lambda ref: Agency.objects.filter(ref=ref).select_related("parent"),
        lambda ref: Agency.objects.filter(ref=ref).defer("name"),
    ],
)
def test_what_would_be_read_otherwise_cannot_be_prepared(make: Any) -> None:
    with pytest.raises(TypeError, match="one kind of row"):
        Prepared(make, models.UUIDField()).ask(NOT_THERE)
