"""Who lives together: people of one household number, and people at one house of one village.

A person's household is the number that the first source with numbers gives them. A number of a later source, or a house
of a village, joins the household to which more than half of its already placed people belong; otherwise it is a
household of its own. Nothing is chained further, so one wrong number cannot melt a village together. A number or house
shared by too many people (dormitories, barracks, `house number 0`) is no household.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Coded, Codes, coded, distinct
from sarana.methods.risk.persons import Persons
from sarana.methods.risk.rows import Rows


@dataclass(frozen=True, slots=True)
class _Units:
    """Numbers or houses: the unit of each person (-1 for none), and what each unit is called."""

    of: Codes
    names: pa.Array


def make_households(engine: Engine, rows: Rows, persons: Persons, sources: Sequence[str], most_members: int) -> Persons:
    """The persons, with the household of each.

    Args:
        engine: holds the standardised rows.
        rows: whose they are.
        persons: gives the village that each person's house must lie in.
        sources: names of the sources in order.
        most_members: households of more people are none.
    """
    words = ("household", "village", "house")
    said = engine.read(rows.relation, ["as_of", *words], words)
    day = pc.fill_null(said["as_of"].cast(pa.date32()).cast(pa.int32()), np.iinfo(np.int32).min).to_numpy()
    numbers = coded(said["household"])
    placed, names, n_names = np.full(rows.n_people, MISSING, np.int32), [], 0
    numbered = np.flatnonzero(numbers.codes >= 0)
    of_source = rows.position[numbered]
    for at, source in enumerate(sources):
        mine = numbered[of_source == at]
        if not len(mine):
            continue
        units = _elect(rows, numbers, mine, day)
        own = pc.binary_join_element_wise(source, units.names, ":")
        placed = _place(placed, units.of, n_names)
        names.append(own)
        n_names += len(own)
    units = _houses(rows, persons, coded(said["village"]), coded(said["house"]), day)
    placed = _place(placed, units.of, n_names)
    names.append(units.names)
    return replace(persons, household=_kept(Coded(placed, pa.concat_arrays(names)), most_members))


def _houses(rows: Rows, persons: Persons, village: Coded, house: Coded, day: Codes) -> _Units:
    """The house of each person, in the person's own village."""
    own = persons.areas["village"]
    at_home = own.codes[rows.person]
    same = pc.fill_null(pc.index_in(own.values, value_set=village.values), MISSING).to_numpy()
    same = np.append(same, MISSING).astype(village.codes.dtype)  # the last is a person without a village
    mine = np.flatnonzero((house.codes >= 0) & (village.codes >= 0) & (village.codes == same[at_home]))
    one, which = distinct(
        [(village.codes[mine], len(village.values)), (house.codes[mine], len(house.values))], len(mine)
    )
    names = pc.binary_join_element_wise(village.taken(mine[one]), house.taken(mine[one]), "/")
    codes = np.full(len(rows.person), MISSING, np.int32)
    codes[mine] = which
    return _elect(rows, Coded(codes, names), mine, day)


def _elect(rows: Rows, units: Coded, mine: Codes, day: Codes) -> _Units:
    """For each person the unit that most of their rows say, then the first source's, the newest, the smallest.

    Args:
        rows: whose each row is.
        units: what each row says.
        mine: the rows that count.
        day: the day of each row.
    """
    said = units.codes[mine]
    used = np.flatnonzero(np.bincount(said, minlength=len(units.values)))
    names = units.values.take(pa.array(used))
    place = np.empty(len(units.values), np.int32)
    place[used] = np.arange(len(used))
    codes, person = place[said], rows.person[mine]
    of = np.full(rows.n_people, MISSING, np.int32)
    of[person] = codes
    torn = np.zeros(rows.n_people, bool)
    differs = person[of[person] != codes]
    torn[differs] = True
    voting = np.flatnonzero(torn[person]) if len(differs) else differs
    if len(voting):
        winners, choice = _vote(person[voting], codes[voting], rows.position[mine[voting]], day[mine[voting]], names)
        of[winners] = choice
    return _Units(of, names)


def _vote(person: Codes, unit: Codes, position: Codes, day: Codes, names: pa.Array) -> tuple[Codes, Codes]:
    """The people who vote, and the unit of each."""
    one, which = distinct([(person, int(person.max()) + 1), (unit, len(names))], len(person))
    n = np.bincount(which)
    first, newest = np.full(len(one), np.iinfo(np.int64).max), np.full(len(one), np.iinfo(np.int64).min)
    np.minimum.at(first, which, position)
    np.maximum.at(newest, which, day)
    order = pc.array_sort_indices(names.take(pa.array(unit[one]))).to_numpy()
    by_name = np.empty(len(one), np.int64)
    by_name[order] = np.arange(len(one))
    best = np.lexsort((by_name, -newest, first, -n, person[one]))
    is_first = np.ones(len(best), bool)
    is_first[1:] = person[one][best[1:]] != person[one][best[:-1]]
    won = one[best[is_first]]
    return person[won], unit[won]


def _place(placed: Codes, unit: Codes, n_names: int) -> Codes:
    """Place those who have no household yet: where most of their unit are, or in the unit itself.

    Args:
        placed: the household of each person so far, -1 for none.
        unit: the unit of each person, -1 for none.
        n_names: how many households are named so far; unit u itself is household n_names + u.
    """
    there = np.flatnonzero((unit >= 0) & (placed >= 0))
    joins = np.arange(n_names, n_names + int(unit.max(initial=MISSING)) + 1, dtype=np.int32)
    if len(there):
        one, which = distinct([(unit[there], len(joins)), (placed[there], int(placed.max()) + 1)], len(there))
        votes, of = np.bincount(which), unit[there][one]
        wins = np.flatnonzero(2 * votes > np.bincount(of, votes, minlength=len(joins))[of])
        joins[of[wins]] = placed[there][one[wins]]
    new = np.flatnonzero((unit >= 0) & (placed < 0))
    found = placed.copy()
    found[new] = joins[unit[new]]
    return found


def _kept(households: Coded, most_members: int) -> Coded:
    """The households that are not too large, numbered anew."""
    lives = np.flatnonzero(households.codes >= 0)
    members = np.bincount(households.codes[lives], minlength=len(households.values))
    kept = np.flatnonzero((members > 0) & (members <= most_members))
    anew = np.full(len(members) + 1, MISSING, np.int64)
    anew[kept] = np.arange(len(kept))
    return Coded(anew[households.codes], households.values.take(pa.array(kept)))
