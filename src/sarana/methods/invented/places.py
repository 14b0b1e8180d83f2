"""Invented ground: an irregular outline, districts, subdistricts and villages with codes, names, points and need."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import stream
from sarana.methods.invented.pools import Part
from sarana.methods.invented.romanise import plain_latin, read_sounds
from sarana.methods.invented.settings import MOST_VILLAGES, ProvinceSettings, count_areas
from sarana.methods.reference import read_reference

OUTLINE_WAVES = 5
FULL_RADIUS = 0.75
"""Degrees of latitude from centre to border of a province of the full number of villages."""

LEGACY_SHARE = 0.12
"""The share of villages the health register still calls by an old code; the crosswalk says which is meant."""

SHARE_HIGHLAND = 0.165
"""The share of highland people in the province; in a village it is anything from none to nearly all."""

MOST_BELOW = 99
"""Two digits for a subdistrict in its district and for a village in its subdistrict."""


@dataclass(frozen=True, slots=True)
class Places:
    """Villages, one element each, with the areas they lie in; names of areas by subdistrict and district.

    `need` is what living there adds to hidden need; `highland` the share of highland people; `weight` how many live
    there, relatively.
    """

    village_code: NDArray[np.int64]
    subdistrict: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    need: NDArray[np.float64]
    highland: NDArray[np.float64]
    weight: NDArray[np.float64]
    health_code: NDArray[np.int64]
    welfare_code: NDArray[np.int64]
    subdistrict_code: NDArray[np.int64]
    subdistrict_district: NDArray[np.int64]
    school_area: NDArray[np.object_]
    security_area: NDArray[np.object_]
    subdistrict_names: tuple[tuple[str, str], ...]
    district_names: tuple[tuple[str, str], ...]


def make_places(settings: ProvinceSettings) -> Places:
    """Draw the outline, settle the areas, and say how need lies over them."""
    rng = stream(settings.seed, "places")
    n_districts, n_subdistricts, n_villages = count_areas(settings.people)
    points = _points_inside(rng, n_villages)
    subdistrict, district = _nest(points, n_subdistricts, n_districts)
    order = np.lexsort((points[:, 1], points[:, 0], subdistrict))
    points, subdistrict = points[order], subdistrict[order]
    district_at = _rank_within(district)
    subdistrict_code = (int(settings.province) * 100 + district + 1) * 100 + district_at + 1
    village_at = _rank_within(subdistrict)
    village_code = subdistrict_code[subdistrict] * 100 + village_at + 1
    weight = _crowds(rng, points, subdistrict)
    need, highland = _need(rng, points, subdistrict, district, weight)
    scale = np.sqrt(n_villages / MOST_VILLAGES) * FULL_RADIUS
    names = _names(rng, n_subdistricts + n_districts)
    return Places(
        village_code=village_code,
        subdistrict=subdistrict,
        lat=np.round(settings.centre[0] + points[:, 0] * scale, 5),
        lon=np.round(settings.centre[1] + points[:, 1] * scale, 5),
        need=need,
        highland=highland,
        weight=weight,
        health_code=np.where(
            rng.random(n_villages) < LEGACY_SHARE, village_code - village_at - 1 + _legacy(village_at), village_code
        ),
        welfare_code=100_001 + rng.permutation(n_villages),
        subdistrict_code=subdistrict_code,
        subdistrict_district=district,
        school_area=_school_areas(rng, district, n_subdistricts, settings.province),
        security_area=np.array(
            [f"TH{settings.province}-A{d + 1:02d}-T{s + 1:02d}" for d, s in zip(district, district_at, strict=True)],
            dtype=object,
        ),
        subdistrict_names=tuple(names[:n_subdistricts]),
        district_names=tuple(names[n_subdistricts:]),
    )


def _points_inside(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """`n` points in an outline whose radius waves around one; denser towards some centres."""
    waves = np.arange(1, OUTLINE_WAVES + 1)
    heights, turns = 0.22 * rng.random(OUTLINE_WAVES) / np.sqrt(waves), 2 * np.pi * rng.random(OUTLINE_WAVES)
    angle = 2 * np.pi * rng.random(n)
    radius = 1.0 + (heights * np.cos(np.outer(angle, waves) + turns)).sum(axis=1)
    reach = radius * rng.random(n) ** 0.6
    return np.column_stack([reach * np.sin(angle), 0.8 * reach * np.cos(angle)])


def _nest(
    points: NDArray[np.float64], n_subdistricts: int, n_districts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each village's subdistrict and each subdistrict's district, by nearest seat; seats are villages far apart.

    A seat that has drawn more than two digits can number passes the farthest on to the next nearest with room.
    """
    seats = _spread(points, n_subdistricts)
    capitals = _spread(points[seats], n_districts)
    district = _nearest(points[seats], points[seats][capitals])
    by_district = np.lexsort((np.arange(n_subdistricts), district))
    seats, district = seats[by_district], district[by_district]
    return _nearest(points, points[seats]), district


