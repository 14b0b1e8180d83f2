"""Invented registers: the same from the same seed, true to the province, and enough for every indicator of the set."""

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from methods.population.little_province import run_chain, table
from sarana.basics.errors import BadFile, BadSetting
from sarana.basics.progress import Silent
from sarana.methods.invented import ProvinceSettings, invent_province, invent_registers
from sarana.methods.invented import layout_dmc as dmc
from sarana.methods.invented.layout_msdhs import ABROAD, OTHER, SERIOUS
from sarana.methods.invented.layout_rows import ranked
from sarana.methods.population.sources_file import load_sources
from sarana.methods.reference import examples_folder
from sarana.methods.risk.sets import load_set
from sarana.methods.workbook import write_workbook

SETTINGS = ProvinceSettings(people=3_000, seed=5)
EXAMPLE = examples_folder() / "registers" / "sources.toml"
DECISION = '[[run.ethics]]\nindicators = ["H06", "H07"]\nreference = "ethics board 12/2569"\n\n[areas]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registers of a small province."""
    out = tmp_path_factory.mktemp("registers") / "data"
    invent_registers(SETTINGS, out, Silent())
    return out


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    """A run of the shipped example on them, with the ethics decision that switches on what is off at first."""
    sources = folder.parent / "sources.toml"
    sources.write_text(EXAMPLE.read_text("utf-8").replace("[areas]", DECISION, 1), "utf-8")
    run_chain(folder, folder.parent / "run", sources=sources)
    return folder.parent / "run"


def _person_lines(folder: Path) -> list[dict[str, str]]:
    head, *lines = (folder / "moph43" / "PERSON.txt").read_text("utf-8").splitlines()
    return [dict(zip(head.split("|"), line.split("|"), strict=True)) for line in lines]


def test_every_indicator_of_the_set_is_observed_for_somebody(run: Path) -> None:
    scores = pq.read_table(run / "scores.parquet")
    indicators = [indicator.id for indicator in load_set("th-north-28").indicators]
    assert len(indicators) == 28
    seen = {name: set(scores.column(name).to_pylist()) & {1, 2, 3} for name in indicators}
    assert [name for name in indicators if not seen[name]] == []
    assert sum(3 in values for values in seen.values()) >= 24


def test_an_indicator_that_needs_a_decision_is_off_in_the_example(folder: Path) -> None:
    assert load_sources(EXAMPLE, folder).run.allowed_indicators == frozenset()


def test_the_run_finds_the_people_that_the_truth_knows(folder: Path, run: Path) -> None:
    truth = {(r["sector"], r["row_id"]): r["person_id"] for r in table(folder / "truth", "rows.parquet")}
    found = {(r["source"], r["row_id"]): r["person_id"] for r in table(run, "people.parquet")}
    assert set(found) <= set(truth)
    assert len(found) > 0.99 * len(truth)
    grouped: dict[object, list[object]] = {}
    for row, person in found.items():
        grouped.setdefault(person, []).append(truth[row])
    wrong = sum(len(people) - max(people.count(p) for p in people) for people in grouped.values())
    assert wrong < 0.01 * len(found)


