"""An invented province a year before: the same people under the same row numbers, as far as they were there already."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, pick_weighted, stream
from sarana.methods.invented.events import before_events
from sarana.methods.invented.facts import Facts, make_facts
from sarana.methods.invented.files import Column
from sarana.methods.invented.papers import make_ids
from sarana.methods.invented.people import People, make_people
from sarana.methods.invented.pools import make_pools
from sarana.methods.invented.registers import Register, make_register
from sarana.methods.invented.sectors import World, make_row_ids, write_sector
from sarana.methods.reference import read_reference

DAYS = 365
CAME = 0.012
"""The share of households that came into the province during the year."""

LEFT = 0.015
"""How many people left it, in shares of all: whole households that moved away or died out."""

FEWEST_LEFT = 60
MOVED = 0.03
"""The share of households that lived in another village of the province."""

HOME_CHANGED = 0.06
PERSON_CHANGED = 0.05
"""The shares of households, and of people, of whom other answers were true."""

ENTERED = 0.03
"""The share of a register's rows that were entered during the year."""

HOME_FACTS = ("hh_income", "hh_debt", "hh_land", "single_parent", "poverty_grant")
SAME_AGE = 2


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The people of a province as they were, `here` those who were there already, and those who left since."""

    was: World
    here: NDArray[np.bool_]
    left: World

    @property
    def everybody(self) -> World:
        """Those who are numbered as in the later year, and behind them those who left."""
        n_households = int(self.was.people.household[-1]) + 1
        left = replace(self.left.people, household=self.left.people.household + n_households)
        people = People(*(np.concatenate([_of(self.was.people, f.name), _of(left, f.name)]) for f in fields(People)))
        facts = {name: np.concatenate([self.was.facts[name], self.left.facts[name]]) for name in self.was.facts}
        return replace(self.was, people=people, facts=facts, ids=np.concatenate([self.was.ids, self.left.ids]))

    @property
    def were_here(self) -> NDArray[np.bool_]:
        """Who of everybody was there on the day of that year."""
        return np.concatenate([self.here, np.ones(len(self.left.ids), dtype=np.bool_)])


def make_year_before(world: World) -> YearBefore:
    """Go back a year: nobody who was born or came since, homes and answers as they were, those who left since."""
    rng = stream(world.settings.seed, "year before")
    people = world.people
    n_households = int(people.household[-1]) + 1
    day = int(np.datetime64(world.settings.as_of, "D").astype(np.int64)) - DAYS
    here = (people.birth <= day) & ~chosen(rng, CAME, n_households)[people.household]
    elsewhere = pick_weighted(rng, world.places.weight, n_households)[people.household]
    village = np.where(chosen(rng, MOVED, n_households)[people.household], elsewhere, people.village)
    facts = _homes_as_they_were(rng, world)
    facts |= _people_as_they_were(rng, people, facts)
    facts["disability_card"] = facts["disability"] > 0
    then = replace(people, village=village)
    facts = before_events(world.settings.seed, world.places, then, facts, _shared())
    was = replace(world, people=then, facts=facts, years_ago=1)
    return YearBefore(was, here, _who_left(world))


def write_year_before(year: YearBefore, sector: str) -> tuple[Register, pa.Array, dict[str, Column]]:
    """A sector's file of that year: its rows, their numbers, and its columns.

    A row that stands in both years has one number and one hand: only what was otherwise is written otherwise.
    """
    was, left = year.was, year.left
    register = make_register(was.settings, sector, was.people)
    columns = write_sector(was, register)
    rng = stream(was.settings.seed, f"entered {sector}")
    stays = year.here[register.person] & ~chosen(rng, ENTERED, len(register.person))
    if "case_year" in columns:
        stays &= np.asarray(columns["case_year"]) < was.settings.as_of.year
    gone = make_register(left.settings, sector, left.people)
    more = write_sector(left, gone)
    if "household_no" in more:
        more["household_no"] = more["household_no"] + int(was.people.household[-1]) + 1
    n = len(register.person)
    both = Register(
        sector,
        np.concatenate([register.person[stays], gone.person + len(was.ids)]),
        np.concatenate([register.is_duplicate[stays], gone.is_duplicate]),
    )
    numbers = make_row_ids(replace(register, person=np.zeros(n + len(gone.person), dtype=np.int64)))
    numbers = numbers.filter(pa.array(np.concatenate([stays, np.ones(len(gone.person), dtype=np.bool_)])))
    written = {name: _joined(column, stays, more[name]) for name, column in columns.items()}
    return both, numbers, {**written, "row_id": numbers}


def _homes_as_they_were(rng: np.random.Generator, world: World) -> Facts:
    """What households share: of a few as another's is."""
    people = world.people
    firsts = np.flatnonzero(np.diff(people.household, prepend=-1))
    source = np.arange(len(firsts))
    changed = np.flatnonzero(chosen(rng, HOME_CHANGED, len(firsts)))
    source[changed] = rng.permutation(changed)
    other = firsts[source][people.household]
    shared = _shared()
    return {name: values[other] if name in shared else values for name, values in world.facts.items()}


def _people_as_they_were(rng: np.random.Generator, people: People, facts: Facts) -> Facts:
    """What is true of single people: of a few as of somebody else of their sex and age."""
    order = np.lexsort((people.age, people.sex))
    who = order[chosen(rng, PERSON_CHANGED, len(order))]
    other = np.roll(who, 1)
    alike = (people.sex[who] == people.sex[other]) & (abs(people.age[who] - people.age[other]) <= SAME_AGE)
    source = np.arange(len(order))
    source[who[alike]] = other[alike]
    kept = _shared() | {"stateless"}
    return {name: values[source] for name, values in facts.items() if name not in kept}


def _shared() -> set[str]:
    """The names of facts that all members of a household share."""
    rules = read_reference("invented/facts.toml")
    return {name for name, rule in rules.items() if rule.get("of") == "household"} | set(HOME_FACTS)


def _who_left(world: World) -> World:
    """Households that were in the same villages, and are there no more; nobody bears a number of those who stayed."""
    n = max(FEWEST_LEFT, round(LEFT * len(world.ids)))
    settings = replace(world.settings, people=n, seed=world.settings.seed + 1_000_003)
    people = make_people(settings, world.places, make_pools())
    facts = make_facts(settings, people)
    grant = stream(settings.seed, "grants").permutation(world.facts["poverty_grant"])[:n]
    facts |= {"poverty_grant": grant, "stateless": people.stateless, "disability_card": facts["disability"] > 0}
    ids = make_ids(settings, people, world.places)
    ids = np.where(np.isin(ids, world.ids), 0, ids)
    return replace(world, settings=settings, people=people, ids=ids, facts=facts, years_ago=1)


def _joined(column: Column, stays: NDArray[np.bool_], more: Column) -> Column:
    """The cells of the rows that stay, and more behind them."""
    if isinstance(column, pa.Array):
        return pa.concat_arrays([column.filter(pa.array(stays)), pa.array(more)])
    return np.concatenate([column[stays], np.asarray(more)])


def _of(people: People, name: str) -> NDArray[Any]:
    found: NDArray[Any] = getattr(people, name)
    return found
