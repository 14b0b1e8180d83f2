"""Registers of another year or province, headers that changed, and percentages on another scale."""

from typing import Any

import pytest

from methods.population.small_province import Province
from sarana.basics.errors import BadSetting, BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.population.codes import UnknownCodes
from sarana.methods.population.reading import read_rows
from sarana.methods.population.standardise import standardise_rows
from sarana.methods.population.standardise_settings import standardise_settings


def standardised(province: Province) -> list[dict[str, Any]]:
    sources = province.sources()
    with Engine(threads=1, memory="500MB", temp=province.temp, folders=[province.folder]) as engine:
        read_rows(engine, sources, Silent())
        standardise_rows(engine, standardise_settings(sources), Silent())
        rows: list[dict[str, Any]] = engine.table("standardised").to_pylist()
        return rows


def _dated(province: Province, *dates: str) -> Province:
    province.source += 'as_of = "WHEN"\n'
    lines = (f"A{n},ก,ข,1,25300114,010,0,,{date}" for n, date in enumerate(dates))
    province.file("people.csv", "\n".join(["row_id,NAME,LNAME,SEX,BIRTH,AREA,DIS,CID,WHEN", *lines, ""]))
    return province


def test_a_register_of_a_later_year_stops_the_run(province: Province) -> None:
    with pytest.raises(BadTable) as caught:
        standardised(_dated(province, "20270214101500", "2570-01-01", "20260101", ""))
    assert caught.value.code == "STANDARD-005"
    assert "2 of 3 rows date from after 2026-06-30" in str(caught.value)


def test_a_register_with_a_few_rows_of_a_later_day_is_read(province: Province) -> None:
    rows = standardised(_dated(province, "20270214101500", "20260101", "20250101", ""))
    assert [row["flags"] for row in rows] == [["DATE-007"], [], [], []]


def _of_areas(province: Province, codes: list[str]) -> Province:
    province.people(*(f"A{n:03},ก,ข,1,25300114,{code},0," for n, code in enumerate(codes)))
    return province


@pytest.mark.parametrize("unknown", ["stop", "missing"])
def test_a_register_of_another_province_stops_the_run(province: Province, unknown: str) -> None:
    province.say('level = "village"', f'level = "village", unknown = "{unknown}"')
    with pytest.raises(BadTable) as caught:
        _of_areas(province, ["570101", "570102"] * 15 + ["010"] * 20).read()
    assert caught.value.code == "READ-016"
    assert "30 of 50 rows have an area code that leads nowhere; most of them begin with '57'" in str(caught.value)


def test_the_folder_of_another_province_stops_the_run(province: Province) -> None:
    province.head = province.head.replace('province = "50"', 'province = "57"')
    with pytest.raises(BadTable) as caught:
        province.read()
    assert caught.value.code == "AREAS-010"
    assert "The list of villages is of province '50', SOURCES.toml of '57'." in str(caught.value)


def test_fewer_strange_areas_are_listed_or_missing_as_the_settings_say(province: Province) -> None:
    _of_areas(province, ["570101"] * 30 + ["010"] * 30)
    with pytest.raises(UnknownCodes):
        province.read()
    province.say('level = "village"', 'level = "village", unknown = "missing"')
    assert sum(row["area"] is None for row in province.read().rows.values()) == 30


def test_headers_that_changed_are_told_with_the_lines_to_write(province: Province) -> None:
    head = "row_id,FIRST_NAME,LAST_NAME,SEX_CODE,BIRTH_DATE,AREA,DIS,CID\n"
    province.file("people.csv", head + "A1,มานี,ใจดี,2,25300114,010,0,\n")
    with pytest.raises(BadTable) as caught:
        province.read()
    assert caught.value.code == "READ-006"
    assert "'BIRTH_DATE' for 'BIRTH' in birth" in caught.value.cure
    assert "'LAST_NAME' for 'LNAME' in family" in caught.value.cure
    assert "'FIRST_NAME' for 'NAME' in given" in caught.value.cure


def test_a_header_that_was_written_out_or_cut_short_is_suggested(province: Province) -> None:
    province.file("people.csv", "row_id,NAME,LNAME,SEX,BIRTH,AREA,DISABLED,CITIZEN_ID\nA1,มานี,ใจดี,2,25300114,010,0,\n")
    with pytest.raises(BadTable) as caught:
        province.read()
    assert "'CITIZEN_ID' for 'CID' in national_id" in caught.value.cure
    assert "'DISABLED' for 'DIS' in disability" in caught.value.cure


def test_no_header_is_suggested_twice_nor_one_that_is_in_use(province: Province) -> None:
    province.file("people.csv", "row_id,NAME,NAMES,SEX,BIRTH,AREA,DIS,CIDS\nA1,มานี,ใจดี,2,25300114,010,0,\n")
    with pytest.raises(BadTable) as caught:
        province.read()
    assert "'NAMES' for 'LNAME' in family" in caught.value.cure
    assert "'CIDS' for 'CID' in national_id" in caught.value.cure
    assert "'NAME' for" not in caught.value.cure


def test_a_key_with_a_new_header_is_suggested_without_the_word_for_it(province: Province) -> None:
    province.source += """
[[sources.clinic.facts]]
path = "visits.csv"
keys = { row_id = "PERSON_ID" }
[sources.clinic.facts.fields]
gpa = { column = "GPA" }
"""
    province.file("visits.csv", "PERSONID_,GPAX,X\nA1,3,1\n")
    with pytest.raises(BadTable) as caught:
        province.read()
    assert "'GPAX' for 'GPA' in gpa" in caught.value.cure


