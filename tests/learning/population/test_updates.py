"""Yearly updates in the browser: the chain as a job, sealed, with its protected tables on the map."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.agencies import a_person, acting, give, local
from makers.boundaries import a_list, brought
from makers.boundary_files import around_villages
from makers.counted import on_one
from makers.handed import a_profile, keep
from makers.handed_province import an_office, handed_over, invented, with_strange_sex
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.loading import load_all_purposes
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.learning.population.boundaries import actions as boundaries
from sarana.learning.population.models import BoundaryFile, Figure, Run, Update
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.pairs.actions import judge, open_pair
from sarana.learning.population.pairs.filling import jobs as filling
from sarana.learning.population.pairs.keeping import seal_rows_of_one
from sarana.learning.population.pairs.laying import open_queue, read_pair
from sarana.learning.population.pairs.models import Pair, Verdict
from sarana.learning.population.pairs.queries import left_for, queues_for
from sarana.learning.population.showing import STEP
from sarana.learning.population.sources import actions
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updates.actions import CODE
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.engine import Engine
from sarana.methods.questions.sectors_overlap import told_share
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.sealed import OPEN, find_seal
from sarana.methods.sealing.files import is_sealed
from sarana.methods.tablefiles import disk_is_full

pytestmark = pytest.mark.django_db

SECTORS = ("health", "education")
PEOPLE = 2200
"""So many that some pairs of them are in doubt."""


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory, people=PEOPLE)


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> tuple[Agency, Account]:
    """The centre of the province, and its officer, who hands files over as well."""
    a_place(tmp_path, settings)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    centre, account = an_office()
    give(account, centre, "provincial-data-officer")
    return centre, account


def form(centre: Agency, *sources: Source, **more: Any) -> dict[str, Any]:
    return {
        "name": "Chiang Mai 2569",
        "agency": str(centre.ref),
        "area": "TH50",
        "as_of": "2026-06-30",
        "indicators": "chiang-mai-28",
        "until": "2027-10-01",
        "sources": [str(source.ref) for source in sources],
        **more,
    }


def everything_stored() -> str:
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return repr(rows)


def people_of(update: Update) -> dict[str, str]:
    """The person of each row, as `source:row_id`, opened as the work does it."""
    door = HandedDoor(keys_of_runs(acting(a_person(update.agency)).today), places.unlocked)
    rows = pq.read_table(door.opened(folder_of(update.ref) / "people.parquet")).to_pylist()
    return {f"{row['source']}:{row['row_id']}": row["person_id"] for row in rows}


def tells_no_number_of_people(job: Job) -> None:
    """How many were laid out is told nowhere: less those of the map, it would say how many a register flags."""
    counts = {name for receipt in job.receipts.all() for name in receipt.counts}
    assert counts == {"rows", "sources", "areas", "pairs"}
    assert Entry.objects.get(action="population.people-laid-out").n_things in (0, 1)


def updates() -> QuerySet[Job]:
    """The work of updates alone: looking through a boundary file is work too."""
    return Job.objects.filter(kind=CODE)


def bring_squares(centre: Agency, officer: Account, province: Path, *, slip: int = 0) -> None:
    """Squares around villages are the boundaries in force."""
    codes, outlines = around_villages(province / "villages.csv", slip=slip)
    a_list(codes, gone={})
    drawn_by = brought(acting(officer), outlines, agency=centre)
    boundaries.put_in_force(acting(officer), drawn_by, knows_gaps=False)


def judged_once_each(reviewer: Actor, run: Run) -> dict[tuple[str, str], Verdict]:
    """A reviewer says each of the three things of a pair; gives what she said of which rows."""
    said = {}
    each_of_them = (Verdict.SAME, Verdict.NOT_SAME, Verdict.CANNOT_SAY)
    for pair, verdict in zip(left_for(reviewer, run), each_of_them, strict=False):
        content = open_pair(reviewer, pair.ref).content
        judge(reviewer, pair.ref, verdict)
        said[(content.left, content.right)] = verdict
    assert len(said) == 3
    return said


def rows_of_one(people: dict[str, str], *, but: Any) -> list[str]:
    """The two rows of somebody of whom nothing was judged."""
    judged, rows = {row for pair in but for row in pair}, dict[str, list[str]]()
    for row, person in people.items():
        rows.setdefault(person, []).append(row)
    return next(found for found in rows.values() if len(found) == 2 and not judged & set(found))


def said_wrong(worker: Account, run: Run, rows: list[str]) -> None:
    """An outreach worker wrote down that one of these rows is of somebody else."""
    made = Correction(run=run, agency=run.agency, area="TH500101", place_ref=run.ref, person_ref=run.ref)
    made.kind, made.said_by = Correction.Kind.OTHER_PERSON, Correction.By.PERSON
    made.rows_sealed = seal_rows_of_one(places.get_keyset(), made.ref, rows)
    made.recorded_at, made.recorded_by_ref = timezone.now(), worker.ref
    made.save()


def parted(run: Run, rows: list[str], reviewer: Actor) -> tuple[str, str]:
    """A row is said to be of somebody else: the machine itself lays the pair out, and two others say so too."""
    worker = a_person(run.agency, "outreach-worker")
    said_wrong(worker, run, rows)
    assert [each.code for each in filling.due(local())] == [filling.FILL.code]
    jobs.ask(local(), filling.FILL.code)
    assert work()
    assert (Job.objects.latest("pk").state, list(filling.due(local()))) == ("done", [])
    wrong = Pair.objects.get(run=run, asked_by_ref=worker.ref)
    for each in (reviewer, acting(a_person(run.agency, "linkage-reviewer"), purpose="linkage")):
        assert open_pair(each, wrong.ref).content
        judge(each, wrong.ref, Verdict.NOT_SAME)
    found = read_pair(open_queue(run.ref, reviewer.today), wrong.ref)
    return found.left, found.right


def assert_overlaps_told(client: Client, people: dict[str, str]) -> None:
    """The guide says how many of a sector's people stand in the other, as linkage found it, in steps."""
    of = {sector: {person for row, person in people.items() if row.startswith(sector)} for sector in SECTORS}
    page = client.get(reverse("population:year"))
    told = [(line.name, [(share.other, share.per_cent) for share in line.shares]) for line in page.context["overlaps"]]
    names = {row.code: row.name for row in Source.objects.filter(code__in=SECTORS)}
    assert told == [
        (names[one], [(names[other], told_share(len(of[one]), len(of[other]), len(of[one] & of[other])))])
        for one, other in (SECTORS[::-1], SECTORS)
    ]
    assert "How far the sectors overlapped" in page.content.decode()


