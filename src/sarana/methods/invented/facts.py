"""What the sectors know of invented people: facts that follow, with chance, from a hidden need."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import stream
from sarana.methods.invented.people import FEMALE, MALE, People
from sarana.methods.invented.settings import ProvinceSettings
from sarana.methods.reference import read_reference

Facts = dict[str, NDArray[Any]]

ADULT = 18


def make_facts(settings: ProvinceSettings, people: People) -> Facts:
    """Every fact of every person, named as in the truth's persons table; yes/no facts as booleans."""
    rules = read_reference("invented/facts.toml")
    facts: Facts = {name: _yes_or_no(settings, people, name, rule) for name, rule in rules.items()}
    facts |= _graded(settings, people)
    facts |= _schooling(settings, people)
    facts |= _household(settings, people)
    return facts


def _yes_or_no(settings: ProvinceSettings, people: People, name: str, rule: dict[str, Any]) -> NDArray[np.bool_]:
    """One yes/no fact from its rule; a household's fact is the same for all its members."""
    rng = stream(settings.seed, f"fact {name}")
    of_household = rule.get("of") == "household"
    need = people.household_need if of_household else people.need
    odds = np.log(rule["base"] / (1 - rule["base"])) + rule["slope"] * need
    odds = odds + rule.get("stateless", 0.0) * people.stateless
    chance = (
        rng.random(int(people.household[-1]) + 1)[people.household] if of_household else rng.random(len(people.sex))
    )
    first, last = rule.get("ages", (0, 200))
    who = (people.age >= first) & (people.age <= last)
    if "sex" in rule:
        who &= people.sex == rule["sex"]
    fact: NDArray[np.bool_] = who & (chance < 1 / (1 + np.exp(-odds)))
    return fact


def _graded(settings: ProvinceSettings, people: People) -> Facts:
    """Facts with more than two steps: disability, substance use, nutrition, drinking."""
    rng = stream(settings.seed, "graded facts")
    n, need = len(people.sex), people.need
    grown, child = people.age >= 15, people.age < 15
    male = people.sex == MALE
    disability = np.where(_happens(rng, 0.024, 0.28, need), rng.integers(1, 4, n), 0)
    substance = np.where(grown & _happens(rng, 0.055, 0.50, need), 1 + (rng.random(n) < 0.30), 0)
    malnutrition = np.where(child & _happens(rng, 0.075, 0.62, need), 1 + (rng.random(n) < 0.35), 0)
    drinks = grown & _happens(rng, np.where(male, 0.20, 0.07), 0.33, need)
    alcohol = np.where(drinks, 1 + (rng.random(n) < 0.45), 0)
    return {"disability": disability, "substance": substance, "malnutrition": malnutrition, "alcohol": alcohol}


def _schooling(settings: ProvinceSettings, people: People) -> Facts:
    """Attendance in percent, grade point average, years behind, whom a child lives with, and the way to school (km)."""
    rng = stream(settings.seed, "schooling")
    n, need = len(people.sex), people.need
    absent = np.exp(1.85 + 0.36 * need + 0.62 * rng.standard_normal(n))
    attendance = np.clip(np.round(96 - absent), 5, 97)
    gpa = np.clip(2.88 - 0.31 * need + 0.50 * rng.standard_normal(n), 0.0, 4.0)
    delay = np.where(_happens(rng, 0.075, 0.62, need), rng.choice([1, 2, 3], n, p=[0.55, 0.25, 0.20]), 0)
    away = _happens(rng, 0.20, 0.36, need)
    lives_with = np.where(away, rng.choice([1, 2, 3, 4], n, p=[0.45, 0.18, 0.27, 0.10]), 0)
    distance = np.clip(np.exp(1.45 + 0.05 * need + 0.35 * people.highland + 0.95 * rng.standard_normal(n)), 0.0, 95.0)
    return {
        "attendance": attendance.astype(np.int64),
        "gpa": np.round(gpa, 2),
        "grade_delay": delay,
        "lives_with": lives_with,
        "distance_km": np.round(distance, 1),
    }


def _household(settings: ProvinceSettings, people: People) -> Facts:
    """What all members of a household share: income and debt in baht, land, one parent alone."""
    rng = stream(settings.seed, "household facts")
    home = people.household
    n_households = int(home[-1]) + 1
    shared = people.household_need
    income = np.exp(9.14 - 0.33 * shared + 0.30 * rng.standard_normal(n_households)[home])
    debt = np.exp(9.50 + 0.38 * shared + 1.02 * rng.standard_normal(n_households)[home])
    short_of_land = shared + 0.62 * rng.standard_normal(n_households)[home]
    land = (short_of_land > 0.30).astype(np.int64) + (short_of_land > 1.20)
    adults = np.bincount(home, weights=people.age >= ADULT)[home]
    children = np.bincount(home, weights=people.age < ADULT)[home]
    alone = rng.random(n_households)[home]
    women = np.bincount(home, weights=(people.age >= ADULT) & (people.sex == FEMALE))[home]
    single = (alone < np.where((adults == 1) & (children > 0), 0.85, np.where(children > 0, 0.20, 0.11))) & (women > 0)
    return {
        "hh_income": income.astype(np.int64),
        "hh_debt": debt.astype(np.int64),
        "hh_land": land,
        "single_parent": single,
    }


def _happens(
    rng: np.random.Generator, base: float | NDArray[np.float64], slope: float, need: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """A logistic draw: share `base` at need 0, log odds rising by `slope`."""
    odds = np.log(base / (1 - np.asarray(base))) + slope * need
    return rng.random(len(need)) < 1 / (1 + np.exp(-odds))
