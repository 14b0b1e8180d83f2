"""What a finished run may show elsewhere: its protected table of areas, its outlines and its card, after a check."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile, BadTable, SaranaError
from sarana.methods.areas.classes import MapClasses, split_rates
from sarana.methods.areas.layer import FROM_FILE
from sarana.methods.areas.rollup import UNKNOWN
from sarana.methods.doors import PLAIN, Door, file_hash
from sarana.methods.population.chain_card import STATUS, fingerprint
from sarana.methods.population.protected_answers import MoreTold, Table, read_more
from sarana.methods.population.protected_places import Places, read_places
from sarana.methods.population.report.shapes import Drawing, draw_areas
from sarana.methods.risk.sets import is_a_set
from sarana.methods.runs.folder import RECEIPTS, WORK, finished_card
from sarana.methods.runs.receipts import Receipt, find_receipt, text_hash

TABLE, LAYER, NAMES = "areas.parquet", "areas.geojson", f"{WORK}/area-names.parquet"
PROTECT = "protect"
UNVALIDATED: Final = "unvalidated"
"""How a run stands before a back-test was made of it."""

COUNTS: Final = (
    *("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey"),
    *("n_scored_without_status", "n_red_without_status"),
)
"""Counts of people: each is 0, withheld, or at least the threshold."""

COLUMNS: Final = (
    *("level", "code", "parent", "name", "group", *COUNTS, "rate", "low", "high"),
    *("rate_without_status", "low_without_status", "high_without_status", "class", "class_without_status"),
)
"""What is taken of the protected table; the mean and whatever else stands there stays in the folder."""

KNOWN: Final = frozenset({*COLUMNS, "mean", "protected", "rounded_to"})
"""Every column of a protected table; another one is none of ours."""

MEASURED: Final = ("set", "version", "banding", "parameters", "ethics_decisions", "most_members")

MAPPED: Final = ("district", "subdistrict")
"""Levels that have classes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a run: its name, who keeps it, and from which day it is."""

    name: str
    custodian: str
    as_of: str


@dataclass(frozen=True, slots=True)
class DrawnBy:
    """By which lines the map of a run is drawn.

    Args:
        is_file: whether a boundary file was in force; else each area is a cell around its villages.
        who: who drew the file, and under which licence; empty where nobody said.
        as_of: from which day it is; None where nobody said.
        sha256: of the file as its office gave it; empty without one.
    """

    is_file: bool
    who: str = ""
    as_of: dt.date | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ProtectedRun:
    """What may be shown of a run.

    Args:
        name: what its SOURCES.toml calls it.
        province: the code of its province.
        as_of: the day it looks from.
        is_invented: whether all its people are invented.
        indicator_set: the name and the version of its indicator set.
        sources: what it was made from, without numbers of rows.
        fingerprint: the hash that tells it from other runs.
        table_hash: the hash of its protected table.
        beside: the hashes of all tables beside which it was protected.
        rounded_to: to what its counts are rounded; None where they are exact.
        threshold: the fewest people of whom it says a number other than 0.
        limits: by level, the smallest rates of the middle and of the highest class.
        rows: `COLUMNS` and `name_local`, of every area and every group of which anything is said.
        drawing: outlines of subdistricts, on a flat grid.
        measured_by: a hash of all that decides an index or a band; runs of another one measure otherwise.
        more: answers to indicators, and areas that do better.
        standing: what a back-test said of it.
        n_roundings: how often its counts were rounded; None where that is counted by the tables that are here.
        drawn: by which lines the map is drawn; None where an earlier version made the run, which did not say.
        places: longitude and latitude of villages, by code, as far as they are known. They never leave a province.
    """

    name: str
    province: str
    as_of: dt.date
    is_invented: bool
    indicator_set: str
    sources: tuple[Source, ...]
    fingerprint: str
    table_hash: str
    beside: frozenset[str]
    rounded_to: int | None
    threshold: int
    limits: Mapping[str, MapClasses]
    rows: tuple[Mapping[str, Any], ...]
    drawing: Drawing
    measured_by: str = ""
    more: MoreTold = field(default_factory=MoreTold)
    standing: str = UNVALIDATED
    n_roundings: int | None = None
    drawn: DrawnBy | None = None
    places: Places = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outline:
    """The outline of one area, as it is drawn."""

    code: str
    level: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


def read_protected(run: Path, door: Door = PLAIN) -> ProtectedRun:
    """Read what a finished run may show, and make sure that it is whole, unchanged and protected.

    Args:
        run: its folder.
        door: through which the names of its areas are read, which lie sealed in a sealed run.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours; POPULATION-003 a file is missing or was changed.
        NotYet: ASKED-001 the run is not finished.
        Refused: RUN-007 it was erased.
        BadTable: POPULATION-004 its table is not protected.
    """
    card = finished_card(run)
    receipts = _receipts(run)
    if card.get("fingerprint") != fingerprint(receipts) or card.get("status") != STATUS:
        raise _changed("run.toml")
    protect = next((receipt for receipt in receipts if receipt.step == PROTECT), None)
    if protect is None:
        raise _changed(RECEIPTS)
    for name in (TABLE, LAYER):
        if not (run / name).is_file() or file_hash(run / name) != protect.outputs.get(name):
            raise _changed(name)
    threshold = _threshold(protect)
    table = _checked_table(run / TABLE, threshold)
    rows = _rows(table, _local_names(run, door))
    outlines = _outlines(run / LAYER)
    parents = {row["code"]: row["parent"] for row in rows if row["level"] == "subdistrict"}
    rounded = [step for step in table.column("rounded_to").to_pylist() if step] if _has(table, "rounded_to") else []
    indicators = card.get("indicators", {})
    return ProtectedRun(
        name=str(card["name"]),
        province=str(card.get("province", "")),
        as_of=card["as_of"],
        is_invented=bool(card.get("invented")),
        indicator_set=f"{indicators.get('set', '')} {indicators.get('version', '')}".strip(),
        sources=tuple(
            Source(str(each["name"]), str(each.get("custodian", "")), str(each["as_of"])) for each in card["sources"]
        ),
        fingerprint=str(card["fingerprint"]),
        table_hash=protect.outputs[TABLE],
        beside=frozenset(found for name, found in protect.inputs.items() if name.startswith("earlier_")),
        rounded_to=max(rounded, default=None),
        threshold=threshold,
        limits=limits_of(rows),
        rows=rows,
        drawing=draw_areas(outlines, parents),
        measured_by=_measured_by(protect),
        more=read_more(
            run,
            protect,
            str(indicators.get("set", "")),
            Table(open_areas(rows), rated_areas(rows), bool(rounded), threshold),
        ),
        drawn=_drawn_by(card.get("boundaries")),
        places=read_places(run, receipts, door, {row["code"] for row in rows if row["level"] == "village"}),
    )


def _drawn_by(said: Mapping[str, Any] | None) -> DrawnBy | None:
    if said is None:
        return None
    as_of = said.get("as_of")
    return DrawnBy(
        said.get("outlines") == FROM_FILE,
        str(said.get("drawn_by", "")),
        as_of if isinstance(as_of, dt.date) else None,
        str(said.get("sha256", "")),
    )


def _receipts(run: Path) -> list[Receipt]:
    found = [find_receipt(file) for file in sorted((run / RECEIPTS).glob("*.json"))]
    whole = [receipt for receipt in found if receipt is not None]
    if not whole or len(whole) != len(found):
        raise _changed(RECEIPTS)
    return whole


def _threshold(receipt: Receipt) -> int:
    """The fewest people of whom the run says a number, as its own receipt tells."""
    try:
        return int(msgspec.json.decode(bytes(receipt.settings))["disclosure"]["threshold"])
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        raise _changed(RECEIPTS) from None


def _measured_by(receipt: Receipt) -> str:
    """What two runs must share for a difference to say something, as their receipts tell it.

    The same as `sarana population compare` asks for: set, banding, parameters and ethics decisions.
    """
    said = msgspec.json.decode(bytes(receipt.settings)).get("risk", {})
    told = {name: said.get(name) for name in MEASURED}
    sets = {name: found for name, found in receipt.inputs.items() if is_a_set(name)}
    return text_hash(json.dumps([told, sets], sort_keys=True).encode())


def open_areas(rows: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Level and code of areas of which the table shows the people and the bands."""
    shown = (row for row in rows if row["group"] == "all" and row["n_people"] is not None and row["n_red"] is not None)
    return frozenset((row["level"], row["code"]) for row in shown)


