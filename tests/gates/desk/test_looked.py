"""Who looked and what was done: each sees what is hers to see, and that she looked is written down."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency, local
from makers.browsers import a_signed_in
from makers.purposes import a_purpose
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists import actions as actions_of_purposes
from sarana.ground.ledger import actions
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
PAGES = ("", "mine/", "questions/", "team/", "kept/")


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def alice(agency: Agency) -> Account:
    return a_person(agency, name="Alice")


@pytest.fixture
def dana(agency: Agency) -> Account:
    """The data-protection officer."""
    return a_person(agency, "data-protection-officer", name="Dana")


def signed_in(account: Account) -> Client:
    """A browser in which somebody signed in with a second factor."""
    return a_signed_in(account)[0]


def shown(client: Client, address: str) -> str:
    """A page that is there."""
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def looked_now(account: Account, n: int = 1) -> Entry:
    """An account opened something just now."""
    who = acting(account, now=timezone.localtime())
    return [actions.record_opening(who, "person", uuid4(), owner_agency_ref=min(who.agency_refs)) for _ in range(n)][-1]


def test_the_officer_reads_what_was_done_and_that_is_written_down(alice: Account, dana: Account) -> None:
    entry = looked_now(alice)
    page = shown(signed_in(dana), "/looked/")
    assert "Alice" in page
    assert str(entry.ref) in page
    read = Entry.objects.latest("id")
    assert (read.action, read.actor_ref, read.n_things > 1) == ("ledger.read", dana.ref, True)


@pytest.mark.check("G-03")
@pytest.mark.parametrize("page", ["", "mine/", "questions/", "team/"])
def test_each_page_is_one_line(alice: Account, dana: Account, page: str) -> None:
    looked_now(alice)
    client = signed_in(dana)
    before = Entry.objects.count()
    shown(client, f"/looked/{page}")
    assert Entry.objects.count() == before + 1


def test_whoever_is_no_officer_is_led_to_her_own_acts(alice: Account, dana: Account) -> None:
    looked_now(dana)
    own = looked_now(alice)
    client = signed_in(alice)
    assert client.get("/looked/")["Location"] == "/looked/mine/"
    page = shown(client, "/looked/mine/")
    assert str(own.ref) in page
    assert "Dana" not in page


def test_filters_stay_in_the_address_and_find_what_they_say(alice: Account, dana: Account) -> None:
    entry, other = looked_now(alice), looked_now(dana)
    client = signed_in(dana)
    day = timezone.localdate().isoformat()
    page = shown(
        client, f"/looked/?person={alice.ref}&act=ledger.opened&since={day}&until={day}&thing={entry.thing_ref}"
    )
    assert str(entry.ref) in page
    assert str(other.ref) not in page
    assert f'value="{day}"' in page
    assert "Take a filter away" in shown(client, f"/looked/?person={alice.ref}&refused=on")


def test_a_purpose_stands_in_words_and_is_found_by_them_also_when_it_ended(alice: Account, dana: Account) -> None:
    purpose = a_purpose("case-worker")
    who = acting(alice, purpose="families", now=timezone.localtime())
    entry = actions.record_opening(who, "person", uuid4(), owner_agency_ref=min(who.agency_refs))
    other = looked_now(alice)
    actions_of_purposes.end_purpose(local(), purpose)
    client = signed_in(dana)
    page = shown(client, "/looked/?purpose=families")
    assert (str(entry.ref) in page, str(other.ref) in page) == (True, False)
    assert '<option value="families" selected>Find families</option>' in page
    assert "Find families" in shown(client, f"/looked/act/{entry.ref}/")
    report = shown(client, f"/looked/thing/{entry.thing_ref}/")
    assert '<td data-label="Purpose">Find families</td>' in report


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("thing=no-reference", "A reference has 32 letters"),
        ("since=2026-02-31", "Enter a valid date"),
        ("since=2026-03-02&until=2026-03-01", "lies before the first one"),
        ("person=somebody", "Select a valid choice"),
        ("act=none", "Select a valid choice"),
        ("after=nothing", "What was done"),
        ("purpose=no-such-purpose", "Select a valid choice"),
    ],
)
def test_bad_filters_are_told_in_words_and_show_nothing(dana: Account, asked: str, told: str) -> None:
    assert told in shown(signed_in(dana), f"/looked/?{asked}")


def test_pages_follow_each_other_down_to_the_first_act(alice: Account, dana: Account) -> None:
    last = looked_now(alice, 60)
    client = signed_in(dana)
    first = shown(client, f"/looked/?person={alice.ref}")
    assert str(last.ref) in first
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = shown(client, f"/looked/{older}")
    assert "To the newest" in second
    assert str(last.ref) not in second
    refs = list(map(str, Entry.objects.filter(actor_ref=alice.ref).values_list("ref", flat=True)))
    assert all((ref in first) != (ref in second) for ref in refs)


def test_one_act_is_shown_to_the_officer_and_hidden_from_others(agency: Agency, alice: Account, dana: Account) -> None:
    entry = looked_now(alice)
    assert str(entry.thing_ref) in shown(signed_in(dana), f"/looked/act/{entry.ref}/")
    elsewhere = a_person(an_agency("Another house"), "data-protection-officer", name="Eve")
    for account in (a_person(agency, name="Bob"), elsewhere):
        client = signed_in(account)
        hidden, absent = client.get(f"/looked/act/{entry.ref}/"), client.get(f"/looked/act/{uuid4()}/")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        noted = Entry.objects.filter(actor_ref=account.ref, code="LEDGER-009")
        assert {each.thing_ref for each in noted} >= {entry.ref}


def test_an_access_report_shows_no_workers_name(alice: Account, dana: Account) -> None:
    entry = looked_now(alice)
    page = shown(signed_in(dana), f"/looked/thing/{entry.thing_ref}/")
    assert "Case worker" in page
    assert "Alice" not in page
    refused = signed_in(alice).get(f"/looked/thing/{entry.thing_ref}/")
    assert (refused.status_code, b"LEDGER-011" in refused.content) == (403, True)


def test_numbers_by_name_are_for_herself_and_her_leader(agency: Agency, alice: Account, dana: Account) -> None:
    bob, leader = a_person(agency, name="Bob"), a_person(agency, "supervisor", name="Zoe")
    looked_now(bob, 5)
    looked_now(alice, 2)
    page = shown(signed_in(leader), "/looked/team/")
    assert page.index("Alice") < page.index("Bob")
    assert "Alice" not in shown(signed_in(bob), "/looked/team/")
    assert "Alice" not in shown(signed_in(dana), "/looked/team/")


def test_what_is_worth_a_question_is_said_with_care(alice: Account, dana: Account) -> None:
    looked_now(alice, 2)
    thing = uuid4()
    who = acting(alice, now=timezone.localtime())
    for _time in range(20):
        actions.record_opening(who, "person", thing)
    page = shown(signed_in(dana), "/looked/questions/")
    assert "It begins a conversation, not a sanction" in page
    assert "Alice opened one and the same record 20 times" in page


@pytest.mark.check("L-08")
def test_the_list_costs_as_many_statements_for_sixty_acts_as_for_two(alice: Account, dana: Account) -> None:
    looked_now(alice, 2)
    client = signed_in(dana)
    shown(client, "/looked/")
    with CaptureQueriesContext(connection) as few:
        shown(client, "/looked/")
    looked_now(alice, 60)
    with CaptureQueriesContext(connection) as many:
        shown(client, "/looked/")
    assert len(many) <= len(few) <= 30


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_in_thai(dana: Account, page: str) -> None:
    answer = signed_in(dana).get(f"/looked/{page}", headers={"Accept-Language": "th"})
    assert answer.status_code == 200
