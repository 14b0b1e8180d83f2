"""What registers say of invented people beyond the facts of a province: status, parents, school, needs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import stream
from sarana.methods.invented.facts import Facts
from sarana.methods.invented.people import FEMALE, MALE
from sarana.methods.invented.sectors import World
from sarana.methods.reference import read_reference

ADULT, OLD = 18, 75
YOUNG = (15, 24)
PARENT_GAP = 14
NOBODY = -1
DISABILITY_SHARES = (0.14, 0.18, 0.44, 0.08, 0.08, 0.05, 0.03)
DIAGNOSES = ("F200", "F209", "F319", "F320", "F411", "F432", "F101", "F151", "F800", "F900")
DIAGNOSIS_SHARES = (0.14, 0.12, 0.06, 0.20, 0.16, 0.08, 0.14, 0.06, 0.02, 0.02)
CATEGORIES = ("abandoned", "street", "aids", "minority", "abused", "drugs", "orphan", "working")


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws of yes and no by rules of `reference/invented/registers.toml`, from one stream."""

    rng: np.random.Generator
    world: World
    rules: dict[str, Any]

    def yes(self, name: str, *, of_home: bool = False) -> NDArray[np.bool_]:
        """One yes or no a person, or a household, by a rule in need or a plain share."""
        people = self.world.people
        rule = self.rules[name]
        n = int(people.household[-1]) + 1 if of_home else len(people.sex)
        drawn = self.rng.random(n)
        drawn = drawn[people.household] if of_home else drawn
        if isinstance(rule, float):
            return np.asarray(drawn < rule)
        odds = np.log(rule["base"] / (1 - rule["base"]))
        need = people.household_need if of_home else people.need
        return np.asarray(drawn < 1 / (1 + np.exp(-(odds + rule["slope"] * need))))


def read_rules() -> dict[str, Any]:
    """The shares by which registers are filled."""
    rules: dict[str, Any] = read_reference("invented/registers.toml")
    return rules


def make_register_facts(world: World) -> Facts:
    """One value a person for everything that the registers hold; what is missing is empty, NOBODY or -1."""
    rules = read_rules()

    def chance(name: str) -> Chance:
        return Chance(stream(world.settings.seed, f"registers {name}"), world, rules[name])

    facts = _parents(world, chance("family"))
    facts |= _status(world, chance("typearea"), chance("discharge"), chance("papers"))
    facts |= _body(world, chance("family"))
    facts |= _school(world, chance("schooling"), facts)
    facts |= _needs(world, chance("needs"))
    facts |= _welfare(world, chance("welfare"))
    return facts


def _parents(world: World, chance: Chance) -> Facts:
    """The father and mother of each child of a household: its first two grown-ups, where they are old enough."""
    people = world.people
    n = len(people.sex)
    firsts = np.flatnonzero(np.diff(people.household, prepend=-1))
    first = firsts[people.household]
    second = np.minimum(first + 1, n - 1)
    second = np.where((people.household[second] == people.household) & (second != first), second, first)
    place = np.arange(n) - first
    found: Facts = {}
    for name, sex in (("father", MALE), ("mother", FEMALE)):
        parent = np.where(people.sex[first] == sex, first, np.where(people.sex[second] == sex, second, NOBODY))
        is_old_enough = people.age[np.maximum(parent, 0)] - people.age >= PARENT_GAP
        is_parent = (parent >= 0) & (place >= 2) & (parent != np.arange(n)) & is_old_enough
        elsewhere = chance.rng.integers(0, n, n)
        is_apart = is_parent & chance.yes("parent_apart") & (people.age[elsewhere] >= people.age + PARENT_GAP)
        is_apart &= people.sex[elsewhere] == sex
        is_gone = world.facts["orphan"] & (chance.rng.random(n) < 0.6) | world.facts["parent_absent"] & (
            chance.rng.random(n) < 0.5
        )
        parent = np.where(is_apart, elsewhere, np.where(is_parent & ~is_gone, parent, NOBODY))
        found[name] = parent
    mother = found["mother"]
    key = np.where(mother >= 0, mother, n + np.arange(n))
    order = np.lexsort((np.arange(n), people.birth, key))
    ordered = key[order]
    starts = np.searchsorted(ordered, ordered, side="left")
    sizes = np.searchsorted(ordered, ordered, side="right") - starts
    found["child_order"], found["siblings"] = np.empty(n, np.int64), np.empty(n, np.int64)
    found["child_order"][order] = np.arange(n) - starts + 1
    found["siblings"][order] = sizes - 1
    found["head"] = place == 0
    return found


