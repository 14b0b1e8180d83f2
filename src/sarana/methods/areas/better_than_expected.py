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
    far = student(1 - LEVEL / (2 * n), n - 1 - design.shape[1])
    left_out = np.vstack([1 - np.eye(n), np.ones(n)])
    *lines, whole = _fit(share, noise, design, left_out)
    rate = np.array([max(0.0, float(design[at] @ line.beta)) for at, line in enumerate(lines)])
    width = np.array(
        [
            far * math.sqrt(line.tau2 + noise[at] + design[at] @ line.covariance @ design[at])
            for at, line in enumerate(lines)
        ]
    )
    below = rate - share
    beta, covariance = np.zeros(1 + len(spread)), np.zeros((1 + len(spread), 1 + len(spread)))
    used = np.flatnonzero(np.append(True, spread > 0))
    beta[used], covariance[np.ix_(used, used)] = whole.beta, whole.covariance
    return Line(beta, covariance, whole.tau2), Expected(rate, below, below - width, below + width)


def _fit(share: Numbers, noise: Numbers, design: Numbers, counted: Numbers) -> list[Line]:
    """Several lines, each with the spread between areas that makes the weighted squares as large as they should be.

    Args:
        share: shape (areas,).
        noise: shape (areas,), the variance of small numbers.
        design: shape (areas, coefficients).
        counted: shape (lines, areas), 1 where a line is fitted to the area, 0 where it is left out.

    Cost: all lines are halved together, a tenth of what one after the other would cost.
    """
    n = counted.sum(axis=1)
    wanted = n - design.shape[1]
    mean = counted @ share / n
    high = (counted * np.square(share - mean[:, np.newaxis])).sum(axis=1) / n + 1e-12
    low = np.zeros(len(counted))
    high[_squares(share, noise, design, counted, low) <= wanted] = 0.0
    for _ in range(_STEPS if high.any() else 0):
        middle = (low + high) / 2
        is_short = _squares(share, noise, design, counted, middle) > wanted
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    tau2 = (low + high) / 2
    beta, covariance = _weighted(share, counted / (tau2[:, np.newaxis] + noise), design)
    return [Line(b, c, float(t)) for b, c, t in zip(beta, covariance, tau2, strict=True)]


def _squares(share: Numbers, noise: Numbers, design: Numbers, counted: Numbers, tau2: Numbers) -> Numbers:
    """The weighted squares that each line leaves."""
    weights = counted / (tau2[:, np.newaxis] + noise)
    beta, _ = _weighted(share, weights, design)
    squares: Numbers = (weights * np.square(share - beta @ design.T)).sum(axis=1)
    return squares


def _weighted(share: Numbers, weights: Numbers, design: Numbers) -> tuple[Numbers, Numbers]:
    """For each line its coefficients and their covariance."""
    width = design.shape[1]
    products = (design[:, :, np.newaxis] * design[:, np.newaxis, :]).reshape(len(design), width * width)
    covariance = np.linalg.pinv((weights @ products).reshape(-1, width, width))
    beta: Numbers = (covariance @ (weights @ (design * share[:, np.newaxis]))[:, :, np.newaxis])[:, :, 0]
    return beta, covariance


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
