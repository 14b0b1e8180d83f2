"""The map of villages: inside only, equal to every table of them, nothing withheld on it, drawn without places too."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, local
from makers.mapfiles import READERS, an_office, asked_for, fetched, said_in, said_on
from makers.protected import a_run, places_in
from makers.provinces import Somewhere
from makers.sittings import come_in
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions, villages
from sarana.learning.population.models import AreaLevel, Drawing, Figure, Run
from sarana.learning.population.naming import Wanted, lay, width_of
from sarana.learning.population.policy import READERS as ROLES
from sarana.methods.areas.classes import MapClasses
from sarana.methods.population.protected_places import VILLAGES
from sarana.methods.population.protected_tables import COUNTS, read_protected

pytestmark = pytest.mark.django_db

PATCH = re.compile(r'<path class="(high|mid|low|none|beside)( loose)?" d="[^"]+"(?:><title>([^<]*)</title>|/>)')
SIGN = re.compile(r'class="on-(\w+)"')
MARKS = re.compile(r'<g class="marks">(.*?)</g>', re.DOTALL)
WORDS = {"high": "high", "mid": "middle", "low": "low", "none": "not said"}


def page_of(client: Client, run: Run, **asked: str) -> str:
    answer = client.get(reverse("population:map", args=[run.ref]), {"level": "village", **asked})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def drawn_on(page: str) -> dict[str, tuple[str, str]]:
    """By name of village: the rate and the class that the map says of it."""
    found = {}
    for band, _loose, title in PATCH.findall(page):
        if title:
            name, _, said = title.partition(": ")
            found[name] = (said.split(" per ")[0] if " per " in said else "withheld", WORDS[band])
    return found


@pytest.mark.usefixtures("home")
@pytest.mark.check("A-04")
@pytest.mark.parametrize("asked", [{"within": "all"}, {"within": "5002"}, {"within": "500103"}])
def test_map_table_area_pages_and_every_kind_of_file_say_the_same_of_every_village(
    client: Client, run: Run, asked: dict[str, str]
) -> None:
    page = page_of(client, run, **asked)
    table = said_on(page)
    assert {name: (row[0], row[2]) for name, row in table.items()} == drawn_on(page)
    assert "withheld" in {row[0] for row in table.values()}
    for kind, read in READERS.items():
        told = {"level": "village", "reason": "plan-programme", **asked}
        assert said_in(read(fetched(client, asked_for(client, run, kind, told)))) == table, kind
    for figure in Figure.objects.filter(run=run, level="village", group="all", name__in=table):
        area = unescape(client.get(reverse("population:area", args=[figure.ref])).content.decode())
        assert f"</span>{table[figure.name][2]}</" in area.partition("Class on the map")[2][:200], figure.name
    inside = Figure.objects.get(run=run, level="subdistrict", code="500103", group="all")
    lying = client.get(reverse("population:area", args=[inside.ref])).context["part"]
    for name, row in re.findall(r'<tr><th scope="row"><a [^>]*>([^<]*)</a></th>(.*?)</tr>', lying):
        if name in table:
            assert table[name][0] in row
            assert f"</span>{table[name][2]}" in row


def test_what_is_withheld_is_hatched_without_a_sign_and_a_class_is_that_of_the_published_rate(
    client: Client, run: Run
) -> None:
    page = page_of(client, run, within="all")
    figures = {row.name: row for row in Figure.objects.filter(run=run, level="village", group="all")}
    limits = MapClasses(*run.limits[AreaLevel.SUBDISTRICT])
    drawn = drawn_on(page)
    assert {name: band for name, (_rate, band) in drawn.items()} == {
        name: WORDS[limits.of(row.rate)] for name, row in figures.items()
    }
    assert len(SIGN.findall(page)) == sum(row.rate is not None for row in figures.values())
    assert {row.band for row in figures.values()} == {""}, "no class of a village is stored"


def test_a_class_does_not_hang_on_villages_that_somebody_does_not_see(run: Run) -> None:
    seen = [drawn_on(page_of(an_office(area, "analyst"), run, within="5002")) for area in ("TH50", "TH5002")]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 8


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_the_villages_of_the_mandate_are_named_and_the_nation_gets_no_map(run: Run, role: str) -> None:
    page = page_of(an_office("TH500201", role), run, within="5002")
    if role == "national-officer":
        assert "<svg viewBox" not in page
        assert "Area 5002010" not in page
        assert "District: Area 5002." in page
        return
    assert set(drawn_on(page)) == {"Area 50020101", "Area 50020102"}
    elsewhere = page_of(an_office("TH51", role), run, within="5002")
    assert "<svg viewBox" not in elsewhere
    assert "Area 500201" not in elsewhere.partition("areas-table")[2]


def test_a_subdistrict_of_which_she_sees_some_shows_the_others_as_ground(run: Run) -> None:
    page = page_of(an_office("TH50020101", "outreach-worker"), run, within="500201")
    assert [(band, title) for band, _loose, title in PATCH.findall(page)] == [
        ("high", "Area 50020101: 40.0 per 1,000, high"),
        ("beside", ""),
    ]
    assert "50020102" not in page


@pytest.mark.parametrize(("silent", "first"), [((), "5003"), (("5003",), "5002"), (("5001", "5002", "5003"), "5003")])
def test_it_begins_in_the_district_with_the_highest_rate_in_which_a_village_has_one(
    centre: Agency, tmp_path: Path, silent: tuple[str, ...], first: str
) -> None:
    def hushed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for row in rows:
            if row["level"] == "village" and row["code"].startswith(silent or "none"):
                row.update(dict.fromkeys((*COUNTS, "rate", "low", "high")))
        return rows

    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", rows=hushed, places=places_in)))
    rates = dict(Figure.objects.filter(run=run, level="district", group="all").values_list("code", "rate"))
    assert max(rates, key=lambda code: rates[code]) == "5003"
    assert {name[5:9] for name in drawn_on(page_of(come_in(a_person(centre, "analyst")), run))} == {first}


def test_one_subdistrict_is_asked_for_by_a_link_and_shows_the_names_of_its_villages(client: Client, run: Run) -> None:
    page = page_of(client, run, within="5001")
    assert "level=village&within=500102&group=all" in page
    one = page_of(client, run, within="500102")
    assert set(drawn_on(one)) == {"Area 50010201", "Area 50010202"}
    names = re.search(r'<g class="names".*?</g>', one, re.DOTALL)
    assert names is not None
    assert re.findall(r">([^<>]+)</text>", names[0]) == ["Area 50010201", "Area 50010202"]
    assert "Subdistrict: Area 500102, district: Area 5001." in one


def a_run_with(tmp_path: Path, places: Callable[[Path], Any], name: str = "other") -> Run:
    return actions.take_in(local(), read_protected(a_run(tmp_path / name, places=places)))[0]


def test_a_run_without_places_is_drawn_within_subdistricts_and_says_so(centre: Agency, tmp_path: Path) -> None:
    run = a_run_with(tmp_path, lambda _folder: {})
    assert Drawing.objects.get(run=run).villages == {}
    page = page_of(come_in(a_person(centre, "analyst")), run, within="5001")
    patches = PATCH.findall(page)
    assert [loose for _band, loose, _title in patches] == [" loose"] * 8
    assert {name: (row[0], row[2]) for name, row in said_on(page).items()} == drawn_on(page)
    assert "Dashed: 8 villages" in page


def test_some_villages_without_a_place_stand_beside_those_with_one(centre: Agency, tmp_path: Path) -> None:
    def some(folder: Path) -> dict[str, tuple[float, float]]:
        found = places_in(folder)
        # One is not known, one lies on the equator off Africa, two share a point.
        del found["50010101"]
        found["50010201"] = (0.0, 0.0)
        found["50010301"] = found["50010302"]
        return found

    run = a_run_with(tmp_path, some)
    assert "50010201" not in Drawing.objects.get(run=run).villages
    page = page_of(come_in(a_person(centre, "analyst")), run, within="5001")
    loose = {title.partition(":")[0] for _band, loose, title in PATCH.findall(page) if loose}
    assert loose == {"Area 50010101", "Area 50010201", "Area 50010301", "Area 50010302"}


def test_a_list_of_villages_that_was_changed_afterwards_places_nobody(centre: Agency, tmp_path: Path) -> None:
    folder = a_run(tmp_path / "run", places=places_in)
    table = pq.read_table(folder / VILLAGES)
    pq.write_table(table.slice(1), folder / VILLAGES)
    assert read_protected(folder).places == {}
    (folder / VILLAGES).write_bytes(b"no table")
    assert read_protected(folder).places == {}
    assert centre


def test_a_run_without_outlines_has_the_table_alone(centre: Agency, tmp_path: Path) -> None:
    found = read_protected(a_run(tmp_path / "run", places=places_in))
    bare = dataclasses.replace(found, drawing=dataclasses.replace(found.drawing, areas=()))
    run, _is_new = actions.take_in(local(), bare)
    page = page_of(come_in(a_person(centre, "analyst")), run, within="5001")
    assert "<svg viewBox" not in page
    assert len(said_on(page)) == 8
    assert "There is no map of them here" in page


def test_so_many_villages_are_signs_whose_number_is_that_of_the_table(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(villages, "MOST_PATCHES", 10)
    page = page_of(client, run, within="all")
    [marks] = MARKS.findall(page)
    counted = {band: path.count("M") for band, path in re.findall(r'<path class="(\w+)" d="([^"]*)"', marks)}
    bands = [row[2] for row in said_on(page).values()]
    assert {WORDS[band]: n for band, n in counted.items()} == {band: bands.count(band) for band in set(bands)}
    assert sum(counted.values()) == 24
    assert "<title>" not in page.partition("</figure>")[0].partition("<figure")[2]


def test_a_village_whose_point_lies_beside_the_map_is_said_to_be_missing_from_it(
    centre: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_far_off(folder: Path) -> dict[str, tuple[float, float]]:
        found = places_in(folder)
        return {**found, min(found): (8.0, 51.0)}

    monkeypatch.setattr(villages, "MOST_PATCHES", 10)
    run, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", places=one_far_off)))
    page = page_of(come_in(a_person(centre, "analyst")), run, within="all")
    assert sum(path.count("M") for path in re.findall(r' d="([^"]*)"', MARKS.findall(page)[0])) == 23
    assert "Nobody knows where one village lies" in page


def test_nothing_of_a_village_is_in_the_file_for_the_nation(tmp_path: Path) -> None:
    here = Somewhere()
    with_places = here.run(tmp_path / "with", places=places_in)
    assert len(with_places.places) == 24
    file = here.file(with_places)
    assert file == here.file(here.run(tmp_path / "without"))


def test_readers_of_two_districts_are_never_given_each_others_map(run: Run) -> None:
    clients = [an_office(area, "outreach-worker") for area in ("TH5001", "TH5002")]
    for within in ("all", "5001"):
        pages = [drawn_on(page_of(client, run, within=within)) for client in (*clients, clients[0])]
        assert pages[0] == pages[2]
        assert pages[0].keys().isdisjoint(pages[1])


def names_laid(names: Iterator[str] | list[str], **more: Any) -> list[str]:
    wanted = [Wanted(name, [(50.0, 50.0), (50.0, 80.0)]) for name in names]
    return [name for name, _x, _y in lay(wanted, 10, (0, 0, 100, 100), **more)]


def test_names_do_not_lie_on_each_other_and_keep_clear_of_signs_where_they_can() -> None:
    assert names_laid(["one", "two", "three"]) == ["one", "two"]
    sign = (45.0, 42.0, 55.0, 52.0)
    assert lay([Wanted("one", [(50.0, 50.0), (50.0, 80.0)])], 10, (0, 0, 100, 100), [sign]) == [("one", 50, 80)]
    assert lay([Wanted("one", [(50.0, 50.0)])], 10, (0, 0, 100, 100), [sign]) == [("one", 50, 50)]
    assert lay([Wanted("one", [(2.0, 50.0)])], 10, (0, 0, 100, 100)) == [("one", 9, 50)]
    assert lay([Wanted("one", [(50.0, 150.0)])], 10, (0, 0, 100, 100)) == []
    assert width_of("ปิ้ง") == 2, "signs above a letter take no room"


def test_where_most_villages_are_silent_the_page_leads_to_their_subdistricts(client: Client, run: Run) -> None:
    page = page_of(client, run, within="500103")
    assert "Of most of these villages nothing may be said" in page
    assert "?level=subdistrict&within=5001" in page
    assert "Of most of these villages" not in page_of(client, run, within="500102")


def test_whoever_goes_from_one_subdistrict_to_all_of_them_stays_in_its_district(client: Client, run: Run) -> None:
    asked = {"level": "subdistrict", "within": "500103"}
    choice = client.get(reverse("population:map", args=[run.ref]), asked).context["choice"]
    assert (choice.level, choice.within) == ("subdistrict", "5001")
