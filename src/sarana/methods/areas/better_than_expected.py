"""Which areas have a lower rate than their circumstances predict: a plain weighted regression.

The rate of an area is taken to lie around a straight line of its circumstances, with a spread between areas (tau) and
the chance of small numbers: variance = tau^2 + p (1 - p) / n. Areas count by the inverse of that variance, and each is
left out of the line that predicts it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVEL = 0.05
"""The chance of even one wrong claim among all areas, if nothing but the circumstances mattered."""

SPARE = 10
"""How many more areas than coefficients there must be at least."""

_STEPS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line: its coefficients, their covariance, and the variance between areas."""

    beta: Numbers
    covariance: Numbers
    tau2: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What the circumstances of each area predict, by a line fitted to all other areas; shape (areas,) each.

    Args:
        rate: predicted share.
        below: predicted minus observed; above 0 where the area does better.
        low, high: the ends of `below`, wide enough for all areas together.
    """

    rate: Numbers
    below: Numbers
    low: Numbers
    high: Numbers


def expect_rates(red: Numbers, scored: Numbers, circumstances: Numbers) -> tuple[Line, Expected] | None:
    """Predict the share of each area from its circumstances and the other areas.

    Args:
        red: shape (areas,), people in the highest band.
        scored: shape (areas,), people scored, at least 1.
        circumstances: shape (areas, circumstances), numbers of any unit; those equal everywhere are of no use.

    Returns:
        The line of all areas, with circumstances in standard deviations from their mean, and what it predicts; None
        where there are fewer than ten areas more than coefficients.

    Source: R. C. Paule and J. Mandel 1982, Journal of Research of the NBS 87, 377-385, for the spread between areas;
    ends after Bonferroni, on Student's t.
    """
    n = len(red)
    if n < 1 + SPARE:
        return None
    spread = circumstances.std(axis=0)
    scaled = (circumstances - circumstances.mean(axis=0)) / np.where(spread > 0, spread, 1)
    design = np.column_stack([np.ones(n), scaled[:, spread > 0]])
    if n < design.shape[1] + SPARE:
        return None
    share, chance = red / scored, red.sum() / scored.sum()
    noise = chance * (1 - chance) / scored
    rate, width = np.zeros(n), np.zeros(n)
    far = student(1 - LEVEL / (2 * n), n - 1 - design.shape[1])
    for at in range(n):
        others = np.arange(n) != at
        line = _fit(share[others], noise[others], design[others])
        rate[at] = max(0.0, float(design[at] @ line.beta))
        width[at] = far * math.sqrt(line.tau2 + noise[at] + design[at] @ line.covariance @ design[at])
    below = rate - share
    whole = _fit(share, noise, design)
    beta, covariance = np.zeros(1 + len(spread)), np.zeros((1 + len(spread), 1 + len(spread)))
    used = np.flatnonzero(np.append(True, spread > 0))
    beta[used], covariance[np.ix_(used, used)] = whole.beta, whole.covariance
    return Line(beta, covariance, whole.tau2), Expected(rate, below, below - width, below + width)


def _fit(share: Numbers, noise: Numbers, design: Numbers) -> Line:
    """The line, with the spread between areas that makes the weighted squares as large as they should be."""
    wanted = len(share) - design.shape[1]
    low, high = 0.0, float(share.var()) + 1e-12
    if _squares(share, noise, design, 0.0) <= wanted:
        high = 0.0
    for _ in range(_STEPS if high else 0):
        middle = (low + high) / 2
        if _squares(share, noise, design, middle) > wanted:
            low = middle
        else:
            high = middle
    tau2 = (low + high) / 2
    beta, covariance = _weighted(share, 1 / (tau2 + noise), design)
    return Line(beta, covariance, tau2)


def _squares(share: Numbers, noise: Numbers, design: Numbers, tau2: float) -> float:
    weights = 1 / (tau2 + noise)
    beta, _ = _weighted(share, weights, design)
    return float(weights @ (share - design @ beta) ** 2)


def _weighted(share: Numbers, weights: Numbers, design: Numbers) -> tuple[Numbers, Numbers]:
    covariance = np.linalg.pinv(design.T @ (weights[:, np.newaxis] * design))
    return covariance @ (design.T @ (weights * share)), covariance


def student(p: float, freedom: int) -> float:
    """The point below which Student's t lies with chance p.

    Source: M. Abramowitz and I. Stegun 1964, 26.7.5; right to three figures from 10 degrees of freedom on.
    """
    z = NormalDist().inv_cdf(p)
    terms: Sequence[float] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(z + sum(term / float(freedom) ** (power + 1) for power, term in enumerate(terms)))
