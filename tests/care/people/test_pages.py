"""The pages about people: a list of codes, somebody entered without a script, and who she is when it is asked for."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from care.people.conftest import comes, typed
from makers.agencies import a_person, acting
from makers.identities import TwoHouses, let_read
from sarana.care.people import actions, opening
from sarana.care.people.actions import Facts
from sarana.care.people.models import Assigned, Person, Relation
from sarana.care.people.values import BirthOf, Contact, DocumentOf, Names, Story, WayOf, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.actions.erasing import hold
from sarana.ground.vault.identities.models import Subject
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db

MALEE = Names(
    (checked_name("มาลี ใจดี"),),
    BirthOf(1997, 3, 4),
    (DocumentOf("passport", "AA1234567", "MM", held_by="withheld"),),
)
WAYS = Contact((WayOf("line", "malee-line", safety="safe"),), address="behind the temple")
STORY = Story("I was unlucky with the broker.", "Medicine for the heart")


def entered(houses: TwoHouses, names: Names = MALEE, **facts: Any) -> Person:
    return actions.enter(houses.worker, houses.ours.ref, Facts(**facts), names, WAYS, STORY)


def acts_of(client: Client, path: str, **form: Any) -> list[str]:
    """What is written down when a form is sent."""
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = client.post(path, form)
    assert answer.status_code in (200, 302), answer.content.decode()
    return list(Entry.objects.filter(pk__gt=last).order_by("pk").values_list("action", flat=True))


def test_somebody_is_entered_listed_by_a_code_and_named_when_it_is_asked_for(houses: TwoHouses) -> None:
    client = comes(houses.worker)
    assert client.get("/people/new/").status_code == 200
    made = client.post("/people/new/", typed(facts__nationalities=["Myanmar (Burma)", "TH"], facts__languages=["Shan"]))
    assert made.status_code == 302, made.content.decode()
    person = Person.objects.get()
    assert (person.nationalities, person.languages, person.sex) == (["MM", "TH"], ["shn"], "female")
    listed = client.get("/people/").content.decode()
    assert person.code in listed
    assert "ม. ใจ." in listed
    assert "มาลี" not in listed
    page = client.get(made["Location"]).content.decode()
    assert "มาลี" not in page
    revealed = client.post(f"/people/{person.ref}/name/").content.decode()
    assert "มาลี ใจดี" in revealed
    assert "มาลี" not in client.get(made["Location"]).content.decode()


def test_each_opening_is_one_line_of_its_own(houses: TwoHouses) -> None:
    person, client = entered(houses), comes(houses.worker)
    for part, act in (("name", opening.REVEALED), ("contact", opening.REACHED), ("story", opening.STORY)):
        assert acts_of(client, f"/people/{person.ref}/{part}/") == [act, opening.SEEN]
    page = client.post(f"/people/{person.ref}/name/").content.decode()
    assert "AA1234567" in page
    assert "Somebody withholds papers from this person." in page
    assert "4 March 1997" in page
    assert "malee-line" in client.post(f"/people/{person.ref}/contact/").content.decode()
    assert "unlucky with the broker" in client.post(f"/people/{person.ref}/story/").content.decode()


@pytest.mark.check("A-14")
def test_who_stated_no_purpose_is_asked_for_one_and_who_has_no_door_is_refused(houses: TwoHouses) -> None:
    person = entered(houses)
    for path in ("/people/", "/people/new/", f"/people/{person.ref}/"):
        page = comes(replace(houses.worker, purpose="nothing")).get(path)
        assert "For what do you open people?" in page.content.decode()
    analyst = replace(acting(a_person(houses.ours, "analyst", name="Ann")), purpose="help")
    assert comes(analyst).get("/people/").status_code == 403
    assert "/people/" not in comes(analyst).get("/system/").content.decode()
    assert "/people/" in comes(houses.worker).get("/system/").content.decode()


def test_another_agency_is_shown_only_what_a_basis_lets_it_read(houses: TwoHouses) -> None:
    person = entered(houses)
    hidden = comes(houses.police)
    assert hidden.get(f"/people/{person.ref}/").status_code == 404
    let_read(houses, person.ref, Tier.NAMES)
    assert person.code in hidden.get("/people/?of=given").content.decode()
    page = hidden.get(f"/people/{person.ref}/").content.decode()
    assert "Show who this is" in page
    assert "Ways to reach" not in page
    assert "Show the ways" not in page
    assert "What was told" not in page
    assert "Who works with" not in page
    assert "มาลี ใจดี" in hidden.post(f"/people/{person.ref}/name/").content.decode()
    assert "malee-line" not in hidden.post(f"/people/{person.ref}/contact/").content.decode()
    assert "unlucky" not in hidden.post(f"/people/{person.ref}/story/").content.decode()
    for part in ("names", "contact", "story", "facts"):
        assert hidden.post(f"/people/{person.ref}/change/{part}/", {"version": "1"}).status_code == 404
    for path in ("working/", "relations/"):
        assert hidden.post(f"/people/{person.ref}/{path}", {"other": person.code}).status_code == 404
    assert hidden.get(f"/people/{person.ref}/erase/").status_code == 404


def test_the_list_and_a_page_ask_as_much_however_many_people_there_are(houses: TwoHouses) -> None:
    first, client = entered(houses), comes(houses.worker)
    client.get("/people/")
    wall = WALL if connection.vendor == "postgresql" else 0
    most = {"/people/": LIST + wall, "/people/?of=newest": LIST + wall, f"/people/{first.ref}/": PAGE + wall}
    before = {path: asked(client, path) for path in most}
    for _time in range(4):
        entered(houses)
    assert {path: asked(client, path) for path in most} == before
    assert all(before[path] <= most[path] for path in most), before


LIST, PAGE, WALL = 16, 20, 14
"""So many statements at most, those of the sitting and of the frame among them; the second wall asks its own."""


def asked(client: Client, path: str) -> int:
    """How many statements a page takes."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_a_list_is_cut_into_pages_and_says_how_many_there_are(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarana.care.people.views.looking.SHOWN", 2)
    people = [entered(houses) for _ in range(3)]
    page = comes(houses.worker).get("/people/?of=newest").content.decode()
    assert "3 people whom you may open." in page
    assert [each.code in page for each in people] == [False, True, True]
    assert 'rel="next"' in page


