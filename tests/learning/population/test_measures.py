"""One indicator or one sector on the map: in the address, the same on page, paper and files, and what cannot be had."""

import dataclasses
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

from makers.agencies import a_person, acting, an_agency, local
from makers.mapfiles import READERS, Said, asked_for, fetched, post, said_in, said_on
from makers.protected import a_run
from makers.sittings import come_in
from sarana.basics.errors import NotYet, Refused, SaranaError
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions
from sarana.learning.population.files.actions import ask_for_file
from sarana.learning.population.looking import look
from sarana.learning.population.models import Figure, MapFile, Run
from sarana.learning.population.reasons.models import Answer, Sector, SectorAnswer
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.questions.intervals import score_interval

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SET = "chiang-mai-28"
LATER = dt.date(2027, 6, 30)
LINE = dict[str, Any]
TITLE = re.compile(r'<path class="(\w+)" d="[^"]*"><title>([^<]*)</title>')
MEASURES = ({"indicator": "f02"}, {"indicator": "h02"}, {"sector": "education"}, {"sector": "family_welfare"})


@pytest.fixture
def run(centre: Agency, tmp_path: Path) -> Run:
    """Answers differ from area to area, and in some nothing is told of one question."""

    def uneven(told: list[LINE]) -> list[LINE]:
        found = [{**line, "n_need": line["n_need"] + 10 * int(line["code"][-1])} for line in told]
        return [line for line in found if line["indicator"] != "h02" or line["code"][-1] != "2"]

    taken, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", set=SET, answers=uneven)))
    return taken


def page_of(client: Client, run: Run, **asked: str) -> str:
    answer = client.get(reverse("population:map", args=[run.ref]), {"within": "all", **asked})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def told_of(run: Run, level: str, asked: dict[str, str]) -> Said:
    """What the protected tables say, written as a page writes it, without the class."""
    if "sector" in asked:
        lines = SectorAnswer.objects.filter(run=run, level=level, key=asked["sector"])
        counts = {line.code: (line.n_gravest, line.n_known) for line in lines}
    else:
        counts = {
            a.code: (a.n_need, a.n_known) for a in Answer.objects.filter(run=run, level=level, key=asked["indicator"])
        }
    found = {}
    for figure in Figure.objects.filter(run=run, level=level, group="all"):
        if figure.code not in counts:
            found[figure.name] = ("withheld", "", "not said", "")
            continue
        part, whole = counts[figure.code]
        low, high = (f"{round(1000 * end, 1):,.1f}" for end in score_interval(part, whole))
        rate = (20000 * part + whole) // (2 * whole) / 10
        found[figure.name] = (f"{rate:,.1f}", f"{low}–{high}", "", f"{whole:,}")
    return found


@pytest.mark.check("A-04")
@pytest.mark.parametrize(
    ("level", "asked"),
    [*(("subdistrict", each) for each in MEASURES), ("district", MEASURES[1]), ("province", MEASURES[2])],
    ids=str,
)
def test_page_map_and_every_kind_of_file_say_what_the_protected_table_says(
    client: Client, run: Run, level: str, asked: dict[str, str]
) -> None:
    page = page_of(client, run, level=level, **asked)
    table = said_on(page)
    truth = told_of(run, level, asked)
    assert {name: (row[0], row[1], row[3]) for name, row in table.items()} == {
        name: (row[0], row[1], row[3]) for name, row in truth.items()
    }
    if level == "subdistrict":
        assert "withheld" in {row[0] for row in table.values()}, "or nothing was held back"
        assert {row[2] for row in table.values()} >= {"high", "low", "not said"}
    if level != "province":
        words = {"high": "high", "mid": "middle", "low": "low", "none": "not said"}
        drawn = {name.partition(": ")[0]: (words[band], name) for band, name in TITLE.findall(page)}
        assert {name: band for name, (band, _title) in drawn.items()} == {name: row[2] for name, row in table.items()}
        assert all(row[0] == "withheld" or row[0] in drawn[name][1] for name, row in table.items())
    for kind, read in READERS.items():
        rows = read(fetched(client, asked_for(client, run, kind, {"level": level, **asked})))
        assert said_in(rows) == table, kind
        for row in rows:
            assert (row.get("indicator"), row.get("sector")) == (asked.get("indicator"), asked.get("sector"))
            assert bool(row.get("why_withheld")) == (row.get("rate_per_1000") is None)
            assert "What is shown, of every 1,000: people" in row["notice"]


