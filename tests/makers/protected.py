"""Writes the folder of a finished run as the chain leaves it, with a protected table of invented figures only."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sarana.methods.areas.circumstances import SCHEMA as BETTER
from sarana.methods.areas.layer import CELLS, FROM_FILE
from sarana.methods.disclosure.answers import SCHEMA as ANSWERS
from sarana.methods.disclosure.sectors import SCHEMA as SECTORS
from sarana.methods.doors import file_hash
from sarana.methods.population.chain_card import STATUS, fingerprint
from sarana.methods.population.protected_places import VILLAGES
from sarana.methods.population.protected_tables import COUNTS
from sarana.methods.runs.folder import CARD, KIND
from sarana.methods.runs.receipts import Receipt

SURVEY = {
    "outlines": FROM_FILE,
    "drawn_by": "Survey of trials, open data",
    "as_of": dt.date(2024, 7, 1),
    "sha256": "5" * 64,
}
"""What the card of a run says that was drawn by a boundary file."""

WORDS = ("level", "code", "parent", "name", "group", "class", "class_without_status")
RATES = ("rate", "low", "high", "rate_without_status", "low_without_status", "high_without_status")
FILES = ("areas.parquet", "areas.geojson", "area-answers.parquet", "area-better.parquet", "area-sectors.parquet")
AGES = ("age=12-17", "age=18-24")


def a_run(folder: Path, *, n_districts: int = 3, n_inside: int = 4, rise: int = 0, **more: Any) -> Path:
    """A finished run of a province of districts, each with subdistricts, each with two villages.

    `rise` makes another run of it; `after` names hashes of tables beside which it was made; `rows` changes the lines of
    the table before they are written; `card` changes the card; `answers` changes the lines of answers, and `sectors`
    those of sectors; `set` names the indicator set; `province` the code of another province; `banding` what it was
    measured by; `boundaries` what its card says of the lines of its map, None: nothing; `places` finds where villages
    lie, as `places_in` does. Beside an earlier table nothing is told of answers.
    """
    (folder / "receipts").mkdir(parents=True)
    (folder / "work").mkdir()
    province = more.get("province", "50")
    rows = _province(n_districts, n_inside, rise, province)
    rows = more.get("rows", lambda found: found)(rows)
    _write_table(folder / "areas.parquet", rows, more.get("rounded_to"))
    _write_layer(folder / "areas.geojson", rows)
    names = [{k: row[k] for k in ("level", "code", "parent", "name")} for row in rows if row["group"] == "all"]
    local = [{**row, "name_local": f"ที่ {row['code']}"} for row in names]
    pq.write_table(pa.Table.from_pylist(local), folder / "work/area-names.parquet")
    told = [] if more.get("rounded_to") else more.get("answers", lambda found: found)(_answers(rows))
    pq.write_table(pa.Table.from_pylist(told, schema=more.get("answers_schema", ANSWERS)), folder / FILES[2])
    pq.write_table(pa.Table.from_pylist(_better(rows) if told else [], schema=BETTER), folder / FILES[3])
    of_sectors = more.get("sectors", lambda found: found)(_sectors(_answers(rows)) if told else [])
    pq.write_table(pa.Table.from_pylist(of_sectors, schema=SECTORS), folder / FILES[4])
    outputs = {name: file_hash(folder / name) for name in FILES}
    inputs = {f"earlier_{n}": told for n, told in enumerate(more.get("after", ()))}
    receipt = a_receipt(inputs, outputs, more.get("banding", "usual"))
    (folder / "receipts/06-protect.json").write_bytes(receipt.to_json())
    _write_places(folder, more.get("places", lambda _folder: {}))
    card = {
        "kind": KIND,
        "status": STATUS,
        "complete": True,
        "erased": False,
        "name": "Made up",
        "province": province,
        "as_of": dt.date(2026, 6, 30),
        "invented": True,
        "fingerprint": fingerprint([receipt]),
        **more.get("card", {}),
    }
    (folder / CARD).write_text(
        "".join(f"{key} = {_toml(value)}\n" for key, value in card.items())
        + f'[indicators]\nset = "{more.get("set", "north-28")}"\nversion = "1.0"\n'
        + _boundaries(more.get("boundaries", {"outlines": CELLS}))
        + '[[sources]]\nname = "human_security"\nas_of = 2026-06-30\ncustodian = "An office"\nrows = 1234\n',
        encoding="utf-8",
    )
    return folder


def _answers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three questions in each area that shows its people, and a sensitive one of the province."""
    told = []
    for row in rows:
        if row["group"] == "all" and row["level"] != "village" and row["n_people"]:
            known = row["n_scored"] - 100
            line = {"level": row["level"], "code": row["code"], "n_known": known}
            told += [
                {**line, "indicator": key, "n_need": known // n} for key, n in (("e01", 10), ("f02", 3), ("h02", 20))
            ]
            if row["level"] == "province":
                told.append({**line, "indicator": "h06", "n_need": known // 50})
    return told


def _sectors(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two sectors in each area of which their one question is told; one of them is withheld in some."""
    of = {"e01": ("education", 13), "f02": ("family_welfare", 4)}
    return [
        {**{k: line[k] for k in ("level", "code", "n_known")}, "sector": of[key][0], "known_by": key}
        | {"n_gravest": line["n_known"] // (of[key][1] + int(line["code"][-1]))}
        for line in told
        if (key := line["indicator"]) in of and (key == "f02" or line["code"][-1] != "3")
    ]


def _better(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the subdistricts with a rate, the first one does better."""
    said = [row for row in rows if row["group"] == "all" and row["level"] == "subdistrict" and row["rate"] is not None]
    return [{"code": row["code"], "is_better": not n} for n, row in enumerate(said)]


def _boundaries(said: dict[str, Any] | None) -> str:
    lines = "".join(f"{key} = {_toml(value)}\n" for key, value in (said or {}).items())
    return f"[boundaries]\n{lines}" if said else ""


def _toml(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)


def _province(n_districts: int, n_inside: int, rise: int, province: str) -> list[dict[str, Any]]:
    rows = [_row("province", province, None, 9000, 90 + rise)]
    rows += [_row("province", province, None, 1000, 20, group) for group in ("sex=F", *AGES)]
    for d in range(1, n_districts + 1):
        district = f"{province}{d:02}"
        rows.append(_row("district", district, province, 3000, 12 * d + rise))
        rows.append(_row("district", district, province, 1500, 11 + d + rise, "sex=F"))
        for s in range(1, n_inside + 1):
            code = f"{district}{s:02}"
            is_said = (d + s) % 4 != 0
            rows.append(_row("subdistrict", code, district, 700, 11 + 3 * s + d + rise if is_said else None))
            for v in (1, 2):
                rows.append(_row("village", f"{code}{v:02}", code, 300, 11 + v if is_said and v == 1 else None))
    return rows


def _row(  # noqa: PLR0917
    level: str, code: str, parent: str | None, scored: int, red: int | None, group: str = "all"
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys((*COUNTS, *RATES))
    row |= {"level": level, "code": code, "parent": parent, "name": f"Area {code}", "group": group}
    row |= {"class": None, "class_without_status": None, "protected": True, "mean": None}
    if red is not None:
        rate = round(1000 * red / scored, 1)
        row |= {"n_people": scored + 50, "n_scored": scored, "n_red": red, "n_yellow": 100, "n_grey": 50}
        row |= {"n_green": scored - red - 100, "rate": rate, "low": rate - 2, "high": rate + 3, "mean": 1100}
        if level in ("district", "subdistrict") and group == "all":
            row["class"] = "high" if rate > 25 else "mid" if rate > 20 else "low"
            row["class_without_status"] = "low"
    return row


def _write_table(path: Path, rows: list[dict[str, Any]], rounded_to: int | None) -> None:
    kinds = {
        **dict.fromkeys(WORDS, pa.string()),
        **dict.fromkeys(COUNTS, pa.int64()),
        **dict.fromkeys(RATES, pa.float64()),
    }
    kinds |= {"mean": pa.int32(), "protected": pa.bool_(), "rounded_to": pa.int16()}
    kinds |= {name: pa.string() for row in rows for name in row if name not in kinds}
    whole = [{**row, "rounded_to": rounded_to} for row in rows]
    pq.write_table(pa.Table.from_pylist(whole, schema=pa.schema(list(kinds.items()))), path)


def places_in(folder: Path) -> dict[str, tuple[float, float]]:
    """Where the villages of a run lie that `a_run` makes: each in the middle of its half of the square."""
    layer = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))
    squares = {each["properties"]["code"]: each["geometry"]["coordinates"][0][0][0] for each in layer["features"]}
    return {f"{code}{v:02}": (x + 0.05 * v - 0.025, y + 0.05) for code, (x, y) in squares.items() for v in (1, 2)}


def _write_places(folder: Path, places: Callable[[Path], Mapping[str, tuple[float, float]]]) -> None:
    """The list of villages as the first step leaves it, with its receipt; none where no place is known."""
    found = places(folder)
    if not found:
        return
    rows = [{"village_code": code, "lat": lat, "lon": lon} for code, (lon, lat) in found.items()]
    pq.write_table(pa.Table.from_pylist(rows), folder / VILLAGES)
    receipt = a_receipt({}, {VILLAGES: file_hash(folder / VILLAGES)}, "usual")
    (folder / "receipts/01-read.json").write_bytes(msgspec.structs.replace(receipt, step="read").to_json())


def _write_layer(path: Path, rows: list[dict[str, Any]]) -> None:
    """Subdistricts as squares side by side."""
    squares = [row for row in rows if row["level"] == "subdistrict" and row["group"] == "all"]
    features = []
    for n, row in enumerate(squares):
        # Each province has a place of its own: that of 50 begins at 98 and 18.
        x, y = 98 + n % 20 / 10, 18 + n // 20 / 10 + (int(row["code"][:2]) - 50) * 0.3
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        properties = {"code": row["code"], "level": "subdistrict", "parent": row["parent"]}
        geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def a_receipt(inputs: dict[str, str], outputs: dict[str, str], banding: str) -> Receipt:
    """The receipt of the step that protects the tables."""
    return Receipt(
        step="protect",
        rows_in=1,
        rows_out=1,
        set_aside={},
        counts={},
        seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_mib=0,
        threads=1,
        memory_mib=1,
        versions={},
        inputs=inputs,
        outputs=outputs,
        settings_hash="",
        settings=msgspec.Raw(msgspec.json.encode({"disclosure": {"threshold": 11}, "risk": {"banding": banding}})),
    )
