"""The pages of photographs: a picture is seen on one page of its own making, and at no address."""

import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person
from makers.faces import FACE_COLOUR, NEAR, a_photograph, nearness
from makers.identities import TwoHouses, let_read
from makers.photographs import a_person_of
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.care.people.models import MaskedCopy, Person, Photograph
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities import files
from sarana.methods.pictures import reading
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db


def comes(actor: Actor, purpose: str = "help") -> Client:
    """A browser of whoever acts, with her purpose."""
    return come_in(Account.objects.get(ref=actor.account_ref), purpose=purpose)


def sends(client: Client, person: Person, data: bytes, **more: Any) -> Any:
    """Send a photograph with the form of the page."""
    form = {"kind": "injury", "file": SimpleUploadedFile("malee at home.jpg", data), "whole": "1", **more}
    return client.post(reverse("people:photograph-add", args=[person.ref]), form)


def pictures_in(answer: Any) -> list[bytes]:
    """The pictures within a page."""
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', answer.content.decode())
    return [base64.b64decode(each) for each in found]


def boxes(do: str, *lines: tuple[float, ...], total: int = 4) -> dict[str, Any]:
    """The form of boxes as a browser sends it."""
    sent: dict[str, Any] = {"do": do, "boxes-TOTAL_FORMS": total, "boxes-INITIAL_FORMS": 0}
    for number, line in enumerate(lines):
        sent |= {f"boxes-{number}-{name}": value for name, value in zip(WORDS, line, strict=False)}
    return sent


WORDS = ("left", "top", "width", "height")
FACE = (40, 30, 20, 30)