def _status(world: World, area: Chance, leaving: Chance, papers: Chance) -> Facts:
    """Where people are registered, how they left, and their papers."""
    people = world.people
    n = len(people.sex)
    is_young = (people.age >= YOUNG[0]) & (people.age <= YOUNG[1])
    away = area.yes("away") | is_young & area.yes("away_young") | world.facts["seasonal_migration"]
    unregistered = area.yes("unregistered") | people.stateless & area.yes("unregistered_stateless")
    typearea = np.where(area.yes("here_from_elsewhere"), 3, np.where(away, 2, 1))
    typearea = np.where(unregistered | world.facts["homeless"], 5, typearea)
    moved = leaving.yes("moved") | is_young & leaving.yes("moved_young")
    died = leaving.yes("died") | (people.age >= OLD) & leaving.yes("died_old")
    discharge = np.where(moved, 2, 9)
    discharge = np.where(died, 1, np.where(leaving.yes("disappeared"), 3, discharge))
    days = leaving.rng.integers(0, leaving.rules["months"] * 30, n)
    born_before = np.datetime64(world.settings.as_of, "D").astype(np.int64) - people.birth
    left = np.minimum(days, np.maximum(born_before - 1, 0))
    nation = np.where(people.stateless, np.where(papers.yes("other_nationality"), "048", "000"), "099")
    permit = np.where(people.stateless & papers.yes("permit"), papers.rng.integers(11, 15, n), 0)
    passport = np.where(people.stateless, papers.yes("passport"), papers.yes("passport_thai"))
    return {
        "typearea": typearea, "discharge": discharge, "left_days_ago": left, "nation": nation, "permit": permit,
        "passport": passport,
    }  # fmt: skip