def test_the_choice_is_a_sentence_on_the_page_in_the_legend_and_in_the_list_of_files(client: Client, run: Run) -> None:
    page = page_of(client, run, level="subdistrict", sector="education")
    says = (
        "people with the gravest answer (3) to at least one question of “Education”, of those whose answer to “Left "
        "school” is known"
    )
    assert page.count(says) == 3, "above the table, in the legend, and where it is said what the figures are"
    assert "Attendance" in page
    assert "Nationality and legal status" not in page.partition("Its questions:")[2].partition("</p>")[0]
    page = page_of(client, run, level="district", within="all", indicator="f02")
    says = "people in need by “Debt against a year's income” (answer 2 or 3), of those whose answer is known"
    assert page.count(says) == 3
    assert page.count("per 1,000") >= 2, "classes in the legend begin with a rate"
    file = asked_for(client, run, "csv", {"sector": "education"})
    assert "education" in client.get(reverse("population:file", args=[file.ref])).content.decode()
    assert "-education-" in client.get(reverse("population:fetch-file", args=[file.ref]))["Content-Disposition"]


def test_an_indicator_is_chosen_with_a_district_and_with_areas_that_do_better(client: Client, run: Run) -> None:
    names = set(said_on(page_of(client, run, level="subdistrict", within="5002", indicator="f02")))
    assert {name[5:9] for name in names} == {"5002"}
    assert len(names) == 4
    better = said_on(page_of(client, run, level="subdistrict", only="better", sector="family_welfare"))
    assert 0 < len(better) < 12


