"""Who else fits: how far a pair stands out from the other pairs of its rows in the same two registers.

A register knows a person once, as a rule. So a pair that is the only likely one for both its rows is more likely than
its names and dates alone would say, and a pair beside which another person of that register fits as well is less so.
"""

import numpy as np

from sarana.methods.linkage.blocks import Numbers
from sarana.methods.linkage.comparing import Compared
from sarana.methods.linkage.rows import Levels, Rows

_EDGES = np.array([-300, -100, 0, 100, 200, 350, 500, 800])
"""Points by which a pair is ahead of its strongest rival, from which the next level holds; below the first 1."""

_NOBODY = 10
"""The level of a pair without any rival."""

_LEAST = -900
"""Points from which a pair is anybody's rival."""

_NONE = -100_000

_SPAN = 1 << 20
"""More than points are apart."""


def rival_levels(rows: Rows, compared: Compared, points: Numbers, person: Numbers, asked: Numbers) -> Levels:
    """How far each pair is ahead of the other persons of the other row's register, for either row.

    Args:
        rows: the rows.
        compared: the pairs.
        points: their points.
        person: shape (rows,), the person of each row so far: two rows of one person are no rivals.
        asked: places of the pairs that are asked of; all others have level 0.
    """
    counts = np.flatnonzero(points > _LEAST)
    strongest = np.full(len(points), _NONE, dtype=np.int64)
    strongest[counts] = _strongest_rival(rows, person, compared.a[counts], compared.b[counts], points[counts])
    ahead = points[asked] - strongest[asked]
    level = np.zeros(len(points), dtype=np.int16)
    level[asked] = np.where(strongest[asked] <= _LEAST, _NOBODY, np.searchsorted(_EDGES, ahead, side="right") + 1)
    return level


def _strongest_rival(rows: Rows, person: Numbers, a: Numbers, b: Numbers, points: Numbers) -> Numbers:
    """For each pair: the most points that either row has with another person of the register of the other row."""
    n = len(a)
    if not n:
        return np.empty(0, dtype=np.int64)
    row, other, points = np.append(a, b), np.append(b, a), np.append(points, points)
    register = row * (int(rows.place.max()) + 1) + rows.place[other]
    # Of two that are equal either may come first: each is the other's rival with as many points.
    order = np.argsort(register * _SPAN - points)
    register, points, whose = register[order], points[order], person[other[order]]
    is_first = np.append(True, register[1:] != register[:-1])
    begins, group = np.flatnonzero(is_first), np.cumsum(is_first) - 1
    is_best = whose == whose[begins][group]
    places = np.where(is_best, len(points), np.arange(len(points)))
    second = np.append(points, _NONE)[np.minimum.reduceat(places, begins)]
    rival = np.empty(len(points), dtype=np.int64)
    rival[order] = np.where(is_best, second[group], points[begins][group])
    return np.maximum(rival[:n], rival[n:])
