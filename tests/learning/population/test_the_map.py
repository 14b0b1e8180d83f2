"""The map and the table beside it: who has a door, what each sees, and that both say the same numbers."""

import datetime as dt
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers.agencies import a_person, an_agency, give, local
from makers.browsers import sign_in
from makers.protected import a_run, places_in
from makers.sittings import come_in
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.policy import INSIDE, READERS
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db

Kind = Agency.Kind
ROLES = tuple(read_reference("roles.toml"))
ROW = re.compile(
    r'<tr><td class="number"[^>]*>(.*?)</td><th scope="row">(?:<a [^>]*>)?([^<]*).*?</th>.*?</span>(\w[\w ]*)</td>',
    re.S,
)
TITLE = re.compile(r'<path class="(\w+)(?: loose)?" d="[^"]*"><title>([^<]*)</title>')


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def run(centre: Agency, tmp_path: Path) -> Run:
    taken, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", places=places_in)))
    return taken


def an_agency_in(area: str, kind: Agency.Kind = Kind.LOCAL_GOVERNMENT) -> Agency:
    return accounts.make_agency(local(), name=f"Office {area} {kind}", kind=kind, country="TH", areas=[area])


def paths(run: Run) -> list[str]:
    ref = Figure.objects.get(run=run, level="district", code="5001", group="all").ref
    return [
        reverse("population:runs"),
        reverse("population:map", args=[run.ref]),
        reverse("population:area", args=[ref]),
    ]


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def refused(client: Client, run: Run) -> set[int]:
    return {client.get(path).status_code for path in paths(run)}


def test_only_those_who_plan_help_have_a_door(run: Run, centre: Agency) -> None:
    for role in ROLES:
        client = come_in(a_person(centre, role))
        assert refused(client, run) == ({200} if role in READERS else {403}), role
        bar = client.get(reverse("desk:settings")).content.decode()
        assert (f'href="{reverse("population:runs")}"' in bar) == (role in READERS), role


@pytest.mark.parametrize(
    ("kind", "role"),
    list(zip(("police", "prosecution", "court", "immigration", "police"), sorted(READERS), strict=True)),
)
def test_no_role_opens_the_door_to_whoever_works_for_police_or_borders(run: Run, kind: str, role: str) -> None:
    account = a_person(an_agency_in("TH50", Kind(kind)), role)
    assert refused(come_in(account), run) == {403}
    # Nor does a second place of work give what the first takes away.
    give(account, run.agency, role)
    assert refused(come_in(account), run) == {403}
    assert Entry.objects.filter(code="POPULATION-001", result="refused").count() == 6


@pytest.mark.parametrize("role", ["investigator", "prosecutor"])
def test_an_investigator_who_is_an_analyst_too_has_no_door(run: Run, centre: Agency, role: str) -> None:
    account = a_person(centre, "analyst")
    give(account, centre, role)
    assert refused(come_in(account), run) == {403}


def test_without_a_second_factor_there_is_no_door(run: Run, centre: Agency) -> None:
    client = sign_in(Client(), a_person(centre, "analyst"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    assert refused(client, run) <= {302, 403}


@pytest.mark.parametrize(("role", "area"), [*((role, "TH5001") for role in sorted(READERS)), ("analyst", "TH51")])
def test_villages_are_seen_by_those_in_whose_mandate_they_lie(run: Run, role: str, area: str) -> None:
    client = come_in(a_person(an_agency_in(area), role))
    page = text(client.get(f"{paths(run)[1]}?level=village&within=all"))
    seen = set(re.findall(r"Area (\d{8})", page))
    assert {code[:4] for code in seen} == ({"5001"} if role in INSIDE and area == "TH5001" else set())
    ours, theirs = (
        Figure.objects.get(run=run, level="village", code=code, group="all").ref for code in ("50010101", "50020101")
    )
    is_open = role in INSIDE and area == "TH5001"
    assert client.get(reverse("population:area", args=[ours])).status_code == (200 if is_open else 404)
    assert client.get(reverse("population:area", args=[theirs])).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "level=subdistrict",
        "level=district",
        "level=subdistrict&within=5002",
        "which=without-status",
        "level=district&group=sex=F",
        "level=village&within=5002",
        "level=village&within=500201",
        "level=village&within=all",
        "level=village&within=5001&which=without-status",
    ],
)
def test_map_and_table_say_the_same(run: Run, centre: Agency, asked: str) -> None:
    page = text(come_in(a_person(centre, "analyst")).get(f"{paths(run)[1]}?{asked}"))
    table = {name.strip(): (re.sub("<[^>]*>", "", rate).strip(), band) for rate, name, band in ROW.findall(page)}
    drawn = {}
    for band, title in TITLE.findall(page):
        name, _, said = title.partition(": ")
        drawn[name] = (said.split(" per ")[0] if " per " in said else "withheld", band)
    words = {"high": "high", "mid": "middle", "low": "low", "none": "not said"}
    assert table
    assert {name: (rate, words[band]) for name, (rate, band) in drawn.items()} == table