def _attending(province: Province, *values: str) -> list[tuple[float | None, list[str]]]:
    province.source = province.source.replace('disability = "DIS"', 'attendance_pct = "DIS"')
    province.people(*(f"A{n:02},ก,ข,1,25300114,010,{value}," for n, value in enumerate(values)))
    return [(row["attendance_pct"], row["flags"]) for row in standardised(province)]


def test_percentages_above_100_and_marks_among_them_are_flagged_and_not_known(province: Province) -> None:
    assert _attending(province, "93", "101", "3.85", "0.93", "3", "0", "100", "88") == [
        (93.0, []),
        (None, ["STANDARD-004"]),
        (None, ["STANDARD-006"]),
        (None, ["STANDARD-006"]),
        (3.0, []),
        (0.0, []),
        (100.0, []),
        (88.0, []),
    ]


def test_digits_of_the_region_thousands_and_signs_of_per_cent_are_numbers(province: Province) -> None:
    assert _attending(province, "93", "๘๘", "៩០", "77%", "66 %", "๑๐๑", "55.") == [
        (93.0, []),
        (88.0, []),
        (90.0, []),
        (77.0, []),
        (66.0, []),
        (None, ["STANDARD-004"]),
        (55.0, []),
    ]


def test_a_comma_that_may_be_a_decimal_point_is_not_taken_out(province: Province) -> None:
    found = _attending(province, '"9,5"', "93", '"8,25"', "77", '"1,000"')
    assert found == [
        (None, ["STANDARD-004"]),
        (93.0, []),
        (None, ["STANDARD-004"]),
        (77.0, []),
        (None, ["STANDARD-004"]),
    ]


def test_a_comma_between_thousands_is_taken_out_before_a_factor(province: Province) -> None:
    province.source = province.source.replace('disability = "DIS"', 'household_debt = { column = "DIS", factor = 0.5 }')
    province.people(
        *(f"A{n:02},ก,ข,1,25300114,010,{value}," for n, value in enumerate(('"1,250,000"', "๑๒๐", '"3,85"')))
    )
    rows = standardised(province)
    assert [row["household_debt"] for row in rows] == [625_000.0, 60.0, None]


def _births(n_later: int, n: int) -> list[str]:
    return [f"A{at:04},ก,ข,1,{'20270101' if at < n_later else '19900101'},010,0," for at in range(n)]


def test_a_register_of_whose_people_many_are_born_later_is_of_a_later_year(province: Province) -> None:
    province.people(*_births(20, 2_000))
    with pytest.raises(BadTable, match=r"STANDARD-005 .*20 of 2,000 people were born after 2026-06-30"):
        standardised(province)


@pytest.mark.parametrize(("n_later", "n"), [(19, 100), (20, 2_001)])
def test_slips_in_births_stop_no_run(province: Province, n_later: int, n: int) -> None:
    province.people(*_births(n_later, n))
    assert sum(row["birth"] is None for row in standardised(province)) == n_later


def test_a_column_of_shares_is_not_taken_for_percentages(province: Province) -> None:
    found = _attending(province, "0.93", "1", "0.88", "0", "95")
    assert [value for value, _ in found] == [None, None, None, 0.0, 95.0]
    assert found[1][1] == ["STANDARD-006"]


def test_a_share_with_the_factor_that_the_cure_names_is_a_percentage(province: Province) -> None:
    province.source = province.source.replace('disability = "DIS"', 'attendance_pct = { column = "DIS", factor = 100 }')
    province.people("A1,ก,ข,1,25300114,010,0.93,", "A2,ก,ข,1,25300114,010,1,")
    assert [(row["attendance_pct"], row["flags"]) for row in standardised(province)] == [(93.0, []), (100.0, [])]


def test_half_of_a_key_that_is_made_of_two_is_refused(province: Province) -> None:
    keys = """
[[sources.clinic.facts]]
path = "visits.csv"
keys = { KEYS }
[sources.clinic.facts.fields]
gpa = { column = "GPA" }
"""
    own = province.source.replace('row_id = "row_id"', 'row_id = "UNIT & row_id"')
    assert own != province.source
    province.source = own + keys.replace("KEYS", 'row_id = "PID"')
    with pytest.raises(BadSetting, match=r"SOURCES-010 .*names row_id without UNIT: it is a part of 'UNIT & row_id'"):
        province.sources()
    for whole in ('UNIT = "UNIT", row_id = "PID"', 'UNIT = "UNIT"'):
        province.source = own + keys.replace("KEYS", whole)
        province.sources()


def test_sums_of_facts_take_digits_of_the_region_and_thousands(province: Province) -> None:
    province.source += """
[[sources.clinic.facts]]
path = "loans.csv"
keys = { row_id = "PID" }
[sources.clinic.facts.fields]
household_debt = { column = "OWED", take = "sum" }
"""
    province.people("A1,ก,ข,1,25300114,010,0,")
    province.file("loans.csv", 'PID,OWED\nA1,"1,200"\nA1,๓๐๐\n')
    assert [row["household_debt"] for row in standardised(province)] == [1500.0]
