"""Columns in the browser: a file whose headers changed is pointed right, and nobody's value stands on a page."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, an_agency, give
from makers.handed import a_source, hand_over, keep
from makers.handed_province import an_office, handed_over, invented, with_strange_sex
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs.models import Job
from sarana.learning.population.models import ColumnSaid, FileColumns, HandedFile, Profile, Source
from sarana.learning.population.sources.columns import actions as pointing
from sarana.learning.population.sources.columns.queries import headers_for_reading, headers_of
from sarana.learning.population.sources.columns.showing import BACK, columns_shown
from sarana.methods.population.relaid import named_columns
from sarana.methods.questions.samples import SeenColumn

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory)


def with_other_headers(health: Path, folder: Path, **headers: str) -> Path:
    """The same file, some of whose columns bear another name; those without one are left out."""
    header, *rows = [line.split(",") for line in health.read_text("utf-8").splitlines()]
    kept = [n for n, name in enumerate(header) if headers.get(name, name)]
    lines = [[headers.get(header[n], header[n]) for n in kept], *([row[n] for n in kept] for row in rows)]
    target = folder / "renamed.csv"
    target.write_text("\n".join(",".join(line) for line in lines) + "\n", "utf-8")
    return target


@pytest.fixture
def client(tmp_path: Path, settings: Any) -> Client:
    a_place(tmp_path, settings)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    return Client()


@pytest.fixture
def source(client: Client, province: Path, tmp_path: Path) -> Source:
    centre, account = an_office()
    give(account, centre, "provincial-data-officer")
    client.cookies = come_in(account).cookies
    handed_over(account, centre, province, "areas")
    strange = with_strange_sex(province / "health.csv", tmp_path, own_words=())
    renamed = with_other_headers(strange, tmp_path, SEX="เพศ", CHRONIC="CHRONIC_ILL", ALCOHOL="", NAME="GIVEN NAME")
    return handed_over(account, centre, province, "health", people=renamed)


def looked_through(client: Client, source: Source) -> Job:
    assert client.post(reverse("population:look-through", args=[source.ref])).status_code == 302
    assert work()
    return Job.objects.latest("pk")


def page_of(client: Client, source: Source) -> str:
    return client.get(reverse("population:columns", args=[source.ref])).content.decode()


def chosen_in(page: str) -> dict[str, str]:
    """What the form of the table of people would send if nobody touched it."""
    form = re.search(r'<form method="post" action="[^"]*point/">(?:(?!</form>).)*at-0.*?</form>', page, re.DOTALL)
    assert form is not None
    found = dict(re.findall(r'<input type="hidden" name="(columns)" value="([^"]+)"', form.group()))
    for name, options in re.findall(r'<select name="(at-\d+)".*?>(.*?)</select>', form.group(), re.DOTALL):
        chosen = re.search(r'<option[^>]* value="([^"]*)" selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return found


def test_a_file_whose_headers_changed_is_pointed_right_in_the_browser_and_reads(
    client: Client, source: Source, province: Path
) -> None:
    failed = looked_through(client, source)
    assert (failed.state, failed.code) == ("failed", "READ-006")
    page = page_of(client, source)
    people = [line.split(",") for line in (province / "health.csv").read_text("utf-8").splitlines()[1:]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM population_filecolumns")
        stored = page + repr(cursor.fetchall())
    for person in people:
        assert not [value for value in person[:6] if len(value) > 3 and value in stored], "nobody's value"
    form = chosen_in(page)
    pointing = reverse("population:point-at-columns", args=[source.ref])
    of_the_file = [each.header for each in named_columns("health") if each.part == "health.csv"]
    at = {header: f"at-{number}" for number, header in enumerate(of_the_file)}
    assert (form[at["PRENAME"]], form[at["CHRONIC"]], form[at["SEX"]]) == ("PRENAME", "CHRONIC_ILL", "")
    twice = client.post(pointing, {**form, at["SEX"]: "เพศ", at["ALCOHOL"]: "เพศ"})
    assert (twice.status_code, "POPULATION-051" in twice.content.decode()) == (422, True)
    assert chosen_in(twice.content.decode())[at["ALCOHOL"]] == "เพศ", "nothing that was chosen is lost"
    assert "POPULATION-051" in client.post(pointing, {**form, at["SEX"]: "no such"}).content.decode()
    needed = client.post(pointing, {**form, at["row_id"]: "-"})
    assert (needed.status_code, "POPULATION-052" in needed.content.decode()) == (422, True)
    assert not ColumnSaid.objects.exists()
    right = {**form, at["SEX"]: "เพศ", at["ALCOHOL"]: "-", at["NAME"]: "GIVEN NAME"}
    assert client.post(pointing, right).status_code == 302
    said = dict(ColumnSaid.objects.filter(ended_at=None).values_list("column", "header"))
    assert said == {"SEX": "เพศ", "ALCOHOL": "", "NAME": "GIVEN NAME", "CHRONIC": "CHRONIC_ILL"}
    done = looked_through(client, source)
    assert (done.state, done.code) == ("done", ""), done.says
    found = Profile.objects.latest("pk")
    assert {each["field"] for each in found.told["fields"]} >= {"sex", "chronic_illness", "given"}
    # The codes of a column with another header are told as those of any other.
    answer = client.post(reverse("population:codes", args=[found.ref]), {"field": "sex", "to-9": "female"})
    assert answer.status_code == 302
    looked_through(client, source)
    assert not Profile.objects.latest("pk").would_stop
    # The layout's own header ends what was said.
    assert client.post(pointing, {**right, at["NAME"]: ""}).status_code == 302
    assert ColumnSaid.objects.filter(ended_at=None).count() == 4, "what is not chosen stays as it was"


def test_another_file_in_its_place_and_another_agency_change_no_column(
    client: Client, source: Source, province: Path
) -> None:
    looked_through(client, source)
    form = chosen_in(page_of(client, source))
    pointing = reverse("population:point-at-columns", args=[source.ref])
    other = come_in(a_person(an_agency("School office", kind=Agency.Kind.EDUCATION), "data-specialist"))
    for address in (pointing, reverse("population:columns", args=[source.ref])):
        assert (other.post if address == pointing else other.get)(address, form).status_code == 404
    person = Source.objects.get(pk=source.pk).agency
    keep(acting(a_person(person, "data-specialist")), source, province / "health.csv", "health.csv")
    answer = client.post(pointing, form)
    assert (answer.status_code, "POPULATION-050" in answer.content.decode()) == (409, True)
    assert not ColumnSaid.objects.exists()
    assert FileColumns.objects.filter(file__let_go_at__isnull=False, part="health.csv").count() == 1, (
        "kept for the year"
    )


OF_HEALTH = [each.header for each in named_columns("health") if each.part == "health.csv"]


def seen_with(account: Account, source: Source, *headers: str) -> UUID:
    """A new file of a source with these headers, whose columns were seen; gives their reference."""
    hand_over(come_in(account), source, f"{','.join(headers)}\n1\n".encode())
    file = HandedFile.objects.get(source=source, let_go_at=None)
    told = [SeenColumn(header, "all", is_codes=False, samples=()) for header in headers]
    pointing.keep_columns(acting(account), source, {str(file.ref): told})
    return FileColumns.objects.get(file=file).ref


def test_a_column_stands_for_one_of_ours_with_all_that_was_said_before(client: Client) -> None:
    centre, account = an_office()
    source, actor = a_source(account, centre), acting(account)
    headers = [*OF_HEALTH[:4], "เพศ", "A + B", "A & B", "x" * 121, "x" * 120]
    columns = seen_with(account, source, *headers)

    def point(**given: str) -> str:
        try:
            return str(pointing.point_at_columns(actor, source, columns, given))
        except NotYet as err:
            return err.code

    assert point(SEX="NAME") == "POPULATION-051", "NAME is found by itself"
    assert point(SEX="เพศ") == "1"
    assert point(BIRTH="เพศ") == "POPULATION-051", "it was said of the sex before"
    assert [point(BIRTH=header) for header in headers[5:]] == [*["POPULATION-054"] * 3, "1"]
    assert point(NAME="LNAME", LNAME="NAME") == "2", "what changes places in one go stands once each"
    assert point(NAME="") == "POPULATION-055"
    assert point(NAME="NAME", LNAME="LNAME", SEX="") == "3"
    assert headers_of(source) == {"health.csv": {"SEX": "", "BIRTH": "x" * 120}}
    # Next year the file has the column again: it is read, and somebody has to look.
    columns = seen_with(account, source, *headers, "SEX")
    assert headers_for_reading(source) == {"health.csv": {"BIRTH": "x" * 120}}
    (file,) = columns_shown(source)
    assert [(each.column, each.chosen) for each in file.lines if each.how == BACK] == [("SEX", "SEX")]
    n_open = file.n_open
    assert "it is there again" in page_of(come_in(account), source)
    assert point(SEX="SEX") == "1"
    assert columns_shown(source)[0].n_open == n_open - 1
