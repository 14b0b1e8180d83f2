"""From pairs to people: rows that hold together as a whole, never two valid IDs in one person.

Most groups are plain: every pair in them is likely, and they carry one ID at most. The few others are built up
from their strongest pair, joining two groups only while all that is known between them speaks for it.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Rows a and b (from 0, a < b) and the points between them, ordered by a, b."""

_STRONGEST, _WEAKEST = 800, -600
"""Bounds of what one pair may count among others: no single pair decides alone for a whole group."""


@dataclass(slots=True)
class _Group:
    """Rows held to be one person so far, and the ID they carry."""

    rows: list[int]
    ids: set[int] = field(default_factory=set)


def cluster_rows(edges: Edges, ids: NDArray[np.int64], *, accept_points: int, unseen_points: int) -> NDArray[np.int64]:
    """Give each row the number of its person.

    Args:
        edges: every compared pair with its points.
        ids: shape (rows,); the number of the row's valid ID, 0 for none.
        accept_points: points above which a pair speaks for one person.
        unseen_points: what a pair counts that was never compared.

    Returns:
        Shape (rows,); the smallest row of the person, so that numbering does not depend on the way there.
    """
    a, b, points = edges
    likely = points > accept_points
    person = join_components(a[likely], b[likely], len(ids))
    tangled = _find_tangled(person, a[likely], b[likely], ids)
    inside = tangled[person[a]] & (person[a] == person[b])
    by_group: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for x, y, value in zip(a[inside].tolist(), b[inside].tolist(), points[inside].tolist(), strict=True):
        by_group[int(person[x])].append((x, y, value))
    for pairs in by_group.values():
        for group in _build_groups(pairs, ids, accept_points, unseen_points):
            person[group.rows] = min(group.rows)
    return person


def join_components(a: NDArray[np.int64], b: NDArray[np.int64], n_rows: int) -> NDArray[np.int64]:
    """The smallest row that each row can be reached from, along the given pairs."""
    root = np.arange(n_rows, dtype=np.int64)
    while True:
        low = np.minimum(root[a], root[b])
        before = root.copy()
        np.minimum.at(root, root[a], low)
        np.minimum.at(root, root[b], low)
        np.minimum.at(root, a, low)
        np.minimum.at(root, b, low)
        root = root[root]
        if np.array_equal(root, before):
            return root


def _find_tangled(
    person: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64], ids: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """By root row: whether its group lacks a pair, or carries two IDs."""
    size = np.bincount(person, minlength=len(ids))
    n_pairs = np.bincount(person[a], minlength=len(ids))
    shown = np.flatnonzero((ids > 0) & (size[person] > 1))
    lowest, highest = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.int64)
    lowest[person[shown]] = np.iinfo(np.int64).max
    np.minimum.at(lowest, person[shown], ids[shown])
    np.maximum.at(highest, person[shown], ids[shown])
    tangled: NDArray[np.bool_] = (n_pairs < size * (size - 1) // 2) | (lowest < highest)
    return tangled


def _build_groups(
    pairs: list[tuple[int, int, int]], ids: NDArray[np.int64], accept_points: int, unseen_points: int
) -> list[_Group]:
    """Join the strongest pair first; join two groups while their pairs on average, and their IDs, allow it."""
    between = {(x, y): min(_STRONGEST, max(_WEAKEST, value)) for x, y, value in pairs}
    group_of: dict[int, _Group] = {}
    for x, y, _ in pairs:
        for row in (x, y):
            if row not in group_of:
                group_of[row] = _Group([row], {int(ids[row])} - {0})
    for x, y, value in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if value <= accept_points:
            break
        left, right = group_of[x], group_of[y]
        if left is right or len(left.ids | right.ids) > 1:
            continue
        total = sum(between.get((min(p, q), max(p, q)), unseen_points) for p in left.rows for q in right.rows)
        if total <= accept_points * len(left.rows) * len(right.rows):
            continue
        left.rows += right.rows
        left.ids |= right.ids
        for row in right.rows:
            group_of[row] = left
    return list({id(group): group for group in group_of.values()}.values())
