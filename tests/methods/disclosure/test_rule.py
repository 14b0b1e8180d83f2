"""The rule for one group taken alone, as a truth table."""

import numpy as np
import pytest

from sarana.methods.disclosure.rule import BANDS, COLUMNS, PEOPLE, SECOND, DisclosureSettings, Sheet, judge


def counted(**named: int) -> np.ndarray:
    """Counts of one group; on the second map nothing moves unless said."""
    scored = sum(named.get(c, 0) for c in COLUMNS[:3])
    still = {"n_red_without_status": named.get("n_red", 0), "n_scored_without_status": scored}
    return np.array([(still | named).get(c, 0) for c in COLUMNS])


@pytest.mark.parametrize(
    ("counts", "sheet", "is_withheld"),
    [
        ({"n_red": 11, "n_yellow": 40, "n_green": 60, "n_grey": 30}, BANDS, False),
        ({"n_red": 10, "n_yellow": 40, "n_green": 60, "n_grey": 30}, BANDS, True),
        ({"n_red": 0, "n_yellow": 40, "n_green": 60, "n_grey": 30}, BANDS, False),
        ({"n_red": 40, "n_yellow": 1, "n_green": 60, "n_grey": 30}, BANDS, True),
        ({"n_red": 40, "n_yellow": 20, "n_green": 3, "n_grey": 30}, BANDS, True),
        ({}, BANDS, False),
        ({"n_grey": 300}, BANDS, True),
        ({"n_red": 10, "n_grey": 300}, BANDS, True),
        ({"n_red": 20, "n_yellow": 79}, BANDS, False),
        ({"n_red": 19, "n_yellow": 80}, BANDS, True),
        ({"n_red": 19, "n_yellow": 81}, BANDS, False),
        ({"n_yellow": 99}, BANDS, True),
        ({"n_yellow": 100}, BANDS, False),
        ({"n_yellow": 12, "n_green": 60, "n_grey": 28}, BANDS, True),
        ({"n_red": 40, "n_green": 60, "n_grey": 30}, PEOPLE, False),
        ({"n_red": 40, "n_green": 60, "n_grey": 3}, PEOPLE, True),
        ({"n_red": 40, "n_green": 60}, PEOPLE, False),
        ({"n_green": 11, "n_grey": 80}, PEOPLE, True),
        ({"n_red": 40, "n_green": 60}, SECOND, False),
        ({"n_red": 40, "n_green": 60, "n_red_left": 4, "n_red_without_status": 36}, SECOND, True),
        ({"n_red": 40, "n_green": 60, "n_red_left": 4, "n_red_joined": 4}, SECOND, True),
        ({"n_red": 40, "n_green": 60, "n_red_left": 11, "n_red_without_status": 29}, SECOND, False),
        ({"n_red": 40, "n_green": 60, "n_red_left": 40, "n_red_without_status": 0}, SECOND, False),
        ({"n_red": 40, "n_green": 60, "n_scored_left": 2, "n_scored_without_status": 98}, SECOND, True),
        ({"n_red": 40, "n_red_left": 40, "n_red_without_status": 0, "n_scored_without_status": 5}, SECOND, True),
    ],
)
def test_a_group_is_withheld_when_a_count_is_small_or_one_band_holds_nearly_all(
    counts: dict[str, int], sheet: Sheet, *, is_withheld: bool
) -> None:
    assert judge(sheet, counted(**counts), DisclosureSettings())[0] == is_withheld


def test_small_counts_are_those_that_must_stay_in_doubt() -> None:
    doubtful = judge(BANDS, counted(n_red=3, n_yellow=0, n_green=500, n_grey=2), DisclosureSettings())[1]
    assert doubtful.tolist() == [True, False, False]


def test_a_band_that_holds_nearly_all_of_a_small_group_must_stay_in_doubt() -> None:
    doubtful = judge(BANDS, counted(n_yellow=15, n_green=80), DisclosureSettings())[1]
    assert doubtful.tolist() == [False, False, True]