def test_the_same_seed_writes_the_same_bytes_and_another_other_ones(folder: Path, tmp_path: Path) -> None:
    def hashes(of: Path) -> dict[str, str]:
        files = sorted(path for path in of.rglob("*") if path.is_file())
        return {str(path.relative_to(of)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    invent_registers(SETTINGS, tmp_path / "again", Silent())
    assert hashes(tmp_path / "again") == hashes(folder)
    invent_registers(ProvinceSettings(people=3_000, seed=6), tmp_path / "other", Silent())
    assert hashes(tmp_path / "other")["moph43/PERSON.txt"] != hashes(folder)["moph43/PERSON.txt"]


def test_the_people_are_those_of_the_province_of_the_same_seed(folder: Path, tmp_path: Path) -> None:
    invent_province(SETTINGS, tmp_path / "province", Silent())
    assert (tmp_path / "province/truth/persons.parquet").read_bytes() == (folder / "truth/persons.parquet").read_bytes()


def test_the_43_files_are_written_as_their_standard_says(folder: Path) -> None:
    people = _person_lines(folder)
    keys = [(p["HOSPCODE"], p["PID"]) for p in people]
    assert len(set(keys)) == len(keys)
    assert {len(p["HOSPCODE"]) for p in people} == {5}
    assert {len(p["D_UPDATE"]) for p in people} <= {0, 14}
    assert {p["TYPEAREA"] for p in people} <= {"", "1", "2", "3", "4", "5"}
    assert {p["DISCHARGE"] for p in people} <= {"1", "2", "3", "9"}
    assert all(bool(p["DDISCHARGE"]) == (p["DISCHARGE"] != "9") for p in people)
    assert any(p["TYPEAREA"] == "4" and not p["HID"] for p in people)


def test_some_files_arrive_as_old_programs_write_them(folder: Path) -> None:
    assert "ผ่านเกณฑ์" in (folder / "msdhs_logbook.csv").read_bytes().decode("cp874")
    assert (folder / "bmn31_household.csv").read_bytes().startswith(b"\xef\xbb\xbfHOUSE_ID")
    assert b"\r\n" in (folder / "bmn31_person.csv").read_bytes()


def test_files_without_defects_have_no_key_that_leads_to_nobody(tmp_path: Path) -> None:
    invent_registers(ProvinceSettings(people=1_000, seed=5, defects=0.0), tmp_path / "clean", Silent())
    known = {(p["HOSPCODE"], p["PID"]) for p in _person_lines(tmp_path / "clean")}
    for name in ("ADDRESS", "DISABILITY", "WOMEN", "LABOR", "DIAGNOSIS"):
        lines = (tmp_path / "clean" / "moph43" / f"{name}.txt").read_text("utf-8").splitlines()[1:]
        assert {tuple(line.split("|")[:2]) for line in lines} <= known


def test_the_school_export_is_a_workbook_with_every_pupil(folder: Path) -> None:
    rows = CalamineWorkbook.from_path(folder / "dmc.xlsx").get_sheet_by_name(dmc.SHEET).to_python()
    truth = [r for r in table(folder / "truth", "rows.parquet") if r["sector"] == "dmc"]
    assert len(rows) - 1 == len(truth)
    assert [f"{row[0]}-{row[3]}" for row in rows[1:]] == [r["row_id"] for r in truth]


def test_the_example_knows_every_word_that_may_be_written() -> None:
    said = tomllib.loads(EXAMPLE.read_text("utf-8"))["sources"]
    fields = said["dmc"]["fields"]
    assert set(fields["disadvantage"]["codes"]) == set(dmc.CATEGORIES.values())
    assert set(fields["parents_status"]["codes"]) == set(dmc.UNIONS.values())
    assert set(fields["guardian_relation"]["codes"]) == {word for words in dmc.KEEPERS.values() for word in words}
    assert set(fields["grade"]["codes"]) >= set(dmc.CLASSES)
    assert set(said["msdhs_cases"]["fields"]["protection_case"]["codes"]) == {*SERIOUS, *OTHER}
    assert set(said["msdhs_logbook"]["fields"]["member_abroad"]["codes"]) == set(ABROAD.values())


def test_every_line_that_the_how_to_page_shows_stands_in_the_example(house: Path) -> None:
    page = (house / "docs" / "how-to" / "registers.md").read_text("utf-8")
    shown = {line.strip() for line in page.splitlines() if line.startswith("    ")}
    lines = {line.strip() for line in EXAMPLE.read_text("utf-8").splitlines()}
    commands = {line for line in shown if line.startswith("sarana ")}
    assert len(shown - commands) > 12
    assert shown - commands - lines == set()


def test_codes_of_exploitation_are_never_a_category_that_is_scored() -> None:
    fields = tomllib.loads(EXAMPLE.read_text("utf-8"))["sources"]["dmc"]["fields"]
    for word in (dmc.CATEGORIES["labour"], dmc.CATEGORIES["sex"]):
        assert fields["disadvantage"]["codes"][word] == ""
        assert fields["school_exploitation"]["codes"][word] in ("forced_labour", "sexual_exploitation")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(BadFile) as caught:
        invent_registers(SETTINGS, tmp_path, Silent())
    assert caught.value.code == "INVENT-006"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_more_pupils_than_a_sheet_holds_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarana.methods.invented.register_files.MOST_ROWS", 100)
    with pytest.raises(BadSetting) as caught:
        invent_registers(SETTINGS, tmp_path / "many", Silent())
    assert caught.value.code == "INVENT-008"
    assert not (tmp_path / "many").exists()


def test_a_workbook_keeps_signs_blanks_numbers_and_gaps(tmp_path: Path) -> None:
    columns = {"a <b>": ["x & y", " two ", None], **{f"n{n}": [n, 1.5, None] for n in range(30)}, "z": ["", "ก", "1"]}
    write_workbook(tmp_path / "book.xlsx", 'a"b', columns)
    book = CalamineWorkbook.from_path(tmp_path / "book.xlsx")
    rows = book.get_sheet_by_name('a"b').to_python()
    assert rows[0] == list(columns)
    assert [row[0] for row in rows[1:]] == ["x & y", " two ", ""]
    assert (rows[1][30], rows[2][30], rows[3][30], rows[3][31]) == (29, 1.5, "", "1")


def test_places_within_groups_are_counted_from_one() -> None:
    assert ranked(np.array([5, 3, 5, 5, 3])).tolist() == [1, 1, 2, 3, 2]
    assert ranked(np.array([1, 1, 1]), np.array([2, 3, 2])).tolist() == [1, 1, 2]
    assert ranked(np.array([], np.int64)).tolist() == []


def test_who_died_is_not_scored_and_who_was_only_treated_somewhere_is_scored_at_home(run: Path) -> None:
    scored = {row["person_id"] for row in table(run, "scores.parquet")}
    person = {(row["source"], row["row_id"]): row["person_id"] for row in table(run, "people.parquet")}
    rows = [row for row in table(run, "standardised.parquet") if row["source"] == "moph43"]
    places: dict[object, set[object]] = {}
    for row in rows:
        places.setdefault(person["moph43", row["row_id"]], set()).add(row["typearea"])
    died = {person["moph43", row["row_id"]] for row in rows if row["discharge"] == 1}
    treated = {who for who, kinds in places.items() if 4 in kinds and kinds - {4, None}} - died
    assert len(died) > 5
    assert len(treated) > 20
    assert not died & scored
    assert treated <= scored
