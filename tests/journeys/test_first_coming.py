"""Journeys of signing in: an administrator invites a person who sets up a passkey; a shared computer is handed over."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, CDPSession, Error, expect

from journeys.stage import Stage, Visitor, visiting

PASSPHRASE = "eight loud mountains sing"  # noqa: S105


@pytest.fixture
def visitor(browser: Browser, stage: Stage) -> Iterator[Visitor]:
    """Somebody at a computer with a passkey of its own."""
    with visiting(browser, stage) as somebody:
        plug_in(somebody)
        yield somebody


def plug_in(somebody: Visitor) -> CDPSession:
    """A security key that is touched and given its PIN as soon as it is asked."""
    line = somebody.context.new_cdp_session(somebody.page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return line


def invited(somebody: Visitor, name: str) -> str:
    """The link that an administrator gets for a person."""
    somebody.enter_as("Organisation administrator")
    somebody.open("/settings/agencies/")
    somebody.page.get_by_role("link", name="Demo provincial centre").first.click()
    somebody.page.get_by_role("link", name="Invite a person").click()
    somebody.page.get_by_label("Name of the person").fill(name)
    somebody.page.get_by_label("Role").select_option("data-specialist")
    looks_well(somebody)
    somebody.page.get_by_role("button", name="Make the link").click()
    expect(somebody.page.locator("#link")).to_be_visible()
    looks_well(somebody)
    return somebody.page.locator("#link").inner_text()


def looks_well(somebody: Visitor) -> None:
    """The page is there whole, and axe finds nothing serious on it."""
    somebody.page.wait_for_load_state("networkidle")
    assert somebody.findings() == []


def hands_over(somebody: Visitor) -> None:
    somebody.open("/switch/")
    looks_well(somebody)
    somebody.page.get_by_role("button", name="Hand over now").click()
    expect(somebody.page.get_by_role("heading", name="Nobody is signed in")).to_be_visible()


def comes(somebody: Visitor, link: str, sign_in_name: str) -> None:
    """Open an invitation, choose a passphrase, set up the passkey and keep the sheet."""
    page = somebody.page
    page.goto(link)
    assert page.url.endswith("/invitation/"), "the word of the link left the address"
    looks_well(somebody)
    page.get_by_label("Sign-in name").fill(sign_in_name)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("The same passphrase again").fill(PASSPHRASE)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    looks_well(somebody)
    page.get_by_role("link", name="A key", exact=True).click()
    expect(page.get_by_role("heading", name="Set up a key")).to_be_visible()
    looks_well(somebody)
    page.get_by_role("button", name="Set up the key").click()
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.locator("ol.sheet li")).to_have_count(20)
    looks_well(somebody)
    page.get_by_role("link", name="I have them on paper").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_an_administrator_invites_a_person_who_sets_up_a_passkey_and_signs_in_with_it(visitor: Visitor) -> None:
    link = invited(visitor, "Noi Invented")
    hands_over(visitor)
    comes(visitor, link, "noi-passkey")
    looks_well(visitor)
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    looks_well(visitor)
    visitor.page.get_by_role("button", name="Sign in with a key").click()
    expect(visitor.page.get_by_role("heading", name="Today")).to_be_visible()
    visitor.page.goto(link)
    hands_over(visitor)
    visitor.page.goto(link)
    expect(visitor.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()
    assert [said for said in visitor.complaints if not said.startswith("Clear-Site-Data header")] == []
    assert visitor.strangers == {visitor.stage.address.removeprefix("http://")}


@pytest.mark.check("N-09")
def test_n_09_a_shared_computer_is_handed_over_and_shows_nothing_of_the_last_person(visitor: Visitor) -> None:
    link = invited(visitor, "Noi Somsri")
    hands_over(visitor)
    comes(visitor, link, "noi-somsri")
    hands_over(visitor)
    page = visitor.page
    for _ in range(4):
        with suppress(Error):  # the browser has kept nothing and says so
            page.go_back()
        page.wait_for_timeout(1000)
        assert "somsri" not in page.content().lower()
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "somsri" not in kept.lower()
    visitor.open("/sign-in/")
    page.get_by_role("button", name="Sign in with a key").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