def test_a_photograph_is_sent_shown_and_hidden_in_without_script(houses: TwoHouses) -> None:
    person, client = a_person_of(houses), comes(houses.worker)
    assert sends(client, person, a_photograph()).status_code == 302
    made = Photograph.objects.get()
    listed = client.get(reverse("people:photographs", args=[person.ref]))
    assert (listed.status_code, pictures_in(listed)) == (200, [])
    assert "malee" not in listed.content.decode()
    seen = client.post(reverse("people:photograph-show", args=[made.ref]))
    assert (seen.status_code, seen["Cache-Control"]) == (200, "no-store")
    assert nearness(pictures_in(seen)[0]) < NEAR
    mask = reverse("people:photograph-mask", args=[made.ref])
    looked = client.post(mask, boxes("look", FACE))
    original, preview = sorted(pictures_in(looked), key=nearness)
    assert nearness(original) < NEAR < nearness(preview)
    assert 'x="40.00" y="30.00" width="20.00" height="30.00"' in looked.content.decode()
    assert client.post(mask, boxes("keep", FACE)).status_code == 302
    copy = MaskedCopy.objects.get()
    shown = client.post(reverse("people:masked-show", args=[copy.ref]))
    assert [nearness(each) > NEAR for each in pictures_in(shown)] == [True]
    taken = client.post(reverse("people:masked-take", args=[copy.ref]))
    assert taken["Content-Disposition"] == f'attachment; filename="{person.code}-{copy.ref.hex[:8]}.jpg"'
    assert (taken["Content-Type"], taken["Cache-Control"]) == ("image/jpeg", "no-store")
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert taken.content == pictures_in(shown)[0]
    acts = Entry.objects.filter(action__startswith="people.").order_by("id").values_list("action", flat=True)
    assert list(acts) == [
        "people.entered",
        "people.photograph-added",
        "people.photographs-listed",
        "people.photograph-shown",
        "people.photograph-shown",
        "people.photograph-shown",
        "people.masked-made",
        "people.masked-shown",
        "people.masked-taken",
    ]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (boxes("keep"), "PICTURES-009"),
        (boxes("look", (10, 10, 0, 5)), "PICTURES-010"),
        (boxes("look", (10, 10, 20)), "Fill in all four numbers"),
        (boxes("look", (10, 10, 20, 200)), "less than or equal to 100"),
        (boxes("look", ("x", 1, 1, 1)), "Enter a number"),
        (boxes("look", FACE, total=5_000), "at most 100"),
    ],
)
def test_boxes_that_hide_nothing_are_told_in_one_sentence_and_nothing_is_kept(
    houses: TwoHouses, sent: dict[str, Any], told: str
) -> None:
    person, client = a_person_of(houses), comes(houses.worker)
    sends(client, person, a_photograph())
    answer = client.post(reverse("people:photograph-mask", args=[Photograph.objects.get().ref]), sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not MaskedCopy.objects.exists()


def test_more_lines_for_boxes_keep_what_was_typed(houses: TwoHouses) -> None:
    person, client = a_person_of(houses), comes(houses.worker)
    sends(client, person, a_photograph())
    answer = client.post(reverse("people:photograph-mask", args=[Photograph.objects.get().ref]), boxes("more", FACE))
    page = answer.content.decode()
    assert (answer.status_code, page.count('<fieldset class="box">')) == (200, 8)
    assert 'name="boxes-0-left" value="40"' in page


@pytest.mark.parametrize(
    ("data", "more", "told"),
    [
        (b"nothing", {}, "PICTURES-002"),
        (b"", {}, "PICTURES-001"),
        (a_photograph(), {"kind": "selfie"}, "Say what the photograph shows"),
        (b"x" * 3_000_000, {}, "PICTURES-004"),
    ],
)
def test_what_is_no_photograph_is_told_on_the_page_and_leaves_nothing(
    houses: TwoHouses, data: bytes, more: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarana.care.people.photographs.taking.MOST_BYTES", 2_000_000)
    person = a_person_of(houses)
    answer = sends(comes(houses.worker), person, data, **more)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Photograph.objects.exists()
    assert not files.folder().exists()


def test_a_photograph_larger_than_other_files_comes_whole(houses: TwoHouses, settings: Any) -> None:
    data = a_photograph() + bytes(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    assert len(data) < reading.MOST_BYTES
    assert sends(comes(houses.worker), a_person_of(houses), data).status_code == 302
    assert Photograph.objects.count() == 1


@pytest.mark.check("A-14")
def test_without_a_purpose_or_a_door_nothing_is_shown(houses: TwoHouses) -> None:
    person, client = a_person_of(houses, level=Person.Level.CLOSED), comes(houses.worker)
    sends(client, person, a_photograph())
    ref = Photograph.objects.get().ref
    show, listed = reverse("people:photograph-show", args=[ref]), reverse("people:photographs", args=[person.ref])
    assert client.get(show).status_code == 405, "it has no address that a browser keeps"
    asked = comes(houses.worker, "").post(show)
    assert (pictures_in(asked), "/purposes/" in asked.content.decode()) == ([], True)
    for other in (houses.supervisor, houses.outsider, houses.police):
        stranger = comes(other, other.purpose)
        assert (stranger.post(show).status_code, stranger.get(listed).status_code) == (404, 404)
    officer = come_in(a_person(houses.ours, "data-protection-officer", name="Officer"))
    assert (officer.post(show).status_code, officer.get(listed).status_code) == (403, 403)


def test_nobody_adds_a_photograph_to_a_person_whom_another_agency_gave(houses: TwoHouses) -> None:
    person, client = a_person_of(houses), comes(houses.police, houses.police.purpose)
    assert sends(client, person, a_photograph()).status_code == 404
    let_read(houses, person.ref, Tier.NAMES, Tier.MASKED)
    assert client.get(reverse("people:person", args=[person.ref])).status_code == 200
    assert sends(client, person, a_photograph()).status_code == 404
    assert not Photograph.objects.exists()


def test_what_colour_the_face_has_is_seen_by_this_test() -> None:
    assert nearness(a_photograph()) < NEAR < nearness(a_photograph(colour=(0, 0, 0)), FACE_COLOUR)
