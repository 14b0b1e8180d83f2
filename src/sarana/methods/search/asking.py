"""One line that somebody types, read as a query: words, and `id:`, `phone:`, `born:`, `age:`, `sex:`, `place:`."""

import datetime as dt
import re

from sarana.basics.errors import NotYet
from sarana.methods.search.entry import Birth, Query
from sarana.methods.search.numbers import with_plain_figures, year_in

LONGEST = 2000
"""Letters of a line that are read."""

_TOLD = re.compile(r'(?<!\S)([a-zก-ฮะ-์]+):\s*("[^"]*"|\S+)', re.IGNORECASE)
_YEARS = re.compile(r"(~?)([0-9]{1,4})(?:-([0-9]{1,4}))?")
_BUDDHIST = 543
_FIRST_YEAR, _OLDEST = 1880, 120
_SEXES = {"f": "female", "female": "female", "หญิง": "female", "m": "male", "male": "male", "ชาย": "male"}
_THAI = {
    "เลข": "id", "เลขที่": "id", "บัตร": "id", "โทร": "phone", "โทรศัพท์": "phone", "เบอร์": "phone", "เกิด": "born",
    "ปีเกิด": "born", "อายุ": "age", "เพศ": "sex", "ที่": "place", "พื้นที่": "place",
}  # fmt: skip
"""The same words on a Thai desk."""

_ABOUT = 2
"""Years either way where somebody writes *about*."""


def read_query(line: str, *, today: dt.date) -> Query:
    """Read one line as a query.

    Args:
        line: such as `somchai jaidee born:1985 place:TH-50`; a value with spaces stands in double quotes. A year may be
            of the Buddhist era (2528), about (`~1985`), or between two (`1984-1986`); so may an age. A date among the
            words (13/8/2528) is a birth. Thai words may stand before a colon too: `อายุ:25 เพศ:หญิง`.
        today: for ages.

    Raises:
        NotYet: SEARCH-010 something else stands before a colon; SEARCH-011 a year or an age cannot be read;
            SEARCH-014 the line is too long.
    """
    if len(line) > LONGEST:
        raise NotYet(
            "SEARCH-014",
            "The line of a search is too long.",
            cure=f"Write at most {LONGEST} letters: a name, a number, and what else is known.",
        )
    said: dict[str, list[str]] = {}
    for written, value in _TOLD.findall(line):
        key = _THAI.get(written, written.lower())
        if key not in _KEYS:
            raise NotYet(
                "SEARCH-010",
                "What stands before a colon is nothing that one can search by.",
                cure="Write id:, phone:, born:, age:, sex: or place: before a word, or no colon.",
            )
        said.setdefault(key, []).append(value.strip('"'))
    words = _TOLD.sub(" ", line)
    if not (said.get("born") or said.get("age")) and (dated := year_in(words)):
        said["born"], words = [str(dated[0])], dated[1]
    return Query(
        words=" ".join(words.split()),
        identifiers=tuple(said.get("id", ())),
        phones=tuple(said.get("phone", ())),
        born=_born(said, today),
        sex=_sex(said.get("sex", [])),
        places=tuple(said.get("place", ())),
    )


_KEYS = frozenset({"id", "phone", "born", "age", "sex", "place"})


def _born(said: dict[str, list[str]], today: dt.date) -> Birth | None:
    for text in said.get("born", []):
        first, last = _between(text)
        first, last = (year - _BUDDHIST if year >= today.year + _BUDDHIST - _OLDEST else year for year in (first, last))
        if not _FIRST_YEAR <= first <= last <= today.year:
            raise _unread()
        return _middle(first, last)
    for text in said.get("age", []):
        young, old = _between(text)
        if not 0 <= young <= old <= _OLDEST:
            raise _unread()
        # Who is 25 was born 25 or 26 calendar years ago.
        return _middle(today.year - old - 1, today.year - young)
    return None


def _between(text: str) -> tuple[int, int]:
    found = _YEARS.fullmatch(with_plain_figures(text))
    if found is None:
        raise _unread()
    first, last = int(found[2]), int(found[3] or found[2])
    return (first - _ABOUT, last + _ABOUT) if found[1] else (first, last)


def _middle(first: int, last: int) -> Birth:
    return Birth((first + last) // 2, (last - first + 1) // 2)


def _sex(said: list[str]) -> str | None:
    if not said:
        return None
    if said[0].lower() not in _SEXES:
        raise NotYet(
            "SEARCH-010",
            "What stands behind sex: is nothing that one can search by.",
            cure="Write sex:female or sex:male, or leave it out.",
        )
    return _SEXES[said[0].lower()]


def _unread() -> NotYet:
    return NotYet(
        "SEARCH-011",
        "A year of birth or an age cannot be read.",
        cure="Write born:1985, born:1984-1986, age:25 or age:20-30.",
    )