def test_outlines_with_the_codes_of_others_stop_an_update_before_anything_is_linked(
    office: tuple[Agency, Account], province: Path
) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    source = handed_over(officer, centre, province, "health")
    bring_squares(centre, officer, province, slip=7)
    come_in(officer).post(reverse("population:updates"), form(centre, source))
    assert work()
    job = updates().get()
    assert (job.state, job.code) == ("failed", "AREA-016")
    assert not list(folder_of(Update.objects.get().ref).rglob("standardised.parquet"))
    assert not Run.objects.exists()


def is_drawn_by(update: Update, run: Run, as_of: dt.date) -> None:
    """Drawn by the file in force: squares, and no cells around points; whose they were, and which, is not lost."""
    assert {len(STEP.findall(path)) for _code, _district, path, *_sign in run.drawing.areas} == {8}
    file, drawing = BoundaryFile.objects.get(), run.drawing
    assert len(drawing.villages) == Figure.objects.filter(run=run, level="village", group="all").count() > 0
    assert update.boundaries_ref == file.ref
    assert (drawing.drawn_from, drawing.drawn_by, drawing.drawn_as_of) == ("file", "Survey of trials", as_of)
    card = tomllib.loads((folder_of(update.ref) / "run.toml").read_text("utf-8"))["boundaries"]
    assert (card["drawn_by"], card["as_of"], card["level"], card["code"]) == (
        *("Survey of trials", as_of, "subdistrict", "code"),
    )
    assert card["sha256"] == drawing.drawn_sha256 == file.sha256


