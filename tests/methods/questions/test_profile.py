from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from methods.population.small_province import Province
from sarana.basics.errors import BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.identifiers import check_digit
from sarana.methods.invented import ProvinceSettings, invent_registers
from sarana.methods.population.sources_file import load_sources
from sarana.methods.population.standardise_settings import SourceSettings
from sarana.methods.questions.profile import Profile, overlap, profile_sources
from sarana.methods.questions.profile_calendars import CALENDARS, calendars_of
from sarana.methods.questions.profile_codes import is_quotable, with_unknown
from sarana.methods.reference import examples_folder

SCHOOL = """
[sources.school]
path = "pupils.csv"
row_id = "NO"
[sources.school.fields]
full_name = "WHO"
birth = { column = "BORN", era = "buddhist" }
national_id = "CID"
as_of = "YEAR"
"""


@pytest.fixture
def province(tmp_path: Path) -> Province:
    return Province(tmp_path)


def profiled(province: Province) -> Profile:
    with Engine(threads=1, memory="500MB", temp=province.temp, folders=[province.folder]) as engine:
        return profile_sources(engine, province.sources(), Silent())


def number(n: int) -> str:
    """A valid ID that is nobody's."""
    first = f"1{n:011d}"
    return f"{first}{check_digit(first)}"


def test_a_file_is_counted_as_a_run_would_read_it(province: Province) -> None:
    province.people(
        f"A1,มานี,ใจดี,2,25300114,010,0,{number(7)}",
        f"A2,Somchai,Rakdee,1,19880609,020,2,{number(7)}",
        "A3,สมชาย,,,,,,1101700203451",
        "A4,สมหญิง,ดี,2,99999999,010,0,12345",
        "A5,ก,ข,2,19990101,010,0,",
        "A5,ก,ข,2,19990101,010,0,",
        ",ค,ง,2,19990101,010,0,",
    )
    (told,) = profiled(province).files
    assert (told.source, told.path, told.n_rows) == ("clinic", "people.csv", 7)
    assert told.set_aside == {"READ-030": 1, "READ-031": 2}
    missing = {field.field: field.n_missing for field in told.fields}
    assert missing == {
        "given": 0, "family": 1, "sex": 1, "birth": 1, "disability": 1, "national_id": 0, "area": 1,
    }  # fmt: skip
    assert told.ids == {"valid": 2, "check": 1, "length": 1, "shared": 0, "none": 0}
    assert told.n_ids_again == 1
    assert told.calendars == {"common": 1, "buddhist": 1, "unclear": 1}
    assert told.scripts == {"thai": 3, "latin": 1}
    assert told.flags["ID-003"] == told.flags["ID-004"] == 1
    assert (told.declared, told.oldest, told.newest, told.n_old) == (*(date(2026, 6, 30),) * 3, 0)


def test_unknown_codes_are_listed_with_suggestions_and_stop_nothing(province: Province) -> None:
    rows = [f"A{n},a,b,{sex},19900101,{area},0," for n, (sex, area) in enumerate([("1", "010"), ("9", "044")] * 12)]
    province.people(*rows)
    found = profiled(province)
    (told,) = found.files
    assert found.would_stop
    columns = {column.column: column for column in told.unknown}
    assert set(columns) == {"SEX", "AREA"}
    assert columns["SEX"].is_stopping
    assert [(c.code, c.n_rows) for c in columns["SEX"].codes] == [("9", 12)]
    assert [(c.code, c.n_rows, c.suggestion) for c in columns["AREA"].codes] == [("044", 12, "010")] or columns[
        "AREA"
    ].codes[0].code == "044"
    taken = {field.field: field.n_taken for field in told.fields}
    assert (taken["sex"], taken["area"], taken["given"]) == (12, 12, 0)
    assert told.n_rows == 24


def test_a_column_that_lets_codes_go_missing_is_listed_and_stops_no_run(province: Province) -> None:
    province.say('codes = { 1 = "male", 2 = "female" }', 'codes = { 1 = "male", 2 = "female" }, unknown = "missing"')
    province.people("A1,a,b,9,19900101,010,0,", "A2,a,b,1,19900101,010,0,")
    found = profiled(province)
    assert [column.is_stopping for column in found.files[0].unknown] == [False]
    assert not found.would_stop


def test_what_may_be_peoples_words_is_counted_and_not_quoted(province: Province) -> None:
    province.people(
        "A1,a,b,Wanida,19900101,010,0,", "A2,a,b,ไม่ทราบว่าเพศใดจริง ๆ เลยค่ะ,19900101,010,0,", "A3,a,b,9,19900101,010,0,"
    )
    (column,) = profiled(province).files[0].unknown
    assert (column.n_codes, column.n_rows, column.codes) == (3, 3, ())
    province.people("A1,a,b,Wanida,19900101,010,0,", "A3,a,b,9,19900101,010,0,")
    (column,) = profiled(province).files[0].unknown
    assert (column.n_codes, [code.code for code in column.codes]) == (2, ["9"])


@pytest.mark.parametrize(
    ("code", "n_rows", "may"),
    [
        ("9", 1, True),
        ("X", 1, True),
        ("099", 1, True),
        ("M1", 1, True),
        ("Ann", 10, False),
        ("สมชาย", 10, False),
        ("สมชาย", 11, True),
        ("25300114", 1, False),
        ("1101700203450", 3, False),
    ],
)
def test_only_short_or_frequent_codes_may_be_quoted(code: str, n_rows: int, *, may: bool) -> None:
    assert is_quotable(code, n_rows) is may


