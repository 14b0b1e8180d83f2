"""A national officer trusts two provinces, takes their files in, and sees the country with those that are missing."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from journeys.stage import Stage, Visitor, visiting
from journeys.test_first_coming import looks_well
from makers.provinces import Somewhere
from sarana.methods.population.protected_tables import ProtectedRun

PROVINCES = {"57": "Chiang Rai", "56": "Phayao"}
YEAR = dt.datetime.now(dt.UTC).year
"""Of this year, so that nothing is stale whenever this runs."""


@pytest.fixture
def handed(tmp_path: Path) -> dict[str, tuple[Somewhere, bytes]]:
    """What two provinces hand over, each signed with a key of its own."""
    found = {}
    for rise, (province, name) in enumerate(PROVINCES.items()):
        where = Somewhere(province)
        card = {"name": f"{name}, yearly update", "as_of": dt.date(YEAR, 1, 1)}
        run: ProtectedRun = where.run(tmp_path / province, n_districts=4 + rise, n_inside=6, rise=9 * rise, card=card)
        found[province] = (where, where.file(run))
    return found


def load_provinces(stage: Stage) -> None:
    """The operator loads the list of areas of the country."""
    keys = stage.home.parent / "keys"
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(stage.home), "SARANA_KEYS": str(keys), "DATABASE_URL": ""}
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    command = [Path(sys.executable).with_name("sarana"), "codelists", "load", "TH"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def press(page: Page, name: str) -> None:
    """Press a button that leads to a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def make_centre(visitor: Visitor, province: str) -> None:
    """The administrator makes the agency of a province."""
    page = visitor.open("/settings/agencies/")
    page.get_by_role("link", name="Demo provincial centre").first.click()
    page.get_by_role("link", name="Make an agency under it").click()
    page.fill("[name=name]", f"{PROVINCES[province]} centre")
    page.fill("[name=name_local]", f"ศูนย์จังหวัด {province}")
    page.select_option("[name=kind]", "provincial-centre")
    page.fill("[name=country]", "TH")
    page.fill("[name=areas]", f"TH{province}")
    press(page, "Make it")


def trusts(page: Page, where: Somewhere, heard: str) -> None:
    """The officer enters the file with the key, and the digits that she heard."""
    if page.get_by_role("link", name="Trust another one").count():
        page.get_by_role("link", name="Trust another one").click()
    page.get_by_label("Agency and province").select_option(label=f"{PROVINCES[where.province]} centre ({where.area})")
    page.set_input_files("[name=key]", {"name": "k.json", "mimeType": "application/json", "buffer": where.key_file()})
    page.get_by_label("The forty digits that you heard").fill(heard)
    press(page, "Compare and trust")


def sends(page: Page, content: bytes) -> None:
    """The officer sends the file of a province."""
    page.set_input_files("[name=file]", {"name": "handed.zip", "mimeType": "application/zip", "buffer": content})
    press(page, "Take it in")


def test_a_national_officer_takes_in_two_provinces(
    browser: Browser, stage: Stage, handed: dict[str, tuple[Somewhere, bytes]]
) -> None:
    load_provinces(stage)
    with visiting(browser, stage) as administrator:
        administrator.enter_as("Organisation administrator")
        for province in PROVINCES:
            make_centre(administrator, province)
    with visiting(browser, stage) as officer:
        officer.enter_as("National officer")
        page = officer.open("/population/stations/")
        (first, file), (second, other) = handed.values()
        trusts(page, first, second.digits)
        assert "Nothing was accepted" in page.inner_text("main")
        looks_well(officer)
        trusts(page, first, first.digits)
        trusts(page, second, second.digits)
        assert second.digits in page.inner_text("main")
        looks_well(officer)

        page = officer.open("/population/country/take-in/")
        broken = bytearray(file)
        broken[len(file) // 2] ^= 1
        sends(page, bytes(broken))
        assert "POPULATION-071" in page.inner_text("main")
        looks_well(officer)
        sends(page, file)
        page = officer.open("/population/country/take-in/")
        sends(page, other)

        assert "/population/country/" in page.url
        table = page.locator(".areas-table tbody tr")
        names = table.locator("th").all_inner_texts()
        assert set(PROVINCES.values()) <= set(names)
        main = page.inner_text("main")
        assert "Nan" in main, "a province of which nothing is here stands by name"
        assert "Together" in main
        looks_well(officer)
        officer.take("whole-country")

        page.get_by_role("link", name="Chiang Rai").click()
        assert "Chiang Rai, yearly update" in page.inner_text("main")
        page = officer.open("/population/country/take-in/")
        sends(page, file)
        assert "POPULATION-080" in page.inner_text("main")
        assert officer.complaints == []
        assert officer.strangers == {stage.address.removeprefix("http://")}
