"""Why an area stands where it stands: what is taken in beside the table of areas, and what its page says of it."""

from html import unescape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from makers.agencies import a_person, an_agency, local
from makers.protected import a_run
from makers.sittings import come_in
from sarana.basics.errors import SaranaError
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.reasons.models import Answer, Better, Indicator
from sarana.learning.population.reasons.showing import BARS, Part
from sarana.methods.population.protected_tables import read_protected

pytestmark = pytest.mark.django_db

SET = "chiang-mai-28"


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def run(centre: Agency, tmp_path: Path) -> Run:
    taken, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", set=SET)))
    return taken


def page_of(run: Run, centre: Agency, level: str, code: str) -> str:
    ref = Figure.objects.get(run=run, level=level, code=code, group="all").ref
    answer = come_in(a_person(centre, "analyst")).get(reverse("population:area", args=[ref]))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_what_is_kept_is_what_the_files_say(run: Run, tmp_path: Path) -> None:
    said = {
        (r["level"], r["code"], r["indicator"]): r
        for r in pq.read_table(tmp_path / "run/area-answers.parquet").to_pylist()
    }
    kept = {(one.level, one.code, one.key): one for one in Answer.objects.filter(run=run)}
    assert set(kept) == set(said)
    assert all((kept[key].n_known, kept[key].n_need) == (said[key]["n_known"], said[key]["n_need"]) for key in said)
    assert [one.key for one in Indicator.objects.filter(run=run).order_by("position")] == ["h02", "h06", "e01", "f02"]
    assert Better.objects.filter(run=run, is_better=True).count() == 1
    _again, is_new = actions.take_in(local(), read_protected(tmp_path / "run"))
    assert (is_new, Answer.objects.count()) == (False, len(said))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"answers": lambda rows: [{**rows[0], "n_need": 3}, *rows[1:]]}, "POPULATION-004"),
        ({"answers": lambda rows: [{**rows[0], "n_need": rows[0]["n_known"] - 3}, *rows[1:]]}, "POPULATION-004"),
        ({"answers": lambda rows: [{**rows[0], "level": "village"}, *rows[1:]]}, "POPULATION-004"),
        ({"answers": lambda rows: [*rows, {**rows[0], "code": "no such area"}]}, "POPULATION-004"),
        ({"answers": lambda rows: [{**rows[0], "n_need": None}, *rows[1:]]}, "POPULATION-004"),
        ({"set": SET, "answers": lambda rows: [*rows, {**rows[-1], "indicator": "h06"}]}, "POPULATION-004"),
        ({"set": SET, "answers": lambda rows: [{**rows[0], "indicator": "h02", "n_need": 0}]}, "POPULATION-004"),
        ({"set": SET, "answers": lambda rows: [{**rows[0], "indicator": "unheard of"}]}, "POPULATION-004"),
    ],
)
def test_answers_that_tell_of_few_or_too_narrowly_are_refused(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    with pytest.raises(SaranaError) as told:
        read_protected(a_run(tmp_path / "run", **more))
    assert told.value.code == code


def test_an_area_whose_rate_is_said_is_held_against_others_though_its_people_are_withheld(tmp_path: Path) -> None:
    def hidden(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        is_meant = [row["code"] == "500101" and row["group"] == "all" for row in rows]
        gone = {"n_people": None, "n_grey": None, name: None}
        return [{**row, **gone} if meant else row for row, meant in zip(rows, is_meant, strict=True)]

    found = read_protected(a_run(tmp_path / "run", rows=lambda rows: hidden(rows, "n_grey")))
    assert "500101" in {one.code for one in found.more.better}
    assert ("subdistrict", "500101") not in {(one.level, one.code) for one in found.more.answers}
    with pytest.raises(SaranaError, match="POPULATION-004 area-better"):
        read_protected(a_run(tmp_path / "other", rows=lambda rows: hidden(rows, "n_red")))


@pytest.mark.parametrize("name", ["area-answers.parquet", "area-better.parquet"])
def test_a_file_that_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    file = a_run(tmp_path / "run") / name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(SaranaError) as told:
        read_protected(tmp_path / "run")
    assert told.value.code == "POPULATION-003"


def test_the_page_of_an_area_says_what_drives_the_index_and_what_there_is_to_build_on(run: Run, centre: Agency) -> None:
    page = page_of(run, centre, "subdistrict", "500101")
    assert "What drives the index here" in page
    assert "33.3" in page
    assert "about a third" in page
    assert "Citizenship" in page
    assert "66.7" in page
    assert "told of the province only" in page
    assert "does better than its circumstances predict, by more than chance explains" in page
    other = page_of(run, centre, "subdistrict", "500102")
    assert "not lower than the circumstances" in other


def test_a_sensitive_question_stands_on_the_page_of_the_province_only(run: Run, centre: Agency) -> None:
    name = Indicator.objects.get(run=run, key="h06").name
    assert name in page_of(run, centre, "province", "50")
    assert name not in page_of(run, centre, "district", "5001")


def test_of_withheld_areas_nothing_is_said(run: Run, centre: Agency) -> None:
    withheld = Figure.objects.filter(run=run, level="subdistrict", group="all", rate=None)[0]
    page = page_of(run, centre, "subdistrict", withheld.code)
    assert "Nothing may be said of so few people" in page
    assert "Citizenship" not in page


def test_the_map_shows_the_areas_that_do_better_when_asked(run: Run, centre: Agency) -> None:
    client = come_in(a_person(centre, "analyst"))
    path = reverse("population:map", args=[run.ref])
    page = unescape(client.get(f"{path}?level=subdistrict&only=better").content.decode())
    assert "Area 500101" in page
    assert "Area 500102" not in page
    wide = unescape(client.get(f"{path}?level=district&only=better").content.decode())
    assert "Area 5002" in wide


def test_bars_are_words_for_every_share() -> None:
    said = [Part("", 1000, n, None).bar for n in range(1001)]
    assert len(dict.fromkeys(said)) == len(BARS)
    assert (said[0], said[100], said[500], said[1000]) == (
        "nobody",
        "about one in ten",
        "about half",
        "nearly everybody",
    )
