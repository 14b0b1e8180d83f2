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


@dataclass(frozen=True, slots=True)
class Bound:
    """What people judged, without contradiction.

    Args:
        whole: shape (rows,); the smallest of the rows that are held together with the row.
        foes: two such smallest rows each that must never be one person.
        is_kept: of each judgement, whether it says *same* and holds.
    """

    whole: NDArray[np.int64]
    foes: tuple[NDArray[np.int64], NDArray[np.int64]]
    is_kept: NDArray[np.bool_]


@dataclass(slots=True)
class _Group:
    """Rows held to be one person so far, the ID they carry, and the rows that must stay apart from them."""

    rows: list[int]
    ids: set[int] = field(default_factory=set)
    foes: set[int] = field(default_factory=set)

    def may_join(self, other: "_Group") -> bool:
        """Whether nothing forbids that both are one person."""
        return len(self.ids | other.ids) <= 1 and self.foes.isdisjoint(other.rows)


def cluster_rows(
    edges: Edges, ids: NDArray[np.int64], *, accept_points: int, unseen_points: int, bound: Bound | None = None
) -> NDArray[np.int64]:
    """Give each row the number of its person.

    Args:
        edges: every compared pair with its points.
        ids: shape (rows,); the number of the row's valid ID, 0 for none.
        accept_points: points above which a pair speaks for one person.
        unseen_points: what a pair counts that was never compared.
        bound: what people judged: rows held together count as one row, of whose pairs the strongest speaks.

    Returns:
        Shape (rows,); the smallest row of the person, so that numbering does not depend on the way there.
    """
    if bound is not None:
        edges, ids = _as_one_row(edges, bound.whole), _highest(ids, bound.whole)
    a, b, points = edges
    likely = points > accept_points
    person = join_components(a[likely], b[likely], len(ids))
    tangled = _find_tangled(person, a[likely], b[likely], ids)
    foes = defaultdict[int, set[int]](set)
    if bound is not None:
        x, y = bound.foes
        tangled[person[x][person[x] == person[y]]] = True
        for one, other in zip(x.tolist(), y.tolist(), strict=True):
            foes[one].add(other)
            foes[other].add(one)
    inside = tangled[person[a]] & (person[a] == person[b])
    by_group: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for x, y, value in zip(a[inside].tolist(), b[inside].tolist(), points[inside].tolist(), strict=True):
        by_group[int(person[x])].append((x, y, value))
    for pairs in by_group.values():
        for group in _build_groups(pairs, (ids, foes), accept_points, unseen_points):
            person[group.rows] = min(group.rows)
    return person if bound is None else person[bound.whole]


def _as_one_row(edges: Edges, whole: NDArray[np.int64]) -> Edges:
    """The pairs between rows that are held together, as of their smallest; of several the strongest."""
    x, y, points = whole[edges[0]], whole[edges[1]], edges[2]
    key = np.minimum(x, y) << 32 | np.maximum(x, y)
    order = np.lexsort((-points, key))[: len(key)]
    order = order[(x != y)[order]]
    key, points = key[order], points[order]
    is_first = np.append(True, key[1:] != key[:-1])[: len(key)]
    return key[is_first] >> 32, key[is_first] & 0xFFFFFFFF, points[is_first]


def _highest(ids: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.int64]:
    """The one ID of rows that are held together, at the smallest of them."""
    found = np.zeros_like(ids)
    np.maximum.at(found, whole, ids)
    return found


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
    pairs: list[tuple[int, int, int]],
    apart: tuple[NDArray[np.int64], dict[int, set[int]]],
    accept_points: int,
    unseen_points: int,
) -> list[_Group]:
    """Join the strongest pair first; join two groups while their pairs on average, IDs and judgements allow it."""
    ids, foes = apart
    between = {(x, y): min(_STRONGEST, max(_WEAKEST, value)) for x, y, value in pairs}
    group_of: dict[int, _Group] = {}
    for x, y, _ in pairs:
        for row in (x, y):
            if row not in group_of:
                group_of[row] = _Group([row], {int(ids[row])} - {0}, set(foes.get(row, ())))
    for x, y, value in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if value <= accept_points:
            break
        left, right = group_of[x], group_of[y]
        if left is right or not left.may_join(right):
            continue
        total = sum(between.get((min(p, q), max(p, q)), unseen_points) for p in left.rows for q in right.rows)
        if total <= accept_points * len(left.rows) * len(right.rows):
            continue
        left.rows += right.rows
        left.ids |= right.ids
        left.foes |= right.foes
        for row in right.rows:
            group_of[row] = left
    return list({id(group): group for group in group_of.values()}.values())
