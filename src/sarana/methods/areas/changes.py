"""Whether a published rate rose or fell between two years, by more than chance and rounding explain."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 3
"""All scored people are a sum of three counts, each rounded by itself."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate.

    Args:
        n_red, n_scored: people in the highest band, of those scored.
        low, high: the 95 % ends per 1,000.
        off_by: by how many people each count may be off, for it was rounded; 0 where it is exact.
        published: the rate as its table writes it; None: that of the counts.
    """

    n_red: int
    n_scored: int
    low: float
    high: float
    off_by: int = 0
    published: float | None = None

    @property
    def rate(self) -> float:
        """People in the highest band per 1,000 scored, as it was published."""
        if self.published is not None:
            return self.published
        return 1000 * self.n_red / self.n_scored if self.n_scored else 0.0

    @property
    def off(self) -> float:
        """By how much rounding may have moved the rate, per 1,000."""
        return _off(self.n_red, self.n_scored, self.off_by)


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a rate rose, and whether more than chance and rounding say so."""

    rise: float
    is_clear: bool


def change_between(before: Rate, now: Rate) -> Change:
    """The change of a rate between two tables; clear where the intervals, widened by rounding, lie apart.

    Many people are the same in both years, so that chance alone moves the change less than this allows for: what is
    called clear is so.
    """
    is_higher = now.low - now.off > before.high + before.off
    is_lower = now.high + now.off < before.low - before.off
    return Change(_told(now.rate - before.rate), is_higher or is_lower)


@dataclass(frozen=True, slots=True)
class Beside:
    """Some areas beside all others: rates before and after, and by how much more they rose.

    Args:
        n_chosen, n_others: of how many areas.
        before, after, before_others, after_others: rates per 1,000 of all their people.
        more: by how much more the rate of the chosen ones rose; below 0: less.
        low, high: its 95 % ends, widened by rounding.
    """

    n_chosen: int
    n_others: int
    before: float
    after: float
    before_others: float
    after_others: float
    more: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether chance and rounding do not explain it."""
        return self.low > 0 or self.high < 0


def set_beside(chosen: Sequence[tuple[Rate, Rate]], others: Sequence[tuple[Rate, Rate]]) -> Beside | None:
    """Hold the change of some areas against that of all others; None where either is empty.

    Args:
        chosen: for each of them its rate before and now.
        others: the same of all others.

    Source: a difference of differences with binomial variances; the years are taken to be independent, which they are
    not: people who stay make the true interval narrower.
    """
    sums = [_sum([pair[at] for pair in pairs]) for pairs in (chosen, others) for at in (0, 1)]
    if not chosen or not others or not all(one.n_scored for one in sums):
        return None
    shares = [one.n_red / one.n_scored for one in sums]
    more = 1000 * (shares[1] - shares[0] - shares[3] + shares[2])
    chance = sum(share * (1 - share) / one.n_scored for share, one in zip(shares, sums, strict=True))
    wide = 1000 * 1.959964 * math.sqrt(chance) + sum(one.off for one in sums)
    before, after, before_others, after_others = (_told(one.rate) for one in sums)
    return Beside(
        n_chosen=len(chosen),
        n_others=len(others),
        before=before,
        after=after,
        before_others=before_others,
        after_others=after_others,
        more=_told(more),
        low=_told(more - wide),
        high=_told(more + wide),
    )


def _sum(rates: Sequence[Rate]) -> Rate:
    """All their people together."""
    red, scored = sum(one.n_red for one in rates), sum(one.n_scored for one in rates)
    return Rate(red, scored, 0.0, 0.0, sum(one.off_by for one in rates))


def _off(red: int, scored: int, off_by: int) -> float:
    """The farthest a rate may lie from the true one: red off one way, all scored the other."""
    if not off_by or not scored:
        return 0.0
    least = scored - WHOLE * off_by
    if least <= 0:
        return 1000.0
    return 1000 * max((red + off_by) / least - red / scored, red / scored - (red - off_by) / (scored + WHOLE * off_by))


def _told(rate: float) -> float:
    """As it is written, without a minus before nought."""
    return round(rate, 1) + 0.0
