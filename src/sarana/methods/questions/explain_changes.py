"""The fewest answers that would have to be otherwise for an index to fall into another band."""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN, Weighed, weigh_scores
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import BANDS, Indicator

Kind = Literal["learn", "change", "both"]
KINDS: tuple[Kind, ...] = ("learn", "change", "both")
MOST_TRIED = 40_000
"""Up to so many combinations of as many answers are tried at once; beyond, the search says how far it came."""
MOST_TOLD = 3
"""So many equally small changes are told for each band; the others are counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """`n` of some indicators that count alike are answered otherwise: from one score (0: not known) to another."""

    n: int
    indicators: tuple[str, ...]
    was: int
    becomes: int


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest changes of one kind that lead to another band.

    Attributes:
        band: the band they lead to.
        kind: `learn`, only answers that are missing now become known; `change`, only known answers are otherwise;
            `both`, where neither alone leads there.
        n: how many answers; 0 where no change was found.
        ways: those with the fewest steps of score, three at most.
        n_more: how many more ways there are with as many answers.
        tried: every combination of up to so many answers was tried.
        is_all: nothing more could be tried: no change of this kind leads there at all.
    """

    band: str
    kind: Kind
    n: int
    ways: tuple[tuple[Step, ...], ...] = ()
    n_more: int = 0
    tried: int = 0
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class _Alike:
    """Indicators that count alike: their places in the set, their score now, and the scores their rules can give."""

    places: tuple[int, ...]
    was: int
    can_be: tuple[int, ...]


def find_changes(
    engine: Engine, risk: RiskSettings, scores: Mapping[str, int], band: str, fixed: frozenset[str]
) -> tuple[Change, ...]:
    """The smallest changes of answers that lead from one band to each other.

    Args:
        engine: where the rule of bands is asked.
        risk: the set, its weights and its banding.
        scores: of each indicator that applies to the person: 1 to 3, 0 not known.
        band: the band now.
        fixed: indicators that are left as they are, because they may not be spoken of.

    Returns:
        For each other band, in the order of the rule, the smallest changes of each kind; `both` only where neither of
        the others was found.

    Cost: 1 CPU second at most for a set of 28.
    """
    search = _Search(engine, risk, scores)
    targets = [name for name in risk.banding_rule().order if name != band]
    found: dict[tuple[str, Kind], Change] = {}
    for kind in KINDS:
        wanted = [
            name
            for name in targets
            if kind != "both" or not any(found[name, other].n for other in KINDS if other != "both")
        ]
        groups = [g for g in search.alike(fixed) if kind == "both" or (kind == "learn") == (g.was == UNKNOWN)]
        found |= {(change.band, kind): change for change in search.smallest(wanted, kind, groups)}
    return tuple(found[name, kind] for name in targets for kind in KINDS if (name, kind) in found)


class _Search:
    """Tries answers that are otherwise."""

    def __init__(self, engine: Engine, risk: RiskSettings, scores: Mapping[str, int]) -> None:
        self.engine = engine
        self.risk = risk
        self.indicators = risk.set.indicators
        self.now = np.array([scores.get(i.id, NOT_APPLICABLE) for i in self.indicators], np.int8)

    def alike(self, fixed: frozenset[str]) -> list[_Alike]:
        """The indicators that may be otherwise, those together that count alike."""
        groups: dict[tuple[int, str, int, tuple[int, ...]], list[int]] = {}
        for at, indicator in enumerate(self.indicators):
            was = int(self.now[at])
            can_be = tuple(score for score in _scores_of(indicator) if score != was)
            if was != NOT_APPLICABLE and can_be and indicator.id not in fixed:
                groups.setdefault((indicator.weight, indicator.sector, was, can_be), []).append(at)
        return [_Alike(tuple(places), key[2], key[3]) for key, places in groups.items()]

    def smallest(self, wanted: Sequence[str], kind: Kind, groups: Sequence[_Alike]) -> Iterator[Change]:
        """For each band that is wanted the smallest changes."""
        left, tried = set(wanted), 0
        n_places = sum(len(group.places) for group in groups)
        n_moves = sum(len(group.can_be) for group in groups)
        for n in range(1, n_places + 1):
            if not left or math.comb(n_moves + n - 1, n) > MOST_TRIED:
                break
            ways = list(_ways(groups, n))
            bands = self._bands(ways)
            tried = n
            for band in sorted(left & set(bands)):
                left.discard(band)
                yield self._told(band, kind, n, [way for way, got in zip(ways, bands, strict=True) if got == band])
        for band in left:
            yield Change(band, kind, 0, tried=tried, is_all=tried == n_places)

    def _told(self, band: str, kind: Kind, n: int, ways: Sequence["_Way"]) -> Change:
        """The ways with the fewest steps, in words of the set."""
        least = min(map(_size, ways))
        smallest = [way for way in ways if _size(way) == least]
        told = tuple(
            tuple(
                Step(times, tuple(self.indicators[at].id for at in group.places), group.was, to)
                for (group, to), times in way
            )
            for way in smallest[:MOST_TOLD]
        )
        return Change(band, kind, n, told, n_more=len(ways) - len(told), tried=n)

    def _bands(self, ways: Sequence["_Way"]) -> list[str]:
        """The band that each way leads to."""
        scores = np.tile(self.now, (len(ways), 1))
        for line, way in zip(scores, ways, strict=True):
            taken: Counter[_Alike] = Counter()
            for (group, to), times in way:
                start = taken[group]
                line[list(group.places[start : start + times])] = to
                taken[group] += times
        return bands_of(self.engine, self.risk, scores)


_Way = tuple[tuple[tuple[_Alike, int], int], ...]
"""Moves with how often each is made: indicators that count alike, and the score they get."""


def bands_of(engine: Engine, risk: RiskSettings, scores: NDArray[np.int8]) -> list[str]:
    """The band of each line of scores, by the rule of the run."""
    weighed = weighed_by(risk, scores)
    numbers = {f.name: pa.array(getattr(weighed, f.name), pa.int16()) for f in fields(Weighed)}
    engine.load("explained_ways", pa.table({"way": np.arange(len(scores)), **numbers}))
    rule = band_sql(risk.banding_rule(), risk.set.id)
    found = [str(band) for (band,) in engine.rows(f"SELECT {rule} FROM explained_ways ORDER BY way")]
    engine.run("DROP TABLE explained_ways")
    return [band for band in found if band in BANDS]


def weighed_by(risk: RiskSettings, scores: NDArray[np.int8]) -> Weighed:
    """The index of each line of scores with the set's weights and sectors."""
    names = sorted(risk.set.sectors)
    weights = np.array([indicator.weight for indicator in risk.set.indicators], np.int64)
    return weigh_scores(scores, weights, np.array([names.index(i.sector) for i in risk.set.indicators]))


def _scores_of(indicator: Indicator) -> tuple[int, ...]:
    return tuple(sorted(int(score) for score in indicator.score))


def _ways(groups: Sequence[_Alike], n: int) -> Iterator[_Way]:
    """Every way to make `n` moves, no group giving more than it has."""
    moves = [(group, to) for group in groups for to in group.can_be]
    for some in itertools.combinations_with_replacement(moves, n):
        of_group = Counter(group for group, _ in some)
        if all(times <= len(group.places) for group, times in of_group.items()):
            yield tuple(Counter(some).items())


def _size(way: _Way) -> int:
    """How many steps of score a way takes; an answer that is missing is taken to begin at 1."""
    return sum(times * abs(to - max(group.was, 1)) for (group, to), times in way)
