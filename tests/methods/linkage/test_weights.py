"""Weights: learnt from made counts they say what the counts say; with few labels they stay what was shipped."""

import numpy as np
import pytest

from sarana.methods.engine import Engine
from sarana.methods.linkage.comparing import AGAIN, COMPARISONS, Compared, lend_teaching
from sarana.methods.linkage.weights import Weights, learn_weights, shipped_weights, weigh_pairs

NOTHING = Weights(0, {}, 0, 0)

COUNTS = (
    # birth, sex, pairs of one person, pairs of two
    (1, 1, 900, 40),
    (1, 2, 30, 20),
    (12, 1, 20, 700),
    (12, 2, 2, 600),
)
"""The same birth speaks for one person, another sex speaks against it."""


def load_pairs(engine: Engine, counts: tuple[tuple[int, int, int, int], ...], *, seed: int = 0) -> None:
    """Lend what is said of pairs in a shuffled order; some that do not teach are there too, and say the contrary."""
    lines = []
    for birth, sex, same, other in counts:
        for id_, n in ((1, same), (4, other)):
            lines += [dict.fromkeys(COMPARISONS, 0) | {"birth": birth, "sex": sex, "id": id_, "teaches": True}] * n
    contrary = dict.fromkeys(COMPARISONS, 0) | {"birth": 12, "sex": 2, "id": 1, "teaches": False}
    lines += [contrary] * 3000
    order = np.random.default_rng(seed).permutation(len(lines))
    said = {name: np.array([lines[at][name] for at in order]) for name in lines[0]}
    levels = {name: said[name].astype(np.int16) for name in (*COMPARISONS, "id")}
    nobody = np.zeros(len(lines), dtype=np.int64)
    lend_teaching(engine, Compared(nobody, nobody, levels, said["teaches"].astype(np.bool_)))


def test_learnt_weights_have_the_sign_of_what_was_seen(engine: Engine) -> None:
    load_pairs(engine, COUNTS)
    learnt = learn_weights(engine, NOTHING)
    assert learnt.points["birth", 1] > 0 > learnt.points["birth", 12]
    assert learnt.points["sex", 1] > 0 > learnt.points["sex", 2]
    assert (learnt.n_same, learnt.n_other) == (952, 1360)


def test_learnt_weights_give_back_the_odds_of_each_kind_of_pair(engine: Engine) -> None:
    """A model with one weight a level and hardly any pull must fit what an additive rule made."""
    base, birth, sex = -1.0, {1: 2.0, 12: -1.5}, {1: 0.5, 2: -1.0}
    counts = []
    for b, of_birth in birth.items():
        for s, of_sex in sex.items():
            same = round(4000 / (1 + np.exp(-(base + of_birth + of_sex))))
            counts.append((b, s, same, 4000 - same))
    load_pairs(engine, tuple(counts))
    learnt = learn_weights(engine, NOTHING, pull=1e-6)
    for b, of_birth in birth.items():
        for s, of_sex in sex.items():
            points = learnt.base + learnt.points["birth", b] + learnt.points["sex", s]
            points += sum(learnt.points[name, 0] for name in COMPARISONS if name not in ("birth", "sex"))
            assert points == pytest.approx(100 * (base + of_birth + of_sex), abs=8)


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(engine: Engine, tmp_path: object) -> None:
    load_pairs(engine, COUNTS)
    learnt = learn_weights(engine, shipped_weights())
    load_pairs(engine, COUNTS, seed=5)
    assert learn_weights(engine, shipped_weights()) == learnt


def test_without_labels_the_shipped_weights_stand(engine: Engine) -> None:
    load_pairs(engine, ())
    assert learn_weights(engine, shipped_weights()) == shipped_weights()


def test_labels_of_one_kind_only_are_no_lesson(engine: Engine) -> None:
    load_pairs(engine, ((1, 1, 500, 0),))
    assert learn_weights(engine, shipped_weights()) == shipped_weights()


def test_few_labels_hardly_move_the_shipped_weights_and_many_do(engine: Engine) -> None:
    start = shipped_weights()
    moved = []
    for times in (1, 200):
        load_pairs(engine, ((1, 1, 0, 2 * times), (12, 1, 2 * times, 0)))  # against all that is usual
        learnt = learn_weights(engine, start)
        moved.append(max(abs(learnt.points[level] - points) for level, points in start.points.items()))
    assert 0 < moved[0] < 70
    assert moved[1] > 150


def test_what_was_not_seen_keeps_its_shipped_weight(engine: Engine) -> None:
    load_pairs(engine, COUNTS)
    start, learnt = shipped_weights(), learn_weights(engine, shipped_weights())
    assert learnt.points["birth", 3] == start.points["birth", 3]
    assert learnt.points["birth", 1] != start.points["birth", 1]


def test_shipped_weights_cover_every_comparison_and_make_sense() -> None:
    first, again = (shipped_weights(part).points for part in ("first", "again"))
    # Which two registers a pair comes from is a matter of the province: no weight of another is shipped for it.
    assert {name for name, _ in first} == set(COMPARISONS) - {"registers"}
    assert {name for name, _ in again} == set(AGAIN) - {"registers"}
    for points in (first, again):
        assert points["birth", 1] > 0 > points["birth", 12]
        assert points["given", 10] > points["given", 60]
        assert points["family", 10] > points["family", 60]
        assert points["given", 10] > points["given", 14]  # rare names say more than common ones
        assert points["house", 1] > points["house", 3]
    assert again["sex", 1] > again["sex", 2]  # the first time it says as much as which keys ask for the sex
    assert again["rivals", 10] > 0 > again["rivals", 3] > again["rivals", 1]


def test_points_are_the_sum_of_base_levels_and_id() -> None:
    weights = Weights(-100, {("birth", 1): 400, ("birth", 12): -300, ("sex", 2): -250}, 0, 0)
    line = dict.fromkeys(COMPARISONS, 0) | {"teaches": True}
    pairs = [
        line | {"birth": 1, "sex": 1, "id": 0},
        line | {"birth": 1, "sex": 2, "id": 1},
        line | {"birth": 12, "sex": 2, "id": 2},
        line | {"birth": 7, "sex": 0, "id": 3},
    ]
    levels = {name: np.array([pair[name] for pair in pairs], dtype=np.int16) for name in pairs[0]}
    assert weigh_pairs(weights, levels, {1: 900, 2: 600}).tolist() == [300, 950, -50, -100]


def test_registers_of_many_sources_do_not_overflow() -> None:
    weights = Weights(0, {("registers", 1213): 7}, 0, 0)
    line = dict.fromkeys(COMPARISONS, 0) | {"registers": 1213, "id": 0}
    levels = {name: np.array([level], dtype=np.int16) for name, level in line.items()}
    assert weigh_pairs(weights, levels, {}).tolist() == [7]
