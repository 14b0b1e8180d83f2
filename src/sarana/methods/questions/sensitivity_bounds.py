"""Between which ends an area's rate may lie, said so coarsely that the ends tell of no few people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.placed import Places
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.questions.ranks import Counts, Tally

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ends:
    """Lowest and highest rate per 1,000 by area of each level; shape (areas of the level,) each."""

    low: dict[str, Numbers]
    high: dict[str, Numbers]


def ends_of(
    places: Places, now: Tally, others: Sequence[Tally], rule: DisclosureSettings, whole: dict[str, Counts]
) -> Ends:
    """The lowest and highest rate among what is now and what might be.

    The distance from the count that is published to each end is rounded up to the next whole step of one more than the
    threshold, so that it may stand for any of that many counts; and the ends of a district are the sums of those of its
    parts, so that they tell nothing that the parts do not.

    Args:
        places: which subdistrict lies in which district.
        now: the counts that are published.
        others: what might be.
        rule: the threshold.
        whole: level by level the people that the rates are of.
    """
    parts = {name: _with_rests(places, level) for name, level in (("now", now.red), ("whole", whole))}
    others_red = [_with_rests(places, _scaled(other, whole)) for other in others]
    low = np.min([parts["now"], *others_red], axis=0)
    high = np.max([parts["now"], *others_red], axis=0)
    step, is_any = rule.threshold + 1, parts["whole"] > 0
    left = np.where(is_any, (np.floor((parts["now"] - low) / step) + 1) * step, 0)
    right = np.where(is_any, (np.floor((high - parts["now"]) / step) + 1) * step, 0)
    n_low = len(places.codes["subdistrict"])
    found = Ends({}, {})
    for level, reach in (
        ("subdistrict", lambda size: size[:n_low]),
        ("district", lambda size: _summed(places, size)),
    ):
        n = np.maximum(whole[level], 1)
        found.low[level] = np.floor(10_000 * np.clip((now.red[level] - reach(left)) / n, 0, 1)) / 10
        found.high[level] = np.ceil(10_000 * np.clip((now.red[level] + reach(right)) / n, 0, 1)) / 10
    return found


def _scaled(tally: Tally, whole: dict[str, Counts]) -> dict[str, Numbers]:
    """The people in the highest band if a rate held among so many people."""
    return {level: tally.red[level] / np.maximum(tally.scored[level], 1) * whole[level] for level in tally.red}


def _with_rests(places: Places, of: dict[str, Counts] | dict[str, Numbers]) -> Numbers:
    """Counts of subdistricts, and after them those of each district's people whose subdistrict is not known."""
    low, high = of["subdistrict"].astype(np.float64), of["district"].astype(np.float64)
    inside = np.bincount(places.above, low, minlength=len(high))
    return np.concatenate([low, np.maximum(high - inside, 0)])


def _summed(places: Places, size: Numbers) -> Numbers:
    """The sizes of parts and rests summed by district."""
    n_low = len(places.codes["subdistrict"])
    inside: Numbers = np.bincount(places.above, size[:n_low], minlength=len(size) - n_low) + size[n_low:]
    return inside
