"""Writes what a province hands over: the head, the tables, the lines of the map, and a signature under the head."""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sarana.basics.cells import guarded
from sarana.methods.population.package.archive import write_archive
from sarana.methods.population.package.form import (
    FORMAT,
    HEAD,
    LEVELS,
    OUTLINES,
    PROFILE,
    SIGNATURE,
    TABLES,
    UNSEEN,
    Lines,
    Said,
    SaidLines,
    SaidSource,
    Table,
)
from sarana.methods.population.protected_tables import COUNTS, UNVALIDATED, DrawnBy, ProtectedRun
from sarana.methods.sealing.signing import SigningKey

RATES = ("rate", "low", "high", "rate_without_status", "low_without_status", "high_without_status")
STANDS = {
    UNVALIDATED: "Unvalidated, for planning only.",
    "not-passed": "The back-test was not passed: for planning only.",
    "back-tested": "The back-test was passed, for these indicators, this province and one kind of case alone.",
}
NOTICE = (
    "Figures of areas, none of a person and none of a village; what is empty was "
    "withheld, or there is none. A colour belongs to a band, never to a person or a place; no band may limit travel, "
    "papers, work or benefits."
)
NOT_OPEN = {"name": "other-closed", "title": "For planning help, between those who signed for it; not for publication"}

type Row = Mapping[str, Any]


def write_package(run: ProtectedRun, *, country: str, agency: str, key: SigningKey) -> bytes:
    """The file: the same bytes from the same run and key.

    Args:
        run: what may be shown of it; villages are left out, whoever gives them.
        country: the two letters with which P-codes begin.
        agency: who hands it over.
        key: signs the head, which holds the hash of every other part.

    Cost: 0.2 s for a province of 200 subdistricts.
    """
    parts = {name: _csv(table, rows) for (name, table), rows in zip(TABLES.items(), _rows(run, country), strict=True)}
    parts[OUTLINES] = _lines(run, country)
    head = _head(run, country, agency, key.public, parts)
    return write_archive({HEAD: head, SIGNATURE: key.sign(head), **parts})


def _head(run: ProtectedRun, country: str, agency: str, public: str, parts: Mapping[str, bytes]) -> bytes:
    area = f"{country}{run.province}"
    said = Said(
        format=FORMAT,
        area=area,
        name=plain(run.name),
        as_of=run.as_of,
        status=run.standing,
        is_invented=run.is_invented,
        indicator_set=run.indicator_set,
        measured_by=run.measured_by,
        threshold=run.threshold,
        rounded_to=run.rounded_to,
        n_roundings=run.n_roundings if run.n_roundings is not None else int(run.rounded_to is not None),
        fingerprint=run.fingerprint,
        table_hash=run.table_hash,
        beside=tuple(sorted(run.beside)),
        sources=tuple(
            SaidSource(plain(each.name), plain(each.custodian), dt.date.fromisoformat(each.as_of))
            for each in run.sources
        ),
        boundaries=_drawn_by(run.drawn),
        signed_by=public,
    )
    head = {
        "$schema": PROFILE,
        "name": f"sarana-{area.lower()}-{run.as_of.isoformat()}-{run.fingerprint[:8]}",
        "title": f"Protected figures of {area}, as of {run.as_of.isoformat()}",
        "description": f"{STANDS[run.standing]} {NOTICE}"
        + (" All its people are invented." if run.is_invented else ""),
        "version": "1.0.0",
        "licenses": [NOT_OPEN],
        "contributors": [{"title": agency, "roles": ["custodian"]}],
        "sources": [{"title": f"{s.name}: {s.custodian}, {s.as_of}"} for s in run.sources],
        "resources": [*(_table(name, TABLES[name], parts[name]) for name in TABLES), _drawn(parts[OUTLINES])],
        "sarana": msgspec.to_builtins(said),
    }
    return json.dumps(head, ensure_ascii=False, indent=1).encode() + b"\n"