def test_who_works_with_a_person_is_assigned_and_ended(houses: TwoHouses) -> None:
    person, client = entered(houses, level=Person.Level.CLOSED), comes(houses.worker)
    colleague = a_person(houses.ours, "shelter", name="Colleague")
    here = f"/people/{person.ref}/"
    assert "Colleague" in client.get(here).content.decode()
    refused = client.post(f"{here}working/{houses.worker.account_ref}/end/")
    assert refused.status_code == 422
    assert "Assign somebody else first." in refused.content.decode()
    for wrong in ("", "nonsense", str(houses.police.account_ref)):
        assert client.post(f"{here}working/", {"account": wrong}).status_code == 422
    assert acts_of(client, f"{here}working/", account=str(colleague.ref)) == ["people.assigned"]
    ended = client.post(f"{here}working/{houses.worker.account_ref}/end/")
    assert ended["Location"] == "/people/", "she opens for the actor no more"
    assert [row.account_ref for row in Assigned.objects.all()] == [colleague.ref]
    assert client.get(here).status_code == 404


def test_relations_are_written_down_by_code_and_taken_back(houses: TwoHouses) -> None:
    mother, son, client = entered(houses), entered(houses), comes(houses.worker)
    here = f"/people/{mother.ref}/"
    for form in (
        {},
        {"kind": "parent"},
        {"kind": "parent", "other": "SR-NOBODY"},
        {"kind": "nobody", "other": son.code},
    ):
        assert client.post(f"{here}relations/", form).status_code == 422
    wrong = client.post(f"{here}relations/", {"kind": "parent", "other": mother.code})
    assert "This cannot be said of these two." in wrong.content.decode()
    assert acts_of(client, f"{here}relations/", kind="parent", other=son.code.lower()) == ["people.related"]
    assert "child: <a" in client.get(here).content.decode()
    made = Relation.objects.get()
    assert acts_of(client, f"{here}relations/{made.ref}/end/") == ["people.unrelated"]
    assert client.post(f"{here}relations/{made.ref}/end/").status_code == 404


