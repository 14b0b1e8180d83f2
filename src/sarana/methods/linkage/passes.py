"""Pairs found, compared, weighed, and weighed again by what the first time showed.

1. Weights are learnt, and every pair is compared and weighed; what is hopeless is dropped, so that memory is that of
   the pairs that may matter.
2. An ID on two rows that are not one person proves nothing: both rows are open from then on, and meet others by keys.
3. Of rows that hold together in a group, those that no key brought together are compared too.
4. All are weighed again, with one comparison more: who else fits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Pairs, Truths, are_among, block_pairs, open_pairs
from sarana.methods.linkage.clusters import cluster_rows, join_components
from sarana.methods.linkage.comparing import AGAIN, COMPARISONS, RIVALS, Compared, compare_pairs, lend_teaching, teach
from sarana.methods.linkage.heard import hear_rows, name_rarities, texts_of
from sarana.methods.linkage.model import Model
from sarana.methods.linkage.names_alike import Ear
from sarana.methods.linkage.rivals import rival_levels
from sarana.methods.linkage.rows import Rows
from sarana.methods.linkage.settings import LinkSettings, points_of
from sarana.methods.linkage.weights import Weights, learn_weights, shipped_weights, weigh_pairs

FLOOR = -700
"""Points under which nothing that is learnt later makes one person of a pair."""

_SLICE = 1 << 22
"""Pairs that are looked through together."""

_LARGEST = 12
"""Most rows of a group whose pairs are all compared."""


EFFORT = ("pairs_compared", "pairs_kept", "pairs_within_groups", "pairs_by_")
"""What the counts begin with that tell how linkage went about it, not what came of it: where rows teach there is more
to do.
"""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of the pairs.

    Args:
        rows: the rows, some IDs of which may be doubted.
        compared: the pairs that may matter, with what is said of them.
        points: their points.
        weights: of the first time, and of the second.
        ear: what names were compared by.
        counts: how many pairs each key found, and what the passes did.
    """

    rows: Rows
    compared: Compared
    points: Numbers
    weights: tuple[Weights, Weights]
    ear: Ear
    counts: Mapping[str, int]

    def texts(self) -> Mapping[str, pa.Array]:
        """By kind of name: the keys and sounds whose rarity counted."""
        return texts_of(self.rows, self.ear.heard)


def weigh_rows(engine: Engine, rows: Rows, settings: LinkSettings, model: Model | None) -> Weighed:
    """Find and weigh the pairs of rows; by a model where one is given, else by what the rows teach.

    Cost: 20 CPU seconds and 600 MiB for 2.3 million rows.
    """
    heard = hear_rows(engine, rows)
    ear = Ear.of(engine, rows, heard, name_rarities(rows, heard) if model is None else model.rarities(rows, heard))
    pairs, found = block_pairs(rows, settings, threads=engine.threads)
    first = _teach(rows, ear, pairs) if model is None else model.first
    compared = compare_pairs(rows, ear, pairs, lambda part: _may_matter(part, first, settings))
    n_compared = len(pairs)
    del pairs
    rows, compared, n_more = _doubt(rows, ear, compared, first, settings)
    n_doubted = int(np.count_nonzero(rows.is_doubted))
    compared, n_closed = _close(rows, ear, compared, first, settings)
    points = score_pairs(compared, first, settings)
    so_far = _SoFar(rows, compared, points, _persons(rows, compared, points, settings))
    again = _teach_again(ear, so_far, first) if model is None else model.again
    compared, points = _weigh_again(so_far, again, settings)
    told = {"pairs_compared": n_compared + n_more + n_closed, "pairs_kept": len(points)}
    counts = {**told, "rows_of_doubted_ids": n_doubted, "pairs_within_groups": n_closed, **_named(found)}
    return Weighed(rows, compared, points, (first, again), ear, counts)


def score_pairs(compared: Compared, weights: Weights, settings: LinkSettings) -> Numbers:
    """The points of the compared pairs; unlike valid IDs end all doubt."""
    far, near = settings.far_id_points, settings.near_id_points
    return weigh_pairs(weights, compared.levels, {1: settings.same_id_points, 2: near, 3: far, 4: -100_000, 5: far})


def _teach(rows: Rows, ear: Ear, pairs: Pairs) -> Weights:
    """The weights that the pairs with a known answer teach: first all of them, then those that are not hopeless.

    Keys find far more hopeless pairs than others; alone they would say what a key asks of both rows, not what tells
    one person from two.
    """
    teaching = compare_pairs(rows, ear, Pairs.of([part.key[teach(rows, part)] for part in pairs.slices(_SLICE)]))
    weights = _learn(ear.engine, teaching, shipped_weights(), COMPARISONS)
    at = np.flatnonzero(_without_id(teaching, weights) > FLOOR)
    return _learn(ear.engine, teaching.only(at), weights, COMPARISONS)


def _learn(engine: Engine, teaching: Compared, start: Weights, comparisons: Sequence[str]) -> Weights:
    lend_teaching(engine, teaching)
    weights = learn_weights(engine, start, comparisons)
    engine.give_back("lk_teaching")
    return weights


