"""The way of those who hand files over: no source yet, one that is registered, its file, and the year."""

from bench.looking import Looker
from bench.walks import enters, sends
from bench.walks_of_areas import command
from journeys.seeing import NARROW

VILLAGES = b"code,name\n1,A\n"
PAPERS = {
    "name": "Noi villages",
    "custodian": "Noi office",
    "legal_basis": "Noi act",
    "as_of": "2026-09-30",
    "agreement": "noi-1",
    "agreement_until": "2029-09-30",
    "impact_assessment": "noi-2",
}
"""What somebody types; `Noi` stands for whatever it is."""


def specialist(looker: Looker) -> None:
    """A data specialist registers a source and hands a file over; an officer looks what is ready for the year."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters(looker, "Data specialist")
    sources = "/population/sources/"
    looker.open(sources, "sources")
    looker.open(f"{sources}new/", "source-register")
    page = looker.visitor.page
    sends(looker, **{**PAPERS, "agreement": ""})
    looker.look("source-register-wrong")
    page.locator("main select[name=layout]").select_option("areas" if looker.width == NARROW else "dmc")
    page.locator("main [name=agreement]").fill(PAPERS["agreement"])
    with page.expect_navigation():
        page.locator("main button.primary").last.click()
    looker.look("source")
    found = page.url.removeprefix(looker.visitor.stage.address)
    page.locator("main input[type=file]").set_input_files(
        {"name": "noi-villages.csv", "mimeType": "text/csv", "buffer": VILLAGES}
    )
    with page.expect_navigation():
        page.locator("main form[enctype] button.primary").click()
    looker.look("source-with-a-file")
    looker.open(f"{found}change/", "source-change")
    enters(looker, "Provincial data officer")
    looker.open(sources, "sources-officer")
    looker.open(f"{sources}updates/", "updates")
    looker.open("/population/", "population-officer")
    run = page.locator("main tbody a").first.get_attribute("href")
    looker.open(f"{run}changes/", "population-changes")
