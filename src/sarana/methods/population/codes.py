"""Matches the codes a file holds with the codes that are known, and says which are not."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from sarana.basics.errors import BadTable

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MAX_LISTED = 50
MAX_QUOTED = 24
"""A column with more unknown codes than listed, or longer ones, may hold people's own words: those are not quoted."""


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that stands in a file and is not known: where, how often, and the nearest known code."""

    source: str
    column: str
    code: str
    n_rows: int
    suggestion: str


class UnknownCodes(BadTable):
    """Codes that are not known stop the run; all of all files are told at once."""

    def __init__(self, unknown: Sequence[UnknownCode]) -> None:
        """Keep the list for whoever wants to show it as a table, and say it in one sentence."""
        self.unknown = tuple(unknown)
        super().__init__(
            "READ-008",
            f"{len(unknown)} code{'s are' if len(unknown) > 1 else ' is'} not known: {_listed(unknown)}.",
            where="codes",
            cure='Add them to `codes` or to the crosswalk, or write unknown = "missing" for the field.',
        )


def match_codes(seen: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """What each code of a file stands for, as far as it is known.

    A code matches as written; else without case and with plain digits; else without the `.0` and with the leading
    zeros that a spreadsheet added or took, where that leads to one known code only.

    Args:
        seen: the distinct codes of a column.
        known: what each known code stands for.

    Returns:
        For each code that matches, what it stands for; the unknown ones are left out.
    """
    folds = [_index(known, fold) for fold in (_plain, _bare)]
    found: dict[str, str] = {}
    for code in seen:
        if code in known:
            found[code] = known[code]
            continue
        for fold, index in zip((_plain, _bare), folds, strict=True):
            hits = index.get(fold(code), set())
            if len(hits) == 1:
                found[code] = known[next(iter(hits))]
                break
    return found


def suggestion(code: str, known: Iterable[str]) -> str:
    """The nearest known code, or nothing where none is near."""
    near = process.extractOne(code, sorted(known), score_cutoff=50.0)
    return near[0] if near else ""


def _index(known: Iterable[str], fold: Callable[[str], str]) -> dict[str, set[str]]:
    """The known codes by a looser spelling."""
    index: dict[str, set[str]] = {}
    for code in known:
        index.setdefault(fold(code), set()).add(code)
    return index


def _plain(code: str) -> str:
    """Without case, full width or Thai digits, and blanks."""
    return "".join(unicodedata.normalize("NFKC", code).translate(THAI_DIGITS).casefold().split())


def _bare(code: str) -> str:
    """Also without a fraction of nought and leading zeros."""
    plain = _plain(code)
    whole, point, fraction = plain.partition(".")
    if point and whole.isdigit() and not fraction.strip("0"):
        plain = whole
    return plain.lstrip("0") or "0"


def _listed(unknown: Sequence[UnknownCode]) -> str:
    """Column by column, the codes with their counts and suggestions."""
    columns: dict[tuple[str, str], list[UnknownCode]] = {}
    for code in unknown:
        columns.setdefault((code.source, code.column), []).append(code)
    said = []
    for (source, column), codes in columns.items():
        if len(codes) > MAX_LISTED or any(len(c.code) > MAX_QUOTED for c in codes):
            n_rows = sum(c.n_rows for c in codes)
            said.append(f"{source} {column} has {len(codes)} in {n_rows:,} rows, which look like no codes at all")
            continue
        words = [f"'{c.code}' ({c.n_rows:,} rows{_hint(c)})" for c in sorted(codes, key=lambda c: (-c.n_rows, c.code))]
        said.append(f"{source} {column} {', '.join(words)}")
    return "; ".join(said)


def _hint(code: UnknownCode) -> str:
    """The suggestion in words."""
    return f"; did you mean '{code.suggestion}'?" if code.suggestion else ""