def rated_areas(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Codes of subdistricts that may be held against their circumstances: the rest of their bands may be withheld."""
    of_all = (row for row in rows if row["group"] == "all" and row["level"] == "subdistrict")
    return frozenset(row["code"] for row in of_all if row["rate"] is not None and row["n_red"] is not None)


def _checked_table(path: Path, threshold: int) -> pa.Table:
    """The table, if no count in it is small and no column is foreign to it."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        raise _changed(path.name) from None
    names = set(table.column_names)
    small = any(
        n is not None and 0 < n < threshold
        for name in COUNTS
        if name in names
        for n in table.column(name).unique().to_pylist()
    )
    if small or not {*COLUMNS, "protected"} <= names or not names <= KNOWN:
        raise BadTable(
            "POPULATION-004",
            "This is not the protected table of areas: a count in it is small, or its columns are others.",
            where=path.name,
            cure="Do the run again with this version, and take that one in.",
        )
    return table


def _rows(table: pa.Table, local: Mapping[tuple[str, str], str]) -> tuple[Mapping[str, Any], ...]:
    """The rows that say anything; of each area the row of all its people stays even if everything is withheld."""
    found = table.select(COLUMNS).to_pylist()
    return tuple(
        {**row, "name_local": local.get((row["level"], row["code"]), "")}
        for row in found
        if not row["code"].endswith(UNKNOWN) and (row["group"] == "all" or _says_anything(row))
    )


def _says_anything(row: Mapping[str, Any]) -> bool:
    return any(row[name] is not None for name in (*COUNTS, "rate", "rate_without_status"))


def _local_names(run: Path, door: Door) -> dict[tuple[str, str], str]:
    """The names of areas in the script of the country; none where the key of a sealed run is gone."""
    if not (run / NAMES).is_file():
        return {}
    try:
        table = pq.read_table(door.opened(run / NAMES), columns=["level", "code", "name_local"])
    except (SaranaError, OSError, pa.ArrowInvalid):
        return {}
    finally:
        door.release()
    return {(row["level"], row["code"]): row["name_local"] for row in table.to_pylist() if row["name_local"]}


def _outlines(path: Path) -> Iterable[_Outline]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if feature["geometry"] is not None:
            rings = (ring for polygon in feature["geometry"]["coordinates"] for ring in polygon)
            points = tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in rings)
            yield _Outline(feature["properties"]["code"], feature["properties"]["level"], points)


def limits_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, MapClasses]:
    """The limits of the classes of each level that has some, from the rates of all people."""
    return {
        level: split_rates(row["rate"] for row in rows if row["level"] == level and row["group"] == "all")
        for level in MAPPED
    }


def _has(table: pa.Table, name: str) -> bool:
    return name in table.column_names


def _changed(name: str) -> BadFile:
    return BadFile(
        "POPULATION-003",
        "A file of the run is missing, or it is not what the run wrote.",
        where=name,
        cure="Bring the folder back as the run left it, or do the run again.",
    )