def test_the_table_says_what_the_protected_table_says(run: Run, centre: Agency) -> None:
    page = text(come_in(a_person(centre, "analyst")).get(f"{paths(run)[1]}?level=subdistrict"))
    table = {name.strip(): re.sub("<[^>]*>", "", rate).strip() for rate, name, _band in ROW.findall(page)}
    rows = Figure.objects.filter(run=run, level="subdistrict", group="all")
    assert table == {row.name: "withheld" if row.rate is None else f"{row.rate:.1f}" for row in rows}
    assert "withheld" in table.values()


def test_an_officer_sees_her_own_district_first_and_the_rest_when_she_asks(run: Run) -> None:
    client = come_in(a_person(an_agency_in("TH5002"), "district-officer"))
    path = f"{paths(run)[1]}?level=subdistrict"
    own, whole = text(client.get(path)), text(client.get(f"{path}&within=all"))
    codes = [{name[5:9] for _rate, name, _band in ROW.findall(page)} for page in (own, whole)]
    assert codes == [{"5002"}, {"5001", "5002", "5003"}]
    boxes = [re.findall(r'<svg viewBox="([^"]*)"', page)[0] for page in (own, whole)]
    assert boxes[0] != boxes[1]
    assert ROW.findall(text(client.get(paths(run)[1]))) == ROW.findall(own)


def test_an_address_that_asks_for_what_is_not_there_shows_the_usual(run: Run, centre: Agency) -> None:
    client = come_in(a_person(centre, "analyst"))
    usual = ROW.findall(text(client.get(f"{paths(run)[1]}?level=subdistrict")))
    assert ROW.findall(text(client.get(f"{paths(run)[1]}?level=moon&group=x&within=9999&which=z"))) == usual


def test_the_map_is_filtered_by_sex_or_by_age_and_says_why_not_by_both(run: Run, centre: Agency) -> None:
    client, address = come_in(a_person(centre, "analyst")), reverse("population:map", args=[run.ref])
    page = client.get(address).content.decode()
    assert "One sex or one age: both together would be numbers of few people in most districts." in page
    both = client.get(f"{address}?group=sex%3DF%2Cage%3D12-17&level=district")
    assert (both.status_code, both.context["choice"].group) == (200, "all"), "no such line is anywhere"


def test_every_look_is_one_line(run: Run, centre: Agency) -> None:
    account = a_person(centre, "analyst")
    client = come_in(account)
    for path in paths(run):
        client.get(path)
    lines = Entry.objects.filter(actor_ref=account.ref).order_by("pk").values_list("action", flat=True)
    seen = [line for line in lines if line.startswith("population.")]
    assert seen == ["population.runs-seen", "population.map-seen", "population.area-seen"]


def test_the_pages_say_what_a_band_may_not_do(run: Run, centre: Agency) -> None:
    client = come_in(a_person(centre, "analyst"))
    for path in paths(run):
        page = text(client.get(path))
        assert "Unvalidated, for planning only." in page
        assert "no band may limit travel, papers, work or benefits" in page


def _is_thai(account: Account) -> Account:
    account.language = "th"
    account.save(update_fields=["language"])
    return account


def test_names_are_thai_in_thai(run: Run, centre: Agency) -> None:
    client = come_in(_is_thai(a_person(centre, "analyst")))
    page = text(client.get(f"{paths(run)[1]}?level=district"))
    assert "ที่ 5001" in page
    assert "Area 5001" not in page


