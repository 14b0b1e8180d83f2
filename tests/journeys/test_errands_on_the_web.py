"""Errands in a real browser: a sitting that ends while somebody types, and long work that is watched and stopped."""

from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, visiting
from makers.lists import pcodes

NAME, LOCAL = "Ban “Rak” <second> & last", "บ้านรักหลังที่สอง"
LONG = 60_000
"""So long, in milliseconds, a busy machine may take for a country's areas."""


def test_what_is_typed_survives_the_end_of_the_sitting(browser: Browser, stage: Stage) -> None:
    """An administrator makes an agency; her sitting ends before she sends the form; she signs in in another tab."""
    with visiting(browser, stage) as visitor:
        visitor.enter_as("Organisation administrator")
        page = visitor.open("/settings/agencies/")
        page.get_by_role("link", name="Demo provincial centre").first.click()
        page.get_by_role("link", name="Make an agency under it").click()
        page.fill("[name=name]", NAME)
        page.fill("[name=name_local]", LOCAL)
        page.select_option("[name=kind]", "shelter")
        page.fill("[name=country]", "TH")
        visitor.context.clear_cookies(name="sarana")
        with page.expect_navigation():
            page.get_by_role("button", name="Make it").click()
        assert "Your sitting has ended" in page.inner_text("h1")
        assert visitor.findings() == []
        page.get_by_text("Show what is kept").click()
        assert NAME in page.inner_text("main")
        assert LOCAL in page.inner_text("main")

        other = visitor.context.new_page()
        other.goto(stage.at("/demonstration/"))
        with other.expect_navigation():
            other.get_by_role("button", name="Organisation administrator", exact=True).first.click()
        other.close()

        # The word against forgery changed with the sign-in: the first try says so, and still loses nothing.
        for _ in range(2):
            if (again := page.get_by_role("button", name="Send it again")).count():
                with page.expect_navigation():
                    again.click()
        assert NAME in page.inner_text("main")
        visitor.open("/search/?q=Ban+%E2%80%9CRak")
        assert page.get_by_role("link", name=NAME).count() == 1
        assert visitor.complaints == []


def press(page: Page, name: str) -> None:
    """Press a button that leads to a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_custodian_loads_areas_stops_goes_on_after_a_restart_and_brings_districts(
    browser: Browser, stage: Stage
) -> None:
    with visiting(browser, stage) as visitor:
        visitor.enter_as("Data custodian")
        page = visitor.open("/settings/lists/")
        assert "not loaded yet" in page.inner_text("main")
        press(page, "Load the areas of countries")
        # The page is not loaded again: it tells by itself how far the work is.
        expect(page.get_by_text("runs", exact=True)).to_be_visible(timeout=LONG)
        assert visitor.findings() == []
        press(page, "Stop")
        expect(page.get_by_text("stopped", exact=True)).to_be_visible(timeout=LONG)
        stage.begin_anew()
        page.reload()
        expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=LONG)
        press(page, "Go on")
        expect(page.get_by_text("Put the areas of Thailand in force")).to_be_visible(timeout=LONG)
        press(page, "Stop")
        expect(page.get_by_text("stopped", exact=True)).to_be_visible(timeout=LONG)

        page = visitor.open("/settings/lists/areas/?country=TH&q=chiang+mai&level=1")
        assert "เชียงใหม่" in page.inner_text("main")
        assert visitor.findings() == []

        page = visitor.open("/settings/lists/bring/")
        page.select_option("[name=country]", "LA")
        page.set_input_files("[name=table]", {"name": "lao.csv", "mimeType": "text/csv", "buffer": pcodes()})
        press(page, "Read the table")
        assert "District 1-1" in page.inner_text("main")
        assert visitor.findings() == []
        press(page, "Put in force")
        page = visitor.open("/settings/lists/areas/?country=LA&level=2")
        assert page.get_by_role("row").count() == 37
        assert visitor.complaints == []
