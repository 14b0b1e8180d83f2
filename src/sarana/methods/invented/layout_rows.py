"""What all layouts of registers share: whose rows a file has, keys that lead to nobody, dates and gaps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.facts import Facts
from sarana.methods.invented.layout_facts import read_rules
from sarana.methods.invented.registers import Register
from sarana.methods.invented.sectors import MOST, World, read_rates

Texts = NDArray[np.object_]
Rows = NDArray[np.int64]
ERA = 543


@dataclass(frozen=True, slots=True)
class Layout:
    """A register to write: the world, what registers say of it, whose rows, the rates of faults, and one stream."""

    world: World
    facts: Facts
    register: Register
    rates: dict[str, float]
    faults: dict[str, float]
    rng: np.random.Generator

    @property
    def person(self) -> Rows:
        """Whose each row is."""
        return self.register.person

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.register.person)

    def of(self, fact: str) -> NDArray[Any]:
        """A fact of each row's person."""
        return (self.facts if fact in self.facts else self.world.facts)[fact][self.person]

    def with_blanks(self, values: NDArray[Any], fault: str = "blank") -> Texts:
        """Values as text, a share of them left out."""
        text: Texts = values.astype("U").astype(object)
        text[chosen(self.rng, self.faults[fault], len(text))] = None
        return text

    def yes_no(self, fact: str, yes: str, no: str) -> Texts:
        """A yes/no fact in two words, a share of them left out."""
        return self.with_blanks(np.where(self.of(fact), yes, no))

    def facts_of(self, rows: Rows) -> Rows:
        """Rows of a fact table, some of them once more, as they are when a clerk enters a thing twice."""
        again = rows[chosen(self.rng, self.faults["fact_twice"], len(rows))]
        return np.sort(np.concatenate([rows, again]))

    def strayed(self, keys: Texts, made: str) -> Texts:
        """Keys, a share of which lead to nobody."""
        stray = np.flatnonzero(chosen(self.rng, self.faults["stray_fact"], len(keys)))
        found = keys.copy()
        found[stray] = [made.format(n) for n in self.rng.integers(0, 10**6, len(stray)).tolist()]
        return found

    def days_before(self, days: NDArray[Any], form: str = "plain") -> Texts:
        """Days so many before the day the files speak of, as YYYYMMDD, or YYYY-MM-DD, or DD/MM in the Buddhist era."""
        as_of = np.datetime64(self.world.settings.as_of, "D").astype(np.int64)
        return written_days((as_of - days.astype(np.int64)).astype("datetime64[D]"), form)


def make_layout(world: World, facts: Facts, register: Register, name: str) -> Layout:
    """A register ready to be written, with the rates of faults of the sector that it is like."""
    faults = {key: min(rate * world.settings.defects, MOST) for key, rate in read_rules()["defects"].items()}
    rates = read_rates(register.sector, world.settings.defects)
    return Layout(world, facts, register, rates, faults, stream(world.settings.seed, f"layout {name}"))


def written_days(days: NDArray[np.datetime64], form: str) -> Texts:
    """Days as text: `plain` YYYYMMDD, `iso` YYYY-MM-DD, `thai` DD/MM/YYYY of the Buddhist era."""
    distinct, at = np.unique(days, return_inverse=True)
    iso = [str(day) for day in distinct]
    if form == "plain":
        iso = [day.replace("-", "") for day in iso]
    elif form == "thai":
        iso = [f"{day[8:]}/{day[5:7]}/{int(day[:4]) + ERA}" for day in iso]
    found: Texts = np.array(iso, dtype=object)[at]
    return found


def ranked(*groups: NDArray[Any]) -> Rows:
    """The place of each row among those of its group, first is 1."""
    order = np.lexsort((np.arange(len(groups[0])), *groups[::-1]))
    ordered = [group[order] for group in groups]
    is_new = np.zeros(len(order), np.bool_)
    is_new[:1] = True
    for group in ordered:
        is_new[1:] |= group[1:] != group[:-1]
    starts = np.maximum.accumulate(np.where(is_new, np.arange(len(order)), 0))
    found = np.empty(len(order), np.int64)
    found[order] = np.arange(len(order)) - starts + 1
    return found
