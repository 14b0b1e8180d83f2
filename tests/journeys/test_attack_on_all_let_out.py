"""Two years of an invented province as a province would let them out: every file and every answer is searched."""

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makers.agencies import a_person, acting, an_agency, local
from makers.attack import Line
from makers.attack_answers import disclosed_by_answers
from makers.attack_rounded import Tables, disclosed_by_rounded
from makers.attack_runs import BEFORE, NOW, disclosed_by_two
from makers.mapfiles import read_csv as read_file
from methods.population.little_province import SECTORS, make_province, read_csv, write_csv
from sarana.basics.actors import Actor
from sarana.config.commands.entry import run
from sarana.ground.accounts.models import Agency
from sarana.learning.population.actions import take_in
from sarana.learning.population.files.telling import tell
from sarana.learning.population.files.writing import FORMATS
from sarana.learning.population.looking import look
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.showing import GROUPS, WITHOUT, limits_of
from sarana.methods.areas.answers import LEVELS, Counts, Tree, read_scores, read_tree
from sarana.methods.areas.classes import MapClasses
from sarana.methods.areas.rollup import UNKNOWN
from sarana.methods.areas.sectors import questions_of_sectors, read_sector
from sarana.methods.disclosure.answers import Told
from sarana.methods.disclosure.sectors import ToldSector
from sarana.methods.engine import Engine
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.reference import examples_folder, find_reference
from sarana.methods.risk.sets import load_set

SOURCES = examples_folder() / "chiang-mai" / "sources.toml"
SET = "chiang-mai-28"
KEYS = ("level", "code", "group")
COUNTED = re.compile(r"^(n$|n_(?!areas)|red$|joined$)")
"""Names under which an answer counts people."""


@dataclass(frozen=True, slots=True)
class Years:
    """Folders of two runs; the second was protected after the first and linked by its model; one was not."""

    first: Path
    second: Path
    alone: Path
    known: Path
    other_set: Path


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Years:
    folder = tmp_path_factory.mktemp("let-out")
    one = make_province(folder / "one", people=6000)
    two = shutil.copytree(one, folder / "two")
    for sector in SECTORS:
        head, *rows = read_csv(one / f"{sector}.csv")
        write_csv(two / f"{sector}.csv", [head, *rows[40:]])
    head, *rows = read_csv(two / "education.csv")
    at = head.index("dropout_flag")
    write_csv(two / "education.csv", [head, *([*r[:at], "1", *r[at + 1 :]] for r in rows[:300]), *rows[300:]])
    known = folder / "known.csv"
    names = [row[0] for row in rows[::3]]
    known.write_text("source,row_id,known_on\n" + "".join(f"education,{n},2026-08-01\n" for n in names), "utf-8")
    other = folder / "own.toml"
    text = find_reference(f"indicators/{SET}.toml").read_text("utf-8")
    other.write_text(text.replace('"threes >= 4 or', '"threes >= 3 or'), "utf-8")
    made = Years(folder / "first", folder / "second", folder / "alone", known, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARANA_STATE", str(folder / "state"))
        start = ["population", "run", str(SOURCES), "--memory", "2GB", "--unsealed", "--data"]
        assert run([*start, str(one), "--out", str(made.first)]) == 0
        after = ["--model", str(made.first), "--after", str(made.first)]
        assert run([*start, str(two), "--out", str(made.second), *after]) == 0
        assert run([*start, str(two), "--out", str(made.alone), "--model", str(made.first)]) == 0
    return made


@pytest.fixture
def engine(tmp_path: Path, years: Years) -> Iterator[Engine]:
    folders = [years.first, years.second, years.alone]
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill", folders=folders) as made:
        yield made


def see(engine: Engine, now: Path, before: Path) -> None:
    for name, file in (("areas", "areas.parquet"), ("areas_internal", "areas-internal.parquet")):
        engine.view(name, now / file)
        engine.view(f"{name}_before", before / file)


def test_the_tables_of_both_years_tell_of_no_small_cell_together(engine: Engine, years: Years) -> None:
    see(engine, years.second, years.first)
    for told in (False, True):
        assert disclosed_by_rounded(engine, (BEFORE, NOW), told=told, most=3) == []
    see(engine, years.alone, years.first)
    assert len(disclosed_by_two(engine, most=20)) > 0, "the attack does not bite"


def test_answers_stand_beside_the_first_year_only_and_count_no_few(years: Years) -> None:
    for folder, is_told in ((years.first, True), (years.second, False)):
        lines = pq.read_table(folder / "area-answers.parquet").to_pylist()
        assert bool(lines) == is_told
        counts = [n for line in lines for n in (line["n_known"], line["n_need"], line["n_known"] - line["n_need"])]
        assert [n for n in counts if 0 < n < 11] == []
        assert pq.read_table(folder / "area-better.parquet").num_rows == 0, "too few areas to predict anything"


@pytest.mark.django_db
def test_the_files_of_both_years_tell_of_no_small_cell_together(engine: Engine, years: Years) -> None:
    """Every file that the web makes of both maps: all levels, all groups, with and without legal status."""
    centre = an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)
    analyst = acting(a_person(centre, "analyst"))
    for folder, suffix in ((years.first, "_before"), (years.second, "")):
        taken, _is_new = take_in(local(), read_protected(folder))
        shown = pq.read_table(folder / "areas.parquet").to_pylist()
        let_out = in_all_files(analyst, taken, pq.read_table(folder / "areas-internal.parquet"), shown)
        engine.load(f"files{suffix}", let_out)
        engine.view(f"areas_internal{suffix}", folder / "areas-internal.parquet")
        assert told_of(let_out.to_pylist(), "n_red") == told_of(shown, "n_red")
    before, now = Tables("files_before", BEFORE.internal), Tables("files", NOW.internal)
    assert disclosed_by_rounded(engine, (before, now), told=True, most=3) == []
    engine.run(
        f"""CREATE TABLE leaking AS SELECT f.* EXCLUDE (n_red), coalesce(f.n_red, i.n_red) AS n_red
        FROM files_before f JOIN {BEFORE.internal} i USING (level, code, "group")"""
    )
    leaking = Tables("leaking", BEFORE.internal)
    assert disclosed_by_rounded(engine, (leaking,), told=False, most=3) != [], "the attack does not bite"