def _drawn_by(drawn: DrawnBy | None) -> SaidLines | None:
    return None if drawn is None else SaidLines(drawn.is_file, plain(drawn.who), drawn.as_of, drawn.sha256)


def _table(path: str, table: Table, content: bytes) -> dict[str, Any]:
    return {
        "name": path.partition(".")[0],
        "type": "table",
        "path": path,
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_measured(content),
        "dialect": {"headerRows": [1], "commentRows": [2]},
        "schema": table.schema(),
    }


def _drawn(content: bytes) -> dict[str, Any]:
    return {
        "name": "outlines",
        "path": OUTLINES,
        "title": "The lines of the map on a flat grid, with the place of the grid on the earth",
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        **_measured(content),
    }


def _measured(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _rows(run: ProtectedRun, country: str) -> tuple[Iterable[Row], ...]:
    """The rows of each table, in the order of `TABLES`, each by its key."""
    areas = [_area(row, country) for row in run.rows if row["level"] in LEVELS]
    areas.sort(key=lambda row: (LEVELS.index(row["level"]), row["pcode"], row["people"] != "all", row["people"]))
    asked = [
        {
            "indicator": one.key,
            "name": one.name,
            "sector": one.sector,
            "strength": one.strength,
            "strength_local": one.strength_local,
        }
        for one in run.more.asked
    ]
    answers = [
        {
            "level": line.level,
            "pcode": f"{country}{line.code}",
            "indicator": line.indicator,
            "n_known": line.n_known,
            "n_need": line.n_need,
        }
        for line in run.more.answers
    ]
    answers.sort(key=lambda row: (LEVELS.index(str(row["level"])), row["pcode"], row["indicator"]))
    better = [{"pcode": f"{country}{one.code}", "is_better": one.is_better} for one in run.more.better]
    better.sort(key=lambda row: str(row["pcode"]))
    return areas, asked, answers, better, *_sectors(run, country)


def _sectors(run: ProtectedRun, country: str) -> tuple[Iterable[Row], Iterable[Row]]:
    """The questions of each sector, in the order of its set; and its lines, by their key."""
    sectors = [
        {
            "sector": one.key,
            "name": one.name,
            "question": key,
            "question_name": name,
            "is_known_by": key == one.known_by,
        }
        for one in run.more.sectors
        for key, name in (one.questions or {one.known_by: one.known_by}).items()
    ]
    lines = [
        {
            "level": line.level,
            "pcode": f"{country}{line.code}",
            "sector": line.sector,
            "n_known": line.n_known,
            "n_gravest": line.n_gravest,
        }
        for line in run.more.of_sectors
    ]
    return sectors, sorted(lines, key=lambda row: (LEVELS.index(str(row["level"])), row["pcode"], row["sector"]))


def _area(row: Row, country: str) -> Row:
    return {
        "level": row["level"],
        "pcode": f"{country}{row['code']}",
        "parent_pcode": f"{country}{row['parent']}" if row["parent"] else None,
        "name": row["name"] or row["code"],
        "name_local": row["name_local"],
        "people": row["group"],
        **{name: row[name] for name in (*COUNTS, *RATES, "class", "class_without_status")},
    }


def _csv(table: Table, rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(column.name for column in table.columns)
    out.writerow(column.tag for column in table.columns)
    out.writerows([_cell(row[column.name]) for column in table.columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(plain(value)) if isinstance(value, str) else str(value)


def plain(text: str) -> str:
    """A name without signs that nobody sees, which the other side would refuse."""
    return UNSEEN.sub(" ", text)


def _lines(run: ProtectedRun, country: str) -> bytes:
    drawn = run.drawing
    lines = Lines(
        width=drawn.width,
        height=drawn.height,
        areas=tuple((f"{country}{each.code}", each.path, each.x, each.y, each.symbol) for each in drawn.areas),
        borders=drawn.borders,
        labels=tuple((f"{country}{code}", x, y) for code, x, y in drawn.labels),
        on_earth=tuple(drawn.on_earth),
    )
    return msgspec.json.encode(lines) + b"\n"
