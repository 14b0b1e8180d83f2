"""Maps as files: equal to the page in every kind, for whoever asked alone, protected alike, gone after a week."""

import dataclasses
import errno
import io
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, local
from makers.mapfiles import KML, READERS, an_office, asked_for, fetched, lines, post, read_csv, said_in, said_on
from makers.protected import SURVEY, a_run, places_in
from makers.sittings import come_in
from makers.work import work
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Agency, Membership, Role
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.files.actions import ask_for_file
from sarana.learning.population.files.outlines import outlines
from sarana.learning.population.looking import look
from sarana.learning.population.models import Drawing, MapFile, Run
from sarana.methods.population.protected_tables import read_protected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

CHOICES: tuple[dict[str, str], ...] = (
    {},
    {"level": "district"},
    {"level": "district", "group": "sex=F"},
    {"within": "5002", "which": "without-status"},
    {"level": "province", "group": "age=12-17"},
)
VILLAGES = {"level": "village", "reason": "plan-programme"}


@pytest.mark.check("A-04")
@pytest.mark.parametrize("asked", CHOICES, ids=lambda asked: "-".join(asked.values()) or "all")
def test_every_kind_of_file_says_what_the_page_says_of_every_area(
    client: Client, run: Run, asked: Mapping[str, str]
) -> None:
    chosen = {"level": "subdistrict", "within": "all"} | dict(asked)
    page = said_on(client.get(reverse("population:map", args=[run.ref]), chosen).content.decode())
    assert page
    for kind, read in READERS.items():
        rows = read(fetched(client, asked_for(client, run, kind, asked)))
        assert said_in(rows) == page, kind
        for row in rows:
            withheld = row["rate_per_1000"] is None if "rate_per_1000" in row else True
            assert bool(row.get("why_withheld")) == withheld, (kind, row)
            assert row["standing"] == "Unvalidated, for planning only"
            for part in ("for planning only", "Made up", "2026-06-30", "TH50", "north-28 1.0", "11 people", "Withheld"):
                assert part in row["notice"], part


def test_villages_leave_for_a_reason_in_the_ledger_and_only_those_of_the_mandate(run: Run) -> None:
    officer = an_office("TH5001", "district-officer")
    page = officer.get(reverse("population:map", args=[run.ref]), {"level": "village", "within": "all"})
    assert "For what you take villages along" in page.content.decode()
    again = post(officer, run, level="village", reason="")
    assert (again.status_code, MapFile.objects.count()) == (200, 0)
    assert "For what you take villages along" in again.content.decode()
    assert post(officer, run, level="village", kind="kml", reason="").status_code == 200
    file = asked_for(officer, run, "csv", VILLAGES)
    rows = read_csv(fetched(officer, file))
    assert {row["area_code"][:6] for row in rows} == {"TH5001"}
    assert "Only villages in the mandate" in rows[0]["notice"]
    assert "not listed" not in rows[0]["notice"]
    assert said_in(rows) == said_on(page.content.decode())
    line = Entry.objects.get(action="population.villages-taken-to-plan")
    assert (line.actor_ref, line.thing_ref, line.n_things) == (file.account.ref, file.ref, len(rows))
    assert lines("population.file-made") == []
    for outsider in (an_office("TH51", "district-officer"), an_office("TH50", "national-officer")):
        answer = post(outsider, run, level="village", reason="plan-programme")
        assert "POPULATION-011" in answer.content.decode()
    assert MapFile.objects.count() == 1


def test_a_file_is_for_whoever_asked_and_for_nobody_without_a_door(run: Run, client: Client, centre: Agency) -> None:
    file = asked_for(client, run, "csv", {})
    places = [reverse(f"population:{name}", args=[file.ref]) for name in ("file", "fetch-file")]
    assert [client.get(place).status_code for place in places] == [200, 200]
    assert str(file.ref) in client.get(reverse("population:files")).content.decode()
    away = reverse("population:take-file-away", args=[file.ref])
    for who in (come_in(a_person(centre, "analyst", name="Bob")), an_office("TH50", "provincial-data-officer")):
        assert [who.get(place).status_code for place in places] == [404, 404]
        assert who.post(away).status_code == 404
        assert str(file.ref) not in who.get(reverse("population:files")).content.decode()
    police = accounts.make_agency(local(), name="Police", kind=Agency.Kind.POLICE, country="TH", areas=["TH50"])
    for who in (come_in(a_person(police, "analyst")), come_in(a_person(centre, "case-worker"))):
        assert [who.get(place).status_code for place in places] == [403, 403]
        assert [post(who, run).status_code, who.post(away).status_code] == [403, 403]
    assert lines("population.file-made", "population.file-fetched") == [
        "population.file-made",
        "population.file-fetched",
    ]


