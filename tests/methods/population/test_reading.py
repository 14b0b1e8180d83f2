"""Rows of standard fields: what is set aside or missing, which codes stop a run, and that nothing is lost."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from methods.population.small_province import Province
from sarana.basics.errors import BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.population.codes import UnknownCodes, match_codes
from sarana.methods.population.reading import read_rows
from sarana.methods.population.sources_file import load_sources
from sarana.methods.reference import examples_folder


def test_a_row_holds_the_standard_fields_that_are_declared_and_no_others(province: Province) -> None:
    assert province.read().rows["A1"] == {
        "area": "010", "birth": "25300114", "disability": "0", "family": "ใจดี", "given": "มานี",
        "national_id": "1101700203450", "sex": "female",
    }  # fmt: skip


def test_rows_without_a_row_id_and_all_copies_of_one_are_set_aside_with_their_lines(province: Province) -> None:
    person = "ก,ข,1,2530,010,0,"
    province.people(f"B1,{person}", f",{person}", f"A7,{person}", f" ,{person}", f"A7 ,{person}", f"1.5E+12,{person}")
    found = province.read()
    assert list(found.rows) == ["B1"]
    assert found.aside == [
        ("clinic", "1.5E+12", 6, "READ-030"),
        ("clinic", "A7", 3, "READ-031"),
        ("clinic", "A7", 5, "READ-031"),
        ("clinic", None, 2, "READ-030"),
        ("clinic", None, 4, "READ-030"),
    ]
    assert (found.report.rows_in, found.report.rows_out) == (6, 1)
    assert found.report.set_aside == {"READ-030": 3, "READ-031": 2}


def test_a_file_of_copies_only_is_read_with_nothing_left_and_everything_counted(province: Province) -> None:
    province.people("A1,ก,ข,1,2530,010,0,", "A1,ค,ง,1,2530,010,0,")
    found = province.read()
    assert (found.rows, found.report.set_aside) == ({}, {"READ-031": 2})


def test_flags_of_rows_set_aside_are_not_kept(province: Province) -> None:
    province.people("A1,=1,ข,1,2530,010,0,", "A1,ค,ง,1,2530,010,0,")
    assert province.read().flags == set()


def test_unknown_codes_of_all_columns_are_told_at_once_with_counts_and_suggestions(province: Province) -> None:
    province.people("A1,ก,ข,9,2530,010,7,", "A2,ก,ข,9,2530,0x0,0,", "A3,ก,ข,1,2530,020,7,")
    with pytest.raises(UnknownCodes) as caught:
        province.read()
    assert caught.value.code == "READ-008"
    assert [(c.column, c.code, c.n_rows) for c in caught.value.unknown] == [
        ("DIS", "7", 2), ("SEX", "9", 2), ("AREA", "0x0", 1),
    ]  # fmt: skip
    assert {c.suggestion for c in caught.value.unknown} & {"010", "020", "030"}
    assert "clinic SEX '9' (2 rows" in str(caught.value)


def test_what_looks_like_peoples_own_words_is_not_quoted_as_codes(province: Province) -> None:
    province.say('column = "SEX"', 'column = "CID"')
    province.people(*(f"A{n},ก,ข,1,2530,010,0,11017002{n:05}" for n in range(60)))
    with pytest.raises(UnknownCodes) as caught:
        province.read()
    assert "11017002" not in str(caught.value)
    assert "60 in 60 rows" in str(caught.value)


def test_unknown_codes_become_missing_with_a_flag_where_the_settings_say_so(province: Province) -> None:
    province.say('codes = { 1 = "male", 2 = "female" }', 'codes = { 1 = "male", 2 = "female" }, unknown = "missing"')
    province.say('level = "village"', 'level = "village", unknown = "missing"')
    province.people("A1,ก,ข,9,2530,999,0,", "A2,ก,ข,2,2530,020,0,")
    found = province.read()
    assert (found.rows["A1"]["sex"], found.rows["A1"]["area"]) == (None, None)
    assert (found.rows["A2"]["sex"], found.rows["A2"]["area"]) == ("female", "020")
    assert found.flags == {("A1", "sex", "READ-024"), ("A1", "area", "READ-024")}


def test_a_code_that_is_mapped_to_nothing_is_missing_without_a_flag(province: Province) -> None:
    province.say('2 = "female"', '2 = "female", 9 = ""')
    province.people("A1,ก,ข,9,2530,010,0,")
    found = province.read()
    assert (found.rows["A1"]["sex"], found.flags) == (None, set())


@pytest.mark.parametrize("written", ["10", "010", "0010", "10.0", "๐๑๐", " 010 ", "010 "])
def test_a_code_is_known_with_zeros_lost_or_won(province: Province, written: str) -> None:
    province.people(f"A1,ก,ข,1,2530,{written},0,", "A2,ก,ข,01,2530,020,2.0,")
    found = province.read()
    assert found.rows["A1"]["area"] == "010"
    assert (found.rows["A2"]["sex"], found.rows["A2"]["disability"]) == ("male", "2")


def test_codes_in_a_file_with_marks_nobody_sees_are_mapped_alike(province: Province) -> None:
    province.people("A1,ก,ข,1\u00a0,2530,010,0,", "A2,ก,ข,2,2530,\u200b020,0,")
    found = province.read()
    assert [found.rows[r]["sex"] for r in ("A1", "A2")] == ["male", "female"]
    assert found.rows["A2"]["area"] == "020"


def test_values_that_mean_missing_are_missing(province: Province) -> None:
    province.say('birth = "BIRTH"', 'birth = { column = "BIRTH", missing = ["-", "00000000"] }')
    province.people("A1,ก,ข,1,00000000,010,0,", "A2,ก,ข,1,2530,010,0,")
    found = province.read()
    assert [found.rows[r]["birth"] for r in ("A1", "A2")] == [None, "2530"]


def test_a_unit_factor_is_applied_to_numbers_and_leaves_the_rest(province: Province) -> None:
    province.say('birth = "BIRTH"', 'school_distance_km = { column = "BIRTH", factor = 0.001 }')
    province.people('A1,ก,ข,1,"1,500",010,0,', "A2,ก,ข,1,far,010,0,")
    found = province.read()
    assert [found.rows[r]["school_distance_km"] for r in ("A1", "A2")] == ["1.5", "far"]


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(province: Province) -> None:
    lines = [f"A{n:03},ก{n},ข,{1 + n % 2},2530,0{1 + n % 3}0,0," for n in range(300)]
    province.people(*lines)
    first = province.read()
    province.people(*reversed(lines))
    second = province.read(threads=4)
    assert list(first.rows.items()) == list(second.rows.items())


def test_relations_that_were_only_a_means_are_gone(province: Province) -> None:
    with Engine(threads=1, memory="200MB", temp=province.temp, folders=[province.folder]) as engine:
        read_rows(engine, province.sources(), Silent())
        assert engine.tables() == {
            "area_names", "crosswalk_clinic", "read_flags_clinic", "rows_clinic", "set_aside", "villages",
        }  # fmt: skip


def test_progress_is_told_of_every_source(province: Province) -> None:
    class Kept:
        def __init__(self) -> None:
            self.said: list[tuple[int, int]] = []

        def report(self, done: int, total: int, what: str) -> None:
            assert what
            self.said.append((done, total))

    kept = Kept()
    with Engine(threads=1, memory="200MB", temp=province.temp, folders=[province.folder]) as engine:
        read_rows(engine, province.sources(), kept)
    assert kept.said == [(0, 2), (1, 2), (2, 2)]


KNOWN = {"099": "thai", "000": "none", "0": "zero"}


@pytest.mark.parametrize(
    ("code", "found"), [("099", "thai"), ("99", "thai"), ("99.0", "thai"), ("0", "zero"), ("00", None), ("9", None)]
)
def test_a_looser_spelling_counts_only_where_one_code_is_meant(code: str, found: str | None) -> None:
    assert match_codes([code], KNOWN).get(code) == found


@given(known=st.dictionaries(st.text("0123456789A-", min_size=1, max_size=4), st.text("xyz", max_size=2), max_size=8))
def test_a_known_code_always_stands_for_itself(known: Mapping[str, str]) -> None:
    assert match_codes(known, known) == known


FACTS = """
[[sources.clinic.facts]]
path = "visits.csv"
keys = { row_id = "PID" }
[sources.clinic.facts.fields]
chronic_illness = { column = "CHRONIC", take = "any", absent = "0" }
substance_use = { column = "DRUG", take = "max" }
nutrition = { column = "NUT", take = "latest", by = "DATE" }
household_debt = { column = "DEBT", take = "sum" }
household_income_month = { column = "DEBT", take = "min" }
grade_delay = { take = "count" }
"""
VISITS = """PID,DATE,CHRONIC,DRUG,NUT,DEBT
A1,2026-01-05,0,0,2,100.10
A1,2026-03-01,1,2,0,9
A1,soon,0,1,1,0.2
Z9,2026-01-01,1,1,1,1
,2026-01-01,1,1,1,1
"""


def with_facts(province: Province, visits: str = VISITS) -> Province:
    province.source += FACTS
    province.file("visits.csv", visits)
    return province


def test_many_rows_a_person_become_one_value_by_the_declared_rule(province: Province) -> None:
    row = with_facts(province).read().rows["A1"]
    assert (row["chronic_illness"], row["substance_use"], row["nutrition"]) == ("1", "2", "0")
    assert (row["household_debt"], row["household_income_month"], row["grade_delay"]) == ("109.3", "0.2", "3")


def test_a_person_without_facts_has_what_absence_means(province: Province) -> None:
    row = with_facts(province).read().rows["A2"]
    assert (row["chronic_illness"], row["substance_use"], row["grade_delay"]) == ("0", None, None)


def test_facts_that_belong_to_nobody_are_counted_and_undated_ones_flagged(province: Province) -> None:
    found = with_facts(province).read()
    assert found.report.counts["facts clinic 1"] == 5
    assert found.report.counts["facts without a person clinic 1"] == 2
    assert found.flags == {("A1", "nutrition", "READ-028")}


def test_the_order_of_facts_changes_nothing(province: Province) -> None:
    first = with_facts(province).read().rows
    header, *lines = VISITS.splitlines()
    province.file("visits.csv", "\n".join([header, *reversed(lines), ""]))
    assert province.read(threads=3).rows == first


def test_unknown_codes_of_a_fact_table_stop_the_run_too(province: Province) -> None:
    with pytest.raises(UnknownCodes) as caught:
        with_facts(province, VISITS.replace("A1,2026-03-01,1,2", "A1,2026-03-01,1,5")).read()
    assert [(c.column, c.code) for c in caught.value.unknown] == [("visits.csv DRUG", "5")]


def test_a_fact_table_of_two_keys_is_joined_by_both(province: Province) -> None:
    province.source += FACTS.replace('keys = { row_id = "PID" }', 'keys = { row_id = "PID", AREA = "HOSP" }')
    province.file(
        "visits.csv", VISITS.replace("PID,", "HOSP,PID,").replace("\nA1", "\n010,A1", 1).replace("\nA1", "\n020,A1")
    )
    assert province.read().rows["A1"]["grade_delay"] == "1"


@pytest.mark.shared
def test_the_sample_is_read_whole_by_the_shipped_example(shared: Path, tmp_path: Path) -> None:
    data = shared / "data" / "population-sample"
    sources = load_sources(examples_folder() / "chiang-mai" / "sources.toml", data)
    with Engine(threads=2, memory="1GB", temp=tmp_path / "temp", folders=[data]) as engine:
        report = read_rows(engine, sources, Silent())
        n = {name: engine.row(f"SELECT count(DISTINCT row_id) FROM rows_{name}")[0] for name in sources.sources}
        sexes = engine.rows("SELECT DISTINCT sex FROM rows_education ORDER BY ALL")
    assert n == {"health": 90000, "education": 10750, "human_security": 1100, "family_welfare": 12100}
    assert (report.rows_in, report.rows_out, report.set_aside) == (113950, 113950, {})
    assert sexes == [("female",), ("male",), (None,)]


def test_a_fault_leaves_the_files_as_they_were(province: Province) -> None:
    before = {p.name: p.read_bytes() for p in province.folder.iterdir()}
    province.people("A1,ก,ข,9,2530,010,0,")
    before["people.csv"] = (province.folder / "people.csv").read_bytes()
    with pytest.raises(BadTable):
        province.read()
    assert {p.name: p.read_bytes() for p in province.folder.iterdir()} == before
