"""The way that those who plan help go through the maps of areas, so that these pages are looked at too."""

import os
import subprocess
import sys
from pathlib import Path

from bench.looking import Looker
from bench.walks import enters, follows
from makers.protected import a_run


def planner(looker: Looker) -> None:
    """Those who plan help: no map yet, then one that was taken in, of every level, one area, and who has no door."""
    home = looker.visitor.stage.home
    enters(looker, "Analyst")
    runs = "/population/"
    if not (home.parent / "made-up").exists():
        looker.open(runs, "population-empty")
        a_run(home.parent / "made-up", n_districts=5, n_inside=8)
    command(home, "population", "take-in", str(home.parent / "made-up"))
    looker.open(runs, "population")
    found = follows(looker, runs)
    for name, asked in (("district", ""), ("subdistrict", ""), ("village", ""), ("subdistrict", "&within=5002")):
        looker.open(f"{found}?level={name}{asked}", f"population-{name}{'-within' if asked else ''}")
    looker.open(f"{found}?level=district&group=sex%3DF&which=without-status", "population-nothing-said")
    looker.open(f"{found}?level=district", "population-district")
    looker.open(follows(looker, f"{runs}areas/"), "population-area")
    files = f"{runs}files/"
    looker.open(files, "population-files-empty")
    page = looker.visitor.open(f"{found}?level=district")
    page.locator("details.taking summary").click()
    with page.expect_navigation():
        page.locator("details.taking button").click()
    page.locator("a[download]").wait_for(timeout=60_000)
    looker.open(page.url.removeprefix(looker.visitor.stage.address), "population-file")
    looker.open(files, "population-files")
    enters(looker, "Investigator")
    looker.open(runs, "population-no-door")


def command(home: Path, *words: str) -> None:
    """Run a command as the operator of a demonstration does."""
    own = {
        "SARANA_MODE": "demo",
        "SARANA_HOME": str(home),
        "SARANA_KEYS": str(home.parent / "keys"),
        "DATABASE_URL": "",
    }
    program = Path(sys.executable).with_name("sarana")
    subprocess.run([program, *words], env={**os.environ, **own}, check=True, capture_output=True)
