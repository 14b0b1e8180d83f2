"""The data-protection officer finds who looked at what; and the pictures of the manual of these three errands."""

from playwright.sync_api import Browser, expect

from journeys.stage import Stage, Visitor, visiting
from journeys.test_first_coming import hands_over, invited, looks_well

OFFICER, ADMINISTRATOR = "Data-protection officer", "Organisation administrator"


def finds(officer: Visitor, act: str) -> None:
    """Filter the list by who and what; the filters stay in the address."""
    page = officer.open("/looked/")
    looks_well(officer)
    page.get_by_label("Who", exact=True).select_option(label=f"Demo: {ADMINISTRATOR}")
    page.get_by_label("What was done", exact=True).select_option(label=act)
    with page.expect_navigation():
        page.get_by_role("button", name="Show", exact=True).click()
    assert "act=" in page.url
    looks_well(officer)


def test_the_officer_finds_who_looked_at_what_and_prints_it_without_names(browser: Browser, stage: Stage) -> None:
    with visiting(browser, stage) as administrator:
        invited(administrator, "Noi Malee")
        administrator.open("/search/?q=demo+shelter")
    with visiting(browser, stage) as officer:
        officer.enter_as(OFFICER)
        finds(officer, "A person was invited")
        page = officer.page
        rows = page.locator("main tbody tr")
        expect(rows.first).to_contain_text(f"Demo: {ADMINISTRATOR}")
        assert "Malee" not in page.inner_text("main"), "the ledger names nobody who was acted on"
        rows.first.get_by_role("link").click()
        expect(page.get_by_role("heading", name="A person was invited")).to_be_visible()
        looks_well(officer)
        page.locator("a[href^='/looked/thing/']").click()
        expect(page.get_by_role("heading", name="Who looked at this record")).to_be_visible()
        looks_well(officer)
        told = page.inner_text("main")
        assert ADMINISTRATOR in told
        assert f"Demo: {ADMINISTRATOR}" not in told, "roles and agencies, no names"
        finds(officer, "Names of agencies and of people who work here were searched")
        assert rows.count() >= 1
        assert "shelter" not in page.locator("main tbody").inner_text().lower(), "not for what"
        officer.open("/looked/?act=ledger.read")
        expect(page.locator("main tbody tr").first).to_contain_text(OFFICER)
        assert officer.complaints == []
        assert officer.strangers == {stage.address.removeprefix("http://")}


def test_the_manual_shows_inviting_handing_over_and_finding_who_looked(browser: Browser, stage: Stage) -> None:
    with visiting(browser, stage) as visitor:
        page = visitor.page
        page.set_viewport_size({"width": 1100, "height": 640})
        visitor.enter_as(ADMINISTRATOR)
        visitor.open("/settings/agencies/")
        page.get_by_role("link", name="Demo provincial centre").first.click()
        page.get_by_role("link", name="Invite a person").click()
        page.get_by_label("Name of the person").fill("Noi")
        visitor.take("invite")
        visitor.read_in("th")
        page.wait_for_load_state("networkidle")
        visitor.take("invite-th")
        visitor.read_in("en")
        hands_over(visitor)
        visitor.take("handed-over")
        visitor.read_in("th")
        page.wait_for_load_state("networkidle")
        visitor.take("handed-over-th")
        visitor.enter_as(OFFICER)
        visitor.open("/looked/")
        visitor.take("looked")
        visitor.read_in("th")
        page.wait_for_load_state("networkidle")
        visitor.take("looked-th")
