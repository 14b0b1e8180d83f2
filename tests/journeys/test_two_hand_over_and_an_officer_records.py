"""Two of an agency speak and it takes along what it owns; an officer records a breach, tells, counts and closes."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, Visitor, visiting
from journeys.test_errands_on_the_web import press
from journeys.test_first_coming import looks_well
from sarana.config.commands.entry import run

OFFICER, ADMINISTRATOR = "Data-protection officer", "Organisation administrator"
AGENCY = "Demo provincial centre"
HERE = ZoneInfo("Asia/Bangkok")
ACT = "Hand over to the agency all that it owns"
OF_A_PAGE, OF_A_LONG_PAGE = {"width": 1100, "height": 640}, {"width": 1100, "height": 900}


def in_thai(visitor: Visitor) -> None:
    """The same page in Thai."""
    visitor.read_in("th")
    visitor.page.wait_for_load_state("networkidle")


def at_the_machine(stage: Stage, *words: str | Path) -> str:
    """What the operator types, and what the machine says."""
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(stage.home), "SARANA_KEYS": str(stage.home.parent / "keys")}
    command = [Path(sys.executable).with_name("sarana"), *words]
    environment = {**os.environ, **own, "DATABASE_URL": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr


def proposes(administrator: Visitor) -> str:
    """Ask that the agency is handed over what it owns; gives the address of the proposal."""
    page = administrator.open("/settings/")
    page.get_by_role("link", name="Second words").first.click()
    page.get_by_role("link", name="Propose an act that needs two").click()
    looks_well(administrator)
    form = page.locator("form", has=page.locator("input[value=hand-over]"))
    form.locator("[name=agency]").select_option(label=AGENCY)
    with page.expect_navigation():
        form.get_by_role("button", name="Propose").click()
    looks_well(administrator)
    return page.url


def test_an_agency_of_two_takes_along_what_it_owns_and_the_manual_shows_it(
    browser: Browser, stage: Stage, tmp_path: Path
) -> None:
    file, key, out = tmp_path / "disk/agency.parcel", tmp_path / "stick/agency.key", tmp_path / "opened"
    for folder in (file.parent, key.parent):
        folder.mkdir()
    with visiting(browser, stage) as administrator, visiting(browser, stage) as officer:
        administrator.enter_as(ADMINISTRATOR)
        address = proposes(administrator)
        officer.enter_as(OFFICER)
        page = officer.open("/")
        page.get_by_role("link", name="an act that needs two people was proposed").first.click()
        page.get_by_role("link", name=ACT).first.click()
        assert page.url == address
        page.set_viewport_size(OF_A_PAGE)
        officer.take("second-word")
        in_thai(officer)
        officer.take("second-word-th")
        officer.read_in("en")
        press(page, "I agree")
        looks_well(officer)
        said = at_the_machine(stage, "leave", AGENCY, "--to", file, "--key-file", key)
        assert "Handed over" in said, said
        done = administrator.open(address.removeprefix(stage.address))
        told = done.inner_text("main")
        assert "Demo: Data-protection officer" in told
        assert "Carry it out" not in told, "it is done at the machine"
        assert [administrator.complaints, officer.complaints] == [[], []]
    assert run(["open", str(file), "--to", str(out), "--key-file", str(key)]) == 0
    assert (out / "README.txt").is_file()
    assert f"Demo: {ADMINISTRATOR}" in (out / "people.csv").read_text("utf-8")


def moment(hours_ago: float) -> str:
    """As a browser sends a day and a time."""
    return f"{dt.datetime.now(HERE) - dt.timedelta(hours=hours_ago):%Y-%m-%dT%H:%M}"


def tells(page: Page, whom: str) -> None:
    """Note that somebody was told just now."""
    row = page.get_by_role("row").filter(has_text=whom).first
    row.locator("[name=told_at]").fill(moment(0))
    with page.expect_navigation():
        row.get_by_role("button", name="Note it").click()


def test_an_officer_records_a_breach_tells_counts_and_closes_and_the_manual_shows_it(
    browser: Browser, stage: Stage
) -> None:
    with visiting(browser, stage) as officer:
        officer.enter_as(OFFICER)
        page = officer.open("/settings/")
        page.get_by_role("link", name="Breaches").first.click()
        looks_well(officer)
        page.locator("[name=agency]").select_option(label=AGENCY)
        page.locator("[name=what]").select_option("backup")
        page.locator("[name=found]").select_option("outside")
        page.locator("[name=since_at]").fill(moment(400))
        page.locator("[name=known_at]").fill(moment(30))
        page.locator("[name=file_number]").fill("2026/17")
        press(page, "Record it")
        looks_well(officer)
        expect(page.get_by_text("overdue").first).to_be_visible()
        page.set_viewport_size(OF_A_LONG_PAGE)
        officer.take("breach")
        in_thai(officer)
        officer.take("breach-th")
        officer.read_in("en")
        press(page, "Close this incident")
        expect(page.get_by_role("heading", name="Not now")).to_be_visible()
        page.go_back()
        page.reload()
        while (left := page.get_by_role("row").filter(has=page.get_by_role("button", name="Note it"))).count():
            tells(page, left.first.get_by_role("rowheader").inner_text().splitlines()[0])
        page.locator("[name=n_people]").fill("12")
        press(page, "Count")
        press(page, "Close this incident")
        expect(page.get_by_text("It stays on the list")).to_be_visible()
        page = officer.open("/settings/breaches/")
        assert "closed" in page.inner_text("main")
        assert officer.complaints == []
