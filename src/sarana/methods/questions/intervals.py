"""Intervals of shares: exact where trials are few and a verdict hangs on them, Wilson's where they are many."""

import math

import numpy as np

STEPS = 60
"""Halvings of the interval from 0 to 1: more than a float can tell apart."""


def exact_interval(part: int, whole: int, error: float = 0.05) -> tuple[float, float]:
    """The two-sided interval of a share that holds it with at least 1 - error, whatever the share is.

    Args:
        part: successes, 0 to whole.
        whole: trials; with none the interval is 0 to 1.
        error: how often it may miss, 0 to 1, half of it on each side.

    Source: C. J. Clopper and E. S. Pearson 1934, Biometrika 26, 404-413.
    """
    if not whole:
        return 0.0, 1.0
    low = 0.0 if part == 0 else _solve(whole, part, error / 2)
    high = 1.0 if part == whole else 1.0 - _solve(whole, whole - part, error / 2)
    return low, high


def score_interval(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share among many, as the maps have it; 0 to 1 with no trial.

    Source: E. B. Wilson 1927, Journal of the American Statistical Association 22, 209-212.
    """
    if not whole:
        return 0.0, 1.0
    z2, p = 3.8414588206941254, part / whole
    root = math.sqrt(z2 * (p * (1 - p) / whole + z2 / (4 * whole * whole)))
    middle, width = p + z2 / (2 * whole), 1 + z2 / whole
    return max(0.0, (middle - root) / width), min(1.0, (middle + root) / width)


def _solve(whole: int, part: int, tail: float) -> float:
    """The share at which `part` or more of `whole` come about with the probability `tail`."""
    at = np.arange(1, part)
    ways = np.concatenate([[0.0], np.cumsum(np.log((whole - at + 1) / at))])
    below = np.arange(part)
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        share = (low + high) / 2
        if share in (0.0, 1.0):
            break
        fewer = float(np.exp(ways + below * math.log(share) + (whole - below) * math.log1p(-share)).sum())
        low, high = (share, high) if 1 - fewer < tail else (low, share)
    return (low + high) / 2
