"""Indicator sets in a real browser: a note, a copy, a wrong rule and a right one, an effect, and two people."""

from playwright.sync_api import Browser, Page

from journeys.stage import Stage, Visitor, visiting
from journeys.test_first_coming import looks_well
from makers.reckoned import reckoned

SETS = "/population/sets/"
NOTE = "Distance says little where the bus goes every hour."


def press_last(page: Page) -> None:
    """Press the last button of the page that does something."""
    with page.expect_navigation():
        page.locator("main button.primary").last.click()


def changes_a_rule(officer: Visitor, draft: str) -> None:
    """What cannot stand is said beside its field, and nothing typed is lost; then another weight."""
    page = officer.open(f"{draft}indicators/h01/")
    page.locator("main [name=note]").fill("Asked anew in 2026.")
    page.locator("main [name=rule_3]").fill('sex == "F"')
    press_last(page)
    assert "RISK-008" in page.inner_text("main")
    assert page.locator("main [name=note]").input_value() == "Asked anew in 2026."
    looks_well(officer)
    page = officer.open(f"{draft}indicators/h01/")
    page.locator("main [name=weight]").fill("2")
    press_last(page)


def test_an_officer_argues_changes_and_proposes_a_set_and_a_second_person_adopts_it_and_the_manual_shows_it(
    browser: Browser, stage: Stage
) -> None:
    with visiting(browser, stage) as officer:
        officer.enter_as("Provincial data officer")
        page = officer.open(SETS)
        looks_well(officer)
        page.get_by_role("link", name="chiang-mai-28").first.click()
        page.locator("main [name=indicator]").select_option("h01")
        page.locator("main [name=text]").fill(NOTE)
        page.locator("main [name=source]").fill("Study of trials, 2026")
        with page.expect_navigation():
            page.get_by_role("button", name="Leave the note").click()
        assert NOTE in page.locator("#h01").inner_text(), "it stands beside its indicator"
        looks_well(officer)

        with page.expect_navigation():
            page.get_by_role("link", name="Copy it to change it").click()
        press_last(page)
        draft = page.url.removeprefix(stage.address)
        assert "a register that this set does not have" in page.inner_text("main"), "how to add one is said"
        assert page.get_by_role("button", name="Propose that the next update use it").is_disabled()
        looks_well(officer)

        changes_a_rule(officer, draft)
        # Nobody proposes what nobody knows; the effect is reckoned by a job on a sealed run.
        reckoned(stage.home, draft.strip("/").rpartition("/")[2])
        page = officer.open(draft)
        assert "What this version would change" in page.inner_text("main")
        looks_well(officer)
        assert page.get_by_role("row", name="Noi clearly rises 4 1 to 2").is_visible()
        page.set_viewport_size({"width": 1100, "height": 1100})
        page.evaluate("() => scrollBy(0, document.querySelector('main h3').getBoundingClientRect().top - 420)")
        officer.take("set-with-effect")
        with page.expect_navigation():
            page.get_by_role("button", name="Propose that the next update use it").click()
        assert page.get_by_role("button", name="Agree: adopt it").count() == 0, "nobody agrees to her own"
        assert officer.complaints == []
    with visiting(browser, stage) as custodian:
        custodian.enter_as("Data custodian")
        page = custodian.open(draft)
        looks_well(custodian)
        with page.expect_navigation():
            page.get_by_role("button", name="Agree: adopt it").click()
        assert "adopted" in page.inner_text("main")
        looks_well(custodian)
        assert custodian.complaints == []
