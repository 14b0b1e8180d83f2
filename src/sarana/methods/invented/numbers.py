"""IDs, areas, house numbers and sexes as sectors write them, with what goes wrong in each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, chosen_exactly
from sarana.methods.invented.people import People
from sarana.methods.invented.places import Places

Texts = NDArray[np.object_]
DIGITS = 13


def write_ids(
    rng: np.random.Generator, people: People, ids: NDArray[np.int64], person: NDArray[np.int64], rates: dict[str, float]
) -> NDArray[np.int64]:
    """Each row's ID as a number; 0 for blank, a number of twelve digits where one was lost.

    A few rows carry the ID of another member of the household, also rows of people who have none.
    """
    n = len(person)
    written = ids[person].copy()
    other = np.flatnonzero(chosen(rng, rates["id_other"] * 1.35, n))
    mate = person[other] + np.where(rng.random(len(other)) < 0.5, 1, -1)
    mate = mate.clip(0, len(ids) - 1)
    fits = (people.household[mate] == people.household[person[other]]) & (ids[mate] > 0)
    written[other[fits]] = ids[mate[fits]]
    has = written > 0
    place = rng.integers(1, DIGITS, n)
    unit = 10 ** (DIGITS - 1 - place)
    digit = written // unit % 10
    wrong = has & chosen(rng, rates["id_digit"], n)
    written = np.where(wrong, written + ((digit + rng.integers(1, 10, n)) % 10 - digit) * unit, written)
    written = np.where(has & chosen(rng, rates["id_swap"] * 1.15, n), _swapped(written, place), written)
    lost = written // (unit * 10) * unit + written % unit
    written = np.where(has & chosen(rng, rates["id_lost"], n), lost, written)
    bearers = np.flatnonzero(written)
    written[bearers[chosen_exactly(rng, rates["id_blank"], len(bearers))]] = 0
    return written


def _swapped(ids: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """IDs with the digit at a place and the one before it changed about; the first digit never becomes 0."""
    low = 10 ** (DIGITS - 1 - place)
    high = low * 10
    one, two = ids // high % 10, ids // low % 10
    safe = (place > 1) | (two > 0)
    return np.where(safe, ids + (two - one) * high + (one - two) * low, ids)


def id_texts(rng: np.random.Generator, ids: NDArray[np.int64], hyphens: float) -> Texts:
    """IDs as text, None for blank; a share of the whole ones with hyphens, as 1-2345-67890-12-3."""
    text: Texts = ids.astype("U13").astype(object)
    text[ids == 0] = None
    dressed = np.flatnonzero((rng.random(len(ids)) < hyphens) & (ids >= 10 ** (DIGITS - 1)))
    text[dressed] = [f"{t[0]}-{t[1:5]}-{t[5:10]}-{t[10:12]}-{t[12]}" for t in text[dressed]]
    return text


def write_villages(
    rng: np.random.Generator, places: Places, home: NDArray[np.int64], rates: dict[str, float]
) -> NDArray[np.int64]:
    """Each row's village: home mostly, at times a neighbour or one far away, -1 where none was written."""
    n = len(home)
    village = home.copy()
    near = np.flatnonzero(chosen(rng, rates["area_near"], n))
    starts = np.searchsorted(places.subdistrict, places.subdistrict[home[near]], side="left")
    ends = np.searchsorted(places.subdistrict, places.subdistrict[home[near]], side="right")
    village[near] = starts + (rng.random(len(near)) * (ends - starts)).astype(np.int64)
    far = chosen(rng, rates["area_wrong"], n)
    village[far] = rng.integers(0, len(places.lat), int(far.sum()))
    village[chosen(rng, rates["area_missing"], n)] = -1
    return village


def take_or_none(codes: NDArray[Any], at: NDArray[np.int64]) -> Texts:
    """The code at each index as text, None at -1."""
    text: Texts = codes.astype("U").astype(object)[at]
    text[at < 0] = None
    return text


def write_sexes(
    rng: np.random.Generator, sex: NDArray[np.int8], marks: tuple[str, str], rates: dict[str, float]
) -> Texts:
    """Sex in a sector's two marks (male, female), now and then the other or none."""
    n = len(sex)
    shown = np.where(chosen(rng, rates["sex_wrong"], n), 3 - sex, sex)
    text: Texts = np.array([None, *marks], dtype=object)[shown]
    text[chosen(rng, rates["sex_missing"], n)] = None
    return text


def write_houses(rng: np.random.Generator, house: NDArray[np.int64], rates: dict[str, float]) -> Texts:
    """House numbers, some of another house, some left out."""
    n = len(house)
    shown = np.where(chosen(rng, rates["house_wrong"], n), rng.integers(1, 421, n), house)
    text: Texts = shown.astype("U3").astype(object)
    text[chosen(rng, rates["house_missing"], n)] = None
    return text
