"""Why pairs were missed: each fate worked by hand, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from bench.gaps import FATES, TRAITS, Gap, explain_gaps
from bench.quality import measure_pairs

from methods.linkage.making import SETTINGS, Row, load_rows, make_town
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.linkage import link_rows
from sarana.methods.linkage.model import RELATION


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="500MB", temp=tmp_path / "spill", folders=[tmp_path]) as engine:
        yield engine


def gap(**shares: float) -> Gap:
    return Gap("stateless", 0.9, 0.95, 10, {**dict.fromkeys([*FATES, *TRAITS], 0.0), **shares})


def test_a_gap_is_said_in_one_line_with_its_reasons() -> None:
    line = gap(no_key=0.3, below=0.6, apart=0.1, no_id=1.0).line()
    assert "\n" not in line
    assert "recall 0.900, 0.050 below the whole" in line
    assert "30 % no key found" in line
    assert "60 % were compared" in line
    assert "100 % no ID" in line


def test_a_stratum_without_a_missed_pair_has_nothing_to_explain() -> None:
    line = Gap("stateless", 1.0, 0.95, 0, {}).line()
    assert line == "stateless: recall 1.000, 0.050 above the whole; no pair was missed."


def test_a_pair_no_key_finds_one_below_the_threshold_and_one_kept_apart_are_told_apart(
    engine: Engine, tmp_path: Path
) -> None:
    town, _ = make_town(300)
    load_rows(engine, town)
    link_rows(engine, SETTINGS, Silent())
    engine.save_lent(RELATION, tmp_path / "model.parquet")
    odd = [
        # Nothing in common: no key brings the two together.
        Row("health", "a1", "กานดา", "มณีศรี", "female", "1990-03-04", id=None, village="50010101", house="1"),
        Row("cases", "a2", "วันชัย", None, None, None, id=None, village=None, house=None),
        # Only birth, place and sex in common: compared, and too little.
        Row("health", "b1", "บุญมี", "แสงใจ", "male", "1971-08-09", id=None, village="50010201", house="2"),
        Row("cases", "b2", "พรลี", "ทองนา", "male", "1971-08-09", id=None, village="50010202", house="30"),
        # All in common, but the run is said to have kept the two apart.
        Row("health", "c1", "จันทิดา", "คำพร", "female", "1985-11-12", id=None, village="50010301", house="3"),
        Row("cases", "c2", "จันทิดา", "คำพร", "female", "1985-11-12", id=None, village="50010301", house="3"),
    ]
    load_rows(engine, odd)
    lines = [
        {"source": row.source, "row_id": row.row_id, "truth": ord(row.row_id[0]), "stateless": True, "hill": False,
         "has_id": False, "person_id": row.row_id}
        for row in odd
    ]  # fmt: skip
    engine.load("truth_rows", pa.Table.from_pylist(lines).drop_columns(["person_id"]))
    engine.load("said", pa.Table.from_pylist(lines).select(["source", "row_id", "person_id"]))
    gaps = explain_gaps(engine, measure_pairs(engine, "said"), "said", tmp_path / "model.parquet", SETTINGS)
    [stateless] = [found for found in gaps if found.stratum == "stateless"]
    assert stateless.n_missed == 3
    assert {name: round(3 * stateless.shares[name]) for name in FATES} == {"no_key": 1, "below": 1, "apart": 1}
    assert {name: round(3 * stateless.shares[name]) for name in TRAITS} == {
        "no_id": 3, "two_ids": 0, "two_scripts": 0, "name_missing": 1, "birth_missing": 1,
    }  # fmt: skip
