"""What SOURCES.toml can say of registers as ministries keep them: made columns, other codes, rows that count, areas."""

import pytest

from methods.population.small_province import Province
from sarana.basics.errors import BadSetting, BadTable
from sarana.methods.population.chain_settings import risk_settings

FACTS = """
[[sources.clinic.facts]]
path = "visits.csv"
keys = { row_id = "PID" }
[sources.clinic.facts.fields]
"""


def _with_facts(province: Province, fields: str, visits: str) -> Province:
    province.source += FACTS + fields
    province.file("visits.csv", visits)
    return province


def test_columns_are_put_together_and_missing_where_a_part_is(province: Province) -> None:
    province.source += 'household = "AREA & CID"\n'
    province.people("A1,ก,ข,1,2530,010,0, 55 ", "A2,ก,ข,1,2530,010,0,", "A3,ก,ข,1,2530,010,0,1.5E+12")
    found = province.read()
    assert [found.rows[row]["household"] for row in ("A1", "A2", "A3")] == ["010-55", None, None]
    assert ("A3", "household", "READ-022") in found.flags


def test_a_row_id_of_two_columns_tells_rows_apart_that_share_one(province: Province) -> None:
    province.say('row_id = "row_id"', 'row_id = "AREA & row_id"')
    province.people("1,ก,ข,1,2530,010,0,", "1,ก,ข,1,2530,020,0,", "1,ก,ข,1,2530,020,0,", "2,ก,ข,1,2530,,0,")
    found = province.read()
    assert list(found.rows) == ["010-1"]
    assert found.report.set_aside == {"READ-030": 1, "READ-031": 2}


def test_columns_are_added_up_and_what_is_no_number_stays_to_be_flagged(province: Province) -> None:
    province.source += 'siblings = "AREA + DIS"\n'
    province.people("A1,ก,ข,1,2530,010,2,", "A2,ก,ข,1,2530,010,,", "A3,ก,ข,1,2530,many,1,", "A4,ก,ข,1,2530,020,0,")
    province.say('level = "village"', 'level = "village", unknown = "missing"')
    found = province.read()
    assert [found.rows[f"A{n}"]["siblings"] for n in range(1, 5)] == ["12", None, "many + 1", "20"]


def test_numbers_that_are_added_up_are_read_as_others_are(province: Province) -> None:
    """A comma between thousands and digits of the region; any other comma may be a decimal point."""
    province.source += 'siblings = "AREA + DIS"\n'
    province.say('level = "village"', 'level = "village", unknown = "missing"')
    province.people('A1,ก,ข,1,2530,"1,000",2,', "A2,ก,ข,1,2530,๑๐,๒,", 'A3,ก,ข,1,2530,"3,5",1,')
    found = province.read()
    assert [found.rows[f"A{n}"]["siblings"] for n in range(1, 4)] == ["1002", "12", "3,5 + 1"]


def test_flags_of_the_parts_become_flags_of_the_whole(province: Province) -> None:
    province.source += 'household = "AREA & CID"\n'
    province.people("A1,ก,ข,1,2530,010,0,5\x015", "A2,ก,ข,1,2530,010,0,7")
    found = province.read()
    assert found.rows["A1"]["household"] == "010-55"
    assert ("A1", "household", "READ-021") in found.flags


def test_a_star_stands_for_every_code_that_is_not_named(province: Province) -> None:
    province.source += 'nationality = { column = "CID", codes = { 099 = "thai", "*" = "other" } }\n'
    province.people("A1,ก,ข,1,2530,010,0,99", "A2,ก,ข,1,2530,010,0,048", "A3,ก,ข,1,2530,010,0,")
    assert [row["nationality"] for row in province.read().rows.values()] == ["thai", "other", None]


def test_a_star_must_lead_to_a_standard_code(province: Province) -> None:
    province.source += 'nationality = { column = "CID", codes = { "*" = "foreign" } }\n'
    with pytest.raises(BadSetting) as caught:
        province.read()
    assert caught.value.code == "SOURCES-009"


def test_only_the_rows_that_are_asked_for_count_and_the_others_are_counted(province: Province) -> None:
    fields = 'mental_diagnosis = { column = "DIAG", take = "min", absent = "none" }\n'
    only = 'only = { DIAG = ["F2*", "F31"], KIND = "1" }\n'
    province.source += FACTS.replace("[sources.clinic.facts.fields]", f"{only}[sources.clinic.facts.fields]")
    province.source += fields
    province.file("visits.csv", "PID,DIAG,KIND\nA1,J06,1\nA1,F209,1\nA1,F201,2\nA2,F311,1\nA2,F32,1\n")
    found = province.read()
    assert [row["mental_diagnosis"] for row in found.rows.values()] == ["F209", "none"]
    assert found.report.counts["facts left out clinic 1"] == 4
    assert found.report.counts["facts clinic 1"] == 5


