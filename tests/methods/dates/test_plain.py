"""Dates in digits read all at once are read as one by one."""

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.dates.plain import plain_dates
from sarana.methods.dates.reading import Era, ReadDate, read_date
from sarana.methods.dates.standard import DateHabit, end_of_known, read_as_of_dates, read_dates

KNOWN_ON = date(2026, 6, 30)
YEARS = st.one_of(st.integers(1880, 2030), st.integers(2430, 2580), st.integers(0, 9999))
SHAPES = (
    "{y:04}{m:02}{d:02}",
    "{y:04}-{m:02}-{d:02}",
    "{d:02}/{m:02}/{y:04}",
    "{d:02}{m:02}{y:04}",
    "{d}.{m}.{y}",
    "{y:04}{m:02}{d:02}093015",
)
WRITTEN = st.builds(
    lambda shape, y, m, d: shape.format(y=y, m=m, d=d),
    st.sampled_from(SHAPES), YEARS, st.integers(0, 14), st.integers(0, 32),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WRITTEN | st.text("0123456789-/๐๑ ", max_size=11)), st.sampled_from(["be", "ce", None]), st.booleans())
def test_dates_read_at_once_are_read_as_one_by_one(words: list[str], era: Era | None, is_month_first: bool) -> None:
    found = read_dates(pa.array(words, pa.string()), DateHabit(era, KNOWN_ON, is_month_first)).to_pylist()
    for word, line in zip(words, found, strict=True):
        flags = tuple(line["flags"].split(",")) if line["flags"] else ()
        alone = read_date(word, era, KNOWN_ON, is_month_first=is_month_first)
        assert ReadDate(line["day"], line["precision"], flags) == alone, word


def test_only_what_nobody_could_misread_is_read_at_once() -> None:
    words = ["19760630", "2024-02-29", "01/01/1990", "19760631", "2023-02-29", "20270101", "18500101", "1990"]
    found = plain_dates(pa.array(words), "ce", KNOWN_ON, 120)
    assert found.days.to_pylist()[:3] == [date(1976, 6, 30), date(2024, 2, 29), date(1990, 1, 1)]
    assert found.is_first.tolist()[:3] == [False, False, True]
    assert found.odd.tolist() == [3, 4, 5, 6, 7]


@settings(deadline=None)
@given(st.lists(WRITTEN | st.text("0123456789-/๐๑ ", max_size=11)), st.sampled_from(["be", "ce", None]))
def test_days_of_rows_read_at_once_are_read_as_one_by_one(words: list[str], era: Era | None) -> None:
    found = read_as_of_dates(pa.array(words, pa.string()), DateHabit(era, KNOWN_ON)).to_pylist()
    for word, line in zip(words, found, strict=True):
        alone = read_date(word, era, date(2026, 12, 31))
        assert line["day"] == end_of_known(alone, KNOWN_ON), word
        assert (line["precision"], line["flags"]) == (alone.precision, ",".join(alone.flags) or None), word
