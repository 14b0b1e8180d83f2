"""The year in a real browser: files, a renamed column, a crosswalk, the update; and a clock thirteen months on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, Visitor, serving, visiting
from journeys.test_errands_on_the_web import press
from learning.population.test_columns import with_other_headers
from makers.handed_province import invented

LONG = 90_000
"""So long, in milliseconds, a busy machine may take for long work."""

DAYS, TEN_MINUTES = 412, 600
CLOCK = """
import datetime, os, time_machine

def set_on():
    with open(os.environ["SARANA_TRIAL_CLOCK"]) as file:
        days = int(file.read())
    if days:
        time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).start()

set_on()
os.register_at_fork(after_in_child=set_on)
"""
"""What every process of the trial does when it starts: its clock stands as many days on as a file says."""

PAPERS = {"custodian": "Office of trials", "legal_basis": "Act of trials s. 1", "as_of": "2026-06-30"}
STRANGE = "99887766"


@dataclass(frozen=True, slots=True)
class Year:
    """A demonstration of its own, whose clock can be set on, and the files that are handed over in it."""

    stage: Stage
    folder: Path
    province: Path
    village: str

    def let_pass(self, days: int) -> None:
        """Set the clock on, and start what serves anew."""
        (self.folder / "days").write_text(str(days))
        self.stage.begin_anew()

    def keys(self, *words: str) -> None:
        """Type a command of keys, at the machine."""
        own = {"SARANA_MODE": "demo", "SARANA_HOME": str(self.stage.home), "SARANA_KEYS": str(self.folder / "keys")}
        command = [Path(sys.executable).with_name("sarana"), "keys", *words]
        subprocess.run(command, env={**os.environ, **own}, check=True, capture_output=True)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Year]:
    folder, province = tmp_path_factory.mktemp("year"), invented(tmp_path_factory)
    (folder / "clock").mkdir()
    (folder / "clock/sitecustomize.py").write_text(CLOCK)
    (folder / "days").write_text("0")
    header, first, *_rest = (line.split(",") for line in (province / "villages.csv").read_text("utf-8").splitlines())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder / "clock"))
        patch.setenv("SARANA_TRIAL_CLOCK", str(folder / "days"))
        with serving(folder, demonstration) as stage:
            yield Year(stage, folder, province, first[header.index("village_code")])


def with_a_strange_village(health: Path, folder: Path) -> Path:
    """The file of this year: SEX has another name, and twenty rows have a village that no crosswalk knows."""
    renamed = with_other_headers(health, folder, SEX="เพศ")
    header, *rows = [line.split(",") for line in renamed.read_text("utf-8").splitlines()]
    for row in rows[:20]:
        row[header.index("VHID")] = STRANGE
    renamed.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", "utf-8")
    return renamed


def register(visitor: Visitor, name: str, layout: str) -> str:
    """Register a source as a specialist does; gives the address of its page."""
    page = visitor.open("/population/sources/new/")
    for field, value in {"name": name, **PAPERS}.items():
        page.locator(f"main [name={field}]").fill(value)
    page.locator("main [name=layout]").select_option(layout)
    page.locator("main [name=is_invented]").check()
    with page.expect_navigation():
        page.locator("main button.primary").last.click()
    return page.url.removeprefix(visitor.stage.address)


def hand_over(page: Page, part: str, path: Path) -> None:
    """Send a file with the form of the page of a source."""
    page.locator("#part").select_option(part)
    page.locator("main input[type=file]").set_input_files(path)
    press(page, "Hand it over")


def look_through(visitor: Visitor, source: str, ends: str) -> None:
    """Have the files of a source looked through, and wait for the end of it."""
    page = visitor.open(source)
    press(page, "Look through them")
    expect(page.get_by_text(ends, exact=True).first).to_be_visible(timeout=LONG)


def sees_to_it(visitor: Visitor, year: Year) -> None:
    """A specialist hands over, points at a column, and says what a strange village of the crosswalk is."""
    visitor.enter_as("Data specialist")
    register(visitor, "Villages", "areas")
    hand_over(visitor.page, "villages.csv", year.province / "villages.csv")
    source = register(visitor, "Health register", "health")
    hand_over(visitor.page, "health.csv", with_a_strange_village(year.province / "health.csv", year.folder))
    hand_over(visitor.page, "crosswalk_health.csv", year.province / "crosswalk_health.csv")
    look_through(visitor, source, "did not come to its end")
    page = visitor.open(source)
    page.get_by_role("link", name="See the columns").click()
    page.wait_for_load_state("networkidle")
    assert visitor.findings() == []
    page.set_viewport_size({"width": 1100, "height": 760})
    visitor.take("columns")
    page.get_by_role("combobox", name="Column of the file SEX").select_option("เพศ")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep these columns").first.click()
    look_through(visitor, source, "done")
    page = visitor.open(source)
    page.get_by_role("link", name="Looked through on").click()
    page.get_by_label(f"Area that it means {STRANGE}").fill(year.village)
    assert visitor.findings() == []
    press(page, "Keep what was said")
    look_through(visitor, source, "done")
    page = visitor.open(source)
    page.get_by_role("link", name="Looked through on").click()
    page.wait_for_load_state("networkidle")
    assert "A run would stop here" not in page.inner_text("main")


def test_a_specialist_fixes_a_crosswalk_an_officer_makes_the_year_and_a_new_one_comes_back_and_the_manual_shows_it(
    browser: Browser, year: Year
) -> None:
    year.keys("make", "--name", "House of trials")
    year.keys("shares", "--out", str(year.folder / "sheets"))
    with visiting(browser, year.stage) as visitor:
        visitor.enter_as("Provincial data officer")
        page = visitor.open("/population/year/")
        assert "No update was started here yet" in page.inner_text("main")
        sees_to_it(visitor, year)

        visitor.enter_as("Provincial data officer")
        page = visitor.open("/population/sources/updates/")
        page.locator("main [name=name]").fill("The year of trials")
        page.locator("main [name=as_of]").fill("2026-06-30")
        page.locator("main [name=indicators]").select_option("chiang-mai-28")
        press(page, "Start it")
        expect(page.get_by_text("done", exact=True).first).to_be_visible(timeout=LONG)
        page = visitor.open("/population/year/")
        assert "The update of this year is made" in page.inner_text("main")
        page.get_by_role("link", name="The map, to read and to print").click()
        expect(page.get_by_role("heading", name="Where protection is needed first")).to_be_visible()

        # Thirteen months pass, nothing is started, and the key file is gone.
        (year.folder / "keys/vault/open.key").unlink()
        year.let_pass(DAYS)
        visitor.enter_as("Provincial data officer")
        page = visitor.open("/")
        assert f"For {DAYS} days none was started" in page.inner_text("main")
        page.get_by_role("link", name="See to the yearly update of TH50").click()
        page.wait_for_load_state("networkidle")
        assert f"The last update was started {DAYS} days ago" in page.inner_text("main")
        assert "The keys do not open by themselves" in page.inner_text("main")
        assert "see to this first" in page.locator("#lists").inner_text()
        assert "see to this first" in page.locator("#backup").inner_text()
        assert "the command setup makes one" in page.locator("#backup").inner_text(), "before a new version"
        assert visitor.findings() == []
        page.set_viewport_size({"width": 1100, "height": 900})
        visitor.take("year")
        visitor.read_in("th")
        page.wait_for_load_state("networkidle")
        visitor.take("year-th")
        visitor.read_in("en")
        page = visitor.open("/population/year/manual/")
        assert visitor.findings() == []

        # Two of three sheets bring access back, as that page says.
        began = time.monotonic()
        two = [word for n in (1, 3) for word in ("--share", str(year.folder / f"sheets/recovery-share-{n}.html"))]
        year.keys("drill", *two)
        year.keys("add", "new", "--key-file", str(year.folder / "keys/vault/open.key"), *two)
        page = visitor.open("/population/year/")
        assert "A key file lies here" in page.inner_text("main")
        assert time.monotonic() - began < TEN_MINUTES
        assert visitor.complaints == []
