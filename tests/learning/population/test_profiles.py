"""Profiles in the browser: made as a job, shown without anybody's row, with codes that can be told."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, an_agency
from makers.bombs import unfolds_to_long_rows
from makers.handed import a_profile, a_source, keep
from makers.handed_province import an_office, handed_over, invented, with_formulas, with_strange_sex
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.learning.population.sources import describing, incoming
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Profile, Source
from sarana.methods.population.layouts import AREAS, layouts

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory)


@pytest.fixture
def client(tmp_path: Path, settings: Any) -> Client:
    a_place(tmp_path, settings)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    return Client()


@pytest.fixture
def source(client: Client, province: Path, tmp_path: Path) -> Source:
    centre, account = an_office()
    client.cookies = come_in(account).cookies
    handed_over(account, centre, province, "areas")
    return handed_over(account, centre, province, "health", people=with_strange_sex(province / "health.csv", tmp_path))


def looked_through(client: Client, source: Source) -> Profile:
    answer = client.post(reverse("population:look-through", args=[source.ref]))
    assert answer.status_code == 302, answer.content.decode()
    assert work()
    job = Job.objects.latest("pk")
    assert (job.state, job.code) == ("done", ""), (job.code, job.says)
    return Profile.objects.latest("pk")


def everything_stored() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in ("jobs_job", "jobs_receipt", "population_profile", "population_handedfile", "ledger_entry"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return repr(rows)


def test_a_profile_is_a_job_and_a_code_that_was_told_is_known_the_next_time(client: Client, source: Source) -> None:
    first = looked_through(client, source)
    page = client.get(reverse("population:profile", args=[first.ref])).content.decode()
    assert first.would_stop
    assert "<code>9</code>" in page
    assert "Somchai" not in page + everything_stored()
    told = client.post(reverse("population:codes", args=[first.ref]), {"field": "sex", "to-9": "-"})
    assert told.status_code == 302
    assert [(row.field, row.code, row.target, row.version) for row in CodeMeaning.objects.all()] == [
        ("sex", "9", "", 1)
    ]
    second = looked_through(client, source)
    (column,) = second.told["unknown"]
    assert (column["n_codes"], column["codes"]) == (1, [])
    client.post(reverse("population:codes", args=[first.ref]), {"field": "sex", "to-9": "female"})
    now = CodeMeaning.objects.get(ended_at__isnull=True)
    assert (now.target, now.version, CodeMeaning.objects.count()) == ("female", 2, 2)
    assert client.post(reverse("population:take-back", args=[now.ref])).status_code == 302
    assert not CodeMeaning.objects.filter(ended_at__isnull=True).exists()
    acts = Entry.objects.filter(action__startswith="population.").values_list("action", flat=True)
    assert sorted(set(acts) & {"population.profiled", "population.codes-told", "population.code-taken-back"}) == [
        "population.code-taken-back",
        "population.codes-told",
        "population.profiled",
    ]
    assert [path.name for path in incoming.folder().iterdir() if path.is_dir()] == [], "what was laid out is gone"


@pytest.mark.parametrize(
    "given",
    [
        {"field": "sex", "to-7": "female"},
        {"field": "sex", "to-Somchai": "female"},
        {"field": "sex", "to-9": "unheard of"},
        {"field": "birth", "to-9": "female"},
        {"field": "sex"},
    ],
)
def test_only_codes_that_were_told_get_a_meaning_that_the_field_has(
    client: Client, source: Source, given: dict[str, str]
) -> None:
    made = a_profile(source)
    answer = client.post(reverse("population:codes", args=[made.ref]), given)
    assert (answer.status_code, "POPULATION-041" in answer.content.decode()) == (409, True)
    assert not CodeMeaning.objects.exists()


def test_nothing_is_looked_through_before_all_files_and_the_villages_are_here(client: Client, province: Path) -> None:
    centre, account = an_office()
    client.cookies = come_in(account).cookies
    lonely = handed_over(account, centre, province, "health")
    empty = a_source(account, centre, "education")
    for source, code in ((lonely, "POPULATION-040"), (empty, "POPULATION-039")):
        if source is empty:
            villages = handed_over(account, centre, province, "areas")
        answer = client.post(reverse("population:look-through", args=[source.ref]))
        assert (answer.status_code, code in answer.content.decode()) == (409, True)
    answer = client.post(reverse("population:look-through", args=[villages.ref]))
    assert (answer.status_code, "POPULATION-039" in answer.content.decode()) == (409, True)
    assert client.post(reverse("jobs:ask"), {"kind": "population.profile"}).status_code == 409
    assert not Job.objects.exists()


def test_a_double_click_asks_once_and_another_agency_reads_no_profile(client: Client, source: Source) -> None:
    address = reverse("population:look-through", args=[source.ref])
    assert [client.post(address).status_code for _again in range(2)] == [302, 409]
    assert Job.objects.count() == 1
    assert work()
    made = Profile.objects.get()
    other = come_in(a_person(an_agency("School office", kind=Agency.Kind.EDUCATION), "data-specialist"))
    assert other.get(reverse("population:profile", args=[made.ref])).status_code == 404
    assert other.post(address).status_code == 404


def test_a_file_that_was_changed_on_the_disk_stops_the_work_in_words(client: Client, source: Source) -> None:
    row = HandedFile.objects.get(source=source, part="health.csv")
    path = incoming.path_of(row.ref)
    path.write_bytes(path.read_bytes()[:-5])
    client.post(reverse("population:look-through", args=[source.ref]))
    assert work()
    job = Job.objects.latest("pk")
    assert (job.state, job.code, Profile.objects.count()) == ("failed", "VAULT-001", 0)


def test_a_workbook_that_unfolds_to_far_more_than_it_should_is_not_unfolded(
    client: Client, province: Path, tmp_path: Path
) -> None:
    centre, account = an_office()
    client.cookies = come_in(account).cookies
    handed_over(account, centre, province, "areas")
    source = a_source(account, centre, "dmc")
    bomb = tmp_path / "bomb.xlsx"
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 200 + b"</t></is></c></row>"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", row * 300_000)
    for part, path in (("dmc.xlsx", bomb), ("crosswalk_dmc.csv", province / "crosswalk_education.csv")):
        keep(acting(account), source, path, part)
    client.post(reverse("population:look-through", args=[source.ref]))
    assert work()
    job = Job.objects.latest("pk")
    assert (job.state, job.code) == ("failed", "READ-013")


def test_a_workbook_that_is_small_and_unfolds_to_long_rows_ends_in_words_and_the_work_goes_on_with_another_file(
    client: Client, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarana.methods.population.workbooks.memory_bytes", lambda: 700 * 2**20)
    centre, account = an_office()
    client.cookies = come_in(account).cookies
    handed_over(account, centre, province, "areas")
    source = a_source(account, centre, "dmc")
    assert unfolds_to_long_rows(tmp_path / "long.xlsx", "นักเรียน") < 775_000
    for part, path in (
        ("dmc.xlsx", tmp_path / "long.xlsx"),
        ("crosswalk_dmc.csv", province / "crosswalk_education.csv"),
    ):
        keep(acting(account), source, path, part)
    client.post(reverse("population:look-through", args=[source.ref]))
    assert work()
    job = Job.objects.latest("pk")
    assert (job.state, job.code, Profile.objects.count()) == ("failed", "READ-013", 0)
    page = client.get(reverse("jobs:job", args=[job.ref])).content.decode()
    assert "READ-013" in page
    assert "saved as CSV" in page
    assert HandedFile.objects.filter(source=source, let_go_at__isnull=True).count() == 2, "nothing that came is lost"


def test_a_csv_with_formulas_is_read_as_text_and_its_profile_says_on_how_many_rows(
    client: Client, province: Path, tmp_path: Path
) -> None:
    centre, account = an_office()
    client.cookies = come_in(account).cookies
    handed_over(account, centre, province, "areas")
    formulas = ('=HYPERLINK("http://a.invalid";"a")', "@SUM(1+1)", "+cmd|' /C calc'!A0", "-2+3")
    source = handed_over(
        account, centre, province, "health", people=with_formulas(province / "health.csv", tmp_path, formulas)
    )
    plain = looked_through(client, source)
    page = client.get(reverse("population:profile", args=[plain.ref])).content.decode()
    line = page.split("A name begins like a formula; it was kept as text.")[1].split("</tr>")[0]
    assert f">{len(formulas)}<" in line
    assert not [formula for formula in formulas if formula in page + everything_stored()]


def test_every_layout_is_described_as_its_example_describes_it() -> None:
    for code, layout in layouts().items():
        assert layout.parts, code
        assert all(name for name in (layout.name, layout.name_th)), code
        if code != AREAS:
            source = describing.fields_of(code, "no such column")
            assert source == (), code
    assert describing.codes_of("health", "sex") == ("female", "male")
    assert describing.fields_of("health", "VHID") == ("area",)
    assert set(describing.fields_of("dmc", "สถานะนักเรียน")) == {"enrolled", "left_school"}
