"""Tables of areas and of words as files hold them: read, and refused as a whole where one row cannot be right."""

import csv
import datetime as dt
import io
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sarana.basics.errors import BadTable
from sarana.ground.codelists.sources import countries

COLUMNS = ("level", "code", "pcode", "parent", "local", "latin", "from", "until")
CHANGES = ("before", "before_until", "after", "after_from", "on", "basis")
PCODES = ("Location", "Admin Level", "P-Code", "Name", "Parent P-Code", "Valid from date")
"""The columns of the table of P-codes that OCHA publishes."""

LETTERS_3 = {"TH": "THA", "KH": "KHM", "LA": "LAO", "VN": "VNM", "MM": "MMR", "ID": "IDN", "PH": "PHL"}
LONGEST_NAME = 160
LONGEST_CODE = 40
EARLIEST, LATEST = dt.date(1, 1, 1), dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area over one stretch of time. A day that is not known is None; the last day is included."""

    level: int
    code: str
    pcode: str
    parent: str
    local: str
    latin: str
    valid_from: dt.date | None
    valid_until: dt.date | None

    @property
    def search(self) -> str:
        """What a search looks through: code and names without marks and capitals."""
        return folded(f"{self.code} {self.pcode} {self.latin} {self.local}")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One area became another, whole or in part."""

    before: str
    before_until: dt.date | None
    after: str
    after_from: dt.date | None
    on: dt.date | None
    basis: str


@dataclass(frozen=True, slots=True)
class WordRow:
    """One controlled word: its code, its labels by language, and the codes that standards have for it."""

    code: str
    labels: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)


def folded(text: str) -> str:
    """A text without capitals, and without marks on Latin letters; marks of other scripts are letters and stay."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = [sign for sign in plain if not 0x300 <= ord(sign) <= 0x36F]
    return unicodedata.normalize("NFC", "".join(kept))


def read_areas(table: bytes, changes: bytes, country: str) -> tuple[list[AreaRow], list[ChangeRow]]:
    """The areas of a country and what became of which.

    Raises:
        BadTable: CODELISTS-003 a row cannot be right; nothing of the table is taken then.
    """
    rows = [_area(line, where) for line, where in _lines(table, COLUMNS, country)]
    told = [_change(line, where) for line, where in _lines(changes, CHANGES, country)] if changes else []
    _check_areas(rows, country)
    known = {row.code for row in rows}
    for change in told:
        for code in (change.before, change.after):
            if code not in known:
                raise _bad(country, _("'%(code)s' is named in a change and is no area of the table") % {"code": code})
    return rows, told


def read_pcodes(table: bytes, country: str, known: Mapping[str, str]) -> list[AreaRow]:
    """The areas of a country out of the table of P-codes that OCHA publishes; local names by code from those known.

    Raises:
        BadTable: CODELISTS-003 it is another table, or a row cannot be right; CODELISTS-004 no row is
            of the country.
    """
    letters = LETTERS_3[country]
    rows = []
    for line, where in _lines(table, PCODES, country):
        if line["Location"] != letters:
            continue
        code = line["P-Code"].strip()
        parent = "" if line["Parent P-Code"] == letters else line["Parent P-Code"].strip()
        name = _name(line["Name"], where)
        level, begins = _level(line["Admin Level"], where), _day(line["Valid from date"], where)
        rows.append(AreaRow(level, code, code, parent, known.get(code, name), name, begins, None))
    if not rows:
        raise BadTable(
            "CODELISTS-004",
            "This table has no area of the country.",
            where=letters,
            cure="Choose the country to which it belongs, or another table.",
        )
    # What is known from the first day of the standard is older than the standard: that day is no day of the area.
    rows = [AreaRow(r.level, r.code, r.pcode, r.parent, r.local, r.latin, None, None) for r in rows]
    _check_areas(sorted(rows, key=lambda row: (row.level, row.code)), country)
    return sorted(rows, key=lambda row: (row.level, row.code))


def read_words(table: bytes, name: str, languages: Sequence[str]) -> list[WordRow]:
    """The words of a list: code, a label for each language, and columns `also_…` for the codes of standards.

    Raises:
        BadTable: CODELISTS-003 a row cannot be right.
    """
    found: dict[str, WordRow] = {}
    for line, where in _lines(table, ("code", "en", "th"), name):
        code = line["code"].strip()
        labels = {language: line[language].strip() for language in languages if line.get(language, "").strip()}
        also = {key.removeprefix("also_"): text for key, text in line.items() if key.startswith("also_") and text}
        if not code or code in found or "en" not in labels:
            raise _bad(where, _("'%(code)s' is empty, stands there twice, or has no English label") % {"code": code})
        found[code] = WordRow(code, labels, also)
    return list(found.values())


def _lines(table: bytes, columns: Iterable[str], name: str) -> Iterable[tuple[dict[str, str], str]]:
    """Each line with the place at which it stands, for the sentence that refuses it."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise _bad(name, _("this is no text in UTF-8")) from err
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise _bad(name, _("the columns %(names)s are missing") % {"names": ", ".join(missing)})
    for number, line in enumerate(reader, 2):
        where = _("%(name)s, line %(number)s") % {"name": name, "number": number}
        if None in line or any(value is None for value in line.values()):
            raise _bad(where, _("it has more or fewer columns than the head"))
        yield line, where


