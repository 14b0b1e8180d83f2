"""Ranks the people who were found by what agrees of each one's own names, and says why."""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sarana.methods.search.entry import KINDS, MOST_YEARS, Birth, Match, Reason
from sarana.methods.search.near import Near
from sarana.methods.search.tables import Known

LEAST = 0.40
"""People whose names agree less than this were not meant."""

MOST_NAMES = 6
"""So many names of one person are compared word by word, those that answer most: all pairs would take half a minute."""

_ROUNDED = 0.0002
_OTHER_ORDER = 0.01
_TWO_NAMES = 0.02
_MORE_NAME = 0.03
_WASTED = 0.1
"""What is taken off: for the other order, for words of two names, for a name of which nothing was asked; and, where
pairs are chosen, for a word that is taken from other pairs."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing that was asked weighs beside names, which weigh 1."""

    numbers: float
    has_places: bool
    born: float = 0.35
    sex: float = 0.05
    place: float = 0.15


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, in words of the file."""

    near: dict[int, list[tuple[int, int, Near]]]
    """By word of the file: which words of the query (first, end) it answers, and how well."""
    weights: tuple[float, ...]
    numbers: frozenset[int]
    phones: frozenset[int]
    born: Birth | None
    sex: str
    places: frozenset[int]
    share: Weights


@dataclass(frozen=True, slots=True)
class Hit:
    """A person who may be meant: how well all that was asked agrees at most, and what is known."""

    ref: UUID
    most: float
    known: Known


class _Pair(NamedTuple):
    """A span of the query and a span of a name that agree."""

    first: int
    end: int
    name: int
    at: int
    until: int
    near: Near


def best_of(asked: Asked, hits: Sequence[Hit], limit: int, more: float = 0.0) -> tuple[list[Match], bool]:
    """The best matches, those that agree equally well by reference, and whether there are more.

    Args:
        asked: what was asked.
        hits: who may be meant, those first who may agree best: whoever can only come behind is not judged.
        limit: so many are given.
        more: what may agree beside that of each one.
    """
    limit = max(limit, 0)
    found: list[Match] = []
    scores: list[float] = []
    whole = whole_of(asked)
    for at, hit in enumerate(hits):
        if 0 < limit <= len(scores) and (hit.most + asked.share.sex + more) / whole + _ROUNDED < scores[-limit]:
            return sorted(found, key=_rank)[:limit], len(found) > limit or at < len(hits)
        match = _judge(asked, hit, whole)
        if match is not None:
            found.append(match)
            insort(scores, match.score)
    return sorted(found, key=_rank)[:limit], len(found) > limit


def _rank(match: Match) -> tuple[float, bytes]:
    return -match.score, match.ref.bytes


def whole_of(asked: Asked) -> float:
    """What a person weighs of whom all agrees that was asked."""
    share = asked.share
    return (
        float(bool(asked.weights))
        + share.numbers
        + share.born * (asked.born is not None)
        + share.sex * bool(asked.sex)
        + share.place * share.has_places
    )


def _judge(asked: Asked, hit: Hit, whole: float) -> Match | None:
    known = hit.known
    reasons: list[Reason] = []
    named = _by_names(asked, known, reasons)
    others = set(known.others)
    numbered = len(asked.numbers & others) + len(asked.phones & others)
    if not numbered and named < LEAST:
        return None
    share = asked.share
    total = named + min(numbered * 1.5, share.numbers)
    if asked.numbers & others:
        reasons.append(Reason.ID_EXACT)
    if asked.phones & others:
        reasons.append(Reason.PHONE_EXACT)
    if asked.born is not None:
        total += share.born * _by_birth(asked.born, known, reasons)
    if asked.sex and asked.sex == known.sex:
        total += share.sex
        reasons.append(Reason.SEX)
    if asked.places & others:
        total += share.place * len(asked.places & others) / len(asked.places)
        reasons.append(Reason.PLACE)
    return Match(hit.ref, round(min(max(total / whole, 0.0), 1.0), 4), tuple(dict.fromkeys(reasons)))


def _by_names(asked: Asked, known: Known, reasons: list[Reason]) -> float:
    """How well the names agree (0 to 1): the best pairs first, no word of either side twice."""
    pairs = _best_pairs(asked, known)
    if not pairs:
        return 0.0
    score = sum(pair.near.score * sum(asked.weights[pair.first : pair.end]) for pair in pairs) / sum(asked.weights)
    pairs.sort()
    for pair in pairs:
        kind = KINDS[known.names[pair.name][0]]
        if pair.near.reason is None:
            continue
        reasons.append(pair.near.reason)
        if kind != "legal":
            reasons.append(Reason.NICKNAME if kind == "nickname" else Reason.OTHER_NAME)
    names = {pair.name for pair in pairs}
    places = [pair.at for pair in pairs]
    if len(names) > 1:
        score -= _TWO_NAMES
    elif places != sorted(places):
        reasons.append(Reason.OTHER_ORDER)
        score -= _OTHER_ORDER
    bare = min(1 - sum(p.until - p.at for p in pairs if p.name == no) / known.names[no][1] for no in names)
    return score - _MORE_NAME * bare


def _best_pairs(asked: Asked, known: Known) -> list[_Pair]:
    """Pairs of which no two share a word; where two are equally good, the one of the name that answers more."""
    near = asked.near
    pairs = [
        _Pair(first, end, no, at, until, how)
        for no, spans in _best_names(near, known)
        for word, at, until in spans
        if word in near
        for first, end, how in near[word]
    ]
    if len(pairs) < 2:
        return pairs
    answered = _count_by_name(pairs)
    pairs.sort(key=lambda p: (_WASTED * max(p[4] - p[3] - p[1] + p[0], 0) - p[5].score, -answered[p[2]], p[0] - p[1],
                              p[2], p[0], abs(p[3] - p[0]), p[3]))  # fmt: skip
    kept: list[_Pair] = []
    left = len(asked.weights)
    for pair in pairs:
        if not any(_overlap(pair, other) for other in kept):
            kept.append(pair)
            left -= pair.end - pair.first
            if not left:
                break
    return kept


def _best_names(
    near: dict[int, list[tuple[int, int, Near]]], known: Known
) -> list[tuple[int, list[tuple[int, int, int]]]]:
    """The names, with their spans, of which pairs are made: where somebody has many, only those that answer most."""
    names = [(no, spans) for no, (_, _, spans) in enumerate(known.names)]
    if len(names) <= MOST_NAMES:
        return names
    worth = {no: sum(_best_score(near[word]) for word, _, _ in spans if word in near) for no, spans in names}
    best = sorted(worth, key=lambda no: (-worth[no], no))[:MOST_NAMES]
    return [names[no] for no in sorted(best) if worth[no]]


def _best_score(hows: list[tuple[int, int, Near]]) -> float:
    return max(how.score for _, _, how in hows)


def _count_by_name(pairs: Iterable[_Pair]) -> dict[int, int]:
    """How many words of the query each name answers: what one name answers whole is not taken from two."""
    answered: dict[int, set[int]] = {}
    for pair in pairs:
        answered.setdefault(pair.name, set()).update(range(pair.first, pair.end))
    return {name: len(words) for name, words in answered.items()}


def _overlap(one: _Pair, other: _Pair) -> bool:
    if one.first < other.end and other.first < one.end:
        return True
    return one.name == other.name and one.at < other.until and other.at < one.until


def _by_birth(born: Birth, known: Known, reasons: list[Reason]) -> float:
    worth = birth_worth(born, known.born)
    if known.born is not None and known.born[0] == born.year:
        reasons.append(Reason.BIRTH_YEAR)
    elif known.born is not None and worth > 0.5:
        reasons.append(Reason.BIRTH_NEAR)
    return worth


def birth_worth(asked: Birth, known: tuple[int, int] | None) -> float:
    """What a birth counts beside one that was asked; one that is not known speaks a little for and against."""
    if known is None:
        return 0.4
    off = abs(known[0] - asked.year)
    beyond = max(off - min(asked.give_or_take + known[1], MOST_YEARS), 0)
    return max(1 - 0.02 * min(off, 10) - 0.35 * beyond, 0.0)
