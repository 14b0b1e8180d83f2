"""A table, line by line, as people; a line that cannot be taken in has a code, and no value is told."""

import contextlib
import csv
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec

from sarana.basics.errors import BadFile, NotYet
from sarana.care.people.actions import Facts
from sarana.care.people.importing.mapping import DELIMITERS, PAPERS, WAYS, Column, TableMap
from sarana.care.people.models import Person
from sarana.care.people.values import (
    BirthOf,
    Contact,
    DocumentOf,
    NameKind,
    NameOf,
    Names,
    WayOf,
    checked_name,
    cleaned,
)
from sarana.ground.pages.calendars import common_year

NO_BIRTH, OTHER_CELLS, NO_CODE, NO_LETTERS, OTHER_SHAPE = (
    "PEOPLE-042", "PEOPLE-043", "PEOPLE-044", "PEOPLE-045", "PEOPLE-046"
)  # fmt: skip
"""Why a line is set aside; PEOPLE-001 and PEOPLE-005 as on the page."""

CODECS = {"utf-8": "utf-8-sig", "windows-874": "cp874", "windows-1252": "cp1252"}
LONGEST_CELL = 1_000_000
PIECE = 1 << 20
PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})"}
_ANY_PART = re.compile("YYYY|MM|DD")
SEXES = frozenset(Person.Sex.values)


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Read:
    """One line: who stands there, or why it is set aside."""

    line: int
    facts: Facts = NO_FACTS
    names: Names | None = None
    contact: Contact | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """How many columns a table has, and where those of the map stand."""

    n: int
    at: dict[str, int]


class _Aside(Exception):  # it never leaves this module
    """A line is set aside."""


def digest_of(path: Path, map_path: Path) -> tuple[str, int]:
    """By what a table is known again, with what its columns mean; and about how many lines it has.

    Raises:
        BadFile: PEOPLE-041 it cannot be read.
    """
    try:
        table, n_lines = hashlib.sha256(), 0
        with path.open("rb") as file:
            while part := file.read(PIECE):
                table.update(part)
                n_lines += part.count(b"\n")
        told = hashlib.sha256(map_path.read_bytes()).hexdigest()
        return hashlib.sha256(f"{table.hexdigest()} {told}".encode()).hexdigest(), n_lines
    except OSError as err:
        raise unread(path, type(err).__name__) from err


def read_rows(path: Path, told: TableMap) -> Iterator[Read]:
    """The lines of a table in their order, after its header was held against the map.

    Raises:
        BadFile: PEOPLE-041 it cannot be read, or a column is missing.
    """
    encoding = CODECS.get(told.table.encoding, told.table.encoding)
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            yield from _lines(path, file, told)
    except (OSError, UnicodeError) as err:
        raise unread(path, type(err).__name__) from err


def check_header(path: Path, told: TableMap) -> None:
    """Make sure that the file can be read, and has every column of the map, before anything is entered.

    Raises:
        BadFile: PEOPLE-041 it cannot be read, or a column is missing or there twice.
    """
    next(read_rows(path, told), None)


def cells_of(lines: Iterable[str], told: TableMap) -> Any:
    """A reader of the cells of lines."""
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(lines, delimiter=DELIMITERS[told.table.format], strict=True)


def placed(path: Path, reader: Any, told: TableMap) -> Placed:
    """Where the columns of the map stand, as the first line tells.

    Raises:
        BadFile: PEOPLE-041 it is no such line, or a column is missing or there twice.
    """
    try:
        header = [" ".join(name.split()) for name in next(reader, [])]
    except csv.Error as err:
        raise unread(path, "its first line is not of this format") from err
    wanted = told.columns()
    missing = [name for name in wanted if header.count(name) != 1]
    if missing:
        raise unread(path, f"missing, or there twice: {', '.join(missing)}")
    return Placed(len(header), {name: header.index(name) for name in wanted})


def read_next(line: int, reader: Any, columns: Placed, told: TableMap) -> Read | None:
    """The next record of a reader as somebody, or why it is set aside; None where it is blank.

    Raises:
        StopIteration: there is none any more.
    """
    try:
        cells = next(reader)
    except csv.Error:
        return Read(line, code=OTHER_CELLS)
    return _read(line, cells, columns, told) if any(cells) else None


def _lines(path: Path, file: TextIO, told: TableMap) -> Iterator[Read]:
    reader = cells_of(file, told)
    columns = placed(path, reader, told)
    with contextlib.suppress(StopIteration):
        while True:
            read = read_next(reader.line_num + 1, reader, columns, told)
            if read is not None:
                yield read


