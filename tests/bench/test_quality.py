"""The measures of the bench, by examples worked by hand."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from bench.quality import Quality, bcubed, measure_pairs

from sarana.methods.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="400MB", temp=tmp_path) as engine:
        yield engine


def load(engine: Engine, rows: list[tuple[str, int, str | None, bool, bool, bool]]) -> None:
    """Make `truth_rows` and `said` of rows: source, truth, said person (None: left out), stateless, hill, has an ID."""
    truth = [
        {"source": source, "row_id": str(n), "truth": true, "stateless": stateless, "hill": hill, "has_id": has_id}
        for n, (source, true, _, stateless, hill, has_id) in enumerate(rows)
    ]
    said = [{"source": r[0], "row_id": str(n), "person_id": r[2]} for n, r in enumerate(rows) if r[2] is not None]
    engine.load("truth_rows", pa.Table.from_pylist(truth))
    engine.load("said", pa.Table.from_pylist(said))


ROWS: list[tuple[str, int, str | None, bool, bool, bool]] = [
    # person 1: three rows, two of them found; the third was put with person 2
    ("health", 1, "a", False, False, True),
    ("education", 1, "a", False, False, True),
    ("human_security", 1, "b", False, False, False),
    # person 2: two rows, both found
    ("health", 2, "b", True, True, False),
    ("family_welfare", 2, "b", True, True, False),
    # person 3: one row, alone
    ("health", 3, "c", False, False, True),
]
"""True pairs 01 02 12 34; said 01 23 24 34; right 01 34."""


def test_pairs_are_counted_over_all_and_by_stratum(engine: Engine) -> None:
    load(engine, ROWS)
    found = {
        quality.stratum: (quality.n_true, quality.n_said, quality.n_right) for quality in measure_pairs(engine, "said")
    }
    assert found == {
        "all": (4, 4, 2),
        "human security": (2, 2, 0),  # 02 12 | 23 24
        "stateless": (1, 3, 1),  # 34 | 23 24 34: a wrong pair counts where either row's person is stateless
        "highland": (1, 3, 1),
        "one side without ID": (2, 0, 0),  # 02 12 |
        "neither with ID": (1, 3, 1),  # 34 | 23 24 34
    }


def test_precision_recall_and_f1_follow_from_the_counts() -> None:
    quality = Quality("all", n_true=5, n_said=4, n_right=3)
    assert (quality.precision, quality.recall) == (0.75, 0.6)
    assert quality.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert Quality("none said", 5, 0, 0).f1 == 0
    assert Quality("none there", 0, 0, 0).f1 == 1


def test_bcubed_is_the_mean_over_rows_of_people_with_two_rows_or_more(engine: Engine) -> None:
    """Precision of rows 0 to 4: 1, 1, 1/3, 2/3, 2/3; recall: 2/3, 2/3, 1/3, 1, 1. Person 3 does not count."""
    load(engine, ROWS)
    precision, recall, f1 = bcubed(engine, "said")
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_row_of_one_person_alone_still_spoils_the_precision_of_others(engine: Engine) -> None:
    load(
        engine,
        [
            ("health", 1, "a", False, False, True),
            ("education", 1, "a", False, False, True),
            ("health", 2, "a", False, False, True),
        ],
    )
    precision, recall, _ = bcubed(engine, "said")
    assert (precision, recall) == (pytest.approx(2 / 3), 1)


def test_a_row_that_was_left_out_costs_recall(engine: Engine) -> None:
    load(engine, [("health", 1, "a", False, False, True), ("education", 1, None, False, False, True)])
    [quality] = [one for one in measure_pairs(engine, "said") if one.stratum == "all"]
    assert (quality.n_true, quality.n_said, quality.n_right) == (1, 0, 0)
