"""Which countries and which lists of words there are, and where their rows lie in this installation."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sarana.basics.errors import BadFile, NotYet
from sarana.methods.reference import find_reference, read_reference

FETCHED = Path(__file__).resolve().parent / "fetched"
AREAS = "areas."
WORDS = "words."


@dataclass(frozen=True, slots=True)
class Country:
    """A country's areas: what they are called, where they come from, under which licence, and what is not to be had."""

    code: str
    name: str
    name_th: str
    scheme: str
    version: str
    licence: str
    address: str
    levels: tuple[str, ...]
    levels_th: tuple[str, ...]
    gaps: tuple[str, ...] = field(default_factory=tuple)
    gaps_th: tuple[str, ...] = field(default_factory=tuple)

    @property
    def list_code(self) -> str:
        """The code of the list in which its areas stand."""
        return f"{AREAS}{self.code}"

    def called(self, language: str) -> str:
        """Its name in a language of the pages."""
        return self.name_th if language == "th" else self.name

    def level_words(self, level: int, language: str) -> str:
        """What an area of a level is called; its number for a level that the source does not name."""
        words = self.levels_th if language == "th" else self.levels
        return words[level - 1] if 0 < level <= len(words) else str(level)

    def gap_words(self, language: str) -> tuple[str, ...]:
        """What is not to be had."""
        return self.gaps_th if language == "th" else self.gaps


@dataclass(frozen=True, slots=True)
class WordSource:
    """A list of words: its name, where the codes come from, under which licence."""

    code: str
    name: str
    name_th: str
    source: str
    source_th: str
    licence: str
    licence_th: str
    version: str

    @property
    def list_code(self) -> str:
        """The code of the list as it stands in the database."""
        return f"{WORDS}{self.code}"

    def called(self, language: str) -> str:
        """Its name in a language of the pages."""
        return self.name_th if language == "th" else self.name

    def told(self, language: str) -> tuple[str, str]:
        """Where its codes come from and under which licence, in a language of the pages."""
        return (self.source_th, self.licence_th) if language == "th" else (self.source, self.licence)


@cache
def countries() -> dict[str, Country]:
    """The countries of which areas are known, in the order of their codes in `areas.toml`."""
    return {code: _country(code, table) for code, table in read_reference("codelists/areas.toml").items()}


def country_of(code: str) -> Country:
    """One country.

    Raises:
        NotYet: CODELISTS-001 nothing is known of it.
    """
    found = countries().get(code)
    if found is None:
        raise NotYet(
            "CODELISTS-001", "No list of areas is known for this country.", cure="Choose one of those on the page."
        )
    return found


@cache
def word_lists() -> dict[str, WordSource]:
    """The lists of controlled words, in the order of `lists.toml`."""
    found = read_reference("codelists/lists.toml")
    return {code: WordSource(code=code, **table) for code, table in found.items()}


def rows_of_areas(country: Country) -> tuple[bytes, bytes]:
    """The table of a country's areas and that of their changes, as files hold them.

    Raises:
        BadFile: REFERENCE-002 the table set down by us is missing; CODELISTS-002 the build fetched none.
    """
    folder = _fetched()
    table = folder / f"{country.code}.csv" if folder else None
    if table is None or not table.is_file():
        if not _is_ours(country):
            raise BadFile(
                "CODELISTS-002",
                "The areas of this country were not fetched when Sarana was installed.",
                where=country.name,
                cure="Install Sarana again from a whole wheel, or run ./dev in the checkout.",
            )
        return find_reference(f"codelists/areas/{country.code}.csv").read_bytes(), b""
    return table.read_bytes(), table.with_name(f"{country.code}.changes.csv").read_bytes()


def rows_of_words(source: WordSource) -> bytes:
    """The table of a list of words, as the file holds it.

    Raises:
        BadFile: REFERENCE-002 it is missing.
    """
    return find_reference(f"codelists/words/{source.code}.csv").read_bytes()


def fingerprint(*parts: bytes) -> str:
    """What tells two states of a list apart, whatever their names."""
    told = hashlib.sha256()
    for part in parts:
        told.update(hashlib.sha256(part).digest())
    return told.hexdigest()


def _is_ours(country: Country) -> bool:
    return "package" not in read_reference("codelists/areas.toml")[country.code]


def _fetched() -> Path | None:
    """The one folder that the build made."""
    return next((path for path in FETCHED.glob("*") if path.is_dir() and path.name != "part"), None)


def _country(code: str, table: dict[str, Any]) -> Country:
    named = {name: table[name] for name in ("name", "name_th", "scheme", "version", "licence", "address")}
    lists: dict[str, Any] = {name: tuple(table[name]) for name in ("levels", "levels_th", "gaps", "gaps_th")}
    return Country(code=code, **named, **lists)