def _area(line: Mapping[str, str], where: str) -> AreaRow:
    latin = line["latin"].strip()
    return AreaRow(
        level=_level(line["level"], where),
        code=line["code"],
        pcode=line["pcode"],
        parent=line["parent"],
        local=_name(line["local"], where),
        latin=latin if not latin else _name(latin, where),
        valid_from=_day(line["from"], where),
        valid_until=_day(line["until"], where),
    )


def _change(line: Mapping[str, str], where: str) -> ChangeRow:
    days = {name: _day(line[name], where) for name in ("before_until", "after_from", "on")}
    return ChangeRow(before=line["before"], after=line["after"], basis=line["basis"][:LONGEST_NAME], **days)


def _level(text: str, where: str) -> int:
    if text.strip() not in ("1", "2", "3", "4", "5"):
        raise _bad(where, _("'%(text)s' is no level from 1 to 5") % {"text": text[:10]})
    return int(text)


def _name(text: str, where: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _bad(where, _("the name is empty, longer than 160 letters, or holds signs that cannot be shown"))
    return name


def _day(text: str, where: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError as err:
        raise _bad(where, _("'%(text)s' is no day, such as 2025-07-01") % {"text": text[:20]}) from err


def _check_areas(rows: Sequence[AreaRow], country: str) -> None:
    """Codes are of the country, each lies under one that is there, and no code means two areas on one day."""
    held: dict[str, list[AreaRow]] = defaultdict(list)
    for row in rows:
        held[row.code].append(row)
    for row in rows:
        fault = _fault(row, country, held.get)
        if fault:
            raise _bad(f"{country} {row.code[:LONGEST_CODE]}", fault)
    for code, stretches in held.items():
        ordered = sorted(stretches, key=lambda row: row.valid_from or EARLIEST)
        for one, two in pairwise(ordered):
            if (one.valid_until or LATEST) >= (two.valid_from or EARLIEST):
                raise _bad(f"{country} {code}", _("the code stands for two areas on one day"))


def _fault(row: AreaRow, country: str, held: Callable[[str], Sequence[AreaRow] | None]) -> str:
    if not row.code.startswith(country) or not row.code.isascii() or len(row.code) > LONGEST_CODE:
        return _("the code does not begin with the letters of the country, or is too long")
    if (row.valid_from or EARLIEST) > (row.valid_until or LATEST):
        return _("the last day lies before the first")
    if not row.parent:
        return "" if row.level == 1 else _("nothing lies above it, and its level is not 1")
    above = held(row.parent)
    if not above:
        return _("the area above it ('%(code)s') is not in the table") % {"code": row.parent[:LONGEST_CODE]}
    return "" if min(each.level for each in above) <= row.level else _("the area above it has a lower level")


def _bad(where: str, what: str) -> BadTable:
    """What is wrong, and where: a country by its name on the page."""
    country = countries().get(where)
    named = country.called(get_language() or "en") if country else where
    told = f"{named}: {what[:1].upper()}{what[1:]}"
    return BadTable(
        "CODELISTS-003", "This cannot be right.", where=told, cure="Put the table right; nothing was taken."
    )