def _read(line: int, cells: list[str], columns: Placed, told: TableMap) -> Read:
    if len(cells) != columns.n:
        return Read(line, code=OTHER_CELLS)
    at = columns.at
    try:
        values = {name: _value(cells[at[column.column]], column) for name, column in told.fields.items()}
        names = Names(_names(values), _birth(values, told), _papers(values, told), values.get("gender", "")[:200])
        return Read(line, _facts(values, told), names, _contact(values))
    except _Aside as err:
        return Read(line, code=str(err))
    except NotYet as err:
        return Read(line, code=err.code)


def _value(cell: str, column: Column) -> str:
    try:
        cell.encode()
    except UnicodeEncodeError as err:
        raise _Aside(NO_LETTERS) from err
    said = cell if cell.isascii() and cell.isprintable() else cleaned(cell)
    said = said.strip()
    if not column.codes or not said:
        return said
    meant = column.codes.get(said, column.codes.get("*"))
    if meant is None:
        raise _Aside(NO_CODE)
    return meant


def _names(values: dict[str, str]) -> tuple[NameOf, ...]:
    given, family = values.get("given", ""), values.get("family", "")
    whole = values.get("name") or " ".join(part for part in (given, family) if part)
    found = [checked_name(whole, given=given, family=family)] if whole else []
    others: tuple[NameKind, ...] = ("nickname", "alias", "earlier")
    found += [checked_name(values[kind], kind) for kind in others if values.get(kind)]
    if not found:
        raise _Aside("PEOPLE-005")
    return tuple(found)


def _birth(values: dict[str, str], told: TableMap) -> BirthOf | None:
    said = values.get("birth", "")
    if not said:
        return None
    column = told.fields["birth"]
    for pattern in _patterns(column.formats):
        if found := pattern.fullmatch(said):
            parts = {name: int(part) for name, part in found.groupdict().items() if int(part)}
            calendar = "buddhist" if column.era == "buddhist" else "gregorian"
            year = parts.get("year", 0)
            parts["year"] = common_year(year, parts.get("month")) if calendar == "buddhist" else year
            born: BirthOf = _shaped(BirthOf, NO_BIRTH, {**parts, "calendar": calendar})
            return born
    raise _Aside(NO_BIRTH)


@functools.cache
def _patterns(formats: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    found = []
    for text in formats:
        pieces, end = [], 0
        for part in _ANY_PART.finditer(text):
            pieces += [re.escape(text[end : part.start()]), PARTS[part[0]]]
            end = part.end()
        whole = "".join([*pieces, re.escape(text[end:])])
        glued = re.sub(r"\\d\{1,2\}", r"\\d{2}", whole) if not re.search(r"[^A-Z]", text) else whole
        found.append(re.compile(glued))
    return tuple(found)


def _papers(values: dict[str, str], told: TableMap) -> tuple[DocumentOf, ...]:
    return tuple(
        _shaped(DocumentOf, OTHER_SHAPE, {"kind": kind, "number": values[field], "country": told.table.country})
        for field, kind in PAPERS.items()
        if values.get(field)
    )


def _contact(values: dict[str, str]) -> Contact | None:
    """Ways of which nobody said that they are safe; they are shown to nobody until somebody does."""
    ways = tuple(
        _shaped(WayOf, OTHER_SHAPE, {"kind": kind, "value": values[field]})
        for field, kind in WAYS.items()
        if values.get(field)
    )
    area, address = values.get("area", ""), values.get("address", "")
    if not (ways or area or address):
        return None
    found: Contact = _shaped(Contact, OTHER_SHAPE, {"ways": ways, "area": area, "address": address})
    return found


def _facts(values: dict[str, str], told: TableMap) -> Facts:
    sex = values.get("sex") or "unknown"
    if sex not in SEXES:
        raise _Aside(NO_CODE)
    nationality, language = values.get("nationality", ""), values.get("language", "")
    if len(nationality) > 3 or len(language) > 12:  # codes of countries and languages
        raise _Aside(NO_CODE)
    return Facts(
        sex=Person.Sex(sex),
        nationalities=(nationality,) if nationality else (),
        languages=(language,) if language else (),
        level=Person.Level(told.table.level),
    )


def _shaped(shape: Any, code: str, values: dict[str, Any]) -> Any:
    try:
        return msgspec.convert(msgspec.to_builtins(values), shape)
    except msgspec.ValidationError as err:
        raise _Aside(code) from err


def unread(path: Path, why: str) -> BadFile:
    """That a table cannot be read, and why; no value of it is told."""
    return BadFile(
        "PEOPLE-041",
        "The table cannot be read with this map.",
        where=f"{path.name}: {why}",
        cure="See the columns, the format and the encoding that the map names, and whether the file is whole.",
    )
