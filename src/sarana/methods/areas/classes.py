"""The three classes of a map: limits taken from the rates of the run itself, where they lie apart."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

CLASSES = ("low", "mid", "high")
"""From the lowest rates to the highest."""


@dataclass(frozen=True, slots=True)
class MapClasses:
    """Which rates fall into which class; each limit is the smallest rate that belongs to the class."""

    mid_from: float | None
    high_from: float | None

    def of(self, rate: float | None) -> str:
        """`high`, `mid`, `low`, or `none` where there is no rate."""
        if rate is None:
            return "none"
        if self.high_from is not None and rate >= self.high_from:
            return "high"
        return "mid" if self.mid_from is not None and rate >= self.mid_from else "low"

    def reach(self, scored: int) -> dict[str, tuple[int, int]]:
        """For a number of scored people, the fewest and the most in the high band that each class can mean.

        A class that no number of people reaches is left out. Rates have one decimal, half up, as in `areas`.
        """
        starts = {"low": 0, "mid": _fewest(self.mid_from, scored), "high": _fewest(self.high_from, scored)}
        found, end = {}, scored
        for name in reversed(CLASSES):
            start = starts[name]
            if start is not None and start <= end:
                found[name] = (start, end)
                end = start - 1
        return found


def _fewest(limit: float | None, scored: int) -> int | None:
    """The fewest in the high band of whom the rate, rounded to one decimal, reaches a limit."""
    if limit is None:
        return None
    return max(0, -(-(2 * scored * round(10 * limit) - scored) // 20000))


def split_rates(rates: Iterable[float | None]) -> MapClasses:
    """Find the two limits that leave the least spread inside three classes.

    Args:
        rates: high band per 1,000 scored people with one decimal; None has no figure and takes no part.

    Returns:
        Limits that are rates of the run. Two different rates give `low` and `high`; one gives `mid`, since nothing
        can be compared; none gives no limit.

    Source: W. D. Fisher, On grouping for maximum homogeneity, JASA 53 (1958); exact here, by trying every pair.
    Cost: square in the number of different rates; 1,000 rates take 10 ms.
    """
    tenths = np.array(sorted(round(r * 10) for r in rates if r is not None), dtype=np.int64)
    values, counts = np.unique(tenths, return_counts=True)
    if len(values) == 0:
        return MapClasses(None, None)
    if len(values) == 1:
        return MapClasses(float(values[0]) / 10, None)
    if len(values) == 2:
        return MapClasses(None, float(values[1]) / 10)
    number = np.concatenate([[0], np.cumsum(counts)]).astype(np.float64)
    total = np.concatenate([[0], np.cumsum(values * counts)]).astype(np.float64)
    best, limits = -1.0, (1, 2)
    for first in range(1, len(values) - 1):
        seconds = np.arange(first + 1, len(values))
        # The sum of squares is fixed, so the least spread is where sum^2 / n over the classes is greatest.
        score = (
            total[first] ** 2 / number[first]
            + (total[seconds] - total[first]) ** 2 / (number[seconds] - number[first])
            + (total[-1] - total[seconds]) ** 2 / (number[-1] - number[seconds])
        )
        at = int(np.argmax(score))
        if score[at] > best:
            best, limits = float(score[at]), (first, int(seconds[at]))
    return MapClasses(float(values[limits[0]]) / 10, float(values[limits[1]]) / 10)
