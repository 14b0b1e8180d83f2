"""Known cases that come from what no column shows: the hidden need of invented people, or chance alone."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import find_run
from sarana.methods.questions.validate import ValidateSettings, Validation, validate_run
from sarana.methods.questions.validate_index import Reckoned, reckon_without
from sarana.methods.questions.validate_known import read_known

TODAY = dt.date(2027, 11, 22)
LATER = "2026-09-01"


@dataclass
class Town:
    """A run and the truth about its people."""

    data: Path
    run: Path

    @cached_property
    def row_of(self) -> dict[int, str]:
        """The first health row of every person of the truth that has one."""
        rows = pq.read_table(self.data / "truth" / "rows.parquet").to_pylist()
        return {row["person_id"]: row["row_id"] for row in reversed(rows) if row["sector"] == "health"}

    @cached_property
    def need(self) -> dict[int, float]:
        """The hidden need of everyone, from which many facts came, and which is no column of any file."""
        truth = pq.read_table(self.data / "truth" / "persons.parquet", columns=["person_id", "latent"]).to_pylist()
        return {person["person_id"]: person["latent"] for person in truth if person["person_id"] in self.row_of}

    @cached_property
    def person_of(self) -> dict[tuple[str, str], str]:
        """The run's person of each row."""
        return {
            (r["source"], r["row_id"]): r["person_id"] for r in pq.read_table(self.run / "people.parquet").to_pylist()
        }

    def chances(self, high: float, low: float) -> dict[int, float]:
        """How likely everyone is to become known: `high` in the neediest tenth, `low` elsewhere."""
        edge = float(np.quantile(list(self.need.values()), 0.9))
        return {person: high if need >= edge else low for person, need in self.need.items()}

    def draw(self, chances: dict[int, float], seed: int) -> list[str]:
        """The health rows of people who become known."""
        chance = np.random.default_rng(seed)
        return [self.row_of[person] for person, p in chances.items() if chance.random() < p]

    def lift_put_in(self, chances: dict[int, float], top: Iterable[str], n_people: int) -> float:
        """The lift to be expected: the share of cases that fall on some people, by their share of all."""
        spared: dict[str, float] = {}
        for person, p in chances.items():
            known = self.person_of["health", self.row_of[person]]
            spared[known] = spared.get(known, 1.0) * (1 - p)
        there = set(top)
        inside = sum(1 - left for known, left in spared.items() if known in there)
        return inside / sum(1 - left for left in spared.values()) * n_people / len(there)


def cases(rows: Iterable[str], known_on: str = LATER, source: str = "health") -> bytes:
    """Rows of known cases as a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([("source", "row_id", "known_on"), *((source, row, known_on) for row in rows)])
    return text.getvalue().encode()


def validated(town: Town, data: bytes, temp: Path, drop: tuple[str, ...] | None = ("none",)) -> Validation:
    """The back-test of a town's run on known cases."""
    with Engine(threads=1, memory="500MB", temp=temp, folders=[town.run]) as engine:
        known = read_known(data, "cases", TODAY)
        settings = ValidateSettings(today=TODAY, drop=drop)
        return validate_run(engine, find_run(town.run), known, settings, Silent(), where="cases")


def reckoned(town: Town, temp: Path, dropped: tuple[str, ...] = ()) -> tuple[NDArray[np.str_], Reckoned]:
    """Everyone's person_id and index without some indicators."""
    run = find_run(town.run)
    with Engine(threads=1, memory="500MB", temp=temp, folders=[town.run]) as engine:
        run.view(engine, "scores")
        ids = np.array(engine.read("scores", ["person_id"])["person_id"].to_pylist())
        return ids, reckon_without(engine, run.settings, dropped)
