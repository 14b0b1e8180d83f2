"""Yearly updates in the browser: the chain as a job, sealed, with its protected tables on the map."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from makers.agencies import a_person, acting, give
from makers.handed import a_profile, keep
from makers.handed_province import an_office, handed_over, invented, with_strange_sex
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.learning.population.models import Figure, Run, Update
from sarana.learning.population.sources import actions
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.runs.sealed import OPEN, find_seal
from sarana.methods.sealing.files import is_sealed

pytestmark = pytest.mark.django_db

SECTORS = ("health", "education")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory)


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


def test_an_update_runs_as_a_job_lies_sealed_and_shows_its_map(office: tuple[Agency, Account], province: Path) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    sources = [handed_over(officer, centre, province, sector) for sector in SECTORS]
    client, address = come_in(officer), reverse("population:updates")
    assert client.get(address).status_code == 200
    assert [client.post(address, form(centre, *sources)).status_code for _again in range(2)] == [302, 409]
    assert (Update.objects.count(), Job.objects.count()) == (1, 1)
    assert work()
    job = Job.objects.get()
    assert (job.state, job.code) == ("done", ""), (job.code, job.says)
    update, run = Update.objects.get(), Run.objects.get()
    assert (update.run_ref, run.agency, run.area, run.is_invented) == (run.ref, centre, "TH50", True)
    assert Figure.objects.filter(run=run, level="district").exists()
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
    # The next year is made beside it, in a folder of its own.
    assert client.post(address, form(centre, *sources, name="Again", as_of="2026-07-01")).status_code == 302
    assert work()
    assert Job.objects.latest("pk").state == "done", Job.objects.latest("pk").says
    assert Run.objects.count() == 2


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
    # Another file comes, the office says what its code means, and the same work goes on to its end.
    told = with_strange_sex(province / "health.csv", tmp_path, own_words=())
    keep(acting(officer), source, told, "health.csv")
    actions.say_meanings(acting(officer), a_profile(source), field="sex", given={"9": "female"})
    assert client.post(reverse("jobs:go-on", args=[job.ref])).status_code == 302
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
