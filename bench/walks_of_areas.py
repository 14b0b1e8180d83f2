"""The way that those who plan help go through the maps of areas, so that these pages are looked at too."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from bench.looking import Looker
from bench.walks import enters, follows
from makers.protected import a_run, places_in
from sarana.methods.doors import file_hash


def planner(looker: Looker) -> None:
    """Those who plan help: no map yet, then one that was taken in, of every level, one area, and who has no door."""
    home = looker.visitor.stage.home
    enters(looker, "Analyst")
    runs = "/population/"
    if not (home.parent / "made-up").exists():
        looker.open(runs, "population-empty")
        a_run(home.parent / "made-up", n_districts=5, n_inside=12, set="chiang-mai-28", places=places_in)
    command(home, "population", "take-in", str(home.parent / "made-up"))
    looker.open(runs, "population")
    found = looker.visitor.page.locator("main tbody th a").last.get_attribute("href") or ""
    for name, asked in (("district", ""), ("subdistrict", ""), ("village", ""), ("subdistrict", "&within=5002")):
        looker.open(f"{found}?level={name}{asked}", f"population-{name}{'-within' if asked else ''}")
    looker.open(f"{found}?level=village&within=500201", "population-village-names")
    looker.open(f"{found}?level=district&group=sex%3DF&which=without-status", "population-nothing-said")
    for name, asked in (("indicator", "indicator=f02"), ("sector", "sector=education"), ("untold", "indicator=h06")):
        looker.open(f"{found}?level=subdistrict&{asked}", f"population-{name}")
    looker.open(f"{found}?level=district", "population-district")
    looker.open(follows(looker, f"{runs}areas/"), "population-area")
    looker.open(f"{found}back-tests/", "population-back-tests-empty")
    files = f"{runs}files/"
    looker.open(files, "population-files-empty")
    page = looker.visitor.open(f"{found}?level=district")
    page.locator("details.taking summary").click()
    with page.expect_navigation():
        page.locator("details.taking button").click()
    page.locator("a[download]").wait_for(timeout=60_000)
    looker.open(page.url.removeprefix(looker.visitor.stage.address), "population-file")
    looker.open(files, "population-files")
    changed(looker)
    enters(looker, "Outreach worker")
    people = f"{runs}people/"
    looker.open(people, "people-purpose")
    page = looker.visitor.open(people)
    with page.expect_navigation():
        page.locator("main form button").first.click()
    looker.open(people, "people-none")
    looker.open(f"{people}corrections/", "people-corrections-none")
    enters(looker, "Data custodian")
    looker.open("/tasks/", "tasks-none")
    enters(looker, "Investigator")
    looker.open(runs, "population-no-door")


def changed(looker: Looker) -> None:
    """A later year stands beside the first: by district, and by subdistrict, which fill pages."""
    home = looker.visitor.stage.home
    first, later = home.parent / "made-up", home.parent / "made-up-later"
    if not later.exists():
        more = {
            "after": [file_hash(first / "areas.parquet")],
            "rounded_to": 13,
            "card": {"as_of": dt.date(2027, 6, 30)},
        }
        a_run(later, n_districts=5, n_inside=12, rise=60, **more)
    command(home, "population", "take-in", str(later))
    page = looker.visitor.open("/population/")
    newest = page.locator("main tbody th a").first.get_attribute("href") or ""
    looker.open(f"{newest}changes/?chosen=5001", "population-changes-chosen")
    looker.open(f"{newest}changes/?level=subdistrict", "population-changes-pages")
    looker.open(f"{newest}?level=district", "population-district-later")


def command(home: Path, *words: str) -> None:
    """Run a command as the operator of a demonstration does.

    Raises:
        LookupError: it was refused, with what it said.
    """
    program = Path(sys.executable).with_name("sarana")
    done = subprocess.run(
        [program, *words], env={**os.environ, **_own(home)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LookupError(f"{' '.join(words)}: {' '.join(done.stderr.split())}")


def does(home: Path, what: str, *given: Path) -> None:
    """Do something in the demonstration, as Python that is given some words."""
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | _own(home)
    subprocess.run([sys.executable, "-c", what, *map(str, given)], env=environment, check=True, capture_output=True)


def _own(home: Path) -> dict[str, str]:
    """What says which demonstration it is."""
    keys = str(home.parent / "keys")
    return {"SARANA_MODE": "demo", "SARANA_HOME": str(home), "SARANA_KEYS": keys, "DATABASE_URL": ""}
