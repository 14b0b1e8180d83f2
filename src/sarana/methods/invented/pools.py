"""The names that invented people may bear: composed from parts, each with its Thai spelling and its sounds."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import stream
from sarana.methods.reference import read_reference

Part = tuple[str, str, str]
"""Thai spelling, sounds, and a Latin spelling that keeps silent letters (or nothing)."""

N_GIVEN = 2_000
N_HIGHLAND = 180
N_SURNAMES = 30_000

POOL_SEED = 20_260_630
"""Names are the same in every province: only who bears them is drawn from the province's own seed."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Names with their parts, and how common each is among those who draw from the pool."""

    thai: NDArray[np.object_]
    parts: tuple[tuple[Part, ...], ...]
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.parts)


@dataclass(frozen=True, slots=True)
class Pools:
    """All pools. Given names stand in one row: male, female, highland; surnames: lowland, then highland."""

    male: Pool
    female: Pool
    highland: Pool
    nickname: Pool
    surname: Pool
    clan: Pool

    @property
    def given(self) -> Pool:
        """Male, female and highland given names and nicknames, in this order."""
        return _joined([self.male, self.female, self.highland, self.nickname])

    @property
    def family(self) -> Pool:
        """Lowland and highland surnames, in this order."""
        return _joined([self.surname, self.clan])


@functools.cache
def make_pools() -> Pools:
    """Compose all pools from `reference/invented`, once in a process: they are the same in every province."""
    given = read_reference("invented/given.toml")
    highland = read_reference("invented/highland.toml")
    clans: list[tuple[Part, ...]] = [(part,) for part in _parts(highland, "clan") + _parts(highland, "family")]
    nicknames: list[tuple[Part, ...]] = [(part,) for part in _parts(given, "nickname")]
    return Pools(
        male=_given_pool(_parts(given, "both"), _parts(given, "male"), "male"),
        female=_given_pool(_parts(given, "both"), _parts(given, "female"), "female"),
        highland=_highland_pool(_parts(highland, "given")),
        nickname=_pool(nicknames, spread=0.5, name="nickname"),
        surname=_surname_pool(read_reference("invented/surnames.toml")),
        clan=_pool(clans, spread=1.0, name="clan"),
    )


def _parts(table: dict[str, Any], key: str) -> list[Part]:
    """The parts listed under a key."""
    return [(str(thai), str(sounds), str(kept)) for thai, sounds, kept in table[key]]


def _given_pool(both: list[Part], own: list[Part], name: str) -> Pool:
    """Given names of one to three parts, at least one of them of the sex's own; neighbours begin alike."""
    rng = stream(POOL_SEED, f"given {name}")
    every = both + own
    found: set[tuple[Part, ...]] = {(part,) for part in own}
    while len(found) < N_GIVEN:
        size = 2 if rng.random() < 0.87 else 3
        picked = [every[int(i)] for i in rng.integers(0, len(every), size)]
        picked[int(rng.integers(0, size))] = own[int(rng.integers(0, len(own)))]
        if len(set(picked)) == size:
            found.add(tuple(picked))
    return _pool(sorted(found), spread=1.0, name=name)


def _highland_pool(syllables: list[Part]) -> Pool:
    """Short names of one to three syllables that many people share."""
    rng = stream(POOL_SEED, "given highland")
    found: set[tuple[Part, ...]] = {(part,) for part in syllables}
    while len(found) < N_HIGHLAND:
        size = 2 if rng.random() < 0.8 else 3
        found.add(tuple(syllables[int(i)] for i in rng.integers(0, len(syllables), size)))
    return _pool(sorted(found), spread=1.0, name="highland")


def _surname_pool(table: dict[str, Any]) -> Pool:
    """Family names of two or three parts, a few of four."""
    rng = stream(POOL_SEED, "surnames")
    first, middle, last = (_parts(table, key) for key in ("first", "middle", "last"))
    found: set[tuple[Part, ...]] = set()
    while len(found) < N_SURNAMES:
        one, two, three = (int(rng.integers(0, len(parts))) for parts in (first, middle, last))
        more = [middle[int(rng.integers(0, len(middle)))]] if rng.random() < 0.25 else []
        picked = tuple(part for part in (first[one], middle[two], *more, last[three]) if part[0])
        if len({part[0] for part in picked}) == len(picked):
            found.add(picked)
    return _pool(sorted(found), spread=1.1, name="surname")


def _pool(names: list[tuple[Part, ...]], *, spread: float, name: str) -> Pool:
    """A pool whose names are unequally common: weights are log-normal with the given spread."""
    thai: NDArray[np.object_] = np.array(["".join(part[0] for part in parts) for parts in names], dtype=object)
    weight = np.exp(spread * stream(POOL_SEED, f"weight {name}").standard_normal(len(names)))
    return Pool(thai=thai, parts=tuple(names), weight=weight)


def _joined(pools: list[Pool]) -> Pool:
    """Several pools end to end."""
    return Pool(
        thai=np.concatenate([pool.thai for pool in pools]),
        parts=tuple(parts for pool in pools for parts in pool.parts),
        weight=np.concatenate([pool.weight for pool in pools]),
    )