def test_an_update_runs_as_a_job_lies_sealed_and_shows_its_map(office: tuple[Agency, Account], province: Path) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    sources = [handed_over(officer, centre, province, sector) for sector in SECTORS]
    bring_squares(centre, officer, province)
    client, address = come_in(officer), reverse("population:updates")
    assert client.get(address).status_code == 200
    assert [client.post(address, form(centre, *sources)).status_code for _again in range(2)] == [302, 409]
    assert (Update.objects.count(), updates().count()) == (1, 1)
    assert work()
    job = updates().get()
    assert (job.state, job.code) == ("done", ""), (job.code, job.says)
    update, run = Update.objects.get(), Run.objects.get()
    assert (update.run_ref, run.agency, run.area, run.is_invented) == (run.ref, centre, "TH50", True)
    assert Figure.objects.filter(run=run, level="district").exists()
    tells_no_number_of_people(job)
    is_drawn_by(update, run, acting(officer).today)
    folder = folder_of(update.ref)
    seal = find_seal(folder)
    assert seal is not None
    assert str(seal.until) == "2027-10-01"
    tables = [path for path in folder.rglob("*") if path.suffix in (".parquet", ".arrow") and path.name not in OPEN]
    assert len(tables) > 5
    assert all(is_sealed(path) for path in tables)
    page = client.get(address).content.decode()
    assert reverse("population:map", args=[run.ref]) in page
    names = (province / "health.csv").read_text("utf-8").splitlines()[1:]
    stored = everything_stored()
    assert not [line for line in names if line.split(",")[2] and line.split(",")[2] in stored], "a person's ID"
    assert Entry.objects.filter(action="population.taken-in").count() == 1
    # Two reviewers judge pairs of it, which hold in the next run.
    load_all_purposes(local())
    reviewer = acting(a_person(centre, "linkage-reviewer"), purpose="linkage")
    said = judged_once_each(reviewer, run)
    assert_overlaps_told(come_in(officer), people_of(update))
    said[parted(run, rows_of_one(people_of(update), but=said), reviewer)] = Verdict.NOT_SAME
    # The next year is made beside it, in a folder of its own.
    assert client.post(address, form(centre, *sources, name="Again", as_of="2026-07-01")).status_code == 302
    assert work()
    assert updates().latest("pk").state == "done", updates().latest("pk").says
    assert Run.objects.count() == 2
    later = Update.objects.latest("pk")
    assert is_sealed(folder_of(later.ref) / "judged.parquet")
    card = tomllib.loads((folder_of(later.ref) / "run.toml").read_text("utf-8"))
    assert card["judged"] == {"same": 1, "not_same": 2, "cannot_say": 1, "rows_gone": 0, "contradicted": 0}
    people = people_of(later)
    for (left, right), verdict in said.items():
        assert verdict == Verdict.CANNOT_SAY or (people[left] == people[right]) == (verdict == Verdict.SAME)
    [queue] = queues_for(reviewer)
    shelf = open_queue(queue.ref, reviewer.today)
    waiting = [read_pair(shelf, pair.ref) for pair in left_for(reviewer, queue)]
    assert not {(pair.left, pair.right) for pair in waiting} & set(said)