def _may_matter(compared: Compared, weights: Weights, settings: LinkSettings) -> Truths:
    """Which pairs are not hopeless, with the ID or, where they teach, without; and all pairs of one ID."""
    points = np.where(compared.teaches, _without_id(compared, weights), score_pairs(compared, weights, settings))
    kept: Truths = (points > FLOOR) | (compared.levels["id"] == 1)
    return kept


def _without_id(compared: Compared, weights: Weights) -> Numbers:
    return weigh_pairs(weights, compared.levels, {})


def _doubt(
    rows: Rows, ear: Ear, compared: Compared, weights: Weights, settings: LinkSettings
) -> tuple[Rows, Compared, int]:
    """Open the rows of IDs that prove nothing, and compare what they meet: the rows, the pairs, how many are new."""
    one_id = (compared.levels["id"] == 1) & rows.has_id[compared.a] & rows.has_id[compared.b]
    at = np.flatnonzero(one_id & (score_pairs(compared, weights, settings) <= points_of(settings.doubt)))
    is_doubted = np.zeros(len(rows), dtype=np.bool_)
    is_doubted[compared.a[at]] = True
    is_doubted[compared.b[at]] = True
    if not len(at):
        return rows, compared, 0
    rows = rows.doubting(is_doubted)
    found = open_pairs(rows, is_doubted, settings, threads=ear.engine.threads)
    known = compared.key[is_doubted[compared.a] | is_doubted[compared.b]]
    pairs = Pairs.of([found.key, known])
    more = compare_pairs(rows, ear, pairs, lambda part: _may_matter(part, weights, settings))
    return rows, compared.joined_by(more), len(pairs) - len(known)


def _close(rows: Rows, ear: Ear, compared: Compared, weights: Weights, settings: LinkSettings) -> tuple[Compared, int]:
    """Compare the pairs of every small group that no key brought together; the pairs, and how many are new."""
    likely = score_pairs(compared, weights, settings) > points_of(settings.likely)
    group = join_components(compared.a[likely], compared.b[likely], len(rows))
    size = np.bincount(group, minlength=len(rows))[group]
    at = np.flatnonzero((size > 2) & (size <= _LARGEST))
    at = at[np.argsort(group[at], kind="stable")]
    parts = []
    for apart in range(1, _LARGEST):
        x, y = at[:-apart], at[apart:]
        is_one = group[x] == group[y]
        parts.append(x[is_one] << 32 | y[is_one])
    pairs = Pairs.of(parts)
    a, b = pairs.a, pairs.b
    is_new = ~(rows.has_id[a] & rows.has_id[b] & (rows.id[a] != rows.id[b])) & ~are_among(pairs.key, compared.key)
    if not is_new.any():
        return compared, 0
    more = compare_pairs(rows, ear, pairs.only(is_new))
    # No key brought them together: they are not what open rows meet, and teach nothing.
    more = replace(more, teaches=np.zeros(len(more.a), dtype=np.bool_))
    return compared.joined_by(more), len(more.a)


@dataclass(frozen=True, slots=True)
class _SoFar:
    """What the first weighing tells: the pairs with their points, and the person of each row."""

    rows: Rows
    compared: Compared
    points: Numbers
    person: Numbers


def _persons(rows: Rows, compared: Compared, points: Numbers, settings: LinkSettings) -> Numbers:
    """The person of each row as far as points tell."""
    at = np.flatnonzero(points > FLOOR)
    return cluster_rows(
        (compared.a[at], compared.b[at], points[at]),
        np.where(rows.has_id, rows.id, 0),
        accept_points=points_of(settings.likely),
        unseen_points=settings.unseen_points,
    )


def _teach_again(ear: Ear, so_far: _SoFar, first: Weights) -> Weights:
    """The weights that the pairs with a known answer teach when it counts who else fits."""
    compared = so_far.compared
    hidden = np.where(compared.teaches, _without_id(compared, first), so_far.points)
    at = np.flatnonzero(compared.teaches & (hidden > FLOOR))
    level = rival_levels(so_far.rows, compared, hidden, so_far.person, at)
    return _learn(ear.engine, compared.saying(RIVALS, level).only(at), shipped_weights("again"), AGAIN)


def _weigh_again(so_far: _SoFar, again: Weights, settings: LinkSettings) -> tuple[Compared, Numbers]:
    """The pairs with who else fits, and their points."""
    asked = np.flatnonzero(so_far.points > FLOOR)
    level = rival_levels(so_far.rows, so_far.compared, so_far.points, so_far.person, asked)
    compared = so_far.compared.saying(RIVALS, level)
    points = so_far.points.copy()
    points[asked] = score_pairs(compared, again, settings)[asked]
    return compared, points


def _named(found: Mapping[str, int]) -> dict[str, int]:
    return {f"pairs_by_{name.replace(', ', '_').replace(' ', '_')}": n for name, n in found.items()}
