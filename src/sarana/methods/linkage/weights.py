"""How many points each level of each comparison is worth: learnt from the run's own rows, and readable.

Pairs that both carry a valid ID are free labels: equal means one person. With the ID hidden, a logistic model
with one weight a level is fitted to their counts. Weights are drawn toward those of an invented province, so that
a province with few IDs still has sane ones. They are rounded to hundredths, so that every later sum is of integers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.comparing import AGAIN, COMPARISONS
from sarana.methods.linkage.rows import Levels
from sarana.methods.reference import read_reference

Level = tuple[str, int]

_SURE = 30.0
"""Log-odds beyond which a pair is as good as certain."""

_STRIDE = 2.0
"""Most that a weight may move in one step, so that pairs without any doubt do not throw the fit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Points in hundredths of natural log-odds: one for every level, and the odds to begin with."""

    base: int
    points: Mapping[Level, int]
    n_same: int
    n_other: int


def shipped_weights(part: str = "first") -> Weights:
    """The weights that come with the product, learnt on an invented province (`reference/linkage/weights.toml`).

    Args:
        part: `first`, or `again` for those by which pairs are weighed again.
    """
    told = read_reference("linkage/weights.toml")[part]
    points = {(name, int(level)): value for name in AGAIN for level, value in told["points"].get(name, {}).items()}
    return Weights(told["base"], points, 0, 0)


def learn_weights(
    engine: Engine,
    start: Weights,
    comparisons: Sequence[str] = COMPARISONS,
    *,
    pull: float = 3.0,
    rounds: int = 25,
) -> Weights:
    """Fit the weights to the pairs that teach.

    Args:
        engine: holds `lk_teaching`, the levels of pairs whose answer is known.
        start: the weights to be drawn toward.
        comparisons: what they are learnt for.
        pull: how strongly, as the inverse variance of a weight around its start.
        rounds: most Newton steps.

    Returns:
        The weights, with the numbers of pairs that taught them.

    Source: penalised logistic regression by Newton's method; labels by a hidden ID are our choice (decision 0005).
    """
    counted = engine.columns(
        f"""SELECT {", ".join(comparisons)}, count(*) FILTER (id = 1) AS same, count(*) FILTER (id <> 1) AS other
        FROM lk_teaching GROUP BY ALL ORDER BY ALL"""
    )
    levels: list[Level] = []
    places = []
    for name in comparisons:
        found, place = np.unique(counted[name], return_inverse=True)
        places.append(place + 1 + len(levels))
        levels += [(name, int(level)) for level in found]
    n_same, n_other = int(counted["same"].sum()), int(counted["other"].sum())
    if not n_same or not n_other:
        return start
    first = np.array([start.base, *(start.points.get(level, 0) for level in levels)], dtype=np.float64) / 100
    where = np.stack([np.zeros(len(places[0]), dtype=np.int64), *places], axis=1)
    answers = (counted["same"].astype(np.float64), counted["other"].astype(np.float64))
    fitted = _newton(where, answers, first, pull=pull, rounds=rounds)
    points = np.rint(fitted * 100).astype(np.int64)
    learnt = dict(start.points) | {level: int(value) for level, value in zip(levels, points[1:], strict=True)}
    return Weights(int(points[0]), learnt, n_same, n_other)


def _newton(
    where: NDArray[np.int64],
    answers: tuple[NDArray[np.float64], NDArray[np.float64]],
    first: NDArray[np.float64],
    *,
    pull: float,
    rounds: int,
) -> NDArray[np.float64]:
    """The weights of greatest penalised likelihood; plain loops over columns, so that sums never change their order."""
    same, other = answers
    n_weights, width = len(first), where.shape[1]
    weights = first.copy()
    best = _likelihood(_odds(where, weights), answers) - pull / 2 * float(np.square(weights - first).sum())
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-np.clip(_odds(where, weights), -500, 500)))
        missing = same - (same + other) * chance
        slope = -pull * (weights - first)
        heavy = (same + other) * chance * (1 - chance)
        bend = np.zeros(n_weights * n_weights)
        for i in range(width):
            slope += np.bincount(where[:, i], weights=missing, minlength=n_weights)
            for j in range(width):
                bend += np.bincount(
                    where[:, i] * n_weights + where[:, j], weights=heavy, minlength=n_weights * n_weights
                )
        step = np.linalg.solve(bend.reshape(n_weights, n_weights) + pull * np.eye(n_weights), slope)
        # A whole step overshoots where what is seen is far from where we begin: then half of it, and half again.
        for _ in range(40):
            tried = weights + step
            reached = _likelihood(_odds(where, tried), answers) - pull / 2 * float(np.square(tried - first).sum())
            if reached >= best:
                weights, best = tried, reached
                break
            step = step / 2
        if np.abs(step).max() < 1e-4:
            break
    return weights


def _odds(where: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds of every kind of pair."""
    odds = np.zeros(len(where))
    for column in range(where.shape[1]):
        odds += weights[where[:, column]]
    return odds


def _likelihood(odds: NDArray[np.float64], answers: tuple[NDArray[np.float64], NDArray[np.float64]]) -> float:
    """The logarithm of how likely the answers are."""
    same, other = answers
    return -float((same * np.logaddexp(0, -odds) + other * np.logaddexp(0, odds)).sum())


def weigh_pairs(weights: Weights, levels: Mapping[str, Levels], id_points: Mapping[int, int]) -> NDArray[np.int64]:
    """The points of each pair: a sum of whole numbers."""
    points = np.full(len(levels["id"]), weights.base, dtype=np.int64)
    for name in AGAIN:
        if name not in levels:
            continue
        of_name = {level: value for (of, level), value in weights.points.items() if of == name}
        points += _by_level(of_name, levels[name])
    return points + _by_level(id_points, levels["id"])


def _by_level(points: Mapping[int, int], levels: Levels) -> NDArray[np.int64]:
    """The points of each pair's level; a level that nothing is known of is worth nothing."""
    table = np.zeros(1 + max(int(levels.max(initial=0)), *points, 0), dtype=np.int64)
    for level, value in points.items():
        table[level] = value
    return table[levels]
