"""Whom an agency of a country has to tell, in words and hours: as `reference/breaches.toml` says."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sarana.methods.reference import read_reference

TABLE, OTHER = "breaches.toml", "other"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One of those who have to be told."""

    country: str
    code: str
    hours: int
    is_law: bool

    def due_at(self, known_at: dt.datetime) -> dt.datetime:
        """When it is over, for a breach that was known at a moment."""
        return known_at + dt.timedelta(hours=self.hours)


def deadlines_of(country: str) -> list[Deadline]:
    """Whom an agency of a country tells, the soonest first."""
    at = country if country in read_reference(TABLE) else OTHER
    found = [
        Deadline(at, code, row["hours"], row["is_law"]) for code, row in read_reference(TABLE)[at]["duties"].items()
    ]
    return sorted(found, key=lambda each: (each.hours, not each.is_law))


def words_of(country: str, code: str, language: str) -> dict[str, str]:
    """Whom, what else is to be known of it, and by which law, in a language."""
    table: dict[str, Any] = read_reference(TABLE)[country]
    row = table["duties"][code]
    end = "_th" if language == "th" else ""
    return {"whom": row[f"whom{end}"], "says": row[f"says{end}"], "law": table[f"law{end}"]}
