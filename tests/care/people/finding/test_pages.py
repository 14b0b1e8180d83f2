"""The page of search: words are posted and stand in no address; what else is known stays there."""

import pytest
from django.test import Client

from care.people.finding.test_finding import enter
from makers.agencies import a_person
from makers.identities import TwoHouses
from makers.purposes import a_purpose
from makers.sittings import come_in
from sarana.care.people.finding import files
from sarana.care.people.models import Person
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.policy import HELPERS

pytestmark = pytest.mark.django_db
PAGE = "/people/search/"


@pytest.fixture
def client(houses: TwoHouses) -> Client:
    """The browser of a case worker who stated her purpose."""
    a_purpose(*HELPERS, code="help")
    return come_in(Account.objects.get(ref=houses.worker.account_ref), purpose="help")


def test_who_is_found_stands_there_by_code_and_first_letters_and_why(houses: TwoHouses, client: Client) -> None:
    malee = enter(houses, "มาลี ใจดี", number="1234567890121", year=1999, level=Person.Level.PROTECTED)
    said = client.post(PAGE, {"words": "malee jaidee born:2542"})
    page = said.content.decode()
    assert said.status_code == 200
    for text in (malee.code, "ม. ใจ.", "sure", "a name that sounds alike", "the year of birth", "those assigned"):
        assert text in page, text
    assert "มาลี" not in page
    assert "likely" in client.post(PAGE, {"words": "malee jaidee"}).content.decode(), "a name alone is never sure"
    by_number = client.post(PAGE, {"number": "1-2345-67890-12-1"}).content.decode()
    assert "sure" in by_number
    assert "the number of a paper" in by_number
    assert ("autofocus" in page, "autofocus" in client.get(PAGE).content.decode()) == (False, True), "found, above"
    nobody = client.post(PAGE, {"words": "zqxnobody"}).content.decode()
    assert "Nobody whom you may know of" in nobody


def test_words_stand_in_no_address_and_what_else_is_known_does(houses: TwoHouses, client: Client) -> None:
    enter(houses, "Malee Jaidee", year=1999)
    sent = {"words": "Zqxmalee", "phone": "0812345678", "sex": "female", "age_from": "20", "age_to": "30"}
    page = client.post(PAGE, sent).content.decode()
    assert "sex=female" in page
    assert "age_from=20" in page
    action = page.split('<form method="post" action="')[-1].split('"')[0]
    for word in ("Zqxmalee", "0812345678", "zqxmalee"):
        assert word not in action
    again = client.get(PAGE, {"sex": "female", "age_from": "20", "age_to": "30", "words": "Zqxmalee"}).content.decode()
    assert 'value="female" selected' in again
    assert 'value="20"' in again
    assert "Zqxmalee" not in again, "an address with words fills nothing in"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Write a name, a number or a telephone"),
        ({"words": "a:b malee"}, "nothing that one can search by"),
        ({"words": "malee", "born": "soon"}, "cannot be read"),
        ({"words": "malee", "age_from": "30", "age_to": "20"}, "less than the first age"),
        ({"words": "malee", "place": "Nowhere-at-all"}, "No area"),
        ({"words": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_searched_is_said_and_nothing_typed_is_lost(
    houses: TwoHouses, client: Client, sent: dict[str, str], says: str
) -> None:
    said = client.post(PAGE, sent)
    assert said.status_code == 422
    assert says in said.content.decode()
    assert sent.get("words", "") in said.content.decode()
    assert not Entry.objects.filter(action="people.searched").exists()


def test_while_the_file_is_made_the_page_says_so(houses: TwoHouses, client: Client) -> None:
    enter(houses, "Malee Jaidee")
    for path in files.lying(houses.ours.ref).values():
        path.unlink()
    said = client.post(PAGE, {"words": "malee"})
    assert said.status_code == 422
    assert "is being made anew" in said.content.decode()


def test_the_field_at_the_top_leads_there_for_those_who_help(houses: TwoHouses, client: Client) -> None:
    assert f'href="{PAGE}"' in client.get("/search/?q=alice").content.decode()
    operator = come_in(a_person(houses.ours, "system-operator", name="Opal"))
    assert f'href="{PAGE}"' not in operator.get("/search/?q=alice").content.decode()
    assert operator.get(PAGE).status_code == 403