@pytest.mark.parametrize(
    ("asked", "code", "sentence"),
    [
        ({"indicator": "x99"}, "POPULATION-024", "This run tells of no such indicator."),
        ({"indicator": "<script>" * 20}, "POPULATION-024", "This run tells of no such indicator."),
        ({"indicator": "education"}, "POPULATION-024", "This run tells of no such indicator."),
        ({"sector": "human_security"}, "POPULATION-025", "This run tells of no such sector."),
        ({"sector": "e01"}, "POPULATION-025", "This run tells of no such sector."),
        ({"indicator": "f02", "sector": "education"}, "POPULATION-026", "one indicator or one sector, not both"),
        ({"indicator": "f02", "level": "village"}, "POPULATION-027", "of everybody together"),
        ({"sector": "education", "group": "sex=F", "level": "district"}, "POPULATION-027", "of everybody together"),
        ({"indicator": "f02", "group": "age=12-17", "level": "province"}, "POPULATION-027", "of everybody together"),
        ({"indicator": "f02", "which": "without-status"}, "POPULATION-027", "of everybody together"),
        ({"indicator": "h06"}, "POPULATION-029", "nothing may be told of it: it is sensitive"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_sentence_and_nothing_else_is_shown(
    client: Client, run: Run, asked: dict[str, str], code: str, sentence: str
) -> None:
    chosen = {"level": "subdistrict", **asked}
    page = page_of(client, run, **chosen)
    assert sentence in page
    assert page.count(f"({code})") == 1
    assert "<svg viewBox" not in page
    assert said_on(page) == {}
    assert "Take it along as a file" not in page
    assert "<script>" * 2 not in page
    answer = post(client, run, **chosen, reason="plan-programme")
    assert code in answer.content.decode()
    assert MapFile.objects.count() == 0


def test_what_is_sensitive_is_told_of_the_province(client: Client, run: Run) -> None:
    ((name, row),) = said_on(page_of(client, run, level="province", indicator="h06")).items()
    assert told_of(run, "province", {"indicator": "h06"}) == {name: (*row[:2], "", row[3])}


def test_beside_a_table_that_is_rounded_the_page_leads_to_the_year_that_tells(
    client: Client, run: Run, tmp_path: Path
) -> None:
    later = a_run(tmp_path / "later", rise=150, after=[run.table_hash], rounded_to=13, card={"as_of": LATER}, set=SET)
    taken, _is_new = actions.take_in(local(), read_protected(later))
    page = page_of(client, taken, level="district", indicator="f02")
    assert "(POPULATION-028)" in page
    assert "This map tells no answers" in page
    assert reverse("population:map", args=[run.ref]) in page
    assert "of the index alone" in page_of(client, taken, level="district"), "the filter is there, and says so"


def test_the_door_of_files_gives_none_of_what_cannot_be_told(run: Run, centre: Agency) -> None:
    analyst = acting(a_person(centre, "analyst"))
    seen = look(analyst, run, {"level": "subdistrict", "indicator": "h06"}, "en")
    assert list(seen.figures) == []
    with pytest.raises(NotYet, match="POPULATION-029"):
        ask_for_file(analyst, seen, kind="csv")


def test_files_of_two_measures_are_two_files(client: Client, run: Run) -> None:
    for asked in (*MEASURES, {}, MEASURES[0]):
        post(client, run, **asked)
    assert MapFile.objects.count() == len(MEASURES) + 1


def test_the_classes_are_those_of_the_whole_province_whichever_part_is_shown(client: Client, run: Run) -> None:
    whole = said_on(page_of(client, run, level="subdistrict", sector="family_welfare"))
    part = said_on(page_of(client, run, level="subdistrict", within="5001", sector="family_welfare"))
    assert part == {name: row for name, row in whole.items() if name in part}


def test_the_number_of_questions_is_small_and_does_not_grow(centre: Agency, client: Client, run: Run) -> None:
    path = reverse("population:map", args=[run.ref])
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(path, {"sector": "education", "level": "subdistrict"})
        counts.append(sum('"population_' in question["sql"] for question in asked.captured_queries))
    assert counts == [15, 7], "what is remembered is not asked for again"


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda rows: [{**rows[0], "n_gravest": 3}, *rows[1:]],
        lambda rows: [{**rows[0], "n_gravest": rows[0]["n_known"] - 3}, *rows[1:]],
        lambda rows: [{**rows[0], "n_gravest": rows[0]["n_known"] + 30}, *rows[1:]],
        lambda rows: [{**rows[0], "n_known": rows[0]["n_known"] + 30}, *rows[1:]],
        lambda rows: [{**rows[0], "level": "village"}, *rows[1:]],
        lambda rows: [{**rows[0], "code": "no such area"}, *rows[1:]],
        lambda rows: [{**rows[0], "sector": "unheard of"}, *rows[1:]],
        lambda rows: [{**rows[0], "sector": "health"}, *rows[1:]],
        lambda rows: [{**rows[0], "known_by": "h06"}, *rows[1:]],
        lambda rows: [{**rows[0], "n_gravest": None}, *rows[1:]],
    ],
)
def test_lines_of_sectors_that_tell_of_few_are_refused(tmp_path: Path, spoilt: Any) -> None:
    with pytest.raises(SaranaError, match="POPULATION-004 area-sectors"):
        read_protected(a_run(tmp_path / "run", set=SET, sectors=spoilt))


def test_a_sector_that_differs_by_few_from_all_its_questions_is_refused(tmp_path: Path) -> None:
    def whole(told: list[LINE]) -> list[LINE]:
        provinces = [line for line in told if line["level"] == "province" and line["indicator"] == "e01"]
        return [{**provinces[0], "indicator": "s04", "n_need": 58, "n_known": 517}]

    def of(n_gravest: int) -> Any:
        line = {"level": "province", "code": "50", "sector": "human_security", "known_by": "s04", "n_known": 517}
        return lambda _rows: [{**line, "n_gravest": n_gravest}]

    for n, n_gravest in enumerate((58, 47, 40)):
        found = read_protected(a_run(tmp_path / f"good{n}", set=SET, answers=whole, sectors=of(n_gravest)))
        assert [line.n_gravest for line in found.more.of_sectors] == [n_gravest]
    for n, n_gravest in enumerate((57, 48, 59)):
        with pytest.raises(SaranaError, match="POPULATION-004 area-sectors"):
            read_protected(a_run(tmp_path / f"bad{n}", set=SET, answers=whole, sectors=of(n_gravest)))


def test_the_same_table_with_other_sectors_does_not_come_in(run: Run, tmp_path: Path) -> None:
    found = read_protected(tmp_path / "run")
    first, *rest = found.more.of_sectors
    other = dataclasses.replace(first, n_gravest=first.n_gravest + 11)
    more = dataclasses.replace(found.more, of_sectors=(other, *rest))
    with pytest.raises(Refused, match="POPULATION-020"):
        actions.take_in(local(), dataclasses.replace(found, fingerprint="f" * 64, more=more))
    assert [one.key for one in Sector.objects.filter(run=run).order_by("position")] == ["education", "family_welfare"]


def test_in_thai_the_filters_and_the_sentence_are_thai(run: Run) -> None:
    account = a_person(run.agency, "analyst", name="Thai")
    account.language = "th"
    account.save(update_fields=["language"])
    page = page_of(come_in(account), run, level="district", sector="education")
    assert "สิ่งที่แสดง" in page
    assert "people with the gravest" not in page


def test_whoever_has_no_door_to_maps_has_none_to_this(run: Run) -> None:
    police = come_in(a_person(an_agency("Police", kind=Agency.Kind.POLICE), "analyst"))
    assert police.get(reverse("population:map", args=[run.ref]), {"indicator": "f02"}).status_code == 403
