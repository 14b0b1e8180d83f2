"""What happened in an invented province during the year: where it happened, answers were otherwise a year before."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.facts import Facts
from sarana.methods.invented.people import People
from sarana.methods.invented.places import Places
from sarana.methods.reference import read_reference

QUARTER = 4
NEEDY = 0.03
"""The share of people whose number says in which districts something happened."""

GROWN, YEARS = 20, 5
"""Up to that age people are alike who are equally old, then those of so many years."""

FEWEST_DISTRICTS = 4
"""In a smaller province nothing happens: it would have happened everywhere."""

SEED = "events of the year"


def before_events(seed: int, places: Places, people: People, facts: Facts, shared: set[str]) -> Facts:
    """The answers as they were before the events of the year.

    Args:
        seed: of the province.
        places: where its villages lie.
        people: with the villages in which they lived then.
        facts: their answers if nothing had happened.
        shared: the names of answers that all members of a household share.

    Returns:
        All answers; those that no event touched are the same arrays.
    """
    found = dict(facts)
    if len(places.district_names) < FEWEST_DISTRICTS:
        return found
    for name, event in read_reference("invented/year.toml").items():
        rng = stream(seed, f"{SEED} {name}")
        is_there = _reached(event, places, people)
        n_homes = int(people.household[-1]) + 1
        homes = is_there & chosen(rng, event["share"], n_homes)[people.household]
        persons = is_there & chosen(rng, event["share"], len(people.sex))
        others = {True: _homes_like(people, event), False: _people_like(people, event)}
        who = {True: homes, False: persons}
        for fact in event["facts"]:
            of_home = fact in shared
            found[fact] = np.where(who[of_home], facts[fact][others[of_home]], found[fact])
        if "near_km" in event:
            near = np.minimum(found["distance_km"], event["near_km"])
            found["distance_km"] = np.where(is_there, near, found["distance_km"])
    return found


def places_of_events(places: Places, people: People) -> dict[str, tuple[str, int]]:
    """The events that happened: what is said of each, and the code of its district or subdistrict."""
    if len(places.district_names) < FEWEST_DISTRICTS:
        return {}
    found = {}
    for name, event in read_reference("invented/year.toml").items():
        subdistrict = int(places.subdistrict[people.village[np.flatnonzero(_reached(event, places, people))[0]]])
        code = int(places.subdistrict_code[subdistrict])
        found[name] = (event["says"], code if event.get("level") == "subdistrict" else code // 100)
    return found


def _reached(event: Mapping[str, Any], places: Places, people: People) -> NDArray[np.bool_]:
    """Who lives where it happened."""
    subdistrict = places.subdistrict[people.village]
    district = places.subdistrict_district[subdistrict]
    needy = people.need > np.quantile(people.need, 1 - NEEDY)
    by_need = np.argsort(-np.bincount(district[needy], minlength=len(places.district_names)), kind="stable")
    is_there: NDArray[np.bool_] = district == by_need[event["place"] - 1]
    if event.get("level") == "subdistrict":
        is_there = subdistrict == np.argmax(np.bincount(subdistrict[is_there]))
    return is_there


def _homes_like(people: People, event: Mapping[str, Any]) -> NDArray[np.int64]:
    """For each person somebody whose household is among the neediest, or the least needy, quarter."""
    firsts = np.flatnonzero(np.diff(people.household, prepend=-1))
    source = _in_quarter(people.household_need[firsts], np.zeros(len(firsts), dtype=np.int64), event)
    found: NDArray[np.int64] = firsts[source][people.household]
    return found


def _people_like(people: People, event: Mapping[str, Any]) -> NDArray[np.int64]:
    """For each person somebody of like sex and age who is among the neediest, or the least needy, quarter of these."""
    years = np.where(people.age <= GROWN, people.age, GROWN + people.age // YEARS)
    return _in_quarter(people.need, 1_000 * people.sex.astype(np.int64) + years, event)


def _in_quarter(need: NDArray[np.float64], group: NDArray[np.int64], event: Mapping[str, Any]) -> NDArray[np.int64]:
    """For each thing one of the same group whose need lies in a quarter; the order of needs stays."""
    way = -1.0 if event["before"] == "neediest" else 1.0
    order = np.lexsort((way * need, group))
    sorted_group = group[order]
    is_first = np.diff(sorted_group, prepend=sorted_group[0] - 1) != 0
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - start
    source = np.empty(len(order), dtype=np.int64)
    source[order] = order[start + rank // QUARTER]
    return source