def _spread(points: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """`n` of the points, each the farthest from those before it."""
    picked = np.zeros(n, dtype=np.int64)
    away = np.full(len(points), np.inf)
    for at in range(1, n):
        away = np.minimum(away, ((points - points[picked[at - 1]]) ** 2).sum(axis=1))
        picked[at] = int(np.argmax(away))
    return picked


def _nearest(points: NDArray[np.float64], seats: NDArray[np.float64]) -> NDArray[np.int64]:
    """The nearest seat of each point that still has room for it, seats and points in order."""
    distance = ((points[:, None, :] - seats[None, :, :]) ** 2).sum(axis=2)
    nearest = distance.argmin(axis=1)
    for seat in range(len(seats)):
        held = np.flatnonzero(nearest == seat)
        for point in held[np.argsort(distance[held, seat], kind="stable")][MOST_BELOW // 2 :]:
            room = np.bincount(nearest, minlength=len(seats)) < MOST_BELOW // 2
            if room.any():
                nearest[point] = int(np.where(room, distance[point], np.inf).argmin())
    return nearest


def _rank_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each element among those of its group; groups stand together."""
    starts = np.searchsorted(group, group, side="left")
    return np.arange(len(group)) - starts


def _legacy(village_at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The old number of a village: 50 above, which no village bears today."""
    return village_at + 1 + MOST_BELOW // 2 + 1


def _need(
    rng: np.random.Generator,
    points: NDArray[np.float64],
    subdistrict: NDArray[np.int64],
    district: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How need and the share of highland people lie over the villages: over the land, by area, by chance.

    Need is 0 in the mean of people; the share of highland people is the province's.
    """
    far = np.hypot(points[:, 0], points[:, 1])
    turn = 2 * np.pi * rng.random()
    slope = points @ np.array([np.cos(turn), np.sin(turn)])
    by_district = rng.standard_normal(int(district.max()) + 1)[district][subdistrict]
    by_subdistrict = rng.standard_normal(len(district))[subdistrict]
    by_village = rng.standard_normal(len(points))
    need = 0.30 * far + 0.20 * slope + 0.22 * by_district + 0.22 * by_subdistrict + 0.50 * by_village
    height = 2.2 * far + 1.2 * by_subdistrict + 1.6 * rng.standard_normal(len(points))
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        too_many = np.average(_share(height + middle), weights=weight) > SHARE_HIGHLAND
        low, high = (low, middle) if too_many else (middle, high)
    return need - np.average(need, weights=weight), _share(height + low)


def _share(height: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of highland people at a height."""
    share: NDArray[np.float64] = 0.85 / (1.0 + np.exp(-height))
    return share


def _crowds(
    rng: np.random.Generator, points: NDArray[np.float64], subdistrict: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How many people live in each village, relatively: more near the centre, unequal by subdistrict and by chance."""
    by_subdistrict = rng.standard_normal(int(subdistrict.max()) + 1)[subdistrict]
    by_village = rng.standard_normal(len(points))
    weight: NDArray[np.float64] = np.exp(
        0.35 * by_subdistrict + 0.58 * by_village - 0.25 * np.hypot(points[:, 0], points[:, 1])
    )
    return weight


def _school_areas(rng: np.random.Generator, district: NDArray[np.int64], n: int, province: str) -> NDArray[np.object_]:
    """The education sector's own code of each subdistrict: an office and a number that runs on over offices."""
    number = 1 + rng.permutation(n)
    return np.array(
        [f"E{1 + d % 6}{(int(province) + d) % 2 + 1}{k:03d}" for d, k in zip(district, number, strict=True)],
        dtype=object,
    )


def _names(rng: np.random.Generator, n: int) -> list[tuple[str, str]]:
    """`n` different names of places, Thai and Latin."""
    table = read_reference("invented/places.toml")
    sounds = read_sounds()
    first: list[Part] = [(p[0], p[1], p[2]) for p in table["first"]]
    second: list[Part] = [(p[0], p[1], p[2]) for p in table["second"]]
    pairs = rng.permutation(len(first) * len(second))[:n]
    return [
        (one[0] + two[0], f"{plain_latin((one,), sounds)} {plain_latin((two,), sounds)}")
        for one, two in ((first[p // len(second)], second[p % len(second)]) for p in pairs.tolist())
    ]
