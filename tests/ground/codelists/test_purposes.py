"""Purposes: added and ended by a custodian, stated by whoever may, over at once when ended."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from makers.agencies import NOW, a_person, acting, an_agency, give, local
from makers.purposes import LONG_AGO, WORDS, a_purpose
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists import actions, loading, queries
from sarana.ground.codelists.models import Purpose
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def custodian(agency: Agency) -> Actor:
    return acting(a_person(agency, "data-custodian", name="Kim"))


@pytest.fixture
def worker(agency: Agency) -> Account:
    return a_person(agency)


def test_what_comes_with_sarana_names_roles_that_exist_and_both_languages() -> None:
    table, roles = read_reference("purposes.toml"), set(read_reference("roles.toml"))
    for code, told in table.items():
        assert set(told) == {"name", "name_th", "text", "text_th", "roles"}, code
        assert all(told.values()), code
        assert set(told["roles"]) <= roles, code
        assert len(told["text"]) <= 300, code
        assert len(told["text_th"]) <= 300, code
    assert loading.load_all_purposes(local()) == len(table)
    assert Entry.objects.filter(action="codelists.purposes-loaded").get().n_things == len(table)
    actions.end_purpose(local(), Purpose.objects.get(code="help"))
    assert loading.load_all_purposes(local()) == 0, "what was ended does not come back"
    assert Entry.objects.filter(action="codelists.purposes-loaded").count() == 1


def test_a_purpose_stands_in_the_ledger_until_it_is_ended_and_then_at_once_no_more(
    custodian: Actor, worker: Account
) -> None:
    made = a_purpose("case-worker")
    asked = acting(worker, purpose="families")
    assert asked.purpose == "families"
    record(asked, "accounts.read", thing_kind="agency")
    assert Entry.objects.order_by("-id")[0].purpose == "families"
    actions.end_purpose(custodian, made)
    assert acting(worker, purpose="families").purpose == "", "a sitting that goes on has it no more"
    ended = Purpose.objects.get()
    assert (ended.ended_at, ended.ended_by_ref) == (NOW, custodian.account_ref)
    with pytest.raises(NotYet, match="CODELISTS-016"):
        actions.end_purpose(custodian, made)
    told = Entry.objects.filter(thing_ref=made.ref).order_by("id").values_list("action", flat=True)
    assert list(told) == ["codelists.purpose-added", "codelists.purpose-ended"]


@pytest.mark.parametrize(
    ("roles", "starts", "until", "holds"),
    [
        (["case-worker"], 0, None, True),
        (["case-worker", "health"], 0, 0, True),
        (["health"], 0, None, False),
        (["case-worker"], 1, None, False),
        (["case-worker"], -2, -1, False),
    ],
)
def test_it_holds_on_its_days_for_its_roles(
    worker: Account, roles: list[str], starts: int, until: int | None, holds: bool
) -> None:
    made = actions.add_purpose(
        local(),
        code="families",
        words=WORDS,
        roles=roles,
        from_on=NOW.date() + starts * DAY,
        until_on=None if until is None else NOW.date() + until * DAY,
    )
    actor = acting(worker)
    assert bool(acting(worker, purpose="families").purpose) is holds
    assert (made in queries.purposes_open_to(actor)) is holds
    if holds:
        actions.state_purpose(actor, made)
    else:
        with pytest.raises(Refused, match="CODELISTS-015"):
            actions.state_purpose(actor, made)


def test_what_was_never_a_purpose_opens_nothing(worker: Account) -> None:
    a_purpose("case-worker")
    for stated in ("", "familie", "families ", "FAMILIES", "x" * 400):
        assert acting(worker, purpose=stated).purpose == ""


@pytest.mark.parametrize(
    "more",
    [
        {"words": {**WORDS, "text_th": "  "}},
        {"words": {"name": "x"}},
        {"roles": ()},
        {"until_on": LONG_AGO - DAY},
    ],
)
def test_a_purpose_that_is_not_whole_is_not_added(custodian: Actor, more: dict[str, object]) -> None:
    given = {"code": "families", "words": WORDS, "roles": ("health",), "from_on": LONG_AGO, **more}
    with pytest.raises(NotYet, match="CODELISTS-013"):
        actions.add_purpose(custodian, **given)  # type: ignore[arg-type]
    assert not Purpose.objects.exists()


def test_a_code_is_given_once_also_after_its_end(custodian: Actor) -> None:
    actions.end_purpose(custodian, a_purpose("health"))
    with pytest.raises(NotYet, match="CODELISTS-014"):
        actions.add_purpose(custodian, code="families", words=WORDS, roles=["health"], from_on=LONG_AGO)
    assert Purpose.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.update(until_on=LONG_AGO - DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.update(ended_by_ref=None)


@pytest.mark.parametrize("role", ["data-protection-officer", "organisation-administrator", "system-operator"])
def test_others_read_them_and_change_none(agency: Agency, role: str) -> None:
    made = a_purpose("case-worker")
    actor = acting(a_person(agency, role))
    assert list(queries.purposes_for(actor)) == [made]
    for deed in (
        lambda: actions.end_purpose(actor, made),
        lambda: actions.add_purpose(actor, code="more", words=WORDS, roles=[role], from_on=LONG_AGO),
        lambda: actions.load_purposes(actor, {}),
    ):
        with pytest.raises(Refused, match="CODELISTS-012"):
            deed()


def test_a_custodian_without_a_second_factor_changes_none(agency: Agency) -> None:
    with pytest.raises(Refused, match="CODELISTS-012"):
        actions.end_purpose(acting(a_person(agency, "data-custodian"), is_strong=False), a_purpose("health"))


def test_work_that_was_asked_for_a_purpose_keeps_it_only_while_it_holds(agency: Agency, worker: Account) -> None:
    """A worker takes up what was asked for in the name of whoever asked, with what holds at that moment."""
    made = a_purpose("case-worker")
    give(worker, agency, "data-custodian")
    asked = jobs.ask(acting(worker, purpose="families"), "codelists.load-areas")
    assert asked.purpose == "families"
    assert acting(worker, purpose=asked.purpose).purpose == "families"
    actions.end_purpose(local(), made)
    assert acting(worker, purpose=asked.purpose).purpose == ""
