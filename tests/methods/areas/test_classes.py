"""Classes of the map: where the rates of a run lie apart."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.areas.classes import MapClasses, split_rates

rates = st.lists(st.integers(0, 400).map(lambda tenths: tenths / 10), min_size=3, max_size=14)


def test_three_heaps_become_three_classes() -> None:
    found = split_rates([1.0, 2.0, 1.5, 40.0, 41.0, 99.0, 98.5, None])
    assert found == MapClasses(40.0, 98.5)
    assert [found.of(r) for r in (None, 0.0, 39.9, 40.0, 98.4, 98.5)] == ["none", "low", "low", "mid", "mid", "high"]


@pytest.mark.parametrize(
    ("given_rates", "expected"),
    [
        ([], MapClasses(None, None)),
        ([None], MapClasses(None, None)),
        ([7.0, 7.0], MapClasses(7.0, None)),
        ([1.0, 2.0, 1.0], MapClasses(None, 2.0)),
    ],
)
def test_too_few_different_rates_give_fewer_classes(given_rates: list[float | None], expected: MapClasses) -> None:
    assert split_rates(given_rates) == expected


def test_one_rate_alone_is_neither_high_nor_low() -> None:
    assert split_rates([7.0]).of(7.0) == "mid"


@settings(deadline=None)
@given(rates)
def test_no_other_limits_leave_less_spread(found: list[float]) -> None:
    values = sorted(set(found))
    if len(values) < 3:
        return
    limits = split_rates(found)
    assert limits.mid_from in values
    assert limits.high_from in values
    best = min(spread(found, mid, high) for mid, high in combinations(values[1:], 2))
    assert spread(found, limits.mid_from or 0, limits.high_from or 0) == pytest.approx(best)


@settings(deadline=None)
@given(rates, st.integers(1, 700))
def test_the_reach_of_a_class_holds_those_counts_whose_rate_falls_into_it(found: list[float], scored: int) -> None:
    limits = split_rates(found)
    reach = limits.reach(scored)
    for red in range(scored + 1):
        rate = (20000 * red + scored) // (2 * scored) / 10
        assert [name for name, (low, high) in reach.items() if low <= red <= high] == [limits.of(rate)]


@settings(deadline=None)
@given(rates)
def test_the_order_of_the_rates_does_not_matter(found: list[float]) -> None:
    assert split_rates(found) == split_rates(found[::-1])


def spread(found: list[float], mid: float, high: float) -> float:
    total = 0.0
    for group in (
        [r for r in found if r < mid],
        [r for r in found if mid <= r < high],
        [r for r in found if r >= high],
    ):
        mean = sum(group) / len(group)
        total += sum((r - mean) ** 2 for r in group)
    return total
