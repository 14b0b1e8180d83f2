"""What an invented province is made from, and the counts that follow from its number of people."""

import re
from dataclasses import dataclass
from datetime import date

from sarana.basics.errors import BadSetting

FEWEST_PEOPLE = 200
MOST_PEOPLE = 40_000_000
MOST_DEFECTS = 4.0

SAMPLE_PEOPLE = 87_500
SAMPLE_ROWS = {"health": 90_000, "education": 10_750, "human_security": 1_100, "family_welfare": 12_100}
"""Rows of each sector for so many people: the proportions of the population sample, and of Chiang Mai itself."""

SHARE_TWICE = {"health": 0.08, "education": 0.015, "human_security": 0.03, "family_welfare": 0.025}
"""The share of a sector's rows that stand for somebody the sector holds already."""

MOST_VILLAGES = 2_066


@dataclass(frozen=True, slots=True)
class ProvinceSettings:
    """A province to invent.

    `defects` multiplies every rate at which rows go wrong; `province` is the two-digit code all area codes begin with;
    `as_of` is the day the files speak of; `centre` is latitude and longitude; `messy` makes files that arrive broken;
    `year_before` gives the files as they were a year before that day.
    """

    people: int
    seed: int = 1
    defects: float = 1.0
    province: str = "50"
    as_of: date = date(2026, 6, 30)
    centre: tuple[float, float] = (18.8, 98.9)
    messy: bool = False
    year_before: bool = False


def check_settings(settings: ProvinceSettings) -> None:
    """Refuse settings from which no province can be made.

    Raises:
        BadSetting: INVENT-001 too few or too many people; INVENT-002 defects out of range; INVENT-003 no province code;
            INVENT-004 a negative seed; INVENT-005 a centre that is not on land near the equator.
    """
    if not FEWEST_PEOPLE <= settings.people <= MOST_PEOPLE:
        raise BadSetting(
            "INVENT-001",
            f"A province of {settings.people} people cannot be invented.",
            where="--people",
            cure=f"Give from {FEWEST_PEOPLE} to {MOST_PEOPLE}.",
        )
    if not 0.0 <= settings.defects <= MOST_DEFECTS:
        raise BadSetting(
            "INVENT-002",
            f"Defects of {settings.defects} times the usual cannot be made.",
            where="--defects",
            cure=f"Give from 0 (files without faults) to {MOST_DEFECTS:g}; 1 is usual.",
        )
    if not re.fullmatch("[1-9][0-9]", settings.province, re.ASCII):
        raise BadSetting(
            "INVENT-003", "The province code is not two digits.", where="--province", cure="Give a code from 10 to 99."
        )
    if settings.seed < 0:
        raise BadSetting(
            "INVENT-004", "The seed is below zero.", where="--seed", cure="Give 0 or a positive whole number."
        )
    lat, lon = settings.centre
    if not (-60.0 <= lat <= 60.0 and -178.0 <= lon <= 178.0):
        raise BadSetting(
            "INVENT-005",
            "The centre lies where no province can be drawn.",
            where="centre",
            cure="Give latitude from -60 to 60 and longitude from -178 to 178.",
        )


def count_rows(people: int) -> dict[str, int]:
    """How many rows each sector hands over for so many people."""
    return {sector: max(2, round(people * rows / SAMPLE_PEOPLE)) for sector, rows in SAMPLE_ROWS.items()}


def count_areas(people: int) -> tuple[int, int, int]:
    """How many districts, subdistricts and villages so many people live in."""
    n_villages = min(MOST_VILLAGES, max(6, round(people * MOST_VILLAGES / SAMPLE_PEOPLE)))
    n_subdistricts = max(2, round(n_villages * 204 / MOST_VILLAGES))
    n_districts = max(1, round(n_villages * 24 / MOST_VILLAGES))
    return n_districts, n_subdistricts, n_villages
