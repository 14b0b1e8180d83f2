"""Reads what a province handed over: only what a known key signed, whole, of its own province, and protected."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import msgspec

from sarana.basics.cells import guarded
from sarana.basics.errors import NotYet, Refused
from sarana.methods.areas.rollup import GROUPS
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.population.package.archive import changed, read_archive
from sarana.methods.population.package.faults import AREA, code_of, not_of_the_form, not_protected
from sarana.methods.population.package.form import (
    COUNT,
    FORMAT,
    HEAD,
    LEVELS,
    MOST_PER_1000,
    OUTLINES,
    RATE,
    SIGNATURE,
    STANDINGS,
    TABLES,
    TRUTH,
    UNSEEN,
    Column,
    Head,
    Lines,
    Said,
    SaidLines,
    Table,
)
from sarana.methods.population.package.told import read_told
from sarana.methods.population.protected_answers import Table as Beside
from sarana.methods.population.protected_tables import (
    COUNTS,
    DrawnBy,
    ProtectedRun,
    Source,
    limits_of,
    open_areas,
    rated_areas,
)
from sarana.methods.population.report.shapes import Drawing, DrawnArea
from sarana.methods.sealing.signing import is_signed

FEWEST: Final = DisclosureSettings().threshold
"""A province may keep a higher threshold than the house, never a lower one."""

VILLAGE = "village"
MOST_NAME, MOST_DRAWN_BY, MOST_WORDS, MOST_SOURCES, MOST_BESIDE = 120, 200, 300, 60, 200
MOST_ROUNDINGS: Final = MOST_BESIDE + 1
"""Once beside each table that was let out before, and its own."""

WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,20})?")
HASH = re.compile(r"[0-9a-f]{64}")
PATH = re.compile(r"(?:[Mlz ]|-?[0-9]{1,6}(?![0-9]))*+")

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was read: what may be shown, the P-code of its province, and the key that signed it."""

    run: ProtectedRun
    area: str
    signed_by: str


def read_package(content: bytes, trusted: Mapping[str, str]) -> HandedOver:
    """Read a file that a province handed over.

    Args:
        content: its bytes.
        trusted: by the public halves that are known here, in hex, the P-code of the province of each.

    Raises:
        BadFile: POPULATION-070 it is none, or not whole; POPULATION-071 it was changed; POPULATION-074 a part is
            missing or foreign.
        NotYet: POPULATION-072 nobody here knows the key that signed it.
        Refused: POPULATION-073 it tells of another province than that of the key; POPULATION-077 villages stand in it.
        BadTable: POPULATION-075 a column or a value is none that the form knows; POPULATION-076 it is not protected.
    """
    parts = read_archive(content)
    head = _decoded(parts[HEAD], Head, HEAD)
    said = head.sarana
    if said.signed_by not in trusted:
        raise _unknown()
    if not is_signed(parts[HEAD], parts[SIGNATURE], said.signed_by):
        raise changed(HEAD)
    _check_hashes(head, parts)
    if trusted[said.signed_by] != said.area:
        raise _another_province()
    _check_said(said)
    _check_schemas(parts[HEAD])
    tables = {name: _read_table(name, table, parts[name]) for name, table in TABLES.items()}
    return HandedOver(_run(said, tables, _decoded(parts[OUTLINES], Lines, OUTLINES)), said.area, said.signed_by)


def _decoded[T](content: bytes, kind: type[T], where: str) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise not_of_the_form(where) from None


def _check_hashes(head: Head, parts: Mapping[str, bytes]) -> None:
    said = {one.path: (one.bytes, one.hash) for one in head.resources}
    if sorted(one.path for one in head.resources) != sorted((*TABLES, OUTLINES)):
        raise not_of_the_form(HEAD)
    for name, measured in said.items():
        if measured != (len(parts[name]), f"sha256:{hashlib.sha256(parts[name]).hexdigest()}"):
            raise changed(name)


