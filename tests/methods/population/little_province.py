"""A little invented province with a few rows to be set aside, for the tests of the chain and the command line."""

import csv
import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from sarana.basics.progress import Silent
from sarana.methods.invented import ProvinceSettings, invent_province
from sarana.methods.population.chain import Outcome, plan_population, run_population
from sarana.methods.reference import examples_folder
from sarana.methods.runs.folder import opened
from sarana.methods.runs.means import Means
from sarana.methods.runs.runner import Unwatched

SECTORS = ("health", "education", "human_security", "family_welfare")
MEANS = Means(threads=2, memory_mib=3000)
TODAY = dt.date(2026, 11, 22)
SOURCES = examples_folder() / "chiang-mai" / "sources.toml"


def make_province(folder: Path, *, people: int = 300, seed: int = 7) -> Path:
    """Four sector files, with one row id that stands twice and one row without any."""
    invent_province(ProvinceSettings(people=people, seed=seed, defects=2.0), folder, Silent())
    rows = read_csv(folder / "health.csv")
    write_csv(folder / "health.csv", [*rows, rows[1], ["", *rows[2][1:]]])
    return folder


def shuffled(province: Path, folder: Path, seed: int) -> Path:
    """The same province, its rows in another order."""
    folder.mkdir()
    chance = random.Random(seed)
    for file in province.glob("*.csv"):
        head, *rows = read_csv(file)
        chance.shuffle(rows)
        write_csv(folder / file.name, [head, *rows])
    return folder


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def run_chain(data: Path, out: Path, *, sources: Path = SOURCES, means: Means = MEANS, resume: bool = False) -> Outcome:
    plan = plan_population(sources, data, today=TODAY)
    with opened(out, resume=resume) as folder:
        return run_population(plan, folder, means, Unwatched())


def contract_files(out: Path) -> dict[str, bytes]:
    """The bytes of every file that must be equal for equal inputs: all but receipts and the lines in the files."""
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and file.parent.name != "receipts" and file.name != "set-aside-lines.parquet"
    }


def table(out: Path, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(out / name).to_pylist()
    return rows
