"""A district officer reads the map, filters it, prints it, takes the table along, and opens an area."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from journeys.stage import WIDTHS, Stage, Visitor, visiting
from journeys.test_first_coming import looks_well
from makers.mapfiles import read_csv, said_in, said_on
from makers.protected import a_run, places_in
from sarana.methods.areas.classes import split_rates

LONG = 30_000
"""So long, in milliseconds, a busy machine may take until a worker made a file."""


def take_in(stage: Stage, folder: Path) -> None:
    """The operator takes a run in at the machine."""
    keys = stage.home.parent / "keys"
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(stage.home), "SARANA_KEYS": str(keys), "DATABASE_URL": ""}
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    made = a_run(folder, rows=as_classed, places=places_in)
    command = [Path(sys.executable).with_name("sarana"), "population", "take-in", str(made)]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def as_classed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each subdistrict in the class that its rate has by the limits of this map, so that picture and legend agree."""
    inside = [row for row in rows if row["level"] == "subdistrict" and row["rate"] is not None]
    limits = split_rates(row["rate"] for row in inside)
    for row in inside:
        row["class"] = limits.of(row["rate"])
    for n, row in enumerate(row for row in rows if row["level"] == "village" and row["rate"] is not None):
        # Villages of all classes: as many in the high band, of more people.
        scored, red = 300 + 60 * (n % 4), row["n_red"]
        rate = round(1000 * red / scored, 1)
        row |= {"n_people": scored + 50, "n_scored": scored, "n_green": scored - red - 100}
        row |= {"rate": rate, "low": rate - 2, "high": rate + 3}
    return rows


def areas_on(page: Page) -> int:
    """How many areas stand in the table."""
    return page.locator(".areas-table tbody tr").count()


def on_a_telephone(officer: Visitor) -> None:
    """On a narrow page what can be chosen is folded away, so that the map comes first."""
    page = officer.page
    district = page.get_by_label("District", exact=True)
    expect(district).to_be_visible()
    page.set_viewport_size({"width": WIDTHS["telephone"], "height": 1060})
    expect(district).to_be_hidden()
    officer.take("map-on-a-telephone")
    page.get_by_text("Choose what is shown", exact=True).click()
    expect(district).to_be_visible()
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    page.reload()


def drawn_on(page: Page) -> dict[str, str]:
    """What the patches of a map say of each area: its rate, or that it is withheld."""
    titles = (title.partition(": ") for title in page.locator(".patches title").all_text_contents())
    return {name: said.partition(" per ")[0] if " per " in said else "withheld" for name, _, said in titles}


def reads_villages(officer: Visitor) -> None:
    """She asks in which village to work: those of her district, and one subdistrict with names; on paper too."""
    page = officer.page
    page.get_by_label("Kind of area", exact=True).select_option("village")
    page.get_by_label("District", exact=True).select_option("5003")
    with page.expect_navigation():
        page.get_by_role("button", name="Show", exact=True).click()
    assert areas_on(page) == 8
    assert drawn_on(page) == {name: row[0] for name, row in said_on(page.content()).items()}
    looks_well(officer)
    page.set_viewport_size({"width": WIDTHS["telephone"], "height": 800})
    page.locator("figure.areas").scroll_into_view_if_needed()
    page.evaluate("() => scrollBy(0, document.querySelector('figure.areas').getBoundingClientRect().top - 130)")
    officer.take("map-of-villages")
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    with page.expect_navigation():
        page.get_by_role("link", name="Area 500302", exact=True).click()
    assert drawn_on(page).keys() == said_on(page.content()).keys() == {"Area 50030201", "Area 50030202"}
    expect(page.locator(".names text").first).to_have_text("Area 50030201")
    page.set_viewport_size({"width": WIDTHS["telephone"], "height": 900})
    looks_well(officer)
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    page.emulate_media(media="print")
    expect(page.locator("figure.areas svg")).to_be_visible()
    expect(page.get_by_text("One subdistrict, with the names of its villages:")).to_be_hidden()
    page.emulate_media(media="screen")


def test_an_officer_reads_filters_prints_and_takes_along(browser: Browser, stage: Stage, tmp_path: Path) -> None:
    take_in(stage, tmp_path / "run")
    with visiting(browser, stage) as officer:
        officer.enter_as("District officer")
        page = officer.open("/population/")
        page.get_by_role("link", name="Made up").click()
        looks_well(officer)
        assert areas_on(page) == 4, "her own district first"

        page.get_by_label("District", exact=True).select_option(label="all districts")
        with page.expect_navigation():
            page.get_by_role("button", name="Show", exact=True).click()
        assert "within=all" in page.url
        assert areas_on(page) == 12
        seen = said_on(page.content())
        page.evaluate("() => scrollTo(0, 340)")
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 800})
        officer.take("map-of-areas")
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
        on_a_telephone(officer)

        page.emulate_media(media="print")
        assert said_on(page.locator("main").inner_html()) == seen
        assert page.locator(".areas-table tbody tr:visible").count() == 12
        expect(page.get_by_text("Unvalidated, for planning only.").first).to_be_visible()
        expect(page.get_by_text("Take it along as a file")).to_be_hidden()
        page.emulate_media(media="screen")

        page.get_by_text("Take it along as a file").click()
        looks_well(officer)
        page.get_by_label("As", exact=True).select_option("csv")
        with page.expect_navigation():
            page.get_by_role("button", name="Make the file").click()
        looks_well(officer)
        fetch = page.get_by_role("link", name="Fetch the file")
        expect(fetch).to_be_visible(timeout=LONG)
        assert officer.findings() == []
        with page.expect_download() as coming:
            fetch.click()
        assert coming.value.suggested_filename == "sarana-TH50-subdistrict-2026-06-30-unvalidated.csv"
        assert said_in(read_csv(coming.value.path().read_bytes())) == seen

        page.get_by_role("link", name="Made up").last.click()
        reads_villages(officer)
        page.locator(".areas-table tbody a").first.click()
        expect(page.get_by_role("heading", name="How sure this is")).to_be_visible()
        looks_well(officer)
        assert officer.complaints == []
        assert officer.strangers == {stage.address.removeprefix("http://")}