def _check_said(said: Said) -> None:
    hashes = (said.measured_by, said.fingerprint, said.table_hash, *said.beside)
    words = (said.name, said.indicator_set, *(part for each in said.sources for part in (each.name, each.custodian)))
    is_ours = (
        said.format == FORMAT
        and said.status in STANDINGS
        and AREA.fullmatch(said.area)
        and all(HASH.fullmatch(each) for each in hashes)
        and all(len(each) <= MOST_NAME and not UNSEEN.search(each) for each in words)
        and said.name
        and len(said.sources) <= MOST_SOURCES
        and len(said.beside) <= MOST_BESIDE
        and _is_drawn(said.boundaries)
        and (said.rounded_to is None or 1 < said.rounded_to <= 1000)
        and (said.n_roundings == 0 if said.rounded_to is None else 0 < said.n_roundings <= MOST_ROUNDINGS)
    )
    if not is_ours:
        raise not_of_the_form(HEAD)
    if said.threshold < FEWEST:
        raise not_protected(HEAD)


def _is_drawn(said: SaidLines | None) -> bool:
    """Whether what is said of the lines is of the form: who drew them in few words, and the hash of a file if any."""
    if said is None:
        return True
    is_told = bool(HASH.fullmatch(said.sha256)) if said.is_file else not (said.who or said.as_of or said.sha256)
    return is_told and len(said.who) <= MOST_DRAWN_BY and not UNSEEN.search(said.who)


def _check_schemas(content: bytes) -> None:
    """The schemas are those of this form: columns that nobody here knows are refused, whatever stands in them."""
    resources = msgspec.json.decode(content)["resources"]
    told = {one["path"]: one.get("schema") for one in resources}
    for name, table in TABLES.items():
        if told[name] != table.schema():
            raise not_of_the_form(name)


def _read_table(name: str, table: Table, content: bytes) -> list[Row]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise not_of_the_form(name) from None
    heads = [[column.name for column in table.columns], [column.tag for column in table.columns]]
    if lines[:2] != heads or any(len(line) != len(table.columns) for line in lines):
        raise not_of_the_form(name)
    if "level" in heads[0] and any(line[heads[0].index("level")] == VILLAGE for line in lines[2:]):
        raise _villages(name)
    pairs = [list(zip(table.columns, line, strict=True)) for line in lines[2:]]
    rows = [{column.name: _value(column, text, name) for column, text in pair} for pair in pairs]
    if len({tuple(row[key] for key in table.key) for row in rows}) != len(rows):
        raise not_of_the_form(name)
    return rows


def _value(column: Column, text: str, name: str) -> Any:
    """What a cell says, as its column wants it."""
    if text == "" and column.may_be_empty:
        return None
    found: Any = text
    if column.kind == COUNT:
        found = int(text) if WHOLE.fullmatch(text) else None
    elif column.kind == RATE:
        found = float(text) if NUMBER.fullmatch(text) else None
        found = found if found is not None and isfinite(found) and 0 <= found <= MOST_PER_1000 else None
    elif column.kind == TRUTH:
        found = {"true": True, "false": False}.get(text)
    else:
        found = _words(text) if text and len(text) <= MOST_WORDS and not UNSEEN.search(text) else None
    if found is None or (column.words and found not in column.words):
        raise not_of_the_form(name)
    return found


def _words(text: str) -> str:
    """A text without the apostrophe by which it was kept from being a formula."""
    bare = text[1:]
    return bare if text.startswith("'") and guarded(bare) == text else text


