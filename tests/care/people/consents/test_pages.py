"""What a person agreed to is seen, given and taken back on pages, by those who may know of her and by nobody else."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, local
from makers.identities import TwoHouses, keys_that_open, two_houses
from makers.photographs import a_person_of, added, masked_of
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.care.consent.models import Consent
from sarana.care.people import queries as people
from sarana.care.people.models import Handed, Person
from sarana.care.people.photographs import queries
from sarana.ground.accounts.models import Account
from sarana.ground.codelists.loading import load_all_purposes
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.ground.vault.identities.models import Basis, Shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(tmp_path: Path, settings: Any) -> TwoHouses:
    """Two agencies in an installation whose keys open."""
    keys_that_open(tmp_path, settings)
    settings.SARANA_HOME = tmp_path / "home"
    settings.SARANA_HOME.mkdir()
    load_all_purposes(local())
    return two_houses(now=dt.datetime.now(dt.UTC))


def comes(actor: Actor, purpose: str | None = None) -> Client:
    """A browser of whoever acts, with her purpose or another one."""
    return come_in(Account.objects.get(ref=actor.account_ref), purpose=actor.purpose if purpose is None else purpose)


def terms(houses: TwoHouses, **more: Any) -> dict[str, Any]:
    """What is read by whom, as a browser sends it."""
    until = (houses.worker.today + dt.timedelta(days=30)).isoformat()
    said = {"recipient": str(houses.theirs.ref), "tiers": ["names"], "purpose": "justice", "until": until}
    return {**said, **more}


def agreed(houses: TwoHouses, **more: Any) -> dict[str, Any]:
    """What she agreed to, as a browser sends it."""
    said = {
        "language": "shn",
        "explained": "interpreter",
        "explained_by": str(houses.worker.account_ref),
        "agreed_by": "self",
        "evidence": "signed",
    }
    return {**terms(houses), **said, **more}


def gives(houses: TwoHouses, person: Person, **more: Any) -> Consent:
    """She agrees, on the page."""
    done = comes(houses.worker).post(reverse("people:consent-give", args=[person.ref]), agreed(houses, **more))
    assert done.status_code == 302, done.content.decode()
    return Consent.objects.latest("pk")


def test_it_is_given_seen_in_plain_words_and_taken_back_without_purpose_and_keys(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    made = gives(houses, person)
    assert people.tiers_given(houses.police, person) == {"names"}
    page = comes(houses.worker).get(reverse("people:consents", args=[person.ref])).content.decode()
    for words in ("Police unit", "who it is: names, birth and papers", "Shan", "through an interpreter", "signed"):
        assert words in page
    for file in places.store().folder.rglob("*.json"):
        file.unlink()
    back = reverse("people:consent-take-back", args=[made.ref])
    unpurposed = comes(houses.supervisor, "")
    assert unpurposed.get(reverse("people:consents", args=[person.ref])).status_code == 200
    assert unpurposed.post(back, {"how": "by magic"}).status_code == 422
    assert unpurposed.post(back, {"how": "spoken"}).status_code == 302
    assert not Shared.objects.exists()
    page = unpurposed.get(reverse("people:consents", args=[person.ref])).content.decode()
    assert "taken back" in page
    assert "The person said so" in page
    acts = Entry.objects.filter(action__startswith="consent.").order_by("id").values_list("action", flat=True)
    assert list(acts) == ["consent.given", "consent.withdrawn"]


@pytest.mark.parametrize("door", ["consents", "consent-give", "share-by-law", "consent-take-back", "share-end"])
def test_who_is_kept_closed_is_reached_through_consents_by_nobody_who_is_not_assigned(
    houses: TwoHouses, door: str
) -> None:
    person = a_person_of(houses, level=Person.Level.CLOSED)
    made = gives(houses, person)
    law = a_decision(houses, person)
    refs = {"consent-take-back": made.ref, "share-end": law.ref}
    address = reverse(f"people:{door}", args=[refs.get(door, person.ref)])
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    before = [list(model.objects.values()) for model in (Consent, Basis)]
    sent = {**agreed(houses), "ground": "order", "how": "spoken"}
    for other in (colleague, houses.supervisor, houses.police, houses.outsider):
        client = comes(other)
        answer = client.get(address) if door == "consents" else client.post(address, sent)
        assert answer.status_code == 404, other
        assert person.code not in answer.content.decode()
    for role in ("data-protection-officer", "system-operator", "analyst"):
        client = come_in(a_person(houses.ours, role, name=role))
        answer = client.get(address) if door == "consents" else client.post(address, sent)
        assert answer.status_code in (403, 404), role
    assert [list(model.objects.values()) for model in (Consent, Basis)] == before


def a_decision(houses: TwoHouses, person: Person) -> Basis:
    """By law, whoever decided it."""
    return Basis.objects.create(
        subject=person.subject, agency_ref=houses.ours.ref, recipient_ref=houses.theirs.ref, kind="law",
        tiers="names", purpose="justice", begins_at=houses.worker.now, ground="order",
        until=houses.worker.today + dt.timedelta(days=9), decided_by_ref=houses.supervisor.account_ref,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"tiers": ["images"]}, "images is not one of the available choices"),
        ({"tiers": []}, "This field is required"),
        ({"recipient": ""}, "This field is required"),
        ({"until": "2020-01-01"}, "CONSENT-002"),
        ({"until": "2099-01-01"}, "CONSENT-002"),
        ({"language": "xx"}, "xx is not one of the available choices"),
        ({"explained_by": "00000000-0000-4000-8000-000000000000"}, "is not one of the available choices"),
    ],
)
def test_terms_that_nobody_can_agree_to_are_told_beside_what_was_typed(
    houses: TwoHouses, more: dict[str, Any], told: str
) -> None:
    person = a_person_of(houses)
    answer = comes(houses.worker).post(reverse("people:consent-give", args=[person.ref]), agreed(houses, **more))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_supervisor_decides_by_law_and_a_case_worker_does_not(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    address = reverse("people:share-by-law", args=[person.ref])
    assert comes(houses.worker).post(address, terms(houses, ground="order")).status_code == 403
    assert "without the person's agreement" not in page_of(houses.worker, person)
    assert "without the person's agreement" in page_of(houses.supervisor, person)
    assert comes(houses.supervisor).post(address, terms(houses)).status_code == 422
    assert comes(houses.supervisor).post(address, terms(houses, ground="danger")).status_code == 302
    basis = Basis.objects.get()
    assert (basis.kind, basis.ground) == ("law", "danger")
    assert "life or health is in danger" in page_of(houses.supervisor, person)
    assert comes(houses.worker, "").post(reverse("people:share-end", args=[basis.ref])).status_code == 302
    assert not Shared.objects.exists()


def page_of(actor: Actor, person: Person) -> str:
    """The page of what she agreed to."""
    return str(comes(actor).get(reverse("people:consents", args=[person.ref])).content.decode())


def test_the_end_of_a_decision_by_law_ends_no_consent(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    made = gives(houses, person)
    assert comes(houses.worker).post(reverse("people:share-end", args=[made.basis.ref])).status_code == 404
    assert Basis.objects.get().ended_at is None


def test_another_agency_sees_what_it_may_read_and_nothing_once_it_ended(houses: TwoHouses) -> None:
    person, hidden = a_person_of(houses), a_person_of(houses)
    made = gives(houses, person, tiers=["names", "masked"])
    given = reverse("people:given")
    page = comes(houses.police).get(given).content.decode()
    assert person.code in page
    assert hidden.code not in page
    assert "photographs in which face and marks are hidden" in page
    assert person.code not in comes(houses.outsider).get(given).content.decode()
    comes(houses.worker).post(reverse("people:consent-take-back", args=[made.ref]), {"how": "written"})
    assert person.code not in comes(houses.police).get(given).content.decode()


def test_a_masked_copy_is_seen_by_the_agency_to_which_it_was_given_until_that_ends(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    original = queries.get_photograph(houses.worker, added(houses.worker, person.ref).ref)
    first, second = masked_of(houses.worker, original), masked_of(houses.worker, original)
    made = gives(houses, person, tiers=["masked"])
    hand = reverse("people:masked-hand", args=[first.ref])
    assert comes(houses.worker).post(hand, {"basis": "nothing"}).status_code == 422
    assert comes(houses.worker).post(hand, {"basis": str(made.basis.ref)}).status_code == 302
    assert comes(houses.worker).post(hand, {"basis": str(made.basis.ref)}).status_code == 302
    assert Handed.objects.count() == 1
    police = comes(houses.police)
    listed = police.get(reverse("people:photographs", args=[person.ref])).content.decode()
    show = [reverse("people:masked-show", args=[each.ref]) for each in (first, second)]
    assert (show[0] in listed, show[1] in listed, str(original.ref) in listed) == (True, False, False)
    assert [police.post(each).status_code for each in show] == [200, 404]
    for door in ("photograph-show", "photograph-mask", "photograph-remove"):
        assert police.post(reverse(f"people:{door}", args=[original.ref])).status_code == 404
    for door in ("masked-take", "masked-hand"):
        assert police.post(reverse(f"people:{door}", args=[first.ref])).status_code == 404
    comes(houses.worker).post(reverse("people:consent-take-back", args=[made.ref]), {"how": "spoken"})
    assert police.post(show[0]).status_code == 404


def test_who_agreed_to_no_masked_photographs_has_none_given(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    made = gives(houses, person)
    copy = masked_of(houses.worker, queries.get_photograph(houses.worker, added(houses.worker, person.ref).ref))
    answer = comes(houses.worker).post(reverse("people:masked-hand", args=[copy.ref]), {"basis": str(made.basis.ref)})
    assert (answer.status_code, "PEOPLE-054" in answer.content.decode()) == (409, True)
    assert not Handed.objects.exists()