def test_flags_stay_with_their_rows_when_others_are_left_out(province: Province) -> None:
    province.source += FACTS.replace(
        "[sources.clinic.facts.fields]", 'only = { KIND = "1" }\n[sources.clinic.facts.fields]'
    )
    province.source += 'nutrition = { column = "NUT", take = "latest", by = "ON" }\n'
    province.file("visits.csv", "PID,NUT,ON,KIND\nA1,1,2020,2\nA2,1\x01,2020,1\nA1,2,2021,1\n")
    found = province.read()
    assert [row["nutrition"] for row in found.rows.values()] == ["2", "1"]
    assert {row for row, _, flag in found.flags if flag == "READ-021"} == {"A2"}


def test_the_worst_is_the_last_in_the_order_of_worry_not_the_greatest_number(province: Province) -> None:
    fields = 'disability_type = { column = "TYPE", take = "worst", absent = "0" }\n'
    found = _with_facts(province, fields, "PID,TYPE\nA1,6\nA1,4\nA1,1\n").read()
    assert [row["disability_type"] for row in found.rows.values()] == ["4", "0"]


def test_nothing_is_the_worst_of_a_field_without_codes(province: Province) -> None:
    with pytest.raises(BadSetting) as caught:
        _with_facts(province, 'gpa = { column = "T", take = "worst" }\n', "PID,T\nA1,6\n").read()
    assert caught.value.code == "SOURCES-010"


def test_an_area_may_come_out_of_a_fact_table(province: Province) -> None:
    province.say('column = "AREA", ', "")
    fields = (
        'area = { column = "TAMBON & VILLAGE", take = "latest", by = "ON" }\nhouse = { column = "NO", take = "max" }\n'
    )
    province.file("crosswalk.csv", "sector_code,village_code\n01-01,50010101\n01-02,50010102\n")
    found = _with_facts(
        province, fields, "PID,TAMBON,VILLAGE,ON,NO\nA1,01,01,2020,7\nA1,01,02,2021,7\nA3,01,01,2021,7\n"
    )
    row = found.read().rows
    assert (row["A1"]["area"], row["A1"]["house"], row["A2"]["area"]) == ("01-02", "7", None)


@pytest.mark.parametrize(("old", "new"), [('column = "AREA", ', ""), ("area = {", "# area = {")])
def test_an_area_and_what_feeds_it_come_together(province: Province, old: str, new: str) -> None:
    province.say(old, new)
    if "#" in new:
        _with_facts(province, 'area = { column = "A" }\n', "PID,A\nA1,010\n")
    with pytest.raises(BadSetting) as caught:
        province.sources()
    assert caught.value.code == "SOURCES-010"


def test_a_fact_table_that_joins_to_nobody_stops_the_run_and_no_key_is_quoted(province: Province) -> None:
    fields = 'grade_delay = { take = "count" }\n'
    visits = "PID\n" + "".join(f"{n:013}\n" for n in range(100))
    with pytest.raises(BadTable) as caught:
        _with_facts(province, fields, visits).read()
    assert caught.value.code == "READ-015"
    said = str(caught.value)
    assert "100 of 100 rows" in said
    assert "'9999999999999' here, 'A9' there" in said
    assert "0000000000042" not in said


def test_a_fact_table_some_of_whose_rows_join_is_read_and_the_others_counted(province: Province) -> None:
    visits = "PID\nA1\n" + "".join(f"Z{n}\n" for n in range(9))
    found = _with_facts(province, 'grade_delay = { take = "count" }\n', visits).read()
    assert found.report.counts["facts without a person clinic 1"] == 9


def test_of_two_keys_the_one_that_does_not_join_is_named(province: Province) -> None:
    province.source += FACTS.replace("{ row_id", '{ AREA = "HOSP", row_id') + 'grade_delay = { take = "count" }\n'
    province.file("visits.csv", "HOSP,PID\n010,1\n020,2\n")
    with pytest.raises(BadTable) as caught:
        province.read()
    assert "HOSP is found on 2 of 2" in str(caught.value)
    assert "PID is found on 0 of 2" in str(caught.value)


def test_a_source_plays_the_register_that_it_names(province: Province) -> None:
    province.head = province.head.replace("chiang-mai-28", "th-north-28")
    province.source = province.source.replace('row_id = "row_id"', 'row_id = "row_id"\nregister = "moph43"')
    assert risk_settings(province.sources()).register_bits()["moph43"] == 1


def test_a_register_that_the_set_does_not_have_is_refused(province: Province) -> None:
    province.source = province.source.replace('row_id = "row_id"', 'row_id = "row_id"\nregister = "moph34"')
    with pytest.raises(BadSetting) as caught:
        risk_settings(province.sources())
    assert "moph34" in str(caught.value) or "registers" in str(caught.value)