def in_all_files(actor: Actor, taken: Run, internal: pa.Table, shown: list[dict[str, Any]]) -> pa.Table:
    """What somebody who has every file of a map knows of each line: counts, worked out of rates and whole numbers.

    Lines of people of whom nobody knows the area stand in no file; they are as in the table that was let out.
    """
    known: dict[Line, dict[str, int | None]] = {key(row): row for row in shown if row["code"].endswith(UNKNOWN)}
    for level, group, which in itertools.product(AreaLevel.values, GROUPS, ("", WITHOUT)):
        asked = {"level": level, "group": group, "within": "all", "which": which}
        seen = look(actor, taken, asked, "en")
        if seen.choice.group != group:
            continue
        rows = read_file(FORMATS["csv"].write(tell(seen, seen.all_shown(seen.figures))))
        if level == AreaLevel.VILLAGE:
            classes_follow_from_rates(taken, rows)
        for row in rows:
            line = known.setdefault((level, row["area_code"][2:], group), {})
            suffix = "_without_status" if which else ""
            line[f"n_scored{suffix}"] = row["people_known_well_enough"]
            line[f"n_red{suffix}"] = red_of(row["rate_per_1000"], row["people_known_well_enough"])
    names = ("n_scored", "n_red", "n_yellow", "n_green", "n_grey", "n_scored_without_status", "n_red_without_status")
    lines = [key(row) for row in internal.to_pylist()]
    columns = {name: pa.array([known.get(line, {}).get(name) for line in lines], pa.int64()) for name in names}
    keys = dict(zip(KEYS, map(list, zip(*lines, strict=True)), strict=True))
    step = {"rounded_to": pa.array([taken.rounded_to] * len(lines), pa.int16())}
    return pa.table(keys | columns | step)


def classes_follow_from_rates(taken: Run, rows: list[dict[str, Any]]) -> None:
    """A class of a village says nothing beside its rate and the limits of subdistricts, which both are out."""
    limits = limits_of(taken, AreaLevel.SUBDISTRICT)
    is_compared = limits != MapClasses(None, None)
    for row in rows:
        rate = row["rate_per_1000"]
        assert row["class"] == (limits.of(rate) if is_compared and rate is not None else None), row


def key(row: dict[str, Any]) -> Line:
    """Which line it is."""
    level, code, group = (row[name] for name in KEYS)
    return level, code, group


