"""The way of a national officer: nothing yet, stations, files that are refused and taken in, and the whole country.

And that of a provincial data officer who hands her own run over.
"""

import datetime as dt
from pathlib import Path

from bench.looking import Looker
from bench.walks import enters
from bench.walks_of_areas import command
from journeys.test_provinces_to_the_nation import PROVINCES, YEAR, load_provinces, make_centre
from makers.protected import a_run
from makers.provinces import Somewhere

COUNTRY, STATIONS, TAKE_IN = "/population/country/", "/population/stations/", "/population/country/take-in/"
OLD = YEAR - 3


def nation(looker: Looker) -> None:
    """Handing over, trusting, taking in, and the country."""
    home = looker.visitor.stage.home
    folder = home.parent / "provinces"
    is_first = not folder.exists()
    enters(looker, "National officer")
    if is_first:
        looker.open(COUNTRY, "country-unlisted")
        looker.open(STATIONS, "stations-empty")
        _prepare(looker, folder)
    enters(looker, "National officer")
    looker.open(STATIONS, "stations")
    looker.open(f"{STATIONS}trust/", "station-trust")
    looker.visitor.page.locator("main form button.primary").last.click()
    looker.look("station-trust-wrong")
    looker.open(TAKE_IN, "take-in")
    broken = bytearray((folder / "57.zip").read_bytes())
    broken[len(broken) // 2] ^= 1
    page = looker.visitor.page
    page.set_input_files("[name=file]", {"name": "handed.zip", "mimeType": "application/zip", "buffer": bytes(broken)})
    with page.expect_navigation():
        page.locator("main form button.primary").last.click()
    looker.look("take-in-refused")
    looker.open(COUNTRY, "country")
    run = home.parent / "handed-over"
    if not run.exists():
        a_run(run)
        if not (home.parent / "keys/vault/keyset.json").exists():
            command(home, "keys", "make")
    command(home, "population", "take-in", str(run))
    enters(looker, "Provincial data officer")
    looker.visitor.open("/population/?order=as-of")
    hers = next(href for href in _runs(looker) if _is_hers(looker, href))
    looker.open(f"{hers}to-nation/", "to-nation")
    with page.expect_navigation():
        page.locator("main form button.primary").last.click()
    page.locator("a[download]").wait_for(timeout=60_000)
    looker.look("to-nation-file")
    looker.open(f"{hers}to-nation/", "to-nation-with-key")


def _prepare(looker: Looker, folder: Path) -> None:
    """Four provinces: two alike, one old, one measured otherwise; all trusted and taken in at the machine."""
    home = looker.visitor.stage.home
    folder.mkdir()
    load_provinces(looker.visitor.stage)
    looker.visitor.enter_as("Organisation administrator")
    told = {"57": {}, "56": {"rise": 60}, "55": {"as_of": dt.date(OLD, 6, 30)}, "54": {"banding": "another"}}
    for province, more in told.items():
        PROVINCES.setdefault(province, f"Centre {province}")
        make_centre(looker.visitor, province)
        where, as_of = Somewhere(province), more.pop("as_of", dt.date(YEAR, 1, 1))
        run = where.run(folder / province, card={"name": f"Province {province}", "as_of": as_of}, **more)
        (folder / f"{province}.zip").write_bytes(where.file(run))
        (folder / "key.json").write_bytes(where.key_file())
        agency = ("--agency", f"{PROVINCES[province]} centre", "--area", where.area, "--digits", where.digits)
        command(home, "population", "trust-station", str(folder / "key.json"), *agency)
        command(home, "population", "take-in-handed", str(folder / f"{province}.zip"), "--year", str(as_of.year))


def _runs(looker: Looker) -> list[str]:
    """The addresses of all runs on the page."""
    found: list[str] = looker.visitor.page.evaluate(
        "() => [...document.querySelectorAll('main tbody th a')].map(a => a.getAttribute('href'))"
    )
    return found


def _is_hers(looker: Looker, href: str) -> bool:
    """Whether the officer hands this run over."""
    return looker.visitor.open(href).locator("a[href$='to-nation/']").count() > 0
