"""Invented people: households that share surname and need, twins, cousins of one name, people without papers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, pick_weighted, stream
from sarana.methods.invented.places import Places
from sarana.methods.invented.pools import Pools
from sarana.methods.invented.settings import ProvinceSettings

SIZES = np.array([0.200, 0.228, 0.220, 0.182, 0.100, 0.049, 0.021])
"""Shares of households of one to seven members (close to the population sample)."""

STATELESS = {"highland": 0.60, "lowland": 0.013}
"""The share of households some of whose members are stateless; there each member is with `WITHIN`."""

WITHIN = {"highland": 0.39, "lowland": 0.45}
FEMALE, MALE = 2, 1


@dataclass(frozen=True, slots=True)
class People:
    """One element a person. Names number `Pools.given` and `Pools.family`; `birth` counts days from 1970-01-01."""

    household: NDArray[np.int64]
    village: NDArray[np.int64]
    sex: NDArray[np.int8]
    birth: NDArray[np.int64]
    age: NDArray[np.int64]
    stateless: NDArray[np.bool_]
    highland: NDArray[np.bool_]
    twin: NDArray[np.bool_]
    given: NDArray[np.int64]
    surname: NDArray[np.int64]
    other_surname: NDArray[np.int64]
    nickname: NDArray[np.int64]
    need: NDArray[np.float64]
    household_need: NDArray[np.float64]
    members: NDArray[np.int64]
    house: NDArray[np.int64]


def make_people(settings: ProvinceSettings, places: Places, pools: Pools) -> People:
    """Fill the villages with households, and the households with people."""
    household, place, members = _households(settings)
    n, n_households = len(household), len(members)
    rng = stream(settings.seed, "people")
    village = pick_weighted(rng, places.weight, n_households)[household]
    highland_home = chosen(rng, places.highland[village[_firsts(household)]], n_households)
    highland = highland_home[household] ^ chosen(rng, 0.01, n)
    sex = np.where(rng.random(n) < 0.5, MALE, FEMALE).astype(np.int8)
    age = _ages(rng, household, place, sex)
    birth = _births(rng, settings, age, highland)
    twin = _twins(rng, household=household, place=place, age=age, birth=birth, sex=sex)
    papers = chosen(rng, np.where(highland_home, STATELESS["highland"], STATELESS["lowland"]), n_households)
    within = np.where(highland, WITHIN["highland"], WITHIN["lowland"])
    stateless = papers[household] & (rng.random(n) < within)
    household_need = (places.need[village[_firsts(household)]] + 0.86 * rng.standard_normal(n_households))[household]
    need = household_need + 0.38 * rng.standard_normal(n) + 0.45 * highland + 0.50 * stateless
    surname, other = _surnames(
        rng, pools=pools, household=household, place=place, village=village, highland_home=highland_home
    )
    second = np.flatnonzero(twin)
    surname[second], other[second] = surname[second - 1], other[second - 1]
    given = _given(rng, pools=pools, sex=sex, highland=highland, household=household, twin=twin)
    _cousins(rng, village=village, sex=sex, birth=birth, given=given, surname=surname)
    return People(
        household=household,
        village=village,
        sex=sex,
        birth=birth,
        age=_full_years(settings, birth),
        stateless=stateless,
        highland=highland,
        twin=twin,
        given=given,
        surname=surname,
        other_surname=other,
        nickname=len(pools.male) + len(pools.female) + len(pools.highland) + rng.integers(0, len(pools.nickname), n),
        need=need,
        household_need=household_need,
        members=members[household],
        house=rng.integers(1, 421, n_households)[household],
    )


def _households(settings: ProvinceSettings) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each person's household and place in it, and each household's members; the last takes whoever is left."""
    rng = stream(settings.seed, "households")
    sizes = 1 + pick_weighted(rng, SIZES, settings.people)
    ends = np.cumsum(sizes)
    n_households = int(np.searchsorted(ends, settings.people, side="left")) + 1
    sizes = sizes[:n_households].copy()
    sizes[-1] -= int(ends[n_households - 1]) - settings.people
    household = np.repeat(np.arange(n_households), sizes)
    return household, np.arange(settings.people) - np.repeat(np.cumsum(sizes) - sizes, sizes), sizes


