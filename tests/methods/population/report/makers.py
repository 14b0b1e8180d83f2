"""Makes areas, names, outlines and settings for the report's tests: invented figures in the shape the chain gives."""

import math
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sarana.methods.areas.classes import split_rates
from sarana.methods.engine import Engine
from sarana.methods.population.report import (
    BandRule,
    IndicatorLine,
    ReportSettings,
    RunFacts,
    SetFacts,
    SourceFacts,
)

GROUPS = (
    "all",
    "sex=F",
    "sex=M",
    "sex=U",
    "age=0-5",
    "age=6-11",
    "age=12-17",
    "age=18-24",
    "age=25-59",
    "age=60+",
    "age=U",
)
COUNTS = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey", "n_red_without_status")
RATES = ("rate", "low", "high", "rate_without_status", "low_without_status", "high_without_status")

THAI = ("แม่ลา", "บ้านดง", "เขาแก้ว", "ไผ่งาม", "โพนทอง", "ใหม่สุข", "ห้วยน้ำใส", "ดอยหมอก", "ทุ่งรวง", "ป่าซาง")
LATIN = (
    "Mae La",
    "Ban Dong",
    "Khao Kaeo",
    "Phai Ngam",
    "Phon Thong",
    "Mai Suk",
    "Huai Nam Sai",
    "Doi Mok",
    "Thung Ruang",
    "Pa Sang",
)


@dataclass(frozen=True, slots=True)
class Outline:
    """One area's outline."""

    code: str
    level: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


def engine(folder: Path) -> Engine:
    """A small engine for a test."""
    return Engine(threads=1, memory="512MB", temp=folder / "temp")


def figures(level: str, code: str, name: str, group: str, **found: Any) -> dict[str, Any]:
    """One line of the table of areas; what is not given is a plain figure of 1,000 people."""
    n_scored = found.get("n_scored", 900)
    n_red = found.get("n_red", 45)
    rate = round(1000 * n_red / n_scored, 1) if n_scored else None
    spread = 1960 * math.sqrt(n_red) / n_scored if n_scored else 0
    parent = {"province": None, "district": code[:2], "subdistrict": code[:4], "village": code[:6]}[level]
    line: dict[str, Any] = {
        "level": level,
        "code": code,
        "parent": parent,
        "name": name,
        "group": group,
        "n_people": 1000,
        "n_scored": n_scored,
        "n_red": n_red,
        "n_yellow": 300,
        "n_green": n_scored - n_red - 300,
        "n_grey": 100,
        "rate": rate,
        "mean": 1432,
        "low": max(0.0, round((rate or 0) - spread, 1)) if n_scored else None,
        "high": round((rate or 0) + spread, 1) if n_scored else None,
        "protected": False,
    }
    line |= {f"{k}_without_status": line[k] for k in ("rate", "low", "high")} | {"n_red_without_status": n_red}
    return line | found


def withheld(line: dict[str, Any]) -> dict[str, Any]:
    """The same line with every figure withheld."""
    return line | dict.fromkeys((*COUNTS, *RATES, "mean")) | {"protected": True}