def test_erasing_takes_two_steps_and_a_hold_stops_it(houses: TwoHouses) -> None:
    person, client = entered(houses), comes(houses.supervisor)
    here = f"/people/{person.ref}/"
    assert comes(houses.worker).get(f"{here}erase/").status_code == 404
    assert "Erase" not in comes(houses.worker).get(here).content.decode()
    assert client.post(f"{here}hold/", {"reason": "court", "review_on": "2020-01-01"}).status_code == 422
    held = acts_of(client, f"{here}hold/", reason="court", review_on=str(houses.worker.today.replace(year=2027)))
    assert held == ["vault.identity-held"]
    assert client.post(f"{here}erase/", {}).status_code == 422
    first = client.post(f"{here}erase/", {"reason": "own-request"})
    assert first.status_code == 200
    assert "Type the code of this person" in first.content.decode()
    assert client.post(f"{here}erase/", {"reason": "own-request", "code": "SR-WRONG"}).status_code == 422
    stopped = client.post(f"{here}erase/", {"reason": "own-request", "code": person.code})
    assert stopped.status_code == 409
    assert Person.objects.exists()
    assert acts_of(client, f"{here}let-go/") == ["vault.identity-hold-ended"]
    done = acts_of(client, f"{here}erase/", reason="own-request", code=person.code.lower())
    assert done == ["vault.identity-erased"]
    assert (Person.objects.count(), Subject.objects.count()) == (0, 0)
    for path in (here, f"{here}erase/", f"{here}hold/"):
        assert client.get(path).status_code == 404


def test_what_was_changed_while_somebody_is_held_is_shown_whole_to_the_custodian_alone(houses: TwoHouses) -> None:
    person, worker = entered(houses), comes(houses.worker)
    here = f"/people/{person.ref}/"
    court = replace(houses.custodian, purpose="own-request")
    assert "Changed since" not in comes(court).get(f"{here}hold/").content.decode()
    review = houses.worker.today.replace(year=2027)
    hold(houses.supervisor, person.ref, reason=Subject.Held.COURT, review_on=review)
    ways = (WayOf("phone", "0899999999", safety="unsafe"),)
    actions.change(houses.worker, person.ref, Contact(ways=ways), version=1)
    actions.change(houses.worker, person.ref, Contact(), version=2)
    actions.change(houses.worker, person.ref, Names((checked_name("Lek"),)), version=1)
    custodian = comes(court)
    assert "Changed since" in custodian.get(f"{here}hold/").content.decode()
    page = custodian.post(f"{here}earlier/").content.decode()
    assert "0899999999" in page
    assert "Version 2" in page
    assert "มาลี ใจดี" in page, "names as they were, and no empty form"
    assert "names-0-text" not in page
    assert Entry.objects.filter(action="vault.identity-earlier-opened", purpose="own-request").count() == 1
    assert "This is why" in comes(houses.custodian).post(f"{here}earlier/").content.decode()
    assert comes(houses.supervisor).post(f"{here}earlier/").status_code == 403
    assert worker.post(f"{here}earlier/").status_code == 404
    assert "0899999999" not in worker.get(here).content.decode()


def test_the_custodian_comes_by_the_code_and_sees_nothing_else(houses: TwoHouses) -> None:
    person, client = entered(houses), comes(houses.custodian)
    assert client.get("/people/").status_code == 403
    assert comes(houses.worker).get("/people/ending/").status_code == 403
    for wrong in ("", "SR-NOBODY"):
        assert client.post("/people/ending/", {"code": wrong}).status_code == 422
    assert client.post("/people/ending/", {"code": person.code})["Location"] == f"/people/{person.ref}/hold/"
    page = client.get(f"/people/{person.ref}/hold/").content.decode()
    assert person.code in page
    assert "ม. ใจ." not in page
    answer = client.post(f"/people/{person.ref}/erase/", {"reason": "kept", "code": person.code})
    assert answer["Location"] == "/people/ending/"
