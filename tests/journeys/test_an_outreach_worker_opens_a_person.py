"""An outreach worker opens a person of her area for a purpose, and asks for help; the custodian hands on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from journeys.stage import Stage, serving, visiting
from journeys.test_first_coming import looks_well
from makers.few import a_run_of_people


def with_people(stage: Stage, run: Path) -> None:
    """The operator makes keys and takes a run in, which lays its few people out."""
    keys = stage.home.parent / "keys"
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(stage.home), "SARANA_KEYS": str(keys), "DATABASE_URL": ""}
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    program = Path(sys.executable).with_name("sarana")
    for words in (("keys", "make", "--name", "House of trials"), ("population", "take-in", str(run))):
        subprocess.run([program, *words], env=environment, check=True, capture_output=True)


def opens(browser: Browser, stage: Stage) -> str:
    """The outreach worker: a purpose, a list without need, a person, her name, and a word that help is needed now."""
    with visiting(browser, stage) as worker:
        worker.enter_as("Outreach worker")
        page = worker.open("/population/")
        page.get_by_role("link", name="People of your area").click()
        expect(page.get_by_role("heading", name="For what do you open people?")).to_be_visible()
        looks_well(worker)
        with page.expect_navigation():
            page.get_by_role("button", name="This is why: Invite people at risk to services").click()
        looks_well(worker)
        places = page.locator("main tbody a").evaluate_all("all => all.map(each => each.pathname)")
        for place in places:
            worker.open(place)
            if page.locator("main tbody").count():
                break
        looks_well(worker)
        assert "band" not in page.locator("main tbody").inner_text().lower()
        page.emulate_media(media="print")
        expect(page.locator("main tbody")).to_be_hidden()
        page.emulate_media(media="screen")
        page.locator("main tbody a").first.click()
        expect(page.get_by_text("No band may limit anybody's travel, papers, work or benefits.")).to_be_visible()
        expect(page.get_by_text("A protected reason", exact=True)).to_be_visible()
        looks_well(worker)
        worker.take("a-person")
        with page.expect_navigation():
            page.get_by_role("button", name="Show the name and the house").click()
        expect(page.get_by_text("It is shown this once")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="The index")).to_be_hidden()
        page.emulate_media(media="screen")
        with page.expect_navigation():
            page.get_by_role("button", name="Refer this person now").click()
        expect(page.get_by_text("Asked. The custodian of the data refers this person today.")).to_be_visible()
        expect(page.get_by_text("It is shown this once")).to_have_count(0)
        code = page.locator("h1 code").inner_text()
        assert worker.complaints == []
        return code


def hands_on(browser: Browser, stage: Stage, code: str) -> None:
    """The custodian, on a telephone: what waits on Today, the same person with all that is protected, and the end."""
    with visiting(browser, stage, width=360) as custodian:
        custodian.enter_as("Data custodian")
        page = custodian.open("/")
        page.get_by_role("link", name="Somebody is to be referred now").click()
        looks_well(custodian)
        page.locator("main tbody a").last.click()
        looks_well(custodian)
        with page.expect_navigation():
            page.get_by_role("button", name="Take it", exact=True).click()
        task = page.url
        page.get_by_role("link", name="Open the page where it is done").click()
        with page.expect_navigation():
            page.get_by_role("button", name="This is why: Answer a person's own request").click()
        expect(page.locator("h1 code")).to_have_text(code)
        expect(page.get_by_text("A protected reason", exact=True)).to_have_count(0)
        looks_well(custodian)
        page.goto(task)
        page.get_by_label("What became of it").select_option("handed-on")
        with page.expect_navigation():
            page.get_by_role("button", name="End it").click()
        expect(page.get_by_text("Ended. It waits for nobody any more.")).to_be_visible()
        assert custodian.complaints == []


def test_an_outreach_worker_opens_a_person_and_the_custodian_hands_on(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, demonstration: Path
) -> None:
    with serving(tmp_path, demonstration) as stage:
        with_people(stage, a_run_of_people(tmp_path_factory))
        hands_on(browser, stage, opens(browser, stage))
