"""Invented people to be found, and what somebody would type to find them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from bench.search_lists import (
    NICKNAMES,
    SHARED,
    by_hand,
    latin_of,
    pairs_of_lists,
    sounding_alike,
    thai_families,
    thai_given,
    with_typo,
)
from sarana.methods.search.entry import Birth, Entry, Identifier, Name, Query

type Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ask:
    """A search, its kind, and the people of whom one is to be among the first ten; `ref` is the one meant."""

    kind: str
    script: str
    query: Query
    ref: UUID
    accepted: frozenset[UUID]


class People:
    """So many people, three quarters of them written in Thai and the others in Latin letters, from one seed.

    Given names are borne by more people the earlier they stand in a shuffled list (Zipf and Mandelbrot: the commonest
    by nearly one in a hundred); family names are much flatter. Behind them come those of the lists of other languages.
    """

    def __init__(self, n: int, seed: int, half: str, shared: Path = SHARED) -> None:
        """Draw who bears which name; nothing is written yet."""
        rng = np.random.default_rng(seed)
        self.n, self.seed = n, seed
        self._given = _shuffled(thai_given(half), rng)
        self._families = _shuffled(thai_families(half), rng)
        self.given = _drawn(rng, len(self._given), n, 30, 0.9)
        self.family = _drawn(rng, len(self._families), n, 50, 0.7)
        self.is_latin = rng.random(n) < 0.25
        self.year = rng.integers(1940, 2020, n)
        self.nick = rng.integers(0, len(NICKNAMES), n)
        self.has_nick = rng.random(n) < 0.3
        self.place = rng.integers(1, 78, n)
        self.listed = [
            (name, own, other) for name, pairs in pairs_of_lists(half, shared).items() for own, other in pairs
        ]
        chance = random.Random(seed)  # noqa: S311
        self.beside = [chance.choice(self._of_list(name)) for name, _, _ in self.listed]

    def _of_list(self, name: str) -> list[tuple[str, str]]:
        return [(own, other) for its, own, other in self.listed if its == name]

    def ref(self, at: int) -> UUID:
        """The reference of a person."""
        return UUID(int=random.Random(self.seed * 1_000_003 + at).getrandbits(128), version=4)  # noqa: S311

    def words(self, at: int) -> tuple[str, str]:
        """Given and family name of a person, in Thai."""
        return self._given[self.given[at]], self._families[self.family[at]]

    def written(self, at: int) -> tuple[str, str]:
        """The same as they stand in the file."""
        given, family = self.words(at)
        if not self.is_latin[at]:
            return given, family
        # Each clerk writes a name in a way of their own; there are eight of them.
        clerk = at % 8
        return tuple(by_hand(latin_of(w), random.Random(f"{clerk}{w}")) for w in (given, family))  # type: ignore[return-value]  # noqa: S311

    def entries(self) -> Iterator[Entry]:
        """Everybody, one after the other."""
        for at in range(self.n):
            names: tuple[Name, ...] = (Name(" ".join(self.written(at))),)
            if self.has_nick[at]:
                names += (Name(NICKNAMES[self.nick[at]], "nickname"),)
            yield Entry(
                self.ref(at), 1, names, (Identifier("national", self.number(at)),), (self.phone(at),),
                Birth(int(self.year[at])), "female", (f"TH-{self.place[at]}",),
            )  # fmt: skip
        for at, (_, own, _) in enumerate(self.listed):
            yield Entry(self.ref(self.n + at), 1, (Name(f"{own} {self.beside[at][0]}"),), birth=Birth(1990))

    def number(self, at: int) -> str:
        """A number of a paper."""
        return f"{(at * 7919 + 1_000_000_007) % 10**13:013d}"

    def phone(self, at: int) -> str:
        """A telephone number."""
        return f"08{at * 13 % 10**8:08d}"

    def same_named(self, at: int) -> frozenset[UUID]:
        """Those whose names are the same: nobody can tell them apart by names."""
        same = (self.given == self.given[at]) & (self.family == self.family[at])
        return frozenset(self.ref(int(other)) for other in np.flatnonzero(same & (self.is_latin == self.is_latin[at])))

    def asks(self, each: int) -> list[Ask]:
        """So many searches of each kind and script, each for a person drawn at random."""
        chance = random.Random(self.seed + 1)  # noqa: S311
        found: list[Ask] = []
        for is_latin in (False, True):
            pool = [int(at) for at in np.flatnonzero(self.is_latin == is_latin)]
            for kind in KINDS:
                its = [at for at in pool if self.has_nick[at]] if kind == NICKNAMED else pool
                found += [self._ask(kind, at, chance) for at in chance.sample(its, min(each, len(its)))]
        return found + self._asks_of_lists(each, chance)

    def _ask(self, kind: str, at: int, chance: random.Random) -> Ask:
        query = self._query(kind, at, chance)
        accepted = self.same_named(at)
        if kind == "given name and birth year":
            same = (self.given == self.given[at]) & (self.year == self.year[at]) & (self.is_latin == self.is_latin[at])
            accepted = frozenset(self.ref(int(other)) for other in np.flatnonzero(same))
        elif kind == NICKNAMED:
            same = (self.nick == self.nick[at]) & (self.family == self.family[at]) & self.has_nick
            accepted = frozenset(self.ref(int(other)) for other in np.flatnonzero(same))
        elif kind in ("number", "telephone"):
            accepted = frozenset([self.ref(at)])
        script = "Latin" if self.is_latin[at] else "Thai"
        return Ask(kind, script, query, self.ref(at), accepted)

    def _query(self, kind: str, at: int, chance: random.Random) -> Query:
        given, family = self.written(at)
        phone = self.phone(at)
        match kind:
            case "given name and birth year":
                return Query(given, born=Birth(int(self.year[at])))
            case "number":
                return Query(self.number(at))
            case "telephone":
                return Query(f"+66 {phone[1:3]} {phone[3:6]} {phone[6:]}")
            case "romanised, or back":
                return Query(" ".join(self._other_way(at, chance)))
            case "romanised, and a typo":
                one, other = self._other_way(at, chance)
                return Query(f"{with_typo(one, chance)} {other}")
            case _:
                return Query(" ".join(self._misspelt(kind, at, given, family, chance)))

    def _misspelt(self, kind: str, at: int, given: str, family: str, chance: random.Random) -> tuple[str, str]:
        """A name as somebody would write it who is not careful, or knows half of it."""
        if kind == "other order":
            return family, given
        match kind:
            case "sounds alike":
                return self._alike(given, chance), self._alike(family, chance)
            case "one typo":
                is_first = chance.random() < 0.5
                return (with_typo(given, chance), family) if is_first else (given, with_typo(family, chance))
            case "a typo in both":
                return with_typo(given, chance), with_typo(family, chance)
            case "nickname and family":
                return NICKNAMES[self.nick[at]], family
            case _:
                return given[: 4 if kind == "first letters and family" else None], family

    def _other_way(self, at: int, chance: random.Random) -> tuple[str, str]:
        """A Thai name in somebody's Latin letters; a Latin one in Thai."""
        if self.is_latin[at]:
            return self.words(at)
        one, other = (by_hand(latin_of(word), chance) for word in self.words(at))
        return one, other

    def _alike(self, word: str, chance: random.Random) -> str:
        return by_hand(word, chance) if word.isascii() else sounding_alike(word, chance)

    def _asks_of_lists(self, each: int, chance: random.Random) -> list[Ask]:
        by_list: dict[str, list[int]] = {}
        for at, (name, _, _) in enumerate(self.listed):
            by_list.setdefault(name, []).append(at)
        twins: dict[tuple[str, str], list[UUID]] = {}
        for at, (_, own, _) in enumerate(self.listed):
            twins.setdefault((own, self.beside[at][0]), []).append(self.ref(self.n + at))
        found = []
        for name, places in by_list.items():
            for at in chance.sample(places, min(3 * each, len(places))):
                _, own, other = self.listed[at]
                query = Query(f"{other} {self.beside[at][1]}")
                accepted = frozenset(twins[own, self.beside[at][0]])
                found.append(Ask("spelling of others", name, query, self.ref(self.n + at), accepted))
        return found


NICKNAMED = "nickname and family"
KINDS = (
    "same spelling", "romanised, or back", "romanised, and a typo", "sounds alike", "one typo", "a typo in both",
    "other order", "given name and birth year", NICKNAMED, "first letters and family", "number", "telephone",
)  # fmt: skip


def _shuffled(names: list[str], rng: np.random.Generator) -> list[str]:
    return [names[at] for at in rng.permutation(len(names))]


def _drawn(rng: np.random.Generator, n_names: int, n: int, shift: float, power: float) -> Numbers:
    weights = 1 / (np.arange(n_names) + shift) ** power
    return rng.choice(n_names, n, p=weights / weights.sum()).astype(np.int64)
