"""Columns without anybody's value: masks, codes of short lists, and first rows that may be a person's record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarana.methods.population.layouts import layouts
from sarana.methods.population.relaid import named_columns
from sarana.methods.questions.samples import LONGEST, Wanted, masked, names_columns, tell_columns, wanted_of

HEADERS = ["SEX", "NAME", "CID", "note", "recorded by"]
WANTED = Wanted(("SEX", "NAME", "CID"), (("CID",),), frozenset({"SEX", "NAME", "CID"}))


def rows(n: int, *, people: int = 1000) -> list[list[str | None]]:
    return [["1", f"Somchai{'i' * (number % 3)}", f"35001001{number % people:05}", "", "Malee"] for number in range(n)]


@given(st.text())
def test_a_mask_keeps_no_letter_and_no_digit_and_is_never_long(value: str) -> None:
    found = masked(value)
    assert len(found) <= LONGEST
    assert not {sign for sign in found if sign.isalnum()} - {"x", "9"}


def test_only_codes_of_short_lists_stand_in_clear_and_only_on_many_rows() -> None:
    sex, name, number, note, by = tell_columns(HEADERS, rows(60), WANTED)
    assert (sex.samples, sex.is_codes) == (("1",), True)
    assert name.samples == ("xxxxxxx", "xxxxxxxx", "xxxxxxxxx")
    assert (number.samples, number.is_codes) == (("999999999999",), False)
    assert (note.filled, note.samples) == ("none", ())
    assert (by.samples, by.is_codes) == (("xxxxx",), False), (
        "who wrote the file is no code, however often she stands there"
    )


def test_of_few_rows_nothing_is_shown_but_the_headers() -> None:
    assert [each.samples for each in tell_columns(HEADERS, rows(10), WANTED)] == [()] * 5


def test_many_rows_of_few_people_show_nothing_and_of_nobody_known_no_code_and_no_length() -> None:
    few = tell_columns(HEADERS, rows(60, people=10), WANTED)
    assert [each.samples for each in few] == [()] * 5
    unknown = tell_columns(["SEX", "NAME", "note"], [row[:2] for row in rows(60)], WANTED)
    assert [(each.samples, each.is_codes) for each in unknown] == [(("9",), False), (("x",), False), ((), False)]


@pytest.mark.parametrize(
    ("layout", "part", "shown", "hidden"),
    [
        ("health", "health.csv", {"SEX", "PRENAME"}, {"MENTAL", "TEENPREG", "NOINS", "SUBSTANCE", "CHRONIC", "new"}),
        ("human_security", "human_security.csv", {"sex"}, {"debt_bond", "seasonal_migration", "exploited_before"}),
        ("moph43", "moph43/PERSON.txt", {"SEX"}, {"DISCHARGE", "MSTATUS"}),
        ("moph43", "moph43/DIAGNOSIS.txt", set(), {"DIAGCODE"}),
        ("moph43", "moph43/ADDRESS.txt", set(), {"ADDRESSTYPE"}),
        ("dmc", "dmc.xlsx", {"เพศ"}, {"ความด้อยโอกาส"}),
        ("msdhs_cases", "msdhs_cases.csv", {"SEX"}, {"CASE_TYPE", "DEPORTED"}),
    ],
)
def test_no_code_of_protected_indicators_of_harm_or_of_tables_of_facts_stands_in_clear(
    layout: str, part: str, shown: set[str], hidden: set[str]
) -> None:
    wanted = wanted_of(layout, part)
    headers = [*wanted.names, "new"]
    known = {name for names in wanted.whose for name in names}
    lines: list[list[str | None]] = [[str(n) if name in known else "1" for name in headers] for n in range(40)]
    told = {each.header: each for each in tell_columns(headers, lines, wanted)}
    assert {name for name in shown if told[name].samples == ("1",)} == shown
    assert {name for name in hidden if not told[name].is_codes and told[name].samples == ("9",)} == hidden


@pytest.mark.parametrize(
    "first",
    [
        ["Somchai", "Jaidee", "ช"],
        ["SEX", "3500100123456"],
        [],
        ["สมชาย", "ใจดี", "1-5099-00123-45-6", "เพศ"],
        ["นาย สมชาย ใจดี", "1 5099 00123 45 6", "12/05/2531", "debt"],
        ["SEX", "NAME", "12 พ.ค. 2531"],
        ["SEX", "NAME", "3 May 1988"],
        ["SEX", "NAME", "3 กุมภาพันธ์ 2531"],
        ["SEX", "NAME", "AB 123456"],
        ["SEX", "NAME", "1-5099-xxxxx-45-6"],
        ["SEX", "Somchai", "Jaidee"],
    ],
)
def test_a_first_row_that_may_be_a_record_is_not_told(first: list[str]) -> None:
    wanted = Wanted(("SEX", "NAME", "CID", "HOUSE"))
    assert not names_columns(first, wanted)
    assert tell_columns(first, [["1", "2", "3"]] * 20, wanted) == ()


def test_half_of_its_headers_renamed_every_file_of_a_layout_still_names_columns() -> None:
    for layout in layouts():
        for part in {each.part for each in named_columns(layout)}:
            wanted = wanted_of(layout, part)
            names = [name if n % 2 == 0 else f"new name {n}" for n, name in enumerate(wanted.names)]
            assert names_columns(names, wanted), (layout, part)
            assert not names_columns(["Somchai", *wanted.names[:0]], wanted)
