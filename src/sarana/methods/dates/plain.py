"""Dates in digits that nobody could misread, read all at once; others are left to the reader of single dates."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.coded import fixed_bytes
from sarana.methods.dates.reading import BUDDHIST_AHEAD, Era

FIRST_YEAR = 1800
"""Eight digits with a smaller year may be a date written day first."""

_SHAPES = (
    (8, (0, 4), (4, 6), (6, 8), b""),
    (10, (0, 4), (5, 7), (8, 10), b"-/. "),
    (10, (6, 10), (3, 5), (0, 2), b"-/. "),
    (14, (0, 4), (4, 6), (6, 8), b"0123456789"),
)
"""Length of the text, where year, month and day stand, and the signs that may stand elsewhere."""


@dataclass(frozen=True, slots=True)
class PlainDates:
    """What was read: days where there is one, whether it is a 1 January, and the places of the words left over."""

    days: pa.Array
    is_first: NDArray[np.bool_]
    odd: NDArray[np.int64]


def plain_dates(
    words: pa.Array, era: Era | None, known_on: date, oldest_years: int, *, is_month_first: bool = False
) -> PlainDates:
    """Read the words that are a whole, possible, believable date in the era declared.

    Args:
        words: text, none missing.
        era: as `read_date`.
        known_on: as `read_date`.
        oldest_years: as `read_date`.
        is_month_first: as `read_date`; then only dates that begin with the year are read.

    Returns:
        For each word the day that `read_date` would give, without a flag; all others in `odd`.
    """
    days = np.zeros(len(words), "datetime64[D]")
    is_read = np.zeros(len(words), np.bool_)
    lengths = pc.binary_length(words)
    for length, year, month, day, between in _SHAPES:
        if is_month_first and year[0]:
            continue
        at = np.flatnonzero(pc.equal(lengths, length).to_numpy(zero_copy_only=False) & ~is_read)
        signs = fixed_bytes(words.take(pa.array(at)), length)
        gaps = [n for n in range(length) if not any(a <= n < b for a, b in (year, month, day))]
        is_shaped = np.isin(signs[:, gaps], list(between)).all(axis=1)
        numbers = signs.astype(np.int64) - ord("0")
        is_shaped &= (np.delete(numbers, gaps, axis=1).view(np.uint64) <= 9).all(axis=1)
        parts = [_number(numbers, *span) for span in (year, month, day)]
        found, is_good = _believed(parts, era, known_on, oldest_years)
        good = is_shaped & is_good
        days[at[good]] = found[good]
        is_read[at[good]] = True
    days[~is_read] = np.datetime64("NaT", "D")
    is_first = is_read & (days == days.astype("datetime64[Y]").astype("datetime64[D]"))
    return PlainDates(pa.array(days, pa.date32()), is_first, np.flatnonzero(~is_read))


def _number(digits: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    number = np.zeros(len(digits), np.int64)
    for n in range(start, end):
        number = number * 10 + digits[:, n]
    return number


def _believed(
    parts: list[NDArray[np.int64]], era: Era | None, known_on: date, oldest_years: int
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """The days, and for which of them nothing speaks against."""
    written, month, day = parts
    year = written - (BUDDHIST_AHEAD if era == "be" else 0)
    is_good = (written >= FIRST_YEAR) & (year >= known_on.year - oldest_years - 1) & (year <= known_on.year)
    is_good &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(is_good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(is_good, day - 1, 0).astype("timedelta64[D]")
    is_good &= days.astype("datetime64[M]") == months
    is_good &= days <= np.datetime64(known_on)
    turned = (known_on.month < month) | ((known_on.month == month) & (known_on.day < day))
    is_good &= known_on.year - year - turned <= oldest_years
    return days, is_good
