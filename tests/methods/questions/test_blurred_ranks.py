"""Which districts a draft moves: told to whoever chooses the draft, and of no use against one person."""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from sarana.methods.questions.blurred import Blur
from sarana.methods.questions.blurred_ranks import (
    LEAST_SCORED,
    SCALE_RED,
    SCALE_SCORED,
    AreaMove,
    clear_moves,
    hear,
)
from sarana.methods.questions.ranks import Counts, Published, Tally, rank

ANSWERS = 6
"""So many a province gets in a year; tests of the room hold it to the bound."""

TRIALS = 4000
SCORED = np.full(24, 60_000)
RED = 200 + 40 * np.arange(24)
"""Districts as large as those of a real province, two of them never alike."""


def published(red: Counts = RED, scored: Counts = SCORED) -> Published:
    """Districts as the table has them that is out."""
    codes = tuple(f"50{at + 1:02}" for at in range(len(red)))
    rate = tuple(1000 * red / scored)
    return Published("district", np.arange(len(red)), codes, codes, scored, scored, red, rate)


def counted(red: Counts, scored: Counts = SCORED) -> Tally:
    """The same under a draft, exactly."""
    return Tally({"district": red}, {"district": scored})


def told(red: Counts, key: str, **more: int) -> dict[str, AreaMove]:
    """What one answer says."""
    here = published()
    return {move.code: move for move in clear_moves(here, hear(here, counted(red), Blur(key.encode())), **more)}


def laplace(heard: int, n: int, scale: int) -> float:
    """How much likelier a number is heard where one person more is in a count of `n`, as a logarithm."""
    return (abs(heard - n) - abs(heard - n - 1)) / scale


def flow_weights(n: int) -> Callable[[int], float]:
    """The same of what is said of people who go from band to band, learnt by asking again and again."""
    many = range(40_000)
    without, one_more = (
        Counter(Blur(f"table {more} {t}".encode()).of("flow", n + more) for t in many) for more in (0, 1)
    )
    weigh = {said: math.log((one_more[said] + 1) / (without[said] + 1)) for said in {*without, *one_more}}
    return lambda said: weigh.get(said, 0)


@pytest.fixture(scope="module")
def weigh_flow() -> Callable[[int], float]:
    return flow_weights(1004)


def share_right(n_people: int, weigh_flow: Callable[[int], float]) -> float:
    """How often somebody guesses right who knows all others and uses the answers of a year on people who go together.

    She hears more than anybody is told: the noisy counts of their district themselves, of which the ranks are made,
    beside the way that they go and the one that they would else have gone.
    """
    red, scored = RED[4:7], SCORED[4:7]
    here, n = published(red, scored), 1004
    right = 0
    for trial in range(TRIALS):
        are_in, sum_of = trial % 2, 0.0
        for at in range(ANSWERS):
            blur = Blur(f"trial {n_people} {trial} {at}".encode())
            more = np.array([0, n_people * are_in, 0])
            heard = hear(here, counted(red + more, scored + more), blur)
            for one in range(n_people):
                sum_of += laplace(int(heard.red[1]) - one, int(red[1]), SCALE_RED)
                sum_of += laplace(int(heard.scored[1]) - one, int(scored[1]), SCALE_SCORED)
            sum_of += n_people * weigh_flow(blur.of("there", n + n_people * are_in))
            sum_of -= n_people * weigh_flow(blur.of("elsewhere", n + n_people * (1 - are_in)))
        right += (sum_of > 0) == bool(are_in)
    return right / TRIALS


def test_the_answers_of_a_year_used_on_one_person_are_hardly_better_than_a_guess(
    weigh_flow: Callable[[int], float],
) -> None:
    assert 0.52 < share_right(1, weigh_flow) < 0.6


def test_a_rank_that_turns_on_one_person_is_told_as_often_without_her() -> None:
    """Under the draft two districts are alike but for one person, and which of them stands first turns on her."""
    alike, n = RED.copy(), 500
    alike[5] = RED[7]
    often = [
        sum("5006" in told(alike + np.where(np.arange(24) == 5, more, 0), f"{more} {t}") for t in range(n))
        for more in (0, 1)
    ]
    assert n / 10 < min(often), "it is told often enough to mean something"
    assert abs(often[0] - often[1]) < 3 * (n / 2) ** 0.5


def test_what_is_told_is_nearly_always_so_and_large_moves_are_told() -> None:
    after = RED.copy()
    after[[2, 9, 20]] = 900, 1100, 260
    first, second = rank(RED, SCORED), rank(after, SCORED)
    n_told, n_wrong, n_far = 0, 0, 0
    for trial in range(200):
        for code, move in told(after, str(trial)).items():
            at = int(code) - 5001
            assert move.rank_before == first[at]
            assert move.rank_until is not None
            rises = move.rank_until < move.rank_before
            assert rises or move.rank_after > move.rank_before, "the ranks beside it say the same"
            n_told, n_far = n_told + 1, n_far + (at in (2, 9, 20))
            n_wrong += not (second[at] < first[at] if rises else second[at] > first[at])
    assert n_far == 3 * 200, "the three that moved far, each time"
    assert n_told > 4 * 200, "and some that they passed"
    assert n_wrong < n_told / 20


def test_where_nothing_moves_hardly_anything_is_told() -> None:
    assert sum(len(told(RED, f"same {trial}")) for trial in range(300)) < 30
    assert sum(len(told(RED * 2, f"double {trial}")) for trial in range(300)) < 30, "all of them rise alike"


def test_a_rank_of_a_rounded_table_is_off_by_so_much_and_small_districts_have_none() -> None:
    after = RED.copy()
    after[9] = RED[13] + 20
    often = [sum("5010" in told(after, str(t), off_by=off) for t in range(50)) for off in (0, 200)]
    assert often == [50, 0]
    small = published(RED // 100, np.full(24, LEAST_SCORED // 4))
    heard = hear(small, counted(RED, np.full(24, LEAST_SCORED // 4)), Blur(b"small"))
    assert not heard.are_ranked.any()
    assert clear_moves(small, heard) == []