@pytest.mark.parametrize(("n_districts", "n_inside"), [(2, 3), (4, 9)])
def test_the_number_of_questions_does_not_grow_with_the_province(
    centre: Agency, tmp_path: Path, n_districts: int, n_inside: int
) -> None:
    folder = a_run(tmp_path / "run", n_districts=n_districts, n_inside=n_inside)
    taken, _is_new = actions.take_in(local(), read_protected(folder))
    client = come_in(a_person(centre, "analyst"))
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            text(client.get(paths(taken)[1]))
        counts.append(sum('"population_' in question["sql"] for question in asked.captured_queries))
    assert counts == [12, 5], "what is remembered is not asked for again"


def questions_of(client: Client, path: str) -> list[str]:
    """What a page asks of tables; on PostgreSQL it says beside that for whom it asks."""
    with CaptureQueriesContext(connection) as asked:
        text(client.get(path))
    said = (question["sql"] for question in asked.captured_queries)
    return [sql for sql in said if sql.startswith("SELECT") and " FROM " in sql]


def test_the_page_of_an_area_asks_little_and_less_when_it_is_asked_for_again(run: Run, centre: Agency) -> None:
    client = come_in(a_person(centre, "analyst"))
    path = reverse("population:area", args=[Figure.objects.get(run=run, code="500101", group="all").ref])
    asked = [questions_of(client, path) for _again in range(3)]
    # Sitting, person and roles; the area, the list of areas in force, the runs there are: the last six are all that is
    # asked where the parts are remembered.
    assert [len(each) for each in asked] == [15, 6, 6]
    assert sum('FROM "accounts_membership"' in sql for sql in asked[-1]) == 1, "her roles are looked up once a page"


def test_readers_who_see_the_same_share_what_is_remembered_whatever_their_roles(run: Run) -> None:
    first = come_in(a_person(an_agency_in("TH50"), "analyst"))
    others = {role: come_in(a_person(an_agency_in("TH50"), role)) for role in ("outreach-worker", "district-officer")}
    path = reverse("population:area", args=[Figure.objects.get(run=run, code="500101", group="all").ref])
    text(first.get(path))
    assert {role: len(questions_of(client, path)) for role, client in others.items()} == dict.fromkeys(others, 6)
    elsewhere = come_in(a_person(an_agency_in("TH51"), "analyst"))
    assert len(questions_of(elsewhere, path)) > 6, "she sees no villages here, so she shares nothing"


def test_what_one_reader_left_in_memory_another_does_not_see(run: Run) -> None:
    ours, beside = (an_agency_in(f"TH{code}") for code in ("5001", "5002"))
    ref = Figure.objects.get(run=run, level="subdistrict", code="500101", group="all").ref
    readers = [come_in(a_person(agency, "outreach-worker")) for agency in (ours, beside)]
    pages = [text(reader.get(reverse("population:area", args=[ref]))) for reader in (*readers, readers[0])]
    assert ["Area 50010101" in page for page in pages] == [True, False, True]
    asked = f"{reverse('population:map', args=[run.ref])}?level=village"
    lists = [text(reader.get(asked)) for reader in (*readers, readers[0])]
    assert [("Area 50010101" in page, "Area 50020101" in page) for page in lists] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_the_page_of_an_area_knows_of_a_year_that_was_taken_in_or_withdrawn_since(
    run: Run, client: Client, tmp_path: Path
) -> None:
    ref = Figure.objects.get(run=run, level="district", code="5001", group="all").ref
    page = reverse("population:area", args=[ref])
    seen = ["All areas beside the year before" in text(client.get(page))]
    card = {"as_of": dt.date(2025, 6, 30)}
    before = read_protected(a_run(tmp_path / "before", rise=3, card=card, after=[run.table_hash], rounded_to=5))
    actions.take_in(local(), before)
    seen.append("All areas beside the year before" in text(client.get(page)))
    actions.withdraw(local(), before.fingerprint, because="wrong-files")
    seen.append("All areas beside the year before" in text(client.get(page)))
    assert seen == [False, True, False]
