"""Who stands in which register, and who stands there twice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import pick_distinct, stream
from sarana.methods.invented.people import People
from sarana.methods.invented.settings import SHARE_TWICE, ProvinceSettings, count_rows

SECTORS = ("health", "education", "human_security", "family_welfare")
SCHOOL_AGES = (4, 18)
NEVER = -1e6
SHARE_STATELESS = 0.295
"""Of the people human security knows."""


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of one sector in the order of its file: whose they are, and whether they repeat somebody."""

    sector: str
    person: NDArray[np.int64]
    is_duplicate: NDArray[np.bool_]


def make_register(settings: ProvinceSettings, sector: str, people: People) -> Register:
    """Choose a sector's people by how likely it is to know them, let some stand twice, and shuffle."""
    rng = stream(settings.seed, f"register {sector}")
    rows = count_rows(settings.people)[sector]
    twice = round(rows * SHARE_TWICE[sector])
    n_known = min(rows - twice, len(people.sex))
    known = _known(rng, sector, people, n_known)
    again = known[rng.integers(0, n_known, rows - n_known)]
    order = rng.permutation(rows)
    person = np.concatenate([known, again])[order]
    return Register(sector=sector, person=person, is_duplicate=(np.arange(rows) >= n_known)[order])


def make_logbook(settings: ProvinceSettings, people: People, share: float) -> Register:
    """The members of needy families whom case workers visited: about `share` of the people, nobody twice."""
    n = min(max(2, round(settings.people * share)), len(people.sex))
    person = _whole_households(stream(settings.seed, "register logbook"), people, n)
    return Register("family_welfare", person, np.zeros(len(person), dtype=np.bool_))


def _known(rng: np.random.Generator, sector: str, people: People, n: int) -> NDArray[np.int64]:
    """The people a sector knows: nearly all in health, the young in education, whole needy households in welfare."""
    if sector == "health":
        return pick_distinct(rng, np.where(people.stateless, -0.28, 0.0), n)
    if sector == "education":
        young = (people.age >= SCHOOL_AGES[0]) & (people.age <= SCHOOL_AGES[1])
        near = (people.age >= SCHOOL_AGES[0] - 1) & (people.age <= SCHOOL_AGES[1] + 2)
        return pick_distinct(rng, np.where(young, 0.0, np.where(near, NEVER, 2 * NEVER)), n)
    if sector == "human_security":
        return _cases(rng, people, n)
    return _whole_households(rng, people, n)


def _cases(rng: np.random.Generator, people: People, n: int) -> NDArray[np.int64]:
    """People in need, three in ten of them stateless however few those are among all."""
    stateless, others = np.flatnonzero(people.stateless), np.flatnonzero(~people.stateless)
    n_stateless = min(round(n * SHARE_STATELESS), len(stateless))
    picked = [
        who[pick_distinct(rng, 1.15 * people.need[who], size)]
        for who, size in ((stateless, n_stateless), (others, n - n_stateless))
        if size
    ]
    return np.sort(np.concatenate(picked))


def _whole_households(rng: np.random.Generator, people: People, n: int) -> NDArray[np.int64]:
    """The members of households in order of need and chance, until `n` people are reached; the last home is cut."""
    n_households = int(people.household[-1]) + 1
    need = np.zeros(n_households)
    need[people.household] = people.household_need
    key = (1.15 * need + rng.gumbel(size=n_households))[people.household]
    order = np.lexsort((np.arange(len(key)), people.household, -key))
    return np.sort(order[:n])
