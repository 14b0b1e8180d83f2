"""A form that is sent after the sitting ended comes back with what was typed, to the browser that sent it alone."""

import html
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from makers.agencies import a_person, an_agency
from makers.browsers import sign_in
from sarana.config.web.urls import handler403, handler404, handler500
from sarana.config.web.urls import urlpatterns as ours

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

TYPED = {
    "story": 'He said "no"\nand <left>',
    "empty": "",
    "passphrase": "do not keep me",
    "otp_code": "123456",
    "code": "654321",
    "area_code": "TH50",
}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
received: list[dict[str, str]] = []


def note(request: HttpRequest) -> HttpResponse:
    """A form of some room."""
    received.append(request.POST.dict())
    return HttpResponse("kept")


urlpatterns = [path("note/", note, name="note"), path("", include((ours, "ours")[0]))]
__all__ = ["handler403", "handler404", "handler500"]


def test_what_was_typed_comes_back_when_the_sitting_has_ended(client: Client) -> None:
    answer = client.post("/note/?a=1", TYPED, headers=FROM_OUR_PAGE)
    page = html.unescape(answer.text)
    assert answer.status_code == 401
    assert TYPED["story"] in page
    assert 'action="/note/?a=1"' in page
    assert "/sign-in/" in page
    assert answer["Cache-Control"] == "no-store"


def test_what_is_secret_does_not_come_back(client: Client) -> None:
    answer = client.post("/note/", TYPED, headers=FROM_OUR_PAGE)
    assert "do not keep me" not in answer.text
    assert "123456" not in answer.text
    assert "654321" not in answer.text
    assert 'name="area_code" value="TH50"' in answer.text
    assert "Secret words are not kept" in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
def test_a_form_of_another_site_is_led_to_the_sign_in(client: Client, site: str | None) -> None:
    answer = client.post("/note/", TYPED, headers={"Sec-Fetch-Site": site} if site else {})
    assert answer.status_code == 302


def test_a_form_whose_word_is_too_old_can_be_sent_again(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, a_person(an_agency()))
    answer = strict.post("/note/", TYPED, headers=FROM_OUR_PAGE)
    assert answer.status_code == 403
    assert TYPED["story"] in html.unescape(answer.text)
    word: Any = answer.context["csrf_token"]
    received.clear()
    again = strict.post("/note/", {**TYPED, "csrfmiddlewaretoken": str(word)}, headers=FROM_OUR_PAGE)
    assert (again.text, received[0]["story"]) == ("kept", TYPED["story"])


def test_a_forged_form_is_refused_and_not_shown_again() -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, a_person(an_agency()))
    answer = strict.post("/note/", TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "He said" not in answer.text
