"""One line a person: the best-supported value of each field, and who lives together."""

from datetime import date

from tests.methods.risk.making import persons, row

from sarana.methods.risk.sets import load_set

SET = load_set("chiang-mai-28")


def test_the_value_that_most_rows_say_is_taken(tmp_path):
    rows = [row("a", sex="male"), row("a", "education", sex="female"), row("a", "family_welfare", sex="female")]
    assert persons(rows, SET, tmp_path)["a"]["sex"] == "female"


def test_of_equal_support_the_first_source_is_believed(tmp_path):
    rows = [row("a", "education", sex="male"), row("a", "health", sex="female")]
    assert persons(rows, SET, tmp_path)["a"]["sex"] == "female"


def test_a_known_day_is_supported_by_rows_of_its_mere_year(tmp_path):
    rows = [
        row("a", birth=date(1990, 5, 5), birth_precision="day"),
        row("a", "education", birth=date(1990, 1, 1), birth_precision="year"),
        row("a", "family_welfare", birth=date(1988, 1, 1), birth_precision="first"),
    ]
    found = persons(rows, SET, tmp_path)["a"]
    assert (found["birth"], found["birth_precision"], found["age"]) == (date(1990, 5, 5), "day", 36)


def test_age_is_in_full_years_and_unknown_where_it_cannot_be(tmp_path):
    births = {"a": date(2006, 7, 1), "b": date(2006, 6, 30), "c": date(2026, 7, 1), "d": date(1880, 1, 1), "e": None}
    found = persons([row(p, birth=birth) for p, birth in births.items()], SET, tmp_path)
    assert [found[p]["age"] for p in births] == [19, 20, None, None, None]


def test_an_area_is_whole_even_where_rows_disagree(tmp_path):
    there = {"village": "50020201", "subdistrict": "500202", "district": "5002"}
    rows = [
        row("a", "health"),
        row("a", "family_welfare", **there),
        row("a", "human_security", **there | {"village": None}),
    ]
    found = persons(rows, SET, tmp_path)["a"]
    assert [found[x] for x in ("village", "subdistrict", "district", "province")] == [
        "50020201",
        "500202",
        "5002",
        "50",
    ]


def test_a_deeper_area_is_taken_over_a_shallow_one_of_the_same_place(tmp_path):
    rows = [row("a", village=None), row("a", "family_welfare")]
    assert persons(rows, SET, tmp_path)["a"]["village"] == "50010101"


def test_rows_and_sources_are_told_in_order(tmp_path):
    rows = [row("a", "family_welfare"), row("a", "health"), row("a", "health")]
    found = persons(rows, SET, tmp_path)["a"]
    assert (found["n_rows"], found["sources"]) == (3, ["health", "family_welfare"])


def test_a_house_joins_the_numbered_household_of_most_of_its_people(tmp_path):
    rows = [row("a", "family_welfare", household="7", house="1"), row("b", house="1"), row("c", house="2")]
    found = persons(rows, SET, tmp_path)
    assert found["a"]["household"] == found["b"]["household"] == "family_welfare:7"
    assert found["c"]["household"] == "50010101/2"


def test_a_house_of_two_numbered_households_joins_neither(tmp_path):
    rows = [row("a", "family_welfare", household="7", house="1"), row("b", "family_welfare", household="8", house="1")]
    rows.append(row("c", house="1"))
    assert persons(rows, SET, tmp_path)["c"]["household"] == "50010101/1"


def test_numbers_of_two_sources_join_through_the_people_they_share(tmp_path):
    rows = [
        row("a", household="h1"),
        row("a", "family_welfare", household="f1"),
        row("b", "family_welfare", household="f1"),
    ]
    found = persons(rows, SET, tmp_path)
    assert found["a"]["household"] == found["b"]["household"] == "health:h1"
