"""Dates as people wrote them, each worked by hand."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.dates.reading import read_date
from sarana.methods.dates.standard import end_of_known

KNOWN_ON = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("raw", "era", "born", "precision", "flags"),
    [
        ("19760630", "ce", (1976, 6, 30), "day", ()),
        ("20260214093015", "ce", (2026, 2, 14), "day", ()),
        ("25/03/2554", "be", (2011, 3, 25), "day", ()),
        ("2561-02-23", "be", (2018, 2, 23), "day", ()),
        ("03-Nov-1951", "ce", (1951, 11, 3), "day", ()),
        ("13 พ.ค. 2508", "be", (1965, 5, 13), "day", ()),
        ("5 เมษายน พ.ศ. 2520", "ce", (1977, 4, 5), "day", ()),
        ("5 เมษายน ค.ศ. 1977", "be", (1977, 4, 5), "day", ()),
        ("March 5, 2011", "ce", (2011, 3, 5), "day", ()),
        ("๑๒/๐๕/๒๕๕๔", "be", (2011, 5, 12), "day", ()),
        ("2011-03-25 00:00:00", "ce", (2011, 3, 25), "day", ()),
        ("29/02/2555", "be", (2012, 2, 29), "day", ()),
        ("2554", "be", (2011, 1, 1), "year", ()),
        ("25540000", "be", (2011, 1, 1), "year", ()),
        ("1 ม.ค. 2531", "be", (1988, 1, 1), "first", ()),
        ("25690419", "ce", (2026, 4, 19), "day", ("DATE-001",)),
        ("1982-07-10", "be", (1982, 7, 10), "day", ("DATE-002",)),
        ("03/25/2554", "be", (2011, 3, 25), "day", ("DATE-003",)),
        ("25032554", "be", (2011, 3, 25), "day", ("DATE-003",)),
        ("12/5/54", "be", (2011, 5, 12), "day", ("DATE-004",)),
        ("12/5/54", "ce", (1954, 5, 12), "day", ("DATE-004",)),
        ("ม.ค. 2531", "be", (1988, 1, 1), "year", ("DATE-009",)),
    ],
)
def test_a_date_is_read_as_it_was_meant(
    raw: str, era: str, born: tuple[int, int, int], precision: str, flags: tuple[str, ...]
) -> None:
    found = read_date(raw, era, KNOWN_ON)  # type: ignore[arg-type]
    assert (found.day, found.precision, found.flags) == (date(*born), precision, flags)


@pytest.mark.parametrize(
    ("raw", "era", "flag"),
    [
        ("x", "ce", "DATE-005"),
        ("12", "ce", "DATE-005"),
        ("31/02/2554", "be", "DATE-006"),
        ("13/25/2554", "be", "DATE-006"),
        ("29/02/2554", "be", "DATE-006"),
        ("2027-01-01", "ce", "DATE-007"),
        ("2026-07-01", "ce", "DATE-007"),
        ("1900-01-01", "ce", "DATE-008"),
        ("1906-06-29", "ce", None),
        ("1905-06-30", "ce", "DATE-008"),
    ],
)
def test_a_date_that_cannot_be_counts_as_not_known_with_a_flag(raw: str, era: str, flag: str | None) -> None:
    found = read_date(raw, era, KNOWN_ON)  # type: ignore[arg-type]
    assert found.flags == ((flag,) if flag else ())
    assert (found.day is None) is (flag is not None)


def test_a_source_that_uses_both_eras_gets_no_flag() -> None:
    assert read_date("2554", None, KNOWN_ON) == read_date("2011", None, KNOWN_ON)


def test_month_first_is_read_so_where_the_source_says_it() -> None:
    assert read_date("03/04/2011", "ce", KNOWN_ON, is_month_first=True).day == date(2011, 3, 4)
    assert read_date("03/04/2011", "ce", KNOWN_ON).day == date(2011, 4, 3)
    assert read_date("25/03/2011", "ce", KNOWN_ON, is_month_first=True).flags == ("DATE-003",)


@settings(deadline=None)
@given(st.dates(date(1907, 1, 1), KNOWN_ON))
def test_every_day_comes_back_from_every_way_of_writing_it(day: date) -> None:
    thai = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
    be = day.year + 543
    written = (
        (f"{day:%Y%m%d}", "ce"),
        (f"{day:%Y-%m-%d}", "ce"),
        (f"{day:%d/%m}/{be}", "be"),
        (f"{be}{day:%m%d}", "be"),
        (f"{day.day} {thai[day.month - 1]} {be}", "be"),
        (f"{day:%d}-{day:%b}-{day.year}", "ce"),
    )
    for raw, era in written:
        assert read_date(raw, era, KNOWN_ON).day == day, raw  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text(max_size=14), st.sampled_from(["be", "ce", None]))
def test_no_text_breaks_the_reader_and_nothing_is_lost_without_a_flag(raw: str, era: str | None) -> None:
    found = read_date(raw, era, KNOWN_ON)  # type: ignore[arg-type]
    assert found.day is not None or found.flags


@settings(deadline=None)
@given(st.dates(date(1907, 1, 1), KNOWN_ON))
def test_what_was_read_reads_the_same_again(day: date) -> None:
    once = read_date(day.isoformat(), "ce", KNOWN_ON)
    assert once.day is not None
    assert read_date(once.day.isoformat(), "ce", KNOWN_ON) == once


def test_a_year_dates_from_its_last_day_but_never_after_the_file() -> None:
    assert end_of_known(read_date("2019", None, KNOWN_ON), KNOWN_ON) == date(2019, 12, 31)
    assert end_of_known(read_date("2569", None, date(2026, 12, 31)), KNOWN_ON) == KNOWN_ON
