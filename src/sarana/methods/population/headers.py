"""Finds declared columns among the headers of a file, however the sector wrote them this year."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from sarana.basics.errors import BadTable

UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd\x00-\x1f\x7f-\x9f]")
BLANKS = re.compile(r"[\s_\-.]+")
YEAR = "{year}"
NEAR = 55.0
"""Headers less alike than this, of 100, are not suggested for one another."""


def find_columns(headers: Sequence[str], wanted: Mapping[str, Sequence[str]], where: str) -> dict[str, int]:
    """Which column of a file each wanted thing stands in.

    Args:
        headers: the file's first row, as written.
        wanted: for each thing, the names its column may bear, best first; `{year}` stands for four digits, and the
            latest year wins.
        where: how messages name the file.

    Returns:
        For each wanted thing, the position of its column, first is 0.

    Raises:
        BadTable: READ-006 columns are not in the file (all of them are listed); READ-007 a header stands twice.
    """
    folded = [fold(h) for h in headers]
    found: dict[str, int] = {}
    absent: dict[str, str] = {}
    for thing, names in wanted.items():
        at = next((hit for name in names if (hit := _find(headers, folded, name, where)) is not None), None)
        if at is None:
            absent[thing] = names[0]
        else:
            found[thing] = at
    if absent:
        free = [h.strip() for n, h in enumerate(headers) if h.strip() and n not in found.values()]
        raise _absent(headers, absent, free, where, is_header=bool(found))
    return found


def _absent(
    headers: Sequence[str], absent: Mapping[str, str], free: Sequence[str], where: str, *, is_header: bool
) -> BadTable:
    """The fault of columns that are not there; a first row that may be a person's record is not quoted."""
    names = list(dict.fromkeys(absent.values()))
    if not is_header or any(h.strip().isdecimal() and len(h.strip()) > 4 for h in headers):
        said = ", ".join(f"'{name}'" for name in names)
        cure = "See that its first row names the columns, and that the sign between fields is the declared one."
        return BadTable("READ-006", f"The file has no column {said}.", where=where, cure=cure)
    new = paired(names, free)
    hints = [f"'{name}' (Did you mean '{new[name]}'?)" if name in new else f"'{name}'" for name in names]
    changes = ", ".join(_change(thing, name, new[name]) for thing, name in absent.items() if name in new)
    cure = f"Its columns are: {', '.join(h.strip() for h in headers if h.strip())}."
    if changes:
        cure = f"If the header changed, write {changes}. {cure}"
    return BadTable("READ-006", f"The file has no column {', '.join(hints)}.", where=where, cure=cure)


def _change(thing: str, name: str, header: str) -> str:
    """What to write for a column with a new header: the header alone, since codes and eras in its line still hold."""
    return f"'{header}' for '{name}'" + ("" if " " in thing else f" in {thing}")


def find_in(headers: Sequence[str], name: str) -> int | None:
    """The position of the column that bears a name, however it is written; None where none does, or two do."""
    try:
        return _find(headers, [fold(h) for h in headers], name, "")
    except BadTable:
        return None


def paired(names: Sequence[str], free: Sequence[str]) -> dict[str, str]:
    """For each absent column the nearest header that nothing else has taken, the nearest pairs first."""
    scores = sorted((-_likeness(fold(name), fold(header)), name, header) for name in names for header in free)
    new: dict[str, str] = {}
    for score, name, header in scores:
        if -score >= NEAR and name not in new and header not in new.values():
            new[name] = header
    return new


def _likeness(name: str, header: str) -> float:
    """How alike two folded headers are, 0 to 100; one that is short for the other is near enough to be asked about."""
    score = fuzz.ratio(name, header)
    short, long = sorted((name, header), key=len)
    letters = iter(long)
    is_short_for = len(short) >= 3 and short[0] == long[0] and all(letter in letters for letter in short)
    return max(score, NEAR) if is_short_for else score


def fold(header: str) -> str:
    """A header without case, blanks, underscores, hyphens, dots and marks that cannot be seen."""
    return BLANKS.sub("", UNSEEN.sub("", unicodedata.normalize("NFKC", header))).casefold()


def _find(headers: Sequence[str], folded: Sequence[str], name: str, where: str) -> int | None:
    """The position of one name: as written, else folded, else by its latest year."""
    if YEAR in name:
        return _find_year(folded, name)
    exact = [n for n, h in enumerate(headers) if h == name]
    hits = exact or [n for n, h in enumerate(folded) if h == fold(name)]
    if len(hits) > 1:
        raise BadTable(
            "READ-007",
            f"The column '{name}' stands {len(hits)} times.",
            where=where,
            cure="Give each column its own header.",
        )
    return hits[0] if hits else None


def _find_year(folded: Sequence[str], name: str) -> int | None:
    """The column whose header is the name with the latest year in it."""
    pattern = re.compile(r"(\d{4})".join(re.escape(fold(part)) for part in name.split(YEAR)))
    hits = [(found[1], -n) for n, h in enumerate(folded) if (found := pattern.fullmatch(h))]
    return -max(hits)[1] if hits else None
