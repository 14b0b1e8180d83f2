"""In which calendar a source really writes dates of birth, whatever it says it does."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.coded import Coded
from sarana.methods.dates.plain import plain_dates
from sarana.methods.dates.reading import BUDDHIST_AHEAD, OTHER_ERA, OWN_ERA, SHORT_YEAR, Era
from sarana.methods.dates.standard import DateHabit, read_dates
from sarana.methods.population.standardise_settings import SourceSettings

CALENDARS = ("common", "buddhist", "unclear")
COMMON, BUDDHIST, UNCLEAR = range(3)
_YEAR = re.compile(r"\d{4}")


def count_calendars(column: Coded, source: SourceSettings, oldest_years: int) -> dict[str, int]:
    """On how many rows a date of birth stands in which calendar.

    `unclear` is what cannot be read, cannot be, or has a year of two digits; rows without a date are not counted.

    Args:
        column: the dates as written.
        source: its day, and whether its dates in digits are month first.
        oldest_years: the greatest age believed.

    Cost: 40 microseconds a distinct date that is not in plain digits.
    """
    found = calendars_of(column.words, source, oldest_years)
    counts = np.bincount(found, weights=column.counts(), minlength=len(CALENDARS)).astype(np.int64)
    return {name: int(counts[at]) for at, name in enumerate(CALENDARS)}


def calendars_of(words: pa.Array, source: SourceSettings, oldest_years: int) -> NDArray[np.int64]:
    """The calendar of each distinct date, as its place among `CALENDARS`.

    Each is read as if the source said it used the one calendar and the other; the flags tell which of them fits.
    """
    found = np.full(len(words), UNCLEAR)
    left = np.arange(len(words))
    eras: tuple[tuple[int, Era], ...] = ((COMMON, "ce"), (BUDDHIST, "be"))
    for place, era in eras:
        odd = plain_dates(
            words.take(pa.array(left)), era, source.as_of, oldest_years, is_month_first=source.is_month_first
        ).odd
        found[left] = place
        left = left[odd]
    found[left] = _odd(words.take(pa.array(left)), source, oldest_years)
    return found


def _odd(words: pa.Array, source: SourceSettings, oldest_years: int) -> NDArray[np.int64]:
    """The calendars of dates that are not plain digits of a day that could be."""
    as_common = read_dates(words, DateHabit("ce", source.as_of, source.is_month_first, oldest_years))
    as_buddhist = read_dates(words, DateHabit("be", source.as_of, source.is_month_first, oldest_years))
    is_known = _is_true(pc.and_(as_common["day"].is_valid(), as_buddhist["day"].is_valid()))
    is_known &= ~_has(as_common, SHORT_YEAR)
    is_buddhist, is_common = _has(as_common, OTHER_ERA), _has(as_buddhist, OWN_ERA)
    found = np.where(is_known & is_buddhist, BUDDHIST, np.where(is_known & is_common, COMMON, UNCLEAR))
    for at in np.flatnonzero(is_known & ~is_buddhist & ~is_common):  # the date says its era itself
        years = {int(year) for year in _YEAR.findall(words[int(at)].as_py())}
        said = as_common["day"][int(at)].as_py().year
        found[at] = BUDDHIST if said + BUDDHIST_AHEAD in years else COMMON if said in years else UNCLEAR
    return found.astype(np.int64)


def _has(read: pa.Table, flag: str) -> NDArray[np.bool_]:
    return _is_true(pc.match_substring(read["flags"], flag))


def _is_true(truths: pa.ChunkedArray) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.fill_null(truths, False).to_numpy()  # noqa: FBT003 - what stands for NULL
    return found.astype(np.bool_)
