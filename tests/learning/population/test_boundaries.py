"""Boundary files on the web: what is wrong with one is said in sentences, and it is drawn by only when put in force."""

import datetime as dt
import json
import random
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, an_agency, local
from makers.boundaries import GONE, a_list
from makers.boundary_files import ELSEWHERE, a_file
from makers.ledger import full
from makers.sittings import come_in
from makers.work import work
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.models import Area, Edition
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.learning.population.boundaries.looking import look
from sarana.learning.population.models import BoundaryFile, Drawing, Run

pytestmark = pytest.mark.django_db

CODES = tuple(f"TH50010{n}" for n in range(1, 7))
State = BoundaryFile.State


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of files is tried here; that a process of its own does it, beside the work that asks for it."""
    monkeypatch.setattr("sarana.learning.population.boundaries.jobs.look_apart", look)


@pytest.fixture
def officer(centre: Agency) -> Account:
    a_list(CODES)
    return a_person(centre, "provincial-data-officer")


@pytest.fixture
def office(officer: Account) -> Client:
    return come_in(officer)


def bring(client: Client, content: bytes, **more: Any) -> Any:
    agency = Agency.objects.get(name="Centre")
    said = {"agency": str(agency.ref), "area": "TH50", "drawn_by": "Survey of trials", "as_of": "2026-01-01"}
    file = SimpleUploadedFile("TH50.geojson", content)
    sent = {**said, "file": file, "whole": "1", **more}
    given = {k: v for k, v in sent.items() if v is not None}
    answer = client.post(reverse("population:boundaries"), given, follow=True)
    return client.get(answer.request["PATH_INFO"]) if answer.status_code == 200 and work() else answer


def act(client: Client, name: str, file: BoundaryFile, **data: str) -> Any:
    return client.post(reverse(f"population:{name}", args=[file.ref]), data)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"turned": True}, ("turned round in 6 areas", "The first of them: TH500101 at 18.7 E, 98.8 N; ")),
        ({"scale": 111_320}, ("6 areas are in metres, not degrees",)),
        ({"scale": 0.5}, ("6 areas lie outside of the country", "TH500101 at 49.4 E, 9.4 N")),
        # Only the last one is wrong: it is the one that is named.
        (
            {"turned": True, "only": 5},
            ("turned round in 1 area.", "Namely: TH500106 at 18.7 E, 98.9 N.", "1 of 6 areas"),
        ),
        ({"scale": 0.5, "only": 5}, ("1 area lies outside", "Namely: TH500106 at 49.5 E, 9.4 N.", "1 of 6 areas")),
    ],
)
def test_areas_that_lie_wrong_are_said_where_and_never_come_in_force(
    office: Client, more: dict[str, Any], says: tuple[str, ...]
) -> None:
    page = bring(office, a_file(CODES, **more)).content.decode()
    assert [each for each in says if each not in page] == []
    assert "only" not in more or "TH500101 at" not in page
    file = BoundaryFile.objects.get()
    assert reverse("population:put-boundary-in-force", args=[file.ref]) not in page
    refused = act(office, "put-boundary-in-force", file, knows="1")
    assert "POPULATION-105" in refused.content.decode()
    assert BoundaryFile.objects.get().state == State.LOOKED_THROUGH
    assert not BoundaryFile.objects.filter(state=State.IN_FORCE).exists()


def test_what_is_no_more_what_lacks_and_what_is_elsewhere_is_said_before_one_person_puts_it_in_force(
    office: Client, centre: Agency
) -> None:
    held = (*CODES[1:], GONE, ELSEWHERE, "TH999999")
    page = bring(office, a_file(held)).content.decode()
    first = BoundaryFile.objects.get()
    assert f"{GONE}</code>" in page
    assert "it became TH500101 Area TH500101, TH500102 Area TH500102" in page
    assert "One subdistrict of today would be a hole in the map" in page
    assert f"<code>{CODES[0]}</code>" in page
    assert first.found().outside == (ELSEWHERE,)
    assert (first.found().n_strange, first.found().property) == (1, "TAM_CODE")
    # A gap is known before it is drawn.
    gaps = act(office, "put-boundary-in-force", first)
    assert (gaps.status_code, "POPULATION-107" in gaps.content.decode()) == (409, True)
    assert act(office, "put-boundary-in-force", first, knows="1").status_code == 302
    # A whole one takes its place, at once and alone; nobody does it twice.
    bring(office, a_file(CODES))
    second = BoundaryFile.objects.get(state=State.LOOKED_THROUGH)
    assert act(office, "put-boundary-in-force", second).status_code == 302
    assert "POPULATION-106" in act(office, "put-boundary-in-force", second).content.decode()
    assert [BoundaryFile.objects.get(pk=each.pk).state for each in (first, second)] == [State.REPLACED, State.IN_FORCE]
    acts = Entry.objects.filter(action__startswith="population.boundaries-").values_list("action", flat=True)
    assert sorted(acts) == ["population.boundaries-brought"] * 2 + ["population.boundaries-in-force"] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        BoundaryFile.objects.filter(pk=first.pk).update(state=State.IN_FORCE)
    guide = office.get(reverse("population:year")).content.decode()
    assert "Boundaries are as of" in guide
    # The list moves on: the guide says that the file does not have today's areas.
    Area.objects.filter(code=CODES[0]).update(code="TH500177", search="TH500177")
    assert "1 subdistrict of today has no outline in it" in office.get(reverse("population:year")).content.decode()
    assert act(office, "put-boundary-aside", second).status_code == 302
    assert not BoundaryFile.objects.filter(state=State.IN_FORCE).exists()


def test_half_a_file_another_kind_and_one_sent_twice_keep_nothing_half(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = a_file(CODES)
    deep = b'{"type":"FeatureCollection","features":[{"geometry":' + b"[" * 100_000
    wrong = {
        whole[: len(whole) // 2]: "The file ends in the middle",
        b"PK\x03\x04 a packed file": "POPULATION-101",
        b'{"type":"Topology"}': "POPULATION-101",
        deep: "POPULATION-101",
        a_file([ELSEWHERE]): "None of its areas is a subdistrict",
        a_file(["TH5001", "TH50"]): "POPULATION-103",
    }
    for content, says in wrong.items():
        page = bring(office, content).content.decode()
        assert "This file cannot be used" in page
        assert says in page
        assert "put-in-force" not in page
        assert says in Job.objects.latest("asked_at", "id").says + Job.objects.latest("asked_at", "id").code
    kept = BoundaryFile.objects.filter(state=State.UNFIT)
    assert {(bytes(each.content), bytes(each.outlines)) for each in kept} == {(b"", b"")}
    assert kept.count() == len(wrong)
    empty = bring(office, b"")
    assert (empty.status_code, "POPULATION-032" in empty.content.decode()) == (422, True)
    assert "Survey of trials" in empty.content.decode(), "nothing typed is lost"
    # The line was cut behind the file: the field that stands after it never came.
    assert "POPULATION-032" in bring(office, whole, whole=None).content.decode()
    monkeypatch.setattr("sarana.learning.population.boundaries.taking.MOST_BYTES", 10)
    assert "POPULATION-102" in bring(office, whole).content.decode()
    monkeypatch.setattr("sarana.learning.population.boundaries.taking.MOST_BYTES", 2**20)
    assert not BoundaryFile.objects.exclude(state=State.UNFIT).exists()
    for _again in range(2):
        assert bring(office, whole).status_code == 200
    assert BoundaryFile.objects.exclude(state=State.UNFIT).count() == 1
    assert Entry.objects.filter(action="population.boundaries-brought").count() == 1
    assert Entry.objects.filter(action="population.boundaries-unfit").count() == len(wrong)


def test_what_cannot_be_written_down_is_not_done(office: Client) -> None:
    bring(office, a_file(CODES))
    file = BoundaryFile.objects.get()
    with full():
        act(office, "put-boundary-in-force", file)
        bring(office, a_file(CODES[:3]))
    assert [each.state for each in BoundaryFile.objects.all()] == [State.LOOKED_THROUGH]


def test_without_a_list_of_areas_it_is_said_who_brings_one(office: Client) -> None:
    Area.objects.all().delete()
    page = bring(office, a_file(CODES)).content.decode()
    assert "POPULATION-104" in page
    assert "Have the data custodian load it" in page
    assert not BoundaryFile.objects.exists()


def test_only_the_officer_of_the_province_has_a_door(office: Client, centre: Agency) -> None:
    bring(office, a_file(CODES))
    file = BoundaryFile.objects.get()
    far = accounts.make_agency(local(), name="Far", kind=Agency.Kind.HEALTH, country="TH", areas=["TH57"])
    for agency, role, status in (
        (centre, "analyst", 403),
        (centre, "data-specialist", 403),
        (far, "provincial-data-officer", 404),
        (an_agency("Police", kind=Agency.Kind.POLICE), "provincial-data-officer", 403),
    ):
        client = come_in(a_person(agency, role))
        assert client.get(reverse("population:boundary", args=[file.ref])).status_code == status, (agency, role)
        assert act(client, "put-boundary-in-force", file).status_code == status
    assert BoundaryFile.objects.get().state == State.LOOKED_THROUGH


def test_the_map_and_the_page_of_an_area_say_what_is_no_more_and_what_has_no_outline(
    run: Run, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list((*CODES, "TH500201"), gone={"TH500102": ("TH500101", "TH500201")})
    Area.objects.filter(code="TH500102", valid_until=None).delete()
    drawing = Drawing.objects.get(run=run)
    drawing.areas = [line for line in drawing.areas if line[0] != "500103"]
    drawing.drawn_by, drawing.drawn_as_of = "Survey of trials, open data", dt.date(2024, 7, 1)
    monkeypatch.setattr("sarana.learning.population.queries.drawing_of", lambda _run: drawing)
    address = reverse("population:map", args=[run.ref])
    page = client.get(f"{address}?level=subdistrict&within=all").content.decode()
    assert "One of these subdistricts is no more" in page
    assert "it became TH500101 Area TH500101, TH500201 Area TH500201" in page
    assert "One area has no outline and stands in the table only: Area 500103" in page
    assert "Survey of trials, open data</bdi> (as of 1 July 2024)" in page
    beside = client.get(f"{address}?level=subdistrict&within=5002").content.decode()
    assert "is no more" not in beside
    area = run.figures.get(area="TH500102", group="all")
    told = client.get(reverse("population:area", args=[area.ref])).content.decode()
    assert "By the list of areas this subdistrict is no more since" in told
    assert "it became TH500101 Area TH500101, TH500201 Area TH500201" in told
    # A corrected list is put in force: what was remembered of map and area is no longer said.
    Edition.objects.update(state=Edition.State.REPLACED)
    a_list((*CODES, "TH500201"), gone={"TH500102": ("TH500201",)})
    Area.objects.filter(code="TH500102", valid_until=None).delete()
    corrected = client.get(f"{address}?level=subdistrict&within=all").content.decode()
    told = client.get(reverse("population:area", args=[area.ref])).content.decode()
    for each in (corrected, told):
        assert "it became TH500201 Area TH500201" in each
        assert "TH500101 Area TH500101, TH500201" not in each


def drawn(rings: dict[str, list[list[float]]], name: str = "code") -> bytes:
    features = [
        {"type": "Feature", "properties": {name: code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in rings.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def a_square(x: float = 98.8, y: float = 18.7, side: float = 0.02) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def test_numbers_without_end_and_signs_that_no_database_keeps_end_in_a_sentence(office: Client) -> None:
    endless = [[1e308, 1.0], [1.7e308, 1.0], [1.7e308, 2.0], [1e308, 1.0]]
    answer = bring(office, drawn({"TH500101": endless}))
    assert "POPULATION-109" in answer.content.decode()
    assert bring(office, drawn({"TH500101": endless, "TH500102": a_square()}, "\0code")).status_code == 200
    told = BoundaryFile.objects.get(state=State.LOOKED_THROUGH).found()
    assert (told.property, told.codes, told.n_empty) == ("code", ("TH500102",), 1)


def test_codes_as_spreadsheets_leave_them_are_codes(office: Client) -> None:
    content = drawn({"TH500101": a_square()}).replace(b'"TH500101"', b"500101.0")
    bring(office, content)
    assert BoundaryFile.objects.get().found().codes == ("TH500101",)


def test_a_small_file_that_would_be_hours_of_work_is_refused_at_once(office: Client) -> None:
    signs = random.Random(7)
    ring = [[98.8 + signs.random() / 50, 18.7 + signs.random() / 50] for _n in range(2000)]
    many = [{"properties": {f"name {n}-{m}": 1 for m in range(200)}, "geometry": None} for n in range(500)]
    files = {
        "POPULATION-108": drawn({"TH500101": [*ring, ring[0]]}),
        "POPULATION-102": b'{"features":[' + b",".join([b'{"geometry":null}'] * 20_001) + b"]}",
        "POPULATION-103": json.dumps({"features": many}).encode(),
        "POPULATION-101": b'{"features":[' + b",".join([b"{}"] * 50_000) + b"]}",
    }
    began = time.process_time()
    for code, content in files.items():
        assert code in bring(office, content).content.decode(), code
    assert BoundaryFile.objects.exclude(fault={}).count() == len(files)
    # A ring that was drawn the wrong way round once is still mended.
    turned = a_square()
    turned[1], turned[2] = turned[2], turned[1]
    assert bring(office, drawn({"TH500101": turned})).status_code == 200
    assert time.process_time() - began < 10


def test_a_file_is_drawn_once_when_it_is_looked_through_and_never_at_a_look(office: Client) -> None:
    bring(office, a_file(CODES))
    file = BoundaryFile.objects.get()
    assert len(file.drawing["lines"]) == len(CODES)
    BoundaryFile.objects.update(outlines=b"not read by a page")
    page = office.get(reverse("population:boundary", args=[file.ref])).content.decode()
    assert page.count('<path class="borders"') == len(CODES)


def test_a_file_that_waits_says_so_is_never_in_force_and_goes_when_it_is_put_aside(office: Client) -> None:
    said = {
        "agency": str(Agency.objects.get(name="Centre").ref),
        "area": "TH50",
        "drawn_by": "x",
        "as_of": "2026-01-01",
    }
    sent = {**said, "file": SimpleUploadedFile("a", a_file(CODES)), "whole": "1"}
    page = office.post(reverse("population:boundaries"), sent, follow=True).content.decode()
    assert "It is being looked through" in page
    assert 'data-watch="2"' in page
    file = BoundaryFile.objects.get()
    assert "POPULATION-062" in act(office, "put-boundary-in-force", file, knows="1").content.decode()
    assert act(office, "put-boundary-aside", file).status_code == 302
    assert work()
    now = BoundaryFile.objects.get()
    assert (now.state, bytes(now.content), now.told) == (State.ASIDE, b"", {})
    assert (Job.objects.get().state, Job.objects.get().code) == (Job.State.FAILED, "POPULATION-059")


def test_an_older_file_replaces_a_newer_one_only_where_it_is_known_and_none_is_from_tomorrow(office: Client) -> None:
    tomorrow = bring(office, a_file(CODES), as_of="2999-01-01")
    assert (tomorrow.status_code, BoundaryFile.objects.exists()) == (422, False)
    assert "This day is still to come" in tomorrow.content.decode()
    bring(office, a_file(CODES))
    newer = BoundaryFile.objects.get()
    act(office, "put-boundary-in-force", newer)
    page = bring(office, a_file(CODES, name="OTHER"), as_of="2019-01-01").content.decode()
    older = BoundaryFile.objects.get(state=State.LOOKED_THROUGH)
    assert 'name="knows_older"' in page
    assert "POPULATION-133" in act(office, "put-boundary-in-force", older).content.decode()
    assert BoundaryFile.objects.get(state=State.IN_FORCE) == newer
    assert act(office, "put-boundary-in-force", older, knows_older="1").status_code == 302
    assert BoundaryFile.objects.get(state=State.IN_FORCE) == older
