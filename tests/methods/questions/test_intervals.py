from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.questions.intervals import exact_interval, score_interval


def test_exact_intervals_are_those_of_published_tables() -> None:
    assert exact_interval(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert exact_interval(10, 100) == pytest.approx((0.0490, 0.1762), abs=1e-4)
    assert exact_interval(5, 5) == pytest.approx((0.4782, 1), abs=1e-4)
    assert exact_interval(0, 0) == (0, 1)


@settings(max_examples=25)
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_an_exact_interval_holds_the_share_at_least_as_often_as_it_says(n: int, share: float) -> None:
    ends = [exact_interval(k, n) for k in range(n + 1)]
    held = sum(
        comb(n, k) * share**k * (1 - share) ** (n - k) for k, (low, high) in enumerate(ends) if low <= share <= high
    )
    assert held >= 0.95 - 1e-9


def test_score_intervals_are_those_of_the_maps() -> None:
    assert score_interval(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert score_interval(0, 100)[0] == 0
    assert score_interval(0, 0) == (0, 1)