def red_of(rate: float | None, scored: int | None) -> int | None:
    """How many people a rate with one decimal is of so many."""
    if scored is None or rate is None:
        return 0 if scored == 0 else None
    near = round(rate * scored / 1000)
    found = [n for n in (near - 1, near, near + 1) if (20000 * n + scored) // (2 * scored) / 10 == rate]
    assert found == [near], "a rate of so many people tells of more than one number"
    return near


def told_of(rows: list[dict[str, Any]], name: str) -> dict[Line, int]:
    """The lines of which a table tells a count."""
    return {key(row): row[name] for row in rows if row[name] is not None}


def test_the_map_layer_and_the_report_hold_nothing_that_the_protected_table_withholds(years: Years) -> None:
    for folder in (years.first, years.second):
        shown = {
            (line["level"], line["code"]): line
            for line in pq.read_table(folder / "areas.parquet").to_pylist()
            if line["group"] == "all"
        }
        layer = json.loads((folder / "areas.geojson").read_text("utf-8"))
        codes = [feature["properties"]["code"] for feature in layer["features"]]
        assert codes == sorted(codes), "the order of areas must not hang on their figures"
        for feature in layer["features"]:
            said = feature["properties"]
            line = shown[said["level"], said["code"]]
            figures = set(said) - {"note", "name", "level", "code", "parent"}
            assert figures <= set(line)
            assert {k: said[k] for k in figures} == {k: line[k] for k in figures}
        receipt = json.loads((folder / "receipts" / "07-report.json").read_text("utf-8"))
        inside = {name for name in receipt["inputs"] if not name.startswith("reference/")}
        assert inside == {"areas", "area_names", "villages", "quality", "link_counts"}
        page = (folder / "report.html").read_text("utf-8")
        found = next(p for p in pq.read_table(folder / "work/link-counts.parquet").to_pylist() if p["key"] == "people")
        province = next(line for (level, _), line in shown.items() if level == "province")
        if province["n_people"] != found["n"]:
            assert f"{found['n']:,}" not in page


ANSWERS = {
    "compare": lambda y: ["compare", str(y.first), str(y.second)],
    "compare with the year that was protected alone": lambda y: ["compare", str(y.first), str(y.alone)],
    "sensitivity": lambda y: ["sensitivity", str(y.first)],
    "strengths": lambda y: ["strengths", str(y.first)],
    "validate": lambda y: ["validate", str(y.first), "--known", str(y.known)],
    "sets diff": lambda y: ["sets", "diff", str(y.first), SET, str(y.other_set)],
}


FEWEST = {"sensitivity": 100, "validate": 20, "sets diff": 4}
"""How many counts an answer holds at least; of a year of few changes `compare` tells none, and `strengths` has none."""


@pytest.mark.parametrize("which", list(ANSWERS))
def test_no_answer_counts_few_people_and_no_two_areas_stand_in_an_order_of_hidden_figures(
    years: Years, which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["population", *ANSWERS[which](years), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    small = [(where, n) for where, n in counts_of(said) if 0 < abs(n) < 11]
    assert small == []
    assert len(list(counts_of(said))) >= FEWEST.get(which, 0), "nothing was counted: the attack had nothing to do"
    protected = {
        (line["level"], line["code"]): line
        for line in pq.read_table(years.first / "areas.parquet").to_pylist()
        if line["group"] == "all"
    }
    for lines in lists_of_areas(said):
        hidden = [one for one in lines if protected[one["level"], one["code"]]["n_red"] is None]
        codes = [(one["level"], one["code"]) for one in hidden]
        assert codes == sorted(codes), f"{which}: withheld areas stand in another order than by code"
        for one in hidden:
            ranks = {key: value for key, value in one.items() if "rank" in key and value is not None}
            assert not ranks, f"{which}: a withheld area has a rank"


def counts_of(said: Any, where: str = "") -> Iterator[tuple[str, int]]:
    """Whole numbers that count people, with where they stand."""
    if isinstance(said, dict):
        for key, value in said.items():
            if isinstance(value, int) and not isinstance(value, bool) and COUNTED.match(key):
                yield f"{where}.{key}", value
            else:
                yield from counts_of(value, f"{where}.{key}")
    elif isinstance(said, list):
        for place, one in enumerate(said):
            yield from counts_of(one, f"{where}[{place}]")


def lists_of_areas(said: Any) -> Iterator[list[dict[str, Any]]]:
    """Lists of things that have a level and a code."""
    if isinstance(said, list):
        if said and all(isinstance(one, dict) and {"level", "code"} <= set(one) for one in said):
            yield said
        for one in said:
            yield from lists_of_areas(one)
    elif isinstance(said, dict):
        for value in said.values():
            yield from lists_of_areas(value)


@pytest.mark.parametrize("which", ["sensitivity", "strengths", "validate", "sets diff"])
def test_no_answer_can_be_subtracted_from_the_same_answer_of_the_year_before(
    years: Years, which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(years.second) if word == str(years.first) else word for word in ANSWERS[which](years)]
    assert run(["population", *asked, "--json"]) != 0
    said = capsys.readouterr()
    assert not said.out
    assert "ASKED-005" in said.err


def test_the_report_and_the_map_of_a_later_year_say_that_they_are_rounded(years: Years) -> None:
    for folder, step in ((years.first, None), (years.second, 13)):
        assert json.loads((folder / "areas.geojson").read_text("utf-8")).get("rounded_to") == step
        page = (folder / "report.html").read_text("utf-8")
        assert ("whole steps of 13" in page) == ("ขั้นละ 13" in page) == (step is not None)


MEASURES = (
    *({"indicator": each.id} for each in load_set(SET).indicators),
    *({"sector": key} for key in load_set(SET).sectors),
)


@pytest.mark.django_db
def test_the_files_of_indicators_and_sectors_tell_of_no_small_cell_together(engine: Engine, years: Years) -> None:
    """Every file that the web makes of them, of all levels and both years, laid beside the table of areas."""
    centre = an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)
    analyst = acting(a_person(centre, "analyst"))
    first, _is_new = take_in(local(), read_protected(years.first))
    answers, sectors = in_files_of_measures(analyst, first)
    assert answers == {tuple(line.values()) for line in pq.read_table(years.first / "area-answers.parquet").to_pylist()}
    told = pq.read_table(years.first / "area-sectors.parquet").to_pylist()
    assert {line[:3] + line[4:] for line in map(tuple, map(dict.values, told))} == sectors
    later, _is_new = take_in(local(), read_protected(years.second))
    assert in_files_of_measures(analyst, later) == (set(), set()), "a later year tells none"
    for name in ("persons", "villages"):
        engine.view(name, years.first / f"work/{name}.parquet")
    engine.view("scores", years.first / "scores.parquet")
    for name, file in (("areas", "areas.parquet"), ("areas_internal", "areas-internal.parquet")):
        engine.view(name, years.first / file)
    lines = [Told(*line) for line in sorted(answers)]
    of_sectors = [ToldSector(**line) for line in told]
    tree = read_tree(engine)[0]
    asked = {one.sector: questions_of_sectors(load_set(SET))[one.sector] for one in of_sectors}
    assert asked, "the attack had nothing to do"
    for sector, questions in asked.items():
        known_by = next(one.known_by for one in of_sectors if one.sector == sector)
        counts = {one: tree.count(read_scores(engine, one)) for one in questions}
        counts[sector] = tree.count(read_sector(engine, questions, known_by))
        beside = {"sectors": {sector: questions}, "told_of_sectors": of_sectors}
        assert disclosed_by_answers(engine, tree, counts, lines, **beside) == []
        leaking = [*lines, *leaked(tree, counts, lines, questions)]
        assert disclosed_by_answers(engine, tree, counts, leaking, **beside) != [], "the attack does not bite"


def in_files_of_measures(actor: Actor, taken: Run) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """What somebody who has all such files knows: level, area, indicator or sector, how many are known, how many in."""
    found: dict[str, set[tuple[Any, ...]]] = {"indicator": set(), "sector": set()}
    for level, asked in itertools.product(AreaLevel.values, MEASURES):
        seen = look(actor, taken, {"level": level, "within": "all", **asked}, "en")
        ((kind, key),) = asked.items()
        for row in read_file(FORMATS["csv"].write(tell(seen, seen.all_shown(seen.figures)))):
            known = row["people_known_well_enough"]
            if known is not None:
                found[kind].add((level, row["area_code"][2:], key, known, red_of(row["rate_per_1000"], known)))
    return found["indicator"], found["sector"]


def leaked(tree: Tree, counts: dict[str, Counts], told: list[Told], questions: tuple[str, ...]) -> list[Told]:
    """Lines that were withheld, as if the files held them."""
    open_ = {(line.level, line.code, line.indicator) for line in told}
    return [
        Told(LEVELS[level], code, one, int(need + good), int(need))
        for one in questions
        for level, code, (need, good, *_rest) in zip(tree.level, tree.code, counts[one], strict=True)
        if (LEVELS[level], code, one) not in open_ and UNKNOWN not in code
    ]