def province(n_districts: int = 3, n_each: int = 4, seed: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Lines of areas for one province with every group, and the names of its areas."""
    chance = random.Random(seed)
    lines: list[dict[str, Any]] = []
    names = [{"level": "province", "code": "90", "parent": "", "name": "Invented Province", "name_local": "จังหวัดสมมติ"}]
    places = [("province", "90", "Invented Province")]
    for d in range(n_districts):
        code = f"90{d + 1:02d}"
        places.append(("district", code, _name(names, "district", code, "90", d)))
        for s in range(n_each):
            sub = f"{code}{s + 1:02d}"
            places.append(("subdistrict", sub, _name(names, "subdistrict", sub, code, d * n_each + s)))
    for level, code, name in places:
        base = chance.choice((18, 20, 22, 48, 52, 95))
        for group in GROUPS:
            n_red = max(base + chance.randint(-6, 6), 11)
            line = figures(level, code, name, group, n_red=n_red)
            fewer = max(n_red - chance.choice((0, 0, 2, 30)), 0)
            line["rate_without_status"] = round(1000 * fewer / line["n_scored"], 1)
            hidden = (level == "subdistrict" and chance.random() < 0.08) or group == "sex=U"
            lines.append(withheld(line) if hidden else line)
    return lines, names


def with_classes(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines with the classes that their rates have on maps, where none are given."""
    rates: dict[str, list[float | None]] = {}
    for line in lines:
        if line["group"] == "all":
            rates.setdefault(line["level"], []).append(line["rate"])
    limits = {level: split_rates(found) for level, found in rates.items()}
    made = []
    for line in lines:
        keys = ("rate", "rate_without_status") if line["group"] == "all" else ()
        found = [limits[line["level"]].of(line[key]) for key in keys] or ["none", "none"]
        first, second = (None if name == "none" else name for name in found)
        made.append({"class": first, "class_without_status": second} | line)
    return made


def load(run: Engine, lines: list[dict[str, Any]], names: list[dict[str, str]]) -> None:
    """Put areas and names into an engine as the chain leaves them."""
    kinds = dict.fromkeys(("level", "code", "parent", "name", "group"), pa.string()) | dict.fromkeys(COUNTS, pa.int64())
    kinds |= dict.fromkeys(RATES, pa.float64()) | {"mean": pa.int32(), "protected": pa.bool_()}
    kinds |= {"class": pa.string(), "class_without_status": pa.string()}
    lines = with_classes(lines)
    run.load("areas", pa.Table.from_pylist(lines, schema=pa.schema(list(kinds.items()))))
    parts = ("level", "code", "parent", "name", "name_local")
    run.load("area_names", pa.Table.from_pylist(names, schema=pa.schema([(p, pa.string()) for p in parts])))


def hexagons(names: list[dict[str, str]]) -> tuple[Outline, ...]:
    """An outline for every subdistrict: cells side by side, as from village points."""
    codes = sorted(n["code"] for n in names if n["level"] == "subdistrict")
    wide = max(1, math.isqrt(len(codes)))
    return tuple(Outline(code, "subdistrict", (_hexagon(n % wide, n // wide),)) for n, code in enumerate(codes))


def counts(run: Engine) -> None:
    """Put counts of two sources and of linking into an engine as the chain leaves them."""
    rows = [
        ("health", "rows", "", 5000),
        ("health", "set-aside", "READ-030", 12),
        ("health", "flag", "DATE-003", 40),
        ("health", "flag", "NAME-001", 3),
        ("health", "missing", "birth", 120),
        ("health", "missing", "national_id", 900),
        ("health", "unknown", "sex", 7),
        ("education", "rows", "", 800),
        ("education", "missing", "national_id", 0),
    ]
    names = ("source", "kind", "key", "n")
    run.load("quality", pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]))
    link = {"people": 5100, "pairs_joined": 640, "pairs_for_review": 37, "pairs_compared": 424242}
    run.load("link_counts", pa.Table.from_pylist([{"key": k, "n": n} for k, n in link.items()]))


def settings(**changed: Any) -> ReportSettings:
    """Settings of an invented run with two sources."""
    given: dict[str, Any] = {
        "run": RunFacts(
            "Invented Province", date(2026, 6, 30), is_invented=True, command="sarana population run sources.toml"
        ),
        "indicator_set": SetFacts(
            "try-3",
            "0.1",
            "unvalidated",
            (
                IndicatorLine("H02", "health", "Legal status", "A", {"health": "unknown"}, is_status=True),
                IndicatorLine("H06", "health", "Early pregnancy", "C", {}, is_on=False),
                IndicatorLine("E01", "education", "In school", "A", {"education": "none"}),
            ),
            BandRule(
                "Grey where less than half is known.",
                (
                    ("grey", "coverage < 0.5"),
                    ("red", "index >= 2.10 or threes >= 8"),
                    ("yellow", "index >= 1.50"),
                    ("green", "otherwise"),
                ),
            ),
        ),
        "sources": (
            SourceFacts(
                "health",
                "Province health office",
                "Act on health data, section 7",
                "MoU 4/2569",
                date(2027, 6, 30),
                date(2026, 6, 30),
            ),
            SourceFacts("education", "Education area 1", "Act on education", "", None, date(2026, 5, 16)),
        ),
    }
    return ReportSettings(**(given | changed))


def _name(names: list[dict[str, str]], level: str, code: str, parent: str, n: int) -> str:
    end = "" if n < len(LATIN) else f" {n // len(LATIN) + 1}"
    name = LATIN[n % len(LATIN)] + end
    names.append(
        {"level": level, "code": code, "parent": parent, "name": name, "name_local": THAI[n % len(THAI)] + end}
    )
    return name


def _hexagon(x: int, y: int) -> tuple[tuple[float, float], ...]:
    east, north = 98.5 + 0.03 * (x + 0.5 * (y % 2)), 19.0 - 0.026 * y
    corners = [
        (0, 0.0173),
        (0.015, 0.0087),
        (0.015, -0.0087),
        (0, -0.0173),
        (-0.015, -0.0087),
        (-0.015, 0.0087),
        (0, 0.0173),
    ]
    return tuple((round(east + dx, 6), round(north + dy, 6)) for dx, dy in corners)