def _firsts(household: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first person of each household."""
    return np.flatnonzero(np.diff(household, prepend=-1))


def _ages(
    rng: np.random.Generator, household: NDArray[np.int64], place: NDArray[np.int64], sex: NDArray[np.int8]
) -> NDArray[np.int64]:
    """Ages in full years: a head, mostly a partner, then children, grandchildren and the old."""
    n = len(household)
    firsts = _firsts(household)
    head = np.clip(rng.normal(46, 15, len(firsts)), 19, 92)[household]
    second = place == 1
    kind = rng.random(n)
    partner = second & (kind < 0.72)
    sex[partner] = (3 - sex[firsts][household])[partner]
    child = head - np.clip(rng.normal(26, 5, n), 16, 45)
    grandchild = head - np.clip(rng.normal(53, 7, n), 36, 75)
    parent = head + np.clip(rng.normal(26, 5, n), 17, 42)
    spread = rng.normal(0, 4, n)
    age = np.where(kind < 0.80, child, np.where(kind < 0.90, grandchild, parent))
    age = np.where(partner, head + spread, np.where(place == 0, head, age))
    age = np.where(age < 0, np.where(head < 55, rng.uniform(0, 14, n), rng.uniform(0, 30, n)), age)
    return np.clip(np.where(age > 99, rng.uniform(60, 90, n), age), 0, 99).astype(np.int64)


def _births(
    rng: np.random.Generator, settings: ProvinceSettings, age: NDArray[np.int64], highland: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Birth days; highland and old people are often entered under the first of January."""
    today = np.datetime64(settings.as_of, "D").astype(np.int64)
    birth = today - (age * 365.2425).astype(np.int64) - rng.integers(0, 365, len(age))
    first = np.where(highland, 0.16, np.where(age >= 70, 0.06, 0.003))
    years = birth.astype("datetime64[D]").astype("datetime64[Y]")
    return np.where(rng.random(len(age)) < first, years.astype("datetime64[D]").astype(np.int64), birth)


def _full_years(settings: ProvinceSettings, birth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Full years of age on the as-of date."""
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]")
    month_day = (months - years).astype(np.int64) * 32 + (days - months).astype(np.int64)
    as_of = settings.as_of
    before = month_day > (as_of.month - 1) * 32 + as_of.day - 1
    age: NDArray[np.int64] = np.maximum(as_of.year - 1970 - years.astype(np.int64) - before, 0)
    return age


def _twins(
    rng: np.random.Generator,
    *,
    household: NDArray[np.int64],
    place: NDArray[np.int64],
    age: NDArray[np.int64],
    birth: NDArray[np.int64],
    sex: NDArray[np.int8],
) -> NDArray[np.bool_]:
    """Second-born twins: born on the day of the one before, mostly of one sex. Changes `age`, `birth` and `sex`."""
    second = np.flatnonzero((place >= 2) & (age < 60))
    second = second[chosen(rng, 0.0125, len(second))]
    second = second[np.diff(second, prepend=-9) > 1]
    second = second[np.abs(age[second] - age[second - 1]) < 40]
    age[second], birth[second] = age[second - 1], birth[second - 1]
    same = second[chosen(rng, 0.8, len(second))]
    sex[same] = sex[same - 1]
    twin = np.zeros(len(household), dtype=np.bool_)
    twin[second] = True
    return twin


def _surnames(
    rng: np.random.Generator,
    *,
    pools: Pools,
    household: NDArray[np.int64],
    place: NDArray[np.int64],
    village: NDArray[np.int64],
    highland_home: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Everybody's surname, and the one they bore or will bear before or after a marriage.

    A village has a few old families; a quarter of its households bear one of their names.
    """
    n, n_households = len(household), len(highland_home)
    home_village = village[_firsts(household)]
    own = pick_weighted(rng, pools.surname.weight, n_households)
    old = pick_weighted(rng, pools.surname.weight, 3 * (int(village.max()) + 1))
    kin = chosen(rng, 0.20, n_households)
    own = np.where(kin, old[home_village * 3 + rng.integers(0, 3, n_households)], own)
    clan = len(pools.surname) + pick_weighted(rng, pools.clan.weight, n_households)
    own = np.where(highland_home & chosen(rng, 0.62, n_households), clan, own)
    other = np.where(rng.random(n) < 0.3, rng.permutation(own)[household], pick_weighted(rng, pools.surname.weight, n))
    apart = (place > 0) & chosen(rng, 0.14, n)
    return np.where(apart, other, own[household]), np.where(apart, own[household], other)


def _given(
    rng: np.random.Generator,
    *,
    pools: Pools,
    sex: NDArray[np.int8],
    highland: NDArray[np.bool_],
    household: NDArray[np.int64],
    twin: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Everybody's given name; twins and some siblings bear names that begin alike."""
    n = len(sex)
    male = pick_weighted(rng, pools.male.weight, n)
    female = len(pools.male) + pick_weighted(rng, pools.female.weight, n)
    short = len(pools.male) + len(pools.female) + pick_weighted(rng, pools.highland.weight, n)
    given = np.where(sex == MALE, male, female)
    given = np.where(highland & chosen(rng, 0.62, n), short, given)
    follows = np.flatnonzero(
        np.concatenate([[False], (household[1:] == household[:-1]) & (sex[1:] == sex[:-1])])
        & (twin | chosen(rng, 0.10, n))
    )
    bounds = np.cumsum([0, len(pools.male), len(pools.female), len(pools.highland)])
    before = given[follows - 1]
    room = np.searchsorted(bounds, before, side="right")
    near = before + rng.choice([-3, -2, -1, 1, 2, 3], len(follows))
    given[follows] = np.clip(near, bounds[room - 1], bounds[room] - 1)
    return given


def _cousins(
    rng: np.random.Generator,
    *,
    village: NDArray[np.int64],
    sex: NDArray[np.int8],
    birth: NDArray[np.int64],
    given: NDArray[np.int64],
    surname: NDArray[np.int64],
) -> None:
    """Give some the very name of somebody of their village, sex and near age. Changes `given`, `surname`."""
    order = np.lexsort((birth, sex, village))
    at = np.flatnonzero(chosen(rng, 0.006, len(order)))
    to = at + rng.choice([1, 1, 1, 2, 3], len(at))
    at, to = at[to < len(order)], to[to < len(order)]
    one, two = order[at], order[to]
    kin = (village[one] == village[two]) & (sex[one] == sex[two]) & (one != two)
    given[two[kin]], surname[two[kin]] = given[one[kin]], surname[one[kin]]
