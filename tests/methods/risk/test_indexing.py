"""The index: the vectors of the standards reference, and its laws."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sarana.methods.engine import Engine
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.indexing import NOT_APPLICABLE, share_index, weigh_scores
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.shapes import IndicatorSet

SETS = ("th-north-28", "chiang-mai-28")
patterns = hnp.arrays(np.int8, st.tuples(st.integers(1, 6), st.just(9)), elements=st.integers(-1, 3))
weights = hnp.arrays(np.int64, 9, elements=st.integers(1, 5))
SECTORS = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])


def weighed(of: IndicatorSet, scores: list[int], folder, banding: str = "reference") -> tuple[int, int, str]:
    """Index, coverage and band of one pattern."""
    names = sorted(of.sectors)
    one = weigh_scores(
        np.array([scores], np.int8),
        np.array([i.weight for i in of.indicators], np.int64),
        np.array([names.index(i.sector) for i in of.indicators]),
    )
    columns = {name: getattr(one, name) for name in one.__dataclass_fields__}
    with Engine(threads=1, memory="200MB", temp=folder) as engine:
        engine.load("one", pa.table(columns))
        (band,) = engine.row(f"SELECT {band_sql(of.bandings[banding], of.id)} FROM one")
    return int(one.index[0]), int(one.coverage[0]), band


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([1] * 28, (1000, 1000, "green")),
        ([2] * 28, (2000, 1000, "yellow")),
        ([3] * 28, (3000, 1000, "red")),
        ([1] * 10 + [2] * 10 + [0] * 8, (1500, 714, "yellow")),
        ([2] * 13 + [0] * 15, (2000, 464, "grey")),
        ([3] * 8 + [1] * 20, (1571, 1000, "red")),
    ],
)
def test_the_vectors_of_the_reference_hold(tmp_path, name, scores, expected):
    assert weighed(load_set(name), scores, tmp_path) == expected


def test_the_vectors_hold_under_the_rule_that_the_set_itself_chooses(tmp_path):
    of = load_set("th-north-28")
    assert of.banding == "reference"
    assert weighed(of, [3] * 8 + [1] * 20, tmp_path, of.banding)[2] == "red"


@pytest.mark.parametrize("name", SETS)
def test_a_person_of_whom_nothing_is_known_is_grey_under_every_rule(tmp_path, name):
    of = load_set(name)
    for banding in of.bandings:
        assert weighed(of, [0] * 28, tmp_path, banding)[2] == "grey"


def test_a_red_of_the_measured_rule_stays_above_green_whatever_the_missing_answers_are(tmp_path):
    of = load_set("chiang-mai-28")
    unsure = [2] * 12 + [1] * 8 + [0] * 8
    assert weighed(of, unsure, tmp_path, "measured")[2] == "red"
    assert weighed(of, [3] + [1] * 2 + [0] * 10 + [NOT_APPLICABLE] * 15, tmp_path, "measured")[2] != "red"


def test_an_index_is_rounded_half_up():
    one = weigh_scores(np.array([[1] * 13 + [2] * 3], np.int8), np.ones(16, np.int64), np.zeros(16, np.int64))
    assert one.index[0] == 1188  # 1.1875


@given(patterns, weights)
def test_the_index_is_the_weighted_mean_of_what_was_observed_and_lies_between_its_bounds(scores, weight):
    found = weigh_scores(scores, weight, SECTORS)
    for at, line in enumerate(scores):
        seen = [(int(s), int(w)) for s, w in zip(line, weight, strict=True) if s > 0]
        missing = sum(int(w) for s, w in zip(line, weight, strict=True) if s == 0)
        if not seen:
            assert found.index[at] == found.low[at] == found.high[at] == 0
            continue
        total, whole = sum(s * w for s, w in seen), sum(w for _, w in seen)
        expected = [
            Fraction(total, whole),
            Fraction(total + missing, whole + missing),
            Fraction(total + 3 * missing, whole + missing),
        ]
        assert [found.index[at], found.low[at], found.high[at]] == [int(1000 * e + Fraction(1, 2)) for e in expected]
        assert 1000 <= found.low[at] <= found.index[at] <= found.high[at] <= 3000


@given(patterns, weights, st.integers(0, 8))
def test_raising_a_score_never_lowers_the_index_or_its_bounds(scores, weight, at):
    raised = scores.copy()
    raised[:, at] = np.where((scores[:, at] == 1) | (scores[:, at] == 2), scores[:, at] + 1, scores[:, at])
    before, after = weigh_scores(scores, weight, SECTORS), weigh_scores(raised, weight, SECTORS)
    for name in ("index", "low", "high", "threes"):
        assert (getattr(after, name) >= getattr(before, name)).all()


@given(patterns, weights, st.integers(0, 8))
def test_an_unknown_score_is_not_a_one_and_what_does_not_apply_is_not_there(scores, weight, at):
    unknown, gone = scores.copy(), scores.copy()
    unknown[:, at], gone[:, at] = 0, NOT_APPLICABLE
    fewer = weigh_scores(np.delete(scores, at, 1), np.delete(weight, at), np.delete(SECTORS, at))
    with_gone, with_unknown = weigh_scores(gone, weight, SECTORS), weigh_scores(unknown, weight, SECTORS)
    for name in fewer.__dataclass_fields__:
        assert (getattr(with_gone, name) == getattr(fewer, name)).all()
    assert (with_unknown.index == fewer.index).all()
    assert (with_unknown.applicable == fewer.applicable + 1).all()
    assert (with_unknown.coverage <= fewer.coverage).all()


@given(patterns, weights)
def test_contributions_add_up_to_the_index_exactly(scores, weight):
    parts = share_index(scores, weight)
    assert (parts.sum(axis=1) == weigh_scores(scores, weight, SECTORS).index).all()
    assert (parts[scores <= 0] == 0).all()
    assert (parts >= 0).all()


def test_a_left_over_thousandth_goes_to_the_largest_remainder_and_then_by_order():
    parts = share_index(np.array([[1, 1, 1], [2, 1, 1]], np.int8), np.ones(3, np.int64))
    assert parts.tolist() == [[334, 333, 333], [667, 333, 333]]