def test_two_clicks_are_one_file_and_one_piece_of_work(run: Run, client: Client) -> None:
    first, second = post(client, run)["Location"], post(client, run)["Location"]
    assert first == second
    assert (MapFile.objects.count(), Job.objects.count()) == (1, 1)
    page = client.get(first).content.decode()
    assert "data-watch" in page
    assert "Fetch the file" not in page
    assert work()
    assert post(client, run)["Location"] == first
    assert "Fetch the file" in client.get(first).content.decode()
    assert Job.objects.count() == 1
    post(client, run, kind="xlsx")
    assert Job.objects.count() == 2


def test_the_database_keeps_one_file_of_a_choice_and_no_village_without_a_reason(run: Run, client: Client) -> None:
    post(client, run)
    same = MapFile.objects.get()
    same.pk, same.ref = None, run.ref
    with pytest.raises(IntegrityError), transaction.atomic():
        same.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        MapFile.objects.update(level="village")


def test_a_full_disk_is_told_in_words_and_the_work_goes_on_when_there_is_room(
    run: Run, client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = post(client, run)["Location"]

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sarana.methods.sealing.files.os.fsync", full)
        assert work()
    page = client.get(place).content.decode()
    assert "POPULATION-013" in page
    assert "The disk is full" in page
    assert list(home.iterdir()) == []
    assert lines("population.file-made") == []
    client.post(reverse("jobs:go-on", args=[Job.objects.get().ref]))
    assert work()
    assert said_in(read_csv(fetched(client, MapFile.objects.get())))


def test_a_folder_that_cannot_be_written_is_told(run: Run, client: Client, home: Path) -> None:
    home.write_text("a file where the folder should be")
    post(client, run)
    assert work()
    assert Job.objects.get().code == "POPULATION-014"


def test_the_door_itself_asks_for_the_reason_and_gives_no_layer_where_no_place_is_known(
    centre: Agency, tmp_path: Path
) -> None:
    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run")))
    analyst = acting(a_person(centre, "analyst"))
    seen = look(analyst, run, {"level": "village", "within": "all"}, "en")
    for kind, reason, code in (("csv", "", "POPULATION-010"), ("kml", "plan-programme", "POPULATION-012")):
        with pytest.raises(NotYet) as told:
            ask_for_file(analyst, seen, kind=kind, reason=reason)
        assert told.value.code == code


@pytest.mark.check("A-15")
def test_whoever_lost_her_role_meanwhile_gets_no_file(run: Run, client: Client, home: Path) -> None:
    post(client, run)
    Membership.objects.filter(role__code="analyst").update(role=Role.objects.get(code="case-worker"))
    assert work()
    assert Job.objects.get().code == "POPULATION-001"
    assert not home.exists()


@pytest.mark.usefixtures("centre")
def test_a_layer_of_villages_is_points_of_those_of_the_mandate_where_the_list_has_them(tmp_path: Path) -> None:
    def but_one(folder: Path) -> Mapping[str, tuple[float, float]]:
        return {code: place for code, place in places_in(folder).items() if code != "50010102"}

    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", places=but_one)))
    places = Drawing.objects.get(run=run).villages
    officer = an_office("TH5001", "district-officer")
    layer = json.loads(fetched(officer, asked_for(officer, run, "geojson", VILLAGES)))
    lying = {each["properties"]["area_code"][2:]: each["geometry"] for each in layer["features"]}
    assert lying.pop("50010102") is None
    assert {code: tuple(each["coordinates"]) for code, each in lying.items()} == {
        code: tuple(place) for code, place in places.items() if code[:4] == "5001"
    }
    assert {each["type"] for each in lying.values()} == {"Point"}
    assert "Each point is where the list of villages of the province puts it" in layer["notice"]
    root = ET.fromstring(fetched(officer, asked_for(officer, run, "kml", VILLAGES)))  # noqa: S314
    drawn = {mark.findtext(f"{KML}Point/{KML}coordinates") for mark in root.iter(f"{KML}Placemark")}
    assert drawn == {None, *(f"{lon},{lat}" for lon, lat in (each["coordinates"] for each in lying.values()))}


NAMES = ("=1+1", "+66", "-2", "@SUM(A1)", "\tx", "\uff1d1", "<b>&amp;", "]]>", "\x0bA")
"""What a boundary file may call an area, and what a file of ours must not take for more than a name."""


def test_no_name_becomes_a_formula_or_breaks_a_file(centre: Agency, tmp_path: Path) -> None:
    def renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        named = [row for row in rows if row["level"] == "subdistrict"]
        for row, name in zip(named, NAMES, strict=False):
            row["name"] = name
        return rows

    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", rows=renamed)))
    client = come_in(a_person(centre, "analyst"))
    content = {kind: fetched(client, asked_for(client, run, kind, {})) for kind in READERS}
    found = {kind: {row["area_name"] for row in read(content[kind])} for kind, read in READERS.items()}
    assert {f"'{name}" for name in NAMES[:6]} | set(NAMES[6:]) <= found["csv"]
    assert set(NAMES) <= found["geojson"]
    assert set(NAMES[:-1]) | {"A"} <= found["kml"] & found["xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}, "no cell is a formula"


def test_a_layer_lies_where_the_boundary_file_has_it(centre: Agency, tmp_path: Path) -> None:
    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", boundaries=SURVEY)))
    client = come_in(a_person(centre, "analyst"))
    layer = json.loads(fetched(client, asked_for(client, run, "geojson", {})))
    assert [len(feature["geometry"]["coordinates"]) for feature in layer["features"]] == [1] * 12
    by_code = {feature["properties"]["area_code"]: feature["geometry"]["coordinates"] for feature in layer["features"]}
    for n, code in enumerate(sorted(by_code)):
        ((ring,),) = by_code[code]
        x, y = 98 + n % 20 / 10, 18 + n // 20 / 10
        wanted = {(x, y), (x + 0.1, y), (x + 0.1, y + 0.1), (x, y + 0.1)}
        assert ring[0] == ring[-1]
        assert all(min(abs(px - wx) + abs(py - wy) for wx, wy in wanted) < 0.003 for px, py in ring), code
        assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(ring)) < 0, "with the clock"
    districts = json.loads(fetched(client, asked_for(client, run, "geojson", {"level": "district"})))
    assert [len(each["geometry"]["coordinates"][0]) for each in districts["features"]] == [1, 1, 1]
    assert "settle no boundary. Boundaries: Survey of trials, open data (as of 2024-07-01)." in layer["notice"]


def test_a_layer_of_a_run_of_an_earlier_version_says_that_it_has_no_outlines(centre: Agency, tmp_path: Path) -> None:
    found = read_protected(a_run(tmp_path / "run"))
    found = dataclasses.replace(found, drawing=dataclasses.replace(found.drawing, on_earth=()), name="Earlier")
    run, _is_new = actions.take_in(local(), found)
    client = come_in(a_person(centre, "analyst"))
    layer = json.loads(fetched(client, asked_for(client, run, "geojson", {})))
    assert {feature["geometry"] for feature in layer["features"]} == {None}
    assert "There are no outlines" in layer["notice"]
    (row, *_rest) = read_csv(fetched(client, asked_for(client, run, "csv", {})))
    assert "outlines" not in row["notice"]


def test_a_hole_stays_a_hole_and_villages_have_no_outlines() -> None:
    path = "M0 0l10 0 0 10 -10 0zM2 2l2 0 0 2 -2 0z"
    drawing = Drawing(areas=[["500101", "5001", path, 5, 5, 3]], on_earth=[98.0, 19.0, 0.01, 0.01])
    ((outer, hole),) = outlines(drawing, "subdistrict", "50")["500101"]
    assert {*outer} == {(98.0, 19.0), (98.1, 19.0), (98.1, 18.9), (98.0, 18.9)}
    assert {*hole} == {(98.02, 18.98), (98.04, 18.98), (98.04, 18.96), (98.02, 18.96)}
    assert list(outlines(drawing, "province", "50")) == ["50"]
    assert outlines(drawing, "village", "50") == {}


ORDER = ("name", "description", "styleUrl", "Style", "Schema", "ExtendedData", "Placemark", "MultiGeometry", "Point")
"""The order in which KML 2.2 has the elements that we write."""


def test_a_kml_keeps_the_order_of_its_elements_and_has_every_style_that_it_names(run: Run, client: Client) -> None:
    root = ET.fromstring(fetched(client, asked_for(client, run, "kml", {})))  # noqa: S314
    document = root.find(f"{KML}Document")
    assert document is not None
    for element in (document, *document.findall(f"{KML}Placemark")):
        places = [ORDER.index(child.tag.removeprefix(KML)) for child in element]
        assert places == sorted(places)
    styles = {style.get("id") for style in document.findall(f"{KML}Style")}
    assert {mark.findtext(f"{KML}styleUrl") for mark in document.iter(f"{KML}Placemark")} <= {f"#{s}" for s in styles}
    names = {mark.findtext(f"{KML}name", "")[0] for mark in document.iter(f"{KML}Placemark")}
    assert len(names) > 2, "signs differ in shape"
