"""Makes a province of three villages and one sector, as small as a test needs it, and reads it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sarana.basics.progress import Silent
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.population.reading import read_rows
from sarana.methods.population.sources import Sources
from sarana.methods.population.sources_file import load_sources

VILLAGES = """village_code,subdistrict_code,district_code,province_code,lat,lon,subdistrict_name
50010101,500101,5001,50,18.79,98.98,Si Phum
50010102,500101,5001,50,18.80,98.99,Si Phum
50010201,500102,5001,50,18.81,98.97,Phra Sing
"""
CROSSWALK = """sector_code,village_code
010,50010101
020,50010102
030,50010201
"""
PEOPLE = """row_id,NAME,LNAME,SEX,BIRTH,AREA,DIS,CID
A1,มานี,ใจดี,2,25300114,010,0,1101700203450
A2,Somchai,Rakdee,1,25280609,020,2,
"""
HEAD = """
[run]
name = "small"
province = "50"
as_of = 2026-06-30
indicators = "chiang-mai-28"
invented = true
"""
AREAS = """
[areas]
path = "villages.csv"
village = "village_code"
subdistrict = "subdistrict_code"
district = "district_code"
province = "province_code"
lat = "lat"
lon = "lon"
subdistrict_name = "subdistrict_name"
"""
CLINIC = """
[sources.clinic]
path = "people.csv"
row_id = "row_id"
area = { column = "AREA", crosswalk = "crosswalk.csv", to = "village_code", level = "village" }
[sources.clinic.fields]
given = "NAME"
family = "LNAME"
sex = { column = "SEX", codes = { 1 = "male", 2 = "female" } }
birth = "BIRTH"
disability = "DIS"
national_id = { column = "CID", strip = "- " }
"""


@dataclass
class Read:
    """What reading left behind, as plain Python values."""

    report: StepReport
    rows: dict[str, dict[str, str | None]]
    flags: set[tuple[str, str, str]]
    aside: list[tuple[Any, ...]]
    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


class Province:
    """A folder of files that a test changes before it reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.folder.mkdir()
        self.temp = folder / "temp"
        self.head, self.areas, self.source = HEAD, AREAS, CLINIC
        self.file("villages.csv", VILLAGES)
        self.file("crosswalk.csv", CROSSWALK)
        self.file("people.csv", PEOPLE)

    def file(self, name: str, content: str | bytes) -> Path:
        """Write a file of the data folder."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def people(self, *lines: str, end: str = "\n") -> None:
        """Write a people file with the usual header."""
        self.file("people.csv", end.join([PEOPLE.splitlines()[0], *lines, ""]))

    def say(self, old: str, new: str) -> None:
        """Change the settings of the source."""
        assert old in self.source
        self.source = self.source.replace(old, new)

    def sources(self) -> Sources:
        """Load the settings."""
        path = self.folder.parent / "sources.toml"
        path.write_text(self.head + self.areas + self.source, "utf-8")
        return load_sources(path, self.folder)

    def read(self, *tables: str, threads: int = 1, name: str = "clinic") -> Read:
        """Read everything."""
        with Engine(threads=threads, memory="500MB", temp=self.temp, folders=[self.folder]) as engine:
            report = read_rows(engine, self.sources(), Silent())
            named = [r[0] for r in engine.rows(f"DESCRIBE rows_{name}")]
            rows = engine.rows(f"SELECT * FROM rows_{name} ORDER BY row_id")
            return Read(
                report,
                {row[0]: dict(zip(named[1:], row[1:], strict=True)) for row in rows},
                {(r[0], r[1], r[2]) for r in engine.rows(f"SELECT * FROM read_flags_{name}")},
                engine.rows("SELECT source, row_id, line, code FROM set_aside ORDER BY ALL"),
                {t: engine.rows(f"SELECT * FROM {t} ORDER BY ALL") for t in tables},
            )
