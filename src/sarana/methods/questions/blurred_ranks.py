"""Which districts change rank under another set, told to whoever chooses the set: only what noise could not have made.

A rank can turn on one person. So all that is known here of people under the second set are two counts of each district
that carry noise of their own; ranks with the first set are those of the table that is out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.changes import Rate
from sarana.methods.questions.blurred import Blur
from sarana.methods.questions.ranks import Counts, Published, Tally, rank

Rates = NDArray[np.float64]

SCALE_RED, SCALE_SCORED = 8, 60
"""How wide the noise lies of people in the highest band, and of those scored; the latter hardly moves a rate.

One person stands in one district, in both counts: no answer becomes likelier than by e^(1/8 + 1/60), and the ways from
band to band beside it add e^(2/20).
"""

LEAST_SCORED = 10 * SCALE_SCORED
"""Of districts with fewer scored people, as heard, nothing is told; they are left out of the ranks of all others."""

SURE = 0.98
"""How likely a rise or fall has to be before it is told; the ranks that are told beside it leave out as much."""

DRAWS = 2000
SEED = 57


@dataclass(frozen=True, slots=True)
class AreaMove:
    """A published area that changes rank by rate: 1 is the highest.

    Args:
        rank_before: with the first set.
        rank_after: with the second; where noise is mixed in, the best that it is likely to be.
        rank_until: the worst that it is likely to be; None where `rank_after` is exact.
    """

    level: str
    code: str
    name: str
    rank_before: int
    rank_after: int
    rank_until: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is known of districts under the second set.

    Args:
        red: shape (areas,), people in the highest band, with noise of `SCALE_RED`.
        scored: shape (areas,), scored people, with noise of `SCALE_SCORED`.
    """

    red: Counts
    scored: Counts

    @property
    def are_ranked(self) -> NDArray[np.bool_]:
        """Of which of them enough people are scored."""
        return self.scored >= LEAST_SCORED


def hear(published: Published, after: Tally, blur: Blur) -> Heard:
    """The counts of published areas under the second set, with noise; only these two go on."""
    level = published.level

    def moved(what: str, counts: Counts, scale: int) -> Counts:
        named = zip(published.code, counts[published.at].tolist(), strict=True)
        return np.array([blur.moved(f"{what} in {code}", n, scale) for code, n in named], np.int64)

    return Heard(
        moved("red", after.red[level], SCALE_RED),
        moved("scored", after.scored[level], SCALE_SCORED),
    )


def clear_moves(published: Published, heard: Heard, off_by: int = 0) -> list[AreaMove]:
    """The areas that surely rise or fall among the others, by the rank that they had.

    A draft moves most areas by about as much as the whole; how far single ones go beyond that is learnt from all of
    them, less what noise alone would do. What is heard of one area counts the less, the more of it may be noise.

    Args:
        published: the areas as the table has them that is out.
        heard: what is known of them under the second set.
        off_by: by how many people each count of that table may be off, for it was rounded; 0 where it is exact.

    Source: shrinkage by an empirical prior (Efron and Morris 1973), ranks by simulation; decision 57 measures it.
    """
    kept = np.flatnonzero(heard.are_ranked)
    if len(kept) < 2:
        return []
    first = rank(published.n_red[kept], published.n_scored[kept])
    before, off = published.n_red[kept] / np.maximum(published.n_scored[kept], 1), _off(published, off_by)[kept]
    highest, lowest = _ends(np.round(before, 12), off)
    middle, sd = _likely(before, heard.red[kept], heard.scored[kept])
    drawn = middle + sd * np.random.default_rng(SEED).standard_normal((DRAWS, len(kept)))
    ranks = 1 + np.argsort(np.argsort(-drawn, axis=1), axis=1)
    rises, falls = (ranks < highest).mean(axis=0) >= SURE, (ranks > lowest).mean(axis=0) >= SURE
    best, worst = np.quantile(ranks, (1 - SURE, SURE), axis=0, method="nearest").astype(np.int64)
    return [
        AreaMove(published.level, published.code[at], published.name[at], int(first[k]), int(best[k]), int(worst[k]))
        for k, at in enumerate(kept)
        if rises[k] or falls[k]
    ]


def _likely(before: Rates, red: Counts, scored: Counts) -> tuple[Rates, Rates]:
    """The likely rate of each area under the second set, and how unsure it is: shape (areas,) each, 0 to 1."""
    rate = red / scored
    noise = 2 * np.square(np.hypot(SCALE_RED, SCALE_SCORED * rate) / scored)
    usual = before * (rate @ scored) / max(float(before @ scored), 1e-9)
    beyond = rate - usual
    spread = max(0.0, float(np.average(np.square(beyond) - noise, weights=1 / noise)))
    share = spread / (spread + noise)
    return usual + share * beyond, np.sqrt(share * noise)


def _ends(rate: Rates, off: Rates) -> tuple[Counts, Counts]:
    """The best and the worst rank that each area may have, where each rate may be off by so much."""
    higher = rate[:, None] - rate[None, :] > off[:, None] + off[None, :]
    return 1 + higher.sum(axis=0), len(rate) - higher.sum(axis=1)


def _off(published: Published, off_by: int) -> Rates:
    """By how much rounding may have moved each rate, 0 to 1."""
    counts = zip(published.n_red.tolist(), published.n_scored.tolist(), strict=True)
    return np.array([Rate(red, scored, 0, 0, off_by).off / 1000 for red, scored in counts], np.float64)
