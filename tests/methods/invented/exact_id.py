"""Linking rows by equal thirteen-digit IDs alone: the yardstick of whether an invented province is honest."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

ID_COLUMNS = {
    "health": "CID",
    "education": "citizen_id",
    "human_security": "national_id",
    "family_welfare": "pid13",
}


@dataclass(frozen=True, slots=True)
class Quality:
    """How well pairs of rows were found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def read_sector(folder: Path, sector: str) -> pa.Table:
    """A sector's file, every column as text."""
    path = folder / f"{sector}.csv"
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    as_text = pcsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True)
    return pcsv.read_csv(path, convert_options=as_text)


def measure_exact_id(folder: Path) -> dict[str, Quality]:
    """Pair quality of exact-ID linking over all rows, over pairs with a human-security row, and of stateless people."""
    truth = pq.read_table(folder / "truth" / "rows.parquet")
    people = pq.read_table(folder / "truth" / "persons.parquet", columns=["person_id", "stateless"])
    assert people["person_id"].to_numpy().tolist() == list(range(len(people)))
    ids, persons, security = [], [], []
    for sector, column in ID_COLUMNS.items():
        rows = read_sector(folder, sector)
        mine = truth.filter(pc.equal(truth["sector"], sector))
        assert mine["row_id"].to_pylist() == rows["row_id"].to_pylist()
        bare = pc.replace_substring(rows[column], "-", "")
        whole = pc.if_else(pc.equal(pc.utf8_length(bare), 13), bare, None)
        ids.append(pc.fill_null(whole.cast(pa.int64()), 0).to_numpy())
        persons.append(mine["person_id"].to_numpy())
        security.append(np.full(len(rows), sector == "human_security"))
    id_, person, is_security = (np.concatenate(parts) for parts in (ids, persons, security))
    stateless = people["stateless"].to_numpy()[person]
    every = np.ones(len(id_), dtype=np.bool_)
    return {
        "all": _quality(_pairs(id_, person, every), np.zeros(3)),
        "human_security": _quality(_pairs(id_, person, every), _pairs(id_, person, ~is_security)),
        "stateless": _quality(_pairs(id_, person, stateless), np.zeros(3)),
    }


def _pairs(id_: NDArray[np.int64], person: NDArray[np.int64], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Pairs with equal IDs, those of them of one person, and all pairs of one person, among some rows."""
    one, two = id_[among], person[among]
    has = one > 0
    both = np.unique(np.column_stack([one[has], two[has]]), axis=0, return_counts=True)[1]
    return np.array([_twos(np.unique(one[has], return_counts=True)[1]), _twos(both), _twos(np.bincount(two))])


def _twos(counts: NDArray[np.int64]) -> int:
    """How many pairs groups of these sizes hold."""
    return int((counts * (counts - 1) // 2).sum())


def _quality(within: NDArray[np.float64], without: NDArray[np.float64]) -> Quality:
    """Precision and recall of the pairs that are in one set and not in the other."""
    linked, right, true = within - without
    return Quality(precision=float(right / max(linked, 1)), recall=float(right / max(true, 1)))
