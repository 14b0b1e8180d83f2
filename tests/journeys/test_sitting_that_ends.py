"""A sitting that ends while somebody types: in a real browser nothing of it is lost."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import path
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from makers.agencies import PASSPHRASE, a_person, an_agency
from sarana.config.web import urls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

STORY = "He said “no”.\nThen <he> left & came back. นายสมชาย"
FORM = """{% extends "pages/base.html" %}{% block title %}Note{% endblock %}{% block heading %}Note{% endblock %}
{% block content %}<form method="post">{% csrf_token %}<label for="story">Story</label>
<textarea id="story" name="story"></textarea><button type="submit" id="send">Send</button></form>{% endblock %}"""
received: list[str] = []


def note(request: HttpRequest) -> HttpResponse:
    """A form of some room, which keeps what it is sent."""
    if request.method == "POST":
        received.append(request.POST["story"])
        return HttpResponse("<!doctype html><title>Kept</title><p>Kept.")
    get_token(request)
    return HttpResponse(engines["django"].from_string(FORM).render({}, request))


urlpatterns = [path("note/", note), *urls.urlpatterns]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sign_in(page: Page, address: str, name: str) -> None:
    """Sign in by name and passphrase, on the page of the house."""
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSPHRASE)
    with page.expect_navigation():
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()


def test_what_is_typed_survives_the_end_of_the_sitting(live_server: LiveServer, page: Page) -> None:
    alice, address = a_person(an_agency()), live_server.url.replace("127.0.0.1", "localhost")
    sign_in(page, address, alice.sign_in_name)
    page.goto(f"{address}/note/")
    page.fill("#story", STORY)
    page.context.clear_cookies(name="sarana")
    with page.expect_navigation():
        page.click("#send")
    assert "Your sitting has ended" in page.inner_text("h1")
    assert received == []

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    sign_in(opened.value, address, alice.sign_in_name)
    opened.value.close()

    # The word against forgery changed with the sign-in: the first try says so, and still loses nothing.
    for _ in range(2):
        if not received:
            with page.expect_navigation():
                page.get_by_role("button", name="Send it again").click()
    assert [text.replace("\r\n", "\n") for text in received] == [STORY]
    received.clear()
