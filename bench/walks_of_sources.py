"""The way of those who hand files over: no source yet, one that is registered, its file, and the year."""

from bench.looking import Looker
from bench.walks import enters, follows, sends
from bench.walks_of_areas import command, does
from journeys.seeing import NARROW
from journeys.test_provinces_to_the_nation import load_provinces
from makers.boundary_files import ELSEWHERE, a_file

CODES = [f"TH50010{n}" for n in range(1, 8)]
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

COLLEAGUES = """
import datetime as dt
from django.utils import timezone
from sarana.config.web import start
start.start()
from sarana.basics.references import new_ref
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs.models import Job
from sarana.learning.population.models import Update
now = timezone.localtime()
centre = Agency.objects.filter(kind=Agency.Kind.PROVINCIAL_CENTRE).order_by("pk").first()
states = (
    {"state": "running", "done": 42, "total": 100, "step": 3, "n_steps": 9, "lease_until": now + dt.timedelta(days=1)},
    {"state": "stopped"},
    {"state": "failed", "code": "POPULATION-042"},
)
for at, state in enumerate(states):
    job = Job.objects.create(kind="population.update", thing=f"other {at}", asked_at=now, agency=centre, **state)
    Update.objects.create(
        agency=centre, area="TH50", name=f"Noi {2569 - at}", as_of=now.date(), indicators="chiang-mai-28",
        until=now.date(), asked_at=now - dt.timedelta(days=at), asked_by_ref=new_ref(), job_ref=job.ref,
    )
"""
"""What a colleague asked for: one year runs, one was stopped, one did not come to its end."""


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
    if looker.width == NARROW:
        does(home, COLLEAGUES)
    looker.open(f"{sources}updates/", "updates")
    year = "/population/year/"
    looker.open(year, "year")
    brings(looker)
    looker.open(f"{year}manual/", "year-manual")
    looker.open(f"{year}registers/new/", "register-new")
    sends(looker, name="Noi farms", holder="Noi office", refused_by="Noi office")
    looker.look("register-new-wrong")
    sends(looker, refused_by="")
    looker.look("registers")
    looker.open(follows(looker, f"{year}registers/", but="/new"), "register")
    activities = "/population/activities/"
    looker.open(f"{activities}new/", "activity-new")
    sends(looker, organiser="Noi office", source_line="Noi 7", n_reached="40")
    looker.look("activity-new-wrong")
    sends(looker, from_on="2026-01-10", until_on="2026-01-12", n_reached="40")
    looker.look("activities")
    looker.open("/population/", "population-officer")
    run = page.locator("main tbody a").first.get_attribute("href")
    looker.open(f"{run}changes/", "population-changes")


def brings(looker: Looker) -> None:
    """The officer brings a boundary file that is turned round, and one with holes, and puts that in force."""
    boundaries = "/population/boundaries/"
    page = looker.visitor.page
    if looker.width == NARROW:
        looker.open(boundaries, "boundaries-none")
        load_provinces(looker.visitor.stage)
    looker.open(boundaries, "boundaries")
    said = {"drawn_by": "Noi office", "as_of": "2026-01-01"}
    for content, name in ((b"{", "boundaries-wrong"), (a_file(CODES, turned=True), "boundary-turned")):
        looker.visitor.open(boundaries)
        page.set_input_files("main input[type=file]", {"name": "a", "mimeType": "text/plain", "buffer": content})
        sends(looker, **said)
        _looked_through(looker)
        looker.look(name)
    looker.visitor.open(boundaries)
    whole = a_file([*CODES, ELSEWHERE, "TH500112"], name=f"CODE_{looker.language}_{looker.width}")
    page.set_input_files("main input[type=file]", {"name": "a", "mimeType": "text/plain", "buffer": whole})
    sends(looker, **said)
    _looked_through(looker)
    looker.look("boundary")
    page.locator("main [name=knows]").check()
    with page.expect_navigation():
        page.locator("form[action$='put-in-force/'] button").click()
    looker.look("boundary-in-force")


def _looked_through(looker: Looker) -> None:
    """The page of a file says by itself what was found, once it was looked through."""
    looker.visitor.page.wait_for_selector("main [data-watch]", state="detached", timeout=60_000)
