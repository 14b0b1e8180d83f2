"""Errands with people: find and reveal, judge and undo, follow an alarm, change keys, and see nothing elsewhere."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, Visitor, serving, visiting
from journeys.test_errands_on_the_web import LONG, press
from journeys.test_first_coming import looks_well
from journeys.test_two_hand_over_and_an_officer_records import at_the_machine

HELP = "This is why: Help a person"
SAID_YES = "3100600445566"
"""The number of the paper of the invented person who said yes to being asked about: มาลี ใจดี of the social office."""


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Stage]:
    """A demonstration with its invented people."""
    with serving(tmp_path_factory.mktemp("helped"), demonstration) as stage:
        at_the_machine(stage, "keys", "make", "--name", "The demonstration")
        at_the_machine(stage, "demo", "--people")
        yield stage


def comes(visitor: Visitor, role: str, agency: str, why: str = HELP) -> Page:
    """Choose a role in an agency of the demonstration, go to People, and say what for."""
    visitor.open("/demonstration/")
    visitor.read_in("en")
    row = visitor.page.locator("tr").filter(has_text=agency)
    with visitor.page.expect_navigation():
        row.get_by_role("button", name=role, exact=True).click()
    visitor.read_in("en")
    page = visitor.open("/people/")
    if why:
        press(page, why)
    return page


def searched(visitor: Visitor, words: str) -> Page:
    """Type words into the search of people."""
    page = visitor.open("/people/search/")
    page.get_by_label("Name", exact=False).first.fill(words)
    press(page, "Search")
    return page


def test_a_case_worker_finds_a_thai_name_by_a_latin_spelling_and_reveals_it(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped) as worker:
        page = comes(worker, "Case worker", "Demo social welfare office")
        looks_well(worker)
        page = searched(worker, "malee jai dee")
        assert "malee" not in page.url
        assert "มาลี" not in page.content()
        looks_well(worker)
        worker.take("people-found")
        page.locator("main tbody a").first.click()
        looks_well(worker)
        assert "มาลี ใจดี" not in page.content(), "a code, until it is asked for"
        press(page, "Show who this is")
        expect(page.get_by_text("Malee Jaidee").or_(page.get_by_text("มาลี ใจดี")).first).to_be_visible()
        looks_well(worker)
        worker.take("a-person-who-is-helped")
        assert worker.complaints == []


def test_a_supervisor_judges_two_records_and_takes_it_back(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped, width=360, is_touched=True) as supervisor:
        page = comes(supervisor, "Supervisor", "Demo social welfare office")
        page = supervisor.open("/people/alike/")
        looks_well(supervisor)
        page.locator("main tbody a").first.click()
        press(page, "Show who both are")
        expect(page.get_by_text("มาลี ใจดี").first).to_be_visible()
        expect(page.get_by_text("Malee Jaidee").first).to_be_visible()
        looks_well(supervisor)
        page.set_viewport_size({"width": 1100, "height": 1240})
        supervisor.take("two-records")
        page.set_viewport_size({"width": 360, "height": 900})
        page.get_by_label("the same person", exact=True).check()
        press(page, "Keep this answer")
        expect(page.get_by_text("Kept: the same person.")).to_be_visible()
        n_found = searched(supervisor, "malee jaidee").locator("main tbody tr").count()
        page = supervisor.open("/people/alike/")
        press(page, page.get_by_role("button", name="Take it back").first.inner_text().replace("\n", " "))
        expect(page.get_by_text("Both records stand as they stood before.")).to_be_visible()
        assert searched(supervisor, "malee jaidee").locator("main tbody tr").count() == n_found + 1
        assert supervisor.complaints == []


def test_on_a_telephone_day_month_and_year_of_a_birth_stand_beside_one_another(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped, width=360, is_touched=True) as worker:
        comes(worker, "Case worker", "Demo social welfare office")
        page = worker.open("/people/new/")
        for language in ("en", "th"):
            worker.read_in(language)
            parts = [page.locator(f"[name=birth-{name}]").bounding_box() for name in ("day", "month", "year")]
            assert len({part["y"] for part in parts if part}) == 1, "in one line"
            assert all(part and part["width"] >= 80 for part in parts), "four digits are seen whole"
            page.fill("[name=birth-day]", "31")
            page.fill("[name=birth-month]", "2")
            page.fill("[name=birth-year]", "1997")
            with page.expect_navigation():
                page.locator("main button.primary").last.click()
            wrong = page.locator(".is-wrong:has([name=birth-day])").bounding_box()
            assert wrong
            assert wrong["width"] > 250, "what is wrong is read across the whole line"
            looks_well(worker)
            page = worker.open("/people/new/")
        assert worker.complaints == []


def test_another_agency_sees_nothing_and_asks_without_a_name(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped) as worker:
        page = comes(worker, "Case worker", "Demo social welfare office")
        page = searched(worker, "pimchai saengthong")
        assert not page.locator("main tbody tr").count(), "she is kept by the shelter alone"
        page = searched(worker, SAID_YES)
        page.locator("main tbody a").first.click()
        address = page.url
        page = worker.open(f"{address.removeprefix(helped.address)}question/")
        looks_well(worker)
        press(page, "Ask")
        expect(page.get_by_text("If nobody calls, that tells nothing.").first).to_be_visible()
        looks_well(worker)
        assert worker.complaints == []
    with visiting(browser, helped) as police:
        page = comes(police, "Investigator", "Demo police unit", "This is why: Investigate and prosecute")
        gone = police.page.goto(address)
        assert gone is not None
        assert gone.status == 404
        page = searched(police, "malee jaidee")
        assert not page.locator("main tbody tr").count()
        assert police.complaints == []


def test_a_custodian_changes_the_keys_while_others_work(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped) as custodian, visiting(browser, helped) as worker:
        comes(worker, "Case worker", "Demo social welfare office")
        page = comes(custodian, "Data custodian", "Demo social welfare office", "")
        page = custodian.open("/settings/keys/")
        looks_well(custodian)
        custodian.take("keys-of-an-agency")
        page.locator("summary", has_text="Change the keys").first.click()
        press(page, "Change them now")
        looks_well(custodian)
        work = page
        page = searched(worker, "malee jaidee")
        page.locator("main tbody a").first.click()
        press(page, "Show who this is")
        expect(page.get_by_text("Malee Jaidee").or_(page.get_by_text("มาลี ใจดี")).first).to_be_visible()
        # The page of the work tells by itself that it came to its end.
        expect(work.get_by_text("done", exact=True)).to_be_visible(timeout=LONG)
        expect(work.get_by_role("cell", name="Sealed with the new keys:")).to_be_visible()
        looks_well(custodian)
        assert worker.complaints == []
        assert custodian.complaints == []


def test_an_officer_follows_an_alarm_that_a_lure_raised(browser: Browser, helped: Stage) -> None:
    with visiting(browser, helped) as supervisor:
        page = comes(supervisor, "Supervisor", "Demo social welfare office")
        page = supervisor.open("/people/lures/")
        page.get_by_label("An invented name").fill("Zenobia Lurewell")
        press(page, "Enter it")
        looks_well(supervisor)
    with visiting(browser, helped) as worker:
        comes(worker, "Case worker", "Demo social welfare office")
        page = searched(worker, "zenobia lurewell")
        page.locator("main tbody a").first.click()
        press(page, "Show who this is")
    due = "from sarana.config.web import start as s; s.start(); s.door('sarana.ground.jobs.schedule.ask_for_due')()"
    keys = str(helped.home.parent / "keys")
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(helped.home), "SARANA_KEYS": keys, "DATABASE_URL": ""}
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    subprocess.run([sys.executable, "-c", due], env=environment, check=True, capture_output=True)
    with visiting(browser, helped) as officer:
        officer.open("/demonstration/")
        officer.read_in("en")
        row = officer.page.locator("tr").filter(has_text="Demo social welfare office")
        with officer.page.expect_navigation():
            row.get_by_role("button", name="Data-protection officer", exact=True).click()
        officer.read_in("en")
        page = officer.open("/tasks/")
        page.locator("main tbody a").first.click()
        press(page, "Take it")
        page.get_by_role("link", name="Open the page where it is done").click()
        expect(page.get_by_text("Demo: Case worker").first).to_be_visible()
        assert "Zenobia" not in page.content()
        looks_well(officer)
        officer.take("an-alarm")
        assert officer.complaints == []
