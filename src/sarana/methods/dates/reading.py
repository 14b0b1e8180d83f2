"""One written date of birth read: which calendar, how well known, and what had to be mended or given up."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sarana.methods.reference import read_reference

OTHER_ERA, OWN_ERA, SWAPPED, SHORT_YEAR, UNREADABLE = "DATE-001", "DATE-002", "DATE-003", "DATE-004", "DATE-005"
IMPOSSIBLE, FUTURE, TOO_OLD, MONTH_ONLY = "DATE-006", "DATE-007", "DATE-008", "DATE-009"

BUDDHIST_AHEAD = 543
"""Years by which the Buddhist era of Thailand is ahead of the common era (since 1941, as all registers count)."""

type Era = Literal["be", "ce"]
type Precision = Literal["day", "first", "year"]

_DIGITS = str.maketrans({ord(zero) + i: str(i) for zero in "๐໐០၀" for i in range(10)})
_NUMBERS = (
    (re.compile(r"(\d{4})(\d\d)(\d\d)"), "ymd"),
    (re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})"), "ymd"),
    (re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d\d)"), "dmy"),
    (re.compile(r"(\d{4})"), "y"),
    (re.compile(r"(\d{4})[-/.](\d\d?)"), "ym"),
    (re.compile(r"(\d\d?)[-/.](\d{4})"), "my"),
)
_COMPACT_DMY = re.compile(r"(\d\d)(\d\d)(\d{4})")
_NAMED = (
    (re.compile(r"(?P<d>\d{1,2})[-/. ]*(?P<m>[^\W\d_][^\d]*?)[-/., ]*(?P<y>\d{4}|\d\d)"), False),
    (re.compile(r"(?P<m>[^\W\d_][^\d]*?)[-/. ]*(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/., ]+(?P<y>\d{4})"), False),
    (re.compile(r"(?P<y>\d{4})[-/. ]*(?P<m>[^\W\d_][^\d]*?)[-/. ]*(?P<d>\d{1,2})"), False),
    (re.compile(r"(?P<m>[^\W\d_][^\d]*?)[-/., ]*(?P<y>\d{4})"), True),
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TIME = re.compile(r"[ tT]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$")
_STAMP = 14
"""Digits of a day with hour, minute and second behind it, as 20260214093015."""

_NO_WORDS = re.compile(r"[0-9/. \-]*")
_NOT_LETTERS = re.compile(r"[\s.]+")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as best known."""

    day: date | None
    """1 January where only the year is known; None where nothing could be kept."""
    precision: Precision | None
    """`day`; `first` for a 1 January that may stand for an unknown day; `year`; None without a date."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """The numbers of a date before any of them is believed; 0 is a part that was not given."""

    year: int
    month: int
    day: int
    era: Era | None = None
    has_short_year: bool = False
    flags: tuple[str, ...] = ()


def read_date(
    raw: str, era: Era | None, known_on: date, *, oldest_years: int = 120, is_month_first: bool = False
) -> ReadDate:
    """Read a date of birth as a person wrote it.

    Args:
        raw: the text, any usual order of day, month and year, digits of any script, month names Thai or English.
        era: the era that the source says it uses; the other is taken where only it makes sense, with a flag. None where
            the source uses both: then the one that makes sense is taken without a flag.
        known_on: the source's as-of date; births after it, or more than `oldest_years` before, are missing.
        oldest_years: the greatest age believed, full years.
        is_month_first: whether the source says that its dates in digits are month, day, year.

    Returns:
        The date, how well it is known, and flags; missing with a flag where it makes no sense.
    """
    text = _tidy(raw)
    text = (_TIME.sub("", text) if ":" in text else text).strip(" .,")
    text = text[:8] if len(text) == _STAMP and text.isdecimal() else text
    text, said = _said_era(text)
    found = _numbers(text, is_month_first) or _named(text)
    if found is None:
        return ReadDate(None, None, (UNREADABLE,))
    year, flags = _common_year(found, said, era, known_on, oldest_years)
    return _believed(found, year, found.flags + flags, known_on, oldest_years)


def _tidy(raw: str) -> str:
    """Text with plain digits and single spaces, and nothing invisible."""
    if not raw.isascii():
        raw = _UNSEEN.sub("", unicodedata.normalize("NFKC", raw)).translate(_DIGITS)
    return " ".join(raw.split())


def _believed(found: _Written, year: int, flags: tuple[str, ...], known_on: date, oldest_years: int) -> ReadDate:
    month, day = found.month, found.day
    if month == 0 or (day == 0 and month <= 12):
        flags += (MONTH_ONLY,) * (month != 0)
        month, day, precision = 1, 1, "year"
    else:
        if month > 12 >= day:
            month, day, flags = day, month, (*flags, SWAPPED)
        precision = "first" if (month, day) == (1, 1) else "day"
    try:
        born = date(year, month, day)
    except ValueError:
        return ReadDate(None, None, (*flags, IMPOSSIBLE))
    if born > known_on:
        return ReadDate(None, None, (*flags, FUTURE))
    if known_on.year - year - ((known_on.month, known_on.day) < (month, day)) > oldest_years:
        return ReadDate(None, None, (*flags, TOO_OLD))
    return ReadDate(born, "year" if precision == "year" else "first" if precision == "first" else "day", flags)


def _common_year(
    found: _Written, said: Era | None, era: Era | None, known_on: date, oldest_years: int
) -> tuple[int, tuple[str, ...]]:
    """The year in the common era, and whether the other era had to be taken."""
    counted = said or era or ("be" if found.has_short_year else "ce")
    ahead = BUDDHIST_AHEAD if counted == "be" else 0
    if found.has_short_year:
        latest = known_on.year + ahead
        year = latest - (latest - found.year) % 100
        return year - ahead, (SHORT_YEAR,)
    as_counted = found.year - ahead
    if said is None and not _is_lived(as_counted, known_on, oldest_years):
        as_other = found.year - (BUDDHIST_AHEAD - ahead)
        if _is_lived(as_other, known_on, oldest_years):
            return as_other, {"ce": (OTHER_ERA,), "be": (OWN_ERA,), None: ()}[era]
    return as_counted, ()


def _is_lived(year: int, known_on: date, oldest_years: int) -> bool:
    return known_on.year - oldest_years - 1 <= year <= known_on.year


def _numbers(text: str, is_month_first: bool) -> _Written | None:  # noqa: FBT001 - the setting itself
    """A date in digits alone."""
    for pattern, order in _NUMBERS:
        found = pattern.fullmatch(text)
        if found:
            said = "mdy" if is_month_first and order == "dmy" else order
            given = dict(zip(said, found.groups(), strict=True))
            short = len(given["y"]) == 2
            written = _Written(int(given["y"]), int(given.get("m", 0)), int(given.get("d", 0)), has_short_year=short)
            return _compact(text, written) if order == "ymd" and text.isdigit() else written
    return None


def _compact(text: str, written: _Written) -> _Written:
    """Eight digits: year first, unless only day first makes a date."""
    if written.month <= 31 and written.day <= 31 and min(written.month, written.day) <= 12 and written.year >= 1800:
        return written
    other = _COMPACT_DMY.fullmatch(text)
    if other and 1 <= int(other[2]) <= 12 and 1 <= int(other[1]) <= 31 and int(other[3]) >= 1800:
        return _Written(int(other[3]), int(other[2]), int(other[1]), flags=(SWAPPED,))
    return written


def _named(text: str) -> _Written | None:
    """A date with the month in words."""
    for pattern, is_month_only in _NAMED:
        found = pattern.fullmatch(text)
        month = _months().get(_NOT_LETTERS.sub("", found["m"]).lower()) if found else None
        if found and month:
            year = found["y"]
            return _Written(int(year), month, 0 if is_month_only else int(found["d"]), has_short_year=len(year) == 2)
    return None


def _said_era(text: str) -> tuple[str, Era | None]:
    """Text without the words for an era, and the era they say."""
    if _NO_WORDS.fullmatch(text):
        return text, None
    found = _eras().search(text)
    if not found:
        return text, None
    said: Era = "be" if found["be"] else "ce"
    return " ".join(_eras().sub(" ", text).split()).strip(" .,"), said


@functools.cache
def _months() -> dict[str, int]:
    names = read_reference("names/months.toml")["months"]
    return {_NOT_LETTERS.sub("", name).lower(): at for at, row in enumerate(names, start=1) for name in row}


@functools.cache
def _eras() -> re.Pattern[str]:
    words = read_reference("names/months.toml")

    def any_of(names: list[str]) -> str:
        return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))

    return re.compile(
        rf"(?<![^\W\d_])(?:(?P<be>{any_of(words['buddhist'])})|(?P<ce>{any_of(words['common'])}))\.?(?![^\W\d_])",
        re.IGNORECASE,
    )