def _run(said: Said, tables: Mapping[str, Sequence[Row]], lines: Lines) -> ProtectedRun:
    """What may be shown, from what was read; it is held to all that a run of this house is held to."""
    country, province = said.area[:2], said.area[2:]
    rows = tuple(_figure(row, country) for row in tables["areas.csv"])
    _check_places(rows, province)
    if any(0 < row[name] < said.threshold for row in rows for name in COUNTS if row[name] is not None):
        raise not_protected("areas.csv")
    beside = Beside(open_areas(rows), rated_areas(rows), said.rounded_to is not None, said.threshold)
    more = read_told(tables, country, said.indicator_set.partition(" ")[0], beside)
    return ProtectedRun(
        name=said.name,
        province=province,
        as_of=said.as_of,
        is_invented=said.is_invented,
        indicator_set=said.indicator_set,
        sources=tuple(Source(each.name, each.custodian, each.as_of.isoformat()) for each in said.sources),
        fingerprint=said.fingerprint,
        table_hash=said.table_hash,
        beside=frozenset(said.beside),
        rounded_to=said.rounded_to,
        threshold=said.threshold,
        limits=limits_of(rows),
        rows=rows,
        drawing=_drawing(lines, country, {row["code"] for row in rows if row["level"] != "province"}),
        measured_by=said.measured_by,
        more=more,
        standing=said.status,
        n_roundings=said.n_roundings,
        drawn=_drawn(said.boundaries),
    )


def _drawn(said: SaidLines | None) -> DrawnBy | None:
    return None if said is None else DrawnBy(said.is_file, said.who, said.as_of, said.sha256)


def _figure(row: Row, country: str) -> Row:
    parent = row["parent_pcode"]
    if row["people"] not in GROUPS or len(row["name"]) > MOST_NAME or len(row["name_local"] or "") > MOST_NAME:
        raise not_of_the_form("areas.csv")
    figures = {
        name: found for name, found in row.items() if name not in ("pcode", "parent_pcode", "people", "name_local")
    }
    return {
        **figures,
        "code": code_of(row["pcode"], country, "areas.csv"),
        "parent": code_of(parent, country, "areas.csv") if parent else None,
        "group": row["people"],
        "name_local": row["name_local"] or "",
    }


def _check_places(rows: Sequence[Row], province: str) -> None:
    """One province, and in it every area right below another one; each says something of all its people."""
    places = {(row["level"], row["code"]): row["parent"] for row in rows if row["group"] == "all"}
    if [code for level, code in places if level == "province"] != [province]:
        raise _another_province()
    for row in rows:
        level, parent = row["level"], row["parent"]
        above = LEVELS[LEVELS.index(level) - 1] if level != "province" else ""
        is_placed = parent is None if not above else (above, parent) in places
        if not is_placed or (level, row["code"]) not in places or places[level, row["code"]] != parent:
            raise not_of_the_form("areas.csv")


def _drawing(lines: Lines, country: str, codes: set[str]) -> Drawing:
    numbers = (lines.width, lines.height, *(n for one in lines.areas for n in one[2:]))
    is_ours = (
        all(0 <= n <= 100_000 for n in numbers)
        and all(PATH.fullmatch(path) for path in (lines.borders, *(one[1] for one in lines.areas)))
        and len(lines.on_earth) in (0, 4)
        and all(isfinite(n) for n in lines.on_earth)
    )
    drawn = tuple(DrawnArea(code_of(c, country, OUTLINES), path, x, y, s, 0.0) for c, path, x, y, s in lines.areas)
    labels = tuple((code_of(code, country, OUTLINES), x, y) for code, x, y in lines.labels)
    if not is_ours or {one.code for one in drawn} - codes or {code for code, _x, _y in labels} - codes:
        raise not_of_the_form(OUTLINES)
    return Drawing(lines.width, lines.height, drawn, lines.borders, labels, lines.on_earth)


def _unknown() -> NotYet:
    return NotYet(
        "POPULATION-072",
        "Nobody here knows the key with which this file was signed.",
        cure="If it should be known: have the province send the file with its key, let it read the digits out over the "
        "telephone, and enter it under Stations we trust. Until then nothing of the file is taken in.",
    )


def _another_province() -> Refused:
    return Refused(
        "POPULATION-073",
        "The file tells of another province than the one whose key signed it.",
        cure="Ask the province of the key what it sent. Each province signs with its own key.",
    )


def _villages(where: str) -> Refused:
    return Refused(
        "POPULATION-077",
        "Villages stand in the file; they never leave a province, and nothing of it was taken in.",
        where=where,
        cure="Destroy the file, and tell the data-protection officer of the province.",
    )
