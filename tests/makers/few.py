"""A finished run of an invented province, whose few people can be laid out on a shelf."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makers.once import made_once
from methods.population.little_province import run_chain
from sarana.basics.progress import Silent
from sarana.methods.invented import ProvinceSettings, invent_province

PEOPLE = 3500
_MADE: list[Path] = []


def a_run_of_people(factory: pytest.TempPathFactory) -> Path:
    """A run that lies open, to be read only; one of its people is to be referred now, by a code of a school.

    It is made once for all tests of a run; each process has a copy.
    """
    if not _MADE:
        _MADE.append(made_once(factory, "few", _make) / "run")
    return _MADE[0]


def _make(folder: Path) -> None:
    invent_province(ProvinceSettings(people=PEOPLE, seed=5), folder / "province", Silent())
    run_chain(folder / "province", folder / "run")
    flag = pa.table({"person_id": [referred(folder / "run")], "code": ["forced_labour"]})
    pq.write_table(flag, folder / "run" / "refer-now.parquet")


def referred(run: Path) -> str:
    """The person to be referred now: one of those who are in no need by their index."""
    scores = pq.read_table(run / "scores.parquet", columns=["person_id", "band"])
    found: list[str] = scores.filter(pa.compute.equal(scores["band"], "green"))["person_id"].to_pylist()
    return found[0]
