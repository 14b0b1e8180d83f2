"""Lists of areas and crosswalks: every sector code leads to one area of today, or the run says which does not."""

import datetime as dt

import pytest

from methods.population.small_province import CROSSWALK, VILLAGES, Province
from sarana.basics.errors import SaranaError


def fault(province: Province) -> SaranaError:
    with pytest.raises(SaranaError) as caught:
        province.read()
    return caught.value


def crosswalk(province: Province) -> list[tuple[object, ...]]:
    return province.read("crosswalk_clinic").tables["crosswalk_clinic"]


def test_villages_keep_their_areas_and_places(province: Province) -> None:
    villages = province.read("villages").tables["villages"]
    assert villages[0] == ("50010101", "500101", "5001", "50", 18.79, 98.98)
    assert len(villages) == 3


def test_every_level_has_names_parents_and_those_said_in_the_settings(province: Province) -> None:
    province.areas += 'names = { "50" = "Chiang Mai" }\nnames_local = { "50" = "เชียงใหม่" }\n'
    names = {r[1]: r for r in province.read("area_names").tables["area_names"]}
    assert names["50"] == ("province", "50", None, "Chiang Mai", "เชียงใหม่")
    assert names["500101"] == ("subdistrict", "500101", "5001", "Si Phum", None)
    assert names["5001"] == ("district", "5001", "50", "5001", None)
    assert names["50010101"][:4] == ("village", "50010101", "500101", "50010101")


def test_a_place_on_no_map_is_not_known(province: Province) -> None:
    province.file("villages.csv", VILLAGES.replace("18.80,98.99", "1880,98.99").replace("18.81", "north"))
    assert [r[4:] for r in province.read("villages").tables["villages"]] == [(18.79, 98.98), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("50010102,", "50010101,", "AREAS-001"),
        ("50010102,", ",", "AREAS-001"),
        ("50010201,500102,5001", "50010201,500101,5002", "AREAS-002"),
        ("500102,5001,", "500102,,", "AREAS-004"),
        ("lat,lon", "lon,lat", "AREAS-003"),
        ("village_code", "vill_code", "READ-006"),
    ],
)
def test_a_fault_in_the_list_of_areas_is_told(province: Province, old: str, new: str, code: str) -> None:
    province.file("villages.csv", VILLAGES.replace(old, new, 1))
    assert fault(province).code == code


def test_a_crosswalk_that_leads_to_no_area_is_a_fault_that_lists_them(province: Province) -> None:
    province.file("crosswalk.csv", CROSSWALK + "040,50999999\n")
    error = fault(province)
    assert (error.code, "'50999999'" in error.what) == ("AREAS-006", True)


def test_a_crosswalk_row_without_an_area_is_a_fault(province: Province) -> None:
    province.file("crosswalk.csv", CROSSWALK + "040,\n")
    assert fault(province).code == "AREAS-005"


def test_a_code_that_leads_to_two_areas_at_one_time_is_a_fault(province: Province) -> None:
    province.file("crosswalk.csv", CROSSWALK + "010,50010102\n")
    error = fault(province)
    assert (error.code, "'010'" in error.what) == ("AREAS-007", True)


def test_a_row_that_stands_twice_in_a_crosswalk_is_one(province: Province) -> None:
    province.file("crosswalk.csv", CROSSWALK + "010,50010101\n")
    assert len(crosswalk(province)) == 3


DATED = """sector_code,village_code,first,last
010,50010101,,2019-12-31
010,50010102,2020-01-01,
020,50010102,,
030,50010201,01/02/2015,
"""


def dated(province: Province, content: str = DATED) -> Province:
    province.say('level = "village"', 'level = "village", valid_from = "first", valid_until = "last"')
    province.file("crosswalk.csv", content)
    return province


def test_a_code_may_lead_to_another_place_after_a_day(province: Province) -> None:
    assert crosswalk(dated(province)) == [
        ("010", "50010101", "village", None, dt.date(2019, 12, 31)),
        ("010", "50010102", "village", dt.date(2020, 1, 1), None),
        ("020", "50010102", "village", None, None),
        ("030", "50010201", "village", dt.date(2015, 2, 1), None),
    ]


def test_periods_that_overlap_by_one_day_are_ambiguous(province: Province) -> None:
    assert fault(dated(province, DATED.replace("2020-01-01", "2019-12-31"))).code == "AREAS-007"


@pytest.mark.parametrize(("old", "new"), [("2020-01-01", "2020-13-01"), ("01/02/2015,", "2015-02-01,2014-02-01")])
def test_a_date_that_cannot_be_is_a_fault(province: Province, old: str, new: str) -> None:
    assert fault(dated(province, DATED.replace(old, new))).code == "AREAS-008"


def with_successors(province: Province, rows: str) -> Province:
    province.areas += '[areas.successors]\npath = "successors.csv"\n'
    province.file("successors.csv", "old,new\n" + rows)
    province.file("crosswalk.csv", CROSSWALK + "040,50010199\n")
    return province


def test_an_abolished_area_leads_to_its_successor_over_several_steps(province: Province) -> None:
    found = crosswalk(with_successors(province, "50010199,50010198\n50010198,50010102\n"))
    assert ("040", "50010102", "village", None, None) in found


def test_an_area_that_was_divided_leads_to_the_smallest_area_that_holds_its_parts(province: Province) -> None:
    found = crosswalk(with_successors(province, "50010199,50010101\n50010199,50010102\n"))
    assert ("040", "500101", "subdistrict", None, None) in found


def test_an_area_divided_over_two_subdistricts_leads_to_their_district(province: Province) -> None:
    found = crosswalk(with_successors(province, "50010199,50010101\n50010199,50010201\n"))
    assert ("040", "5001", "district", None, None) in found


@pytest.mark.parametrize("rows", ["50010199,50010198\n50010198,50010199\n", "50010199,51\n"])
def test_successors_that_lead_nowhere_are_a_fault(province: Province, rows: str) -> None:
    assert fault(with_successors(province, rows)).code == "AREAS-006"


def test_a_successor_without_a_new_code_is_a_fault(province: Province) -> None:
    assert fault(with_successors(province, "50010199,\n")).code == "AREAS-005"


def test_without_a_crosswalk_the_codes_are_the_areas_themselves(province: Province) -> None:
    province.say('crosswalk = "crosswalk.csv", to = "village_code", level = "village"', 'level = "subdistrict"')
    province.people("A1,ก,ข,1,2530,500101,0,", "A2,ก,ข,1,2530,500102,0,")
    found = province.read("crosswalk_clinic")
    assert found.rows["A1"]["area"] == "500101"
    assert found.tables["crosswalk_clinic"][0] == ("500101", "500101", "subdistrict", None, None)


def test_lost_zeros_of_the_area_side_of_a_crosswalk_are_found_again(province: Province) -> None:
    province.head = province.head.replace('province = "50"', 'province = "05"')
    province.file("villages.csv", VILLAGES.replace("5001", "0501").replace(",50,", ",05,"))
    province.file("crosswalk.csv", CROSSWALK.replace("5001", "501"))
    assert crosswalk(province)[0] == ("010", "05010101", "village", None, None)


def test_the_village_number_is_handed_on_beside_the_area(province: Province) -> None:
    province.say('level = "village"', 'level = "village", moo = "DIS"')
    assert province.read().rows["A2"]["moo"] == "2"
