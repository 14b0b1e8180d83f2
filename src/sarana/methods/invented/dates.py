"""Birth dates as sectors write them: each in its format and calendar, with swaps, slips and the wrong era."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ERA = 543
THAI_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_FORM = {"human_security": 0.40, "family_welfare": 0.345}
"""The share of full dates that a sector writes with the month's name."""

PLAIN, LONG, YEAR = 0, 1, 2
YEARS, DAYS = 4096, 32


@dataclass(slots=True)
class Parts:
    """Year (common era), month and day of each row; changed in place as things go wrong."""

    year: NDArray[np.int64]
    month: NDArray[np.int64]
    day: NDArray[np.int64]


def write_births(
    rng: np.random.Generator,
    sector: str,
    birth: NDArray[np.int64],
    stateless: NDArray[np.bool_],
    rates: dict[str, float],
) -> NDArray[np.object_]:
    """Each birth day as its sector would have it written, None where nothing was."""
    parts = _parts(birth)
    _go_wrong(rng, parts, rates)
    n = len(birth)
    only_year = rng.random(n) < np.where(stateless, rates["year_only_stateless"], rates["year_only"])
    if sector == "health":
        parts.month[only_year], parts.day[only_year] = 1, 1
        only_year = np.zeros(n, dtype=np.bool_)
    form = np.where(rng.random(n) < LONG_FORM.get(sector, 0.0), LONG, PLAIN)
    form[only_year] = YEAR
    other = rng.random(n) < rates["other_era"]
    buddhist = other ^ (sector in {"education", "family_welfare"})
    written = _written(sector, parts.year + ERA * buddhist, parts.month, parts.day, form)
    written[rng.random(n) < rates["birth_missing"]] = None
    return written


def _parts(birth: NDArray[np.int64]) -> Parts:
    """Days since 1970 as year, month and day."""
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]")
    return Parts(
        year=years.astype(np.int64) + 1970,
        month=(months - years).astype(np.int64) + 1,
        day=(days - months).astype(np.int64) + 1,
    )


def _go_wrong(rng: np.random.Generator, parts: Parts, rates: dict[str, float]) -> None:
    """Swap, mistake or shift parts of some dates; every result is still a day of the calendar."""
    n = len(parts.year)
    chance = rng.random((5, n))
    other_day, other_month = rng.integers(1, 29, n), rng.integers(1, 13, n)
    sign = rng.choice([-1, 1], n)
    wrong = chance[0] < rates["day_wrong"]
    parts.day[wrong] = other_day[wrong]
    wrong = (chance[1] < rates["month_wrong"]) & (parts.day <= 28)
    parts.month[wrong] = other_month[wrong]
    leap = (parts.month == 2) & (parts.day == 29)
    wrong = (chance[2] < rates["year_one"]) & ~leap
    parts.year[wrong] += sign[wrong]
    wrong = (chance[3] < rates["year_ten"]) & ~leap
    parts.year[wrong] += 10 * sign[wrong]
    wrong = (chance[4] < rates["day_month"] / 0.36) & (parts.day <= 12)
    parts.day[wrong], parts.month[wrong] = parts.month[wrong], parts.day[wrong]


def _written(
    sector: str, year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64], form: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Dates as text, each distinct one written once."""
    packed = ((form * YEARS + year) * DAYS + month) * DAYS + day
    distinct, where = np.unique(packed, return_inverse=True)
    text: NDArray[np.object_] = np.empty(len(distinct), dtype=object)
    for at, value in enumerate(distinct.tolist()):
        rest, d = divmod(value, DAYS)
        rest, m = divmod(rest, DAYS)
        kind, y = divmod(rest, YEARS)
        text[at] = _one(sector, kind, y, m, d)
    return text[where]


def _one(sector: str, kind: int, y: int, m: int, d: int) -> str:
    """One date in a sector's format."""
    if kind == YEAR:
        return f"{y}"
    if sector == "health":
        return f"{y}{m:02d}{d:02d}"
    if sector == "education":
        return f"{d:02d}/{m:02d}/{y}"
    if kind == PLAIN:
        return f"{y}-{m:02d}-{d:02d}"
    return f"{d:02d}-{MONTHS[m - 1]}-{y}" if sector == "human_security" else f"{d} {THAI_MONTHS[m - 1]} {y}"