def test_sectors_are_compared_by_distinct_valid_ids(province: Province) -> None:
    clinic = [f"A{n},a,b,1,19900101,010,0,{number(n)}" for n in range(40)]
    pupils = [f"P{n},a b,2533-01-01,{number(n)},2567" for n in range(20, 60)]
    province.people(*clinic, f"B,a,b,1,19900101,010,0,{number(39)}")
    province.source += SCHOOL
    province.file("pupils.csv", "\n".join(["NO,WHO,BORN,CID,YEAR", *pupils, ""]))
    found = profiled(province)
    (both,) = found.overlaps
    assert (both.left, both.right, both.n_both, both.share_left, both.share_right) == (
        "clinic", "school", 20, 500, 500,
    )  # fmt: skip
    school = found.files[1]
    assert (school.oldest, school.newest, school.n_old) == (date(2024, 12, 31), date(2024, 12, 31), 0)
    assert school.calendars == {"common": 0, "buddhist": 40, "unclear": 0}


def test_rows_older_than_the_limit_are_counted(province: Province) -> None:
    province.source += SCHOOL
    province.file("pupils.csv", "NO,WHO,BORN,CID,YEAR\n1,a b,,,2560\n2,a b,,,2569\n3,a b,,,2015\n")
    school = profiled(province).files[1]
    assert (school.oldest, school.newest, school.n_old) == (date(2015, 12, 31), date(2026, 6, 30), 2)


@pytest.mark.parametrize(
    ("n_left", "n_right", "n_both", "is_told"),
    [(100, 100, 0, True), (100, 100, 1, False), (100, 100, 10, False), (100, 100, 11, True), (100, 21, 11, False),
     (100, 100, 95, False), (100, 22, 11, True), (50, 50, 50, True), (0, 0, 0, True)],
)  # fmt: skip
def test_an_overlap_is_withheld_where_it_or_what_it_leaves_is_small(
    n_left: int, n_right: int, n_both: int, *, is_told: bool
) -> None:
    found = overlap("a", "b", n_left, n_right, n_both)
    assert (found.n_both is not None) is is_told
    if not is_told:
        assert found.share_left is found.share_right is None


@pytest.mark.parametrize(
    ("written", "calendar"),
    [
        ("25300114", "buddhist"),
        ("19870114", "common"),
        ("14/01/2530", "buddhist"),
        ("14/01/1987", "common"),
        ("14 ม.ค. 2530", "buddhist"),
        ("2530", "buddhist"),
        ("1987", "common"),
        ("พ.ศ. 2530", "buddhist"),
        ("ค.ศ. 1987", "common"),
        ("14/01/30", "unclear"),
        ("25309999", "unclear"),
        ("25990101", "unclear"),
        ("unknown", "unclear"),
    ],
)
def test_the_calendar_of_a_date_is_told_by_the_year_that_could_be(written: str, calendar: str) -> None:
    (found,) = calendars_of(pa.array([written]), SourceSettings("s", date(2026, 6, 30)), 120)
    assert CALENDARS[found] == calendar


def test_a_file_without_a_column_is_one_fault_as_in_a_run(province: Province) -> None:
    province.file("people.csv", "row_id,NAME\nA1,a\n")
    with pytest.raises(BadTable, match="READ-006"):
        profiled(province)


def test_every_column_is_told_what_to_do_with_unknown_codes(province: Province) -> None:
    province.source += """
[[sources.clinic.facts]]
path = "facts.csv"
keys = { row_id = "row_id" }
[sources.clinic.facts.fields]
alcohol = { column = "ALC", take = "max" }
"""
    province.people("A1,a,b,1,19900101,010,0,")
    province.file("facts.csv", "row_id,ALC\nA1,77\n")
    changed = with_unknown(province.sources(), "missing").sources["clinic"]
    assert {each.unknown for each in changed.fields.values()} == {"missing"}
    assert changed.area is not None
    assert changed.area.unknown == "missing"
    assert changed.facts[0].fields["alcohol"].unknown == "missing"
    (told,) = profiled(province).files
    assert [(c.column, c.is_stopping, c.n_rows) for c in told.unknown] == [("facts.csv ALC", True, 1)]


def test_registers_whose_areas_stand_in_a_table_of_facts_are_profiled(tmp_path: Path) -> None:
    data = tmp_path / "registers"
    invent_registers(ProvinceSettings(people=1500, seed=3), data, Silent())
    sources = load_sources(examples_folder() / "registers" / "sources.toml", data)
    with Engine(threads=2, memory="1GB", temp=tmp_path / "temp", folders=[data]) as engine:
        found = profile_sources(engine, sources, Silent())
    assert [file.source for file in found.files] == list(sources.sources)
    assert not found.would_stop


def test_values_that_cannot_be_used_and_rows_that_belong_to_nobody_are_counted(province: Province) -> None:
    province.source = province.source.replace('disability = "DIS"', 'attendance_pct = "DIS"')
    province.source += """
[[sources.clinic.facts]]
path = "facts.csv"
keys = { row_id = "row_id" }
only = { KIND = "x" }
[sources.clinic.facts.fields]
gpa = { column = "GPA" }
"""
    rows = enumerate(("101", "93", "3.85", ""))
    province.people(*(f"A{n},ก,ข,2,19990101,010,{value}," for n, value in rows))
    province.file("facts.csv", "row_id,GPA,KIND\nA1,3,x\nB1,2,x\nB2,2,x\nB3,2,y\n")
    (told,) = profiled(province).files
    fields = {field.field: (field.n_missing, field.n_taken, field.n_unusable) for field in told.fields}
    assert fields["attendance_pct"] == (1, 0, 2)
    assert fields["given"] == (0, 0, 0)
    [facts] = told.facts
    assert (facts.path, facts.n_rows, facts.n_strays) == ("facts.csv", 3, 2)
