"""What two rows have in common, comparison by comparison, as small level numbers that have words.

Levels are chosen so that a person can read them: each level of each comparison has a sentence in
`reference/linkage/evidence.toml`, and its weight is a number of points.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Pairs, Truths, are_among
from sarana.methods.linkage.names_alike import Ear, name_levels
from sarana.methods.linkage.rows import FIRST, YEAR, Codes, Levels, Rows
from sarana.methods.together import each

COMPARISONS = ("given", "family", "names", "birth", "sex", "place", "house", "household", "registers")
"""The comparisons of two rows that the weights are learnt for; the ID has its own points."""

RIVALS = "rivals"
"""The comparison of a pair with the other pairs of its rows (`rivals.py`), once all were weighed."""

AGAIN = (*COMPARISONS, RIVALS)
"""The comparisons by which pairs are weighed again."""

_SLICE = 1 << 19
"""Pairs that are compared together; what is kept of a pair is 40 bytes, what comparing it takes is many times that."""

_NEAR_ID = """SELECT (jaro_winkler_similarity(x, y) > 0.9 AND damerau_levenshtein(x, y) <= 2) AS is_near
    FROM lk_two_ids"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs and what is said of them.

    Args:
        a, b: rows, from 0, a < b; ordered by a, b.
        levels: the level of each pair, by comparison and for `id`.
        teaches: whether both rows have a valid ID, and one of them is hidden.
    """

    a: Numbers
    b: Numbers
    levels: Mapping[str, Levels]
    teaches: Truths

    @property
    def key(self) -> Numbers:
        """Each pair as one number."""
        key: Numbers = self.a << 32 | self.b
        return key

    def only(self, kept: Truths | Numbers) -> "Compared":
        """Some of the pairs."""
        levels = {name: level[kept] for name, level in self.levels.items()}
        return Compared(self.a[kept], self.b[kept], levels, self.teaches[kept])

    def saying(self, name: str, level: Levels) -> "Compared":
        """The same pairs with one more comparison."""
        return replace(self, levels={**self.levels, name: level})

    def joined_by(self, other: "Compared") -> "Compared":
        """These pairs and others, in order; what is said of a pair that stands in both is what the other says."""
        mine = self.only(~are_among(self.key, other.key))
        whole = _together([mine, other])
        return whole.only(np.argsort(whole.key))


def compare_pairs(rows: Rows, ear: Ear, pairs: Pairs, keep: Callable[[Compared], Truths] | None = None) -> Compared:
    """Say what two rows have in common, for each pair; with `keep`, only the pairs that it keeps are held.

    Slices of pairs are compared side by side, by as many threads as the engine has.

    Cost: 1.2 CPU seconds for a million pairs.
    """

    def compared(some: Pairs) -> Compared:
        a, b = some.a, some.b
        part = Compared(a, b, _levels(rows, ear, a, b), teach(rows, some))
        return part if keep is None else part.only(keep(part))

    return _together(each(compared, pairs.slices(_SLICE), threads=ear.engine.threads))


def teach(rows: Rows, pairs: Pairs) -> Truths:
    """Which pairs have a known answer, with an ID that is hidden."""
    a, b = pairs.a, pairs.b
    known: Truths = rows.has_id[a] & rows.has_id[b] & (rows.is_hidden[a] | rows.is_hidden[b])
    return known


def _together(parts: list[Compared]) -> Compared:
    """Pairs of several pieces, one after the other."""
    return Compared(
        np.concatenate([part.a for part in parts]),
        np.concatenate([part.b for part in parts]),
        {name: np.concatenate([part.levels[name] for part in parts]) for name in parts[0].levels},
        np.concatenate([part.teaches for part in parts]),
    )


def _levels(rows: Rows, ear: Ear, a: Numbers, b: Numbers) -> dict[str, Levels]:
    """The levels of some pairs."""
    return name_levels(ear, rows, a, b) | {
        "birth": _birth_levels(rows, a, b),
        "sex": _same_or_not(rows.sex[a], rows.sex[b]),
        "place": _place_levels(rows, a, b),
        "house": _house_levels(rows, a, b),
        "household": _household_levels(rows, a, b),
        "registers": (rows.place[a] * 100 + rows.place[b]).astype(np.int16),
        "id": _id_levels(ear, rows, a, b),
    }


def lend_teaching(engine: Engine, compared: Compared) -> None:
    """Lend `lk_teaching`: the levels of the pairs that teach."""
    engine.lend("lk_teaching", pa.table({name: level[compared.teaches] for name, level in compared.levels.items()}))


def _birth_levels(rows: Rows, a: Numbers, b: Numbers) -> Levels:
    """Two births: a year alone and a 1 January are held against the year only."""
    x, y = rows.birth[a], rows.birth[b]
    precise_x, precise_y = rows.precise[a], rows.precise[b]
    apart = np.abs(rows.year[x] - rows.year[y])
    one_day, one_month = rows.day[x] == rows.day[y], rows.month[x] == rows.month[y]
    is_swapped = (rows.month[x] == rows.day[y]) & (rows.day[x] == rows.month[y])
    is_year = (precise_x == YEAR) | (precise_y == YEAR)
    is_first = (precise_x == FIRST) | (precise_y == FIRST)
    return _first_that_holds(
        [
            ((x == 0) | (y == 0), 0),
            (is_year & (apart == 0), 7),
            (is_year & (apart == 1), 8),
            (is_year & (apart == 10), 13),
            (is_year, 9),
            ((x == y) & (precise_x == FIRST), 2),
            (x == y, 1),
            (is_first & (apart == 0), 6),
            (is_first & (apart == 1), 8),
            (is_first, 9),
            ((apart == 0) & is_swapped, 3),
            ((apart == 0) & (one_month | one_day), 5),
            (apart == 0, 11),
            (one_month & one_day & ((apart == 1) | (apart == 10)), 4),
            (one_month & one_day, 10),
        ],
        12,
    )


def _place_levels(rows: Rows, a: Numbers, b: Numbers) -> Levels:
    """Two places: the smallest area that both lie in, as far as known."""
    village, other_village = rows.village[a], rows.village[b]
    subdistrict, other_subdistrict = rows.subdistrict[a], rows.subdistrict[b]
    district, other_district = rows.district[a], rows.district[b]
    is_wide = (subdistrict == 0) | (other_subdistrict == 0)
    one_district = (district == other_district) & (district > 0)
    one_subdistrict = subdistrict == other_subdistrict
    return _first_that_holds(
        [
            (is_wide & ((district == 0) | (other_district == 0)), 0),
            (is_wide & one_district, 6),
            (is_wide, 5),
            ((village == other_village) & (village > 0), 1),
            (one_subdistrict & ((village == 0) | (other_village == 0)), 2),
            (one_subdistrict, 3),
            (one_district, 4),
        ],
        5,
    )


def _house_levels(rows: Rows, a: Numbers, b: Numbers) -> Levels:
    """Two house numbers, in one village or not."""
    house, other = rows.house[a], rows.house[b]
    village = rows.village[a]
    return _first_that_holds(
        [
            ((house == 0) | (other == 0), 0),
            ((house == other) & (village == rows.village[b]) & (village > 0), 1),
            (house == other, 2),
        ],
        3,
    )


def _household_levels(rows: Rows, a: Numbers, b: Numbers) -> Levels:
    """Two household numbers of one register; those of two registers have nothing to do with one another."""
    levels = _same_or_not(rows.household[a], rows.household[b])
    levels[rows.place[a] != rows.place[b]] = 0
    return levels


def _id_levels(ear: Ear, rows: Rows, a: Numbers, b: Numbers) -> Levels:
    """Two IDs: equal, nearly equal, another; two valid ones that differ are two people, unless one is doubted."""
    x, y = rows.id[a], rows.id[b]
    seem_valid = (rows.has_id[a] | rows.is_doubted[a]) & (rows.has_id[b] | rows.is_doubted[b])
    levels = _first_that_holds(
        [((x == 0) | (y == 0), 0), (x == y, 1), (rows.has_id[a] & rows.has_id[b], 4), (seem_valid, 5)],
        3,
    )
    at = np.flatnonzero(levels == 3)
    ids = {name: rows.national_id.take(pa.array(side[at])) for name, side in (("x", a), ("y", b))}
    levels[at[ear.ask(_NEAR_ID, "lk_two_ids", ids).column("is_near").to_numpy()]] = 2
    return levels


def _same_or_not(x: Codes, y: Codes) -> Levels:
    """1 for the same, 2 for another, 0 where one is missing."""
    levels = np.where(x == y, np.int16(1), np.int16(2))
    levels[(x == 0) | (y == 0)] = 0
    return levels


def _first_that_holds(cases: list[tuple[Truths, int]], other: int) -> Levels:
    """The level of the first case that holds for each pair."""
    levels = np.full(len(cases[0][0]), other, dtype=np.int16)
    for holds, level in reversed(cases):
        levels[holds] = level
    return levels