@on_one("sqlite")
def test_a_code_that_is_not_known_stops_it_without_quoting_it_and_it_goes_on_when_told(
    office: tuple[Agency, Account], province: Path, tmp_path: Path
) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    strange = with_strange_sex(province / "health.csv", tmp_path)
    source = handed_over(officer, centre, province, "health", people=strange)
    client = come_in(officer)
    assert client.post(reverse("population:updates"), form(centre, source)).status_code == 302
    assert work()
    job = Job.objects.get()
    assert (job.state, job.code) == ("failed", "POPULATION-042")
    assert "Somchai" not in everything_stored()
    colleague = come_in(a_person(centre, "provincial-data-officer"))
    seen = colleague.get(reverse("population:updates")).content.decode()
    assert "did not come to its end · <code>POPULATION-042</code>" in seen, "a colleague sees how far it came"
    assert reverse("jobs:job", args=[job.ref]) not in seen
    Job.objects.filter(pk=job.pk).update(state="running", done=42, total=100, lease_until=timezone.now())
    assert "runs · 42 %" in colleague.get(reverse("population:updates")).content.decode()
    Job.objects.filter(pk=job.pk).update(state="failed", done=0, total=0, lease_until=None)
    # Another file comes, the office says what its code means, and the same work goes on to its end.
    told = with_strange_sex(province / "health.csv", tmp_path, own_words=())
    keep(acting(officer), source, told, "health.csv")
    actions.say_meanings(acting(officer), a_profile(source), field="sex", given={"9": "female"})
    assert client.post(reverse("jobs:go-on", args=[job.ref])).status_code == 302
    assert work()
    job.refresh_from_db()
    assert (job.state, job.code, Run.objects.count()) == ("done", "", 1), job.says


@on_one("sqlite")
def test_a_disk_that_fills_during_a_run_is_said_in_words_and_the_run_goes_on_when_there_is_room(
    office: tuple[Agency, Account], province: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    source = handed_over(officer, centre, province, "health")
    client = come_in(officer)
    client.post(reverse("population:updates"), form(centre, source))
    plain = Engine.save

    def full(engine: Engine, *words: Any, **more: Any) -> int:
        if saved:
            raise disk_is_full()
        saved.append(1)
        return plain(engine, *words, **more)

    saved: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "save", full)
        assert work()
    job = Job.objects.get()
    assert (job.state, job.code) == ("failed", "ENGINE-004")
    page = client.get(reverse("jobs:job", args=[job.ref])).content.decode()
    assert "ENGINE-004" in page
    folder = folder_of(Update.objects.get().ref)
    assert (Run.objects.count(), (folder / "areas.parquet").exists()) == (0, False)
    assert all(is_sealed(path) for path in folder.rglob("*.arrow")), "nothing half lies there in clear"
    client.post(reverse("jobs:go-on", args=[job.ref]))
    assert work()
    job.refresh_from_db()
    assert (job.state, job.code, Run.objects.count()) == ("done", "", 1), job.says


def test_only_the_officer_starts_one_of_complete_sources_with_papers_and_an_end(
    office: tuple[Agency, Account], province: Path
) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    source = handed_over(officer, centre, province, "health")
    address = reverse("population:updates")
    assert come_in(a_person(centre, "data-specialist")).get(address).status_code == 403
    client = come_in(officer)
    for wrong in ({"until": "2026-01-01"}, {"until": "2099-01-01"}, {"sources": []}, {"area": "TH57"}):
        assert client.post(address, form(centre, source, **wrong)).status_code == 422, wrong
    Source.objects.filter(pk=source.pk).update(is_invented=False)
    assert client.post(address, form(centre, source)).status_code == 422
    assert not Update.objects.exists()
    Source.objects.filter(pk=source.pk).update(is_invented=True)
    Run.objects.create(
        agency=centre, name="Elsewhere", area="TH50", as_of="2025-06-30", is_invented=True, indicator_set="x",
        opens_at="district", fingerprint="1", table_hash="2", taken_in_at=source.registered_at,
    )  # fmt: skip
    answer = client.post(address, form(centre, source))
    assert (answer.status_code, "POPULATION-043" in answer.content.decode()) == (409, True)
    assert not Job.objects.exists()