def _body(world: World, chance: Chance) -> Facts:
    """Kinds of disability, diagnoses, unions and births."""
    people, facts, rng = world.people, world.facts, chance.rng
    n = len(people.sex)
    kind = np.where(facts["disability"] > 0, 1 + rng.choice(7, n, p=DISABILITY_SHARES), 0)
    diagnosis = np.where(facts["mental"], np.array(DIAGNOSES)[rng.choice(10, n, p=DIAGNOSIS_SHARES)], "")
    union = chance.yes("married") & (people.age >= 20) | chance.yes("early_union") & (people.age >= 14)
    later = rng.choice([2, 3, 4, 5], n, p=[0.86, 0.06, 0.04, 0.04])
    marital = np.where(union, np.where(people.age >= 60, rng.choice([2, 3], n, p=[0.7, 0.3]), later), 1)
    first_age = np.clip(rng.normal(24, 4.5, n), 18, 42)
    first_age = np.where(facts["teen_preg"], np.minimum(people.age, rng.integers(14, 20, n)), first_age)
    women = people.sex == FEMALE
    has_born = women & (facts["teen_preg"] | union & (people.age > first_age) & (people.age < 50))
    births = np.where(has_born, 1 + np.minimum(rng.poisson(0.9, n), ((people.age - first_age) // 2).clip(0)), 0)
    return {
        "disability_type": kind, "diagnosis": diagnosis, "marital": marital, "births": births.astype(np.int64),
        "first_birth_age": first_age,
    }  # fmt: skip


def _school(world: World, chance: Chance, own: Facts) -> Facts:
    """Schooling of the grown, and what schools know of pupils and of those who keep them."""
    people, facts, rng = world.people, world.facts, chance.rng
    n = len(people.sex)
    none = chance.yes("none") & (people.age >= 15)
    level = np.where(people.age >= 55, rng.choice([1, 2, 3], n, p=[0.7, 0.15, 0.15]), rng.choice([1, 2, 3, 4], n))
    delay = facts["grade_delay"] + np.where(chance.yes("far_behind"), rng.integers(3, 5, n), 0)
    category = np.where(chance.yes("poor"), "poor", "none").astype("U12")
    category = np.where(chance.yes("category"), np.array(CATEGORIES)[rng.integers(0, len(CATEGORIES), n)], category)
    category = np.where(chance.yes("exploited"), rng.choice(["labour", "sex"], n), category)
    lacking = {f"lack_{thing}": chance.yes("lacking") for thing in ("uniform", "stationery", "textbooks", "lunch")}
    union = np.where(facts["single_parent"], rng.choice(["apart", "divorced", "father_dead", "mother_dead"], n), "")
    union = np.where(union == "", "together", union)
    union = np.where(facts["orphan"] & (rng.random(n) < 0.3), "both_dead", union)
    kin = np.array(["parent", "parent", "relative", "grandparent", "other"])[facts["lives_with"]]
    keeper = np.where((kin == "other") & (rng.random(n) < 0.4), "none", kin)
    has = {who: (own[who] != NOBODY) & (rng.random(n) < 0.93) for who in ("father", "mother")}
    share = 0.35 + 0.3 * rng.random(n)
    income = {
        "father_income": np.where(has["father"], facts["hh_income"] * share, -1).astype(np.int64),
        "mother_income": np.where(has["mother"], facts["hh_income"] * (1 - share), -1).astype(np.int64),
        "guardian_income": np.where(rng.random(n) < 0.6, facts["hh_income"] * (0.5 + 0.5 * share), -1).astype(np.int64),
    }
    return {
        "education": np.where(none, 0, level), "delay": delay, "category": category, "union": union, "keeper": keeper,
        "left": facts["dropout"], "moved_school": chance.yes("moved_school"), **lacking, **income,
    }  # fmt: skip


def _needs(world: World, chance: Chance) -> Facts:
    """What the survey of basic minimum needs asks households and their members; 1 met, 0 not met."""
    people = world.people
    homes = ("food", "drinking_water", "use_water", "housing", "durable", "safe", "warm")
    found: Facts = {f"met_{name}": ~chance.yes(name, of_home=True) for name in homes}
    found["met_no_alcohol"] = ~chance.yes("drinks", of_home=True)
    found["met_saves"] = ~chance.yes("saves_not", of_home=True)
    found["met_literate"] = ~chance.yes("illiterate")
    found["met_trained"] = ~chance.yes("untrained")
    found["met_skills"] = ~chance.yes("unskilled")
    found["met_work"] = ~chance.yes("no_work")
    n_homes = int(people.household[-1]) + 1
    has_child = (np.bincount(people.household, weights=people.age <= 6, minlength=n_homes) > 0)[people.household]
    missed = chance.yes("child_grant_missed", of_home=True)
    found["child_grant"] = np.where(has_child, np.where(missed, 0, 1), 2)
    entitled = chance.yes("welfare_card", of_home=True)
    found["welfare_card"] = np.where(entitled, np.where(chance.yes("welfare_card_missed", of_home=True), 0, 1), 2)
    found["protection"] = np.where(chance.yes("unprotected", of_home=True), 0, 1)
    found["income_person_year"] = world.facts["hh_income"] * 12 // people.members
    return found


def _welfare(world: World, chance: Chance) -> Facts:
    """What the family logbook and the case list hold."""
    dimensions = ("income", "housing", "health", "education", "access")
    found: Facts = {f"failed_{name}": chance.yes(f"failed_{name}", of_home=True) for name in dimensions}
    away = chance.yes("abroad", of_home=True)
    how = np.where(chance.yes("abroad_irregular", of_home=True), "irregular", "regular")
    how = np.where(chance.yes("abroad_lost", of_home=True), "lost", how)
    found["abroad"] = np.where(away, how, "none")
    found["deported"] = chance.yes("deported")
    found["is_serious"] = chance.yes("serious_case") | world.facts["dv_case"] | world.facts["homeless"]
    return found
