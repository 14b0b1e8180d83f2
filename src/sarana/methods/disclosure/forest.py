"""Lines of areas and groups as arrays, with the tree that ties them: what second suppression works on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.rollup import AGES, GROUPS, LEVELS, SEXES
from sarana.methods.disclosure.rule import COLUMNS, Counts
from sarana.methods.engine import Engine

ALL = 0
PARTITIONS = (
    tuple(range(1, 1 + len(SEXES))),
    tuple(range(1 + len(SEXES), 1 + len(SEXES) + len(AGES))),
)
"""Sets of groups, as places in `GROUPS`, that each add up to `all`."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Every area with its counts by group; provinces are roots.

    Attributes:
        level: shape (areas,), place in `LEVELS`.
        code: shape (areas,), text.
        parent: shape (areas,), place of the area it lies in, -1 for a root; always smaller than its own place.
        counts: shape (areas, groups, columns), people; 0 for groups that are not laid out at that level.
        children: for each area the places of the areas that lie in it.
    """

    level: NDArray[np.int64]
    code: NDArray[np.str_]
    parent: NDArray[np.int64]
    counts: Counts
    children: tuple[NDArray[np.int64], ...]

    @property
    def people(self) -> NDArray[np.int64]:
        """Shape (areas, groups): people, scored or not."""
        return self.counts[..., :4].sum(axis=-1)

    def people_in(self, areas: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """People of all groups of some areas: adding up all areas for a few would be dear where there are many."""
        found: NDArray[np.int64] = self.counts[areas, ALL, :4].sum(axis=-1)
        return found

    def parents_of_groups(self) -> list[int]:
        """Areas whose parts are laid out by group too, widest first."""
        deepest = LEVELS.index("subdistrict")
        return [int(i) for i in np.flatnonzero(self.level < deepest) if len(self.children[i])]


def read_forest(engine: Engine) -> Forest:
    """Read `areas_internal` into arrays, widest areas first, then by code."""
    spots = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(LEVELS))
    groups = " ".join(f"WHEN '{group}' THEN {place}" for place, group in enumerate(GROUPS))
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE _forest AS
        SELECT row_number() OVER (ORDER BY spot, code) - 1 AS area, spot, code, parent
        FROM (SELECT CASE level {spots} END AS spot, code, parent FROM areas_internal WHERE "group" = 'all')"""
    )
    areas = engine.columns(
        """SELECT f.spot, f.code, coalesce(p.area, -1) AS parent FROM _forest f
        LEFT JOIN _forest p ON p.spot = f.spot - 1 AND p.code = f.parent ORDER BY f.area"""
    )
    lines = engine.columns(
        f"""SELECT f.area, CASE i."group" {groups} END AS spot, {", ".join("i." + c for c in COLUMNS)}
        FROM areas_internal i JOIN _forest f ON f.code = i.code AND f.spot = CASE i.level {spots} END"""
    )
    counts = np.zeros((len(areas["code"]), len(GROUPS), len(COLUMNS)), dtype=np.int64)
    for place, column in enumerate(COLUMNS):
        counts[lines["area"], lines["spot"], place] = lines[column]
    parent = areas["parent"].astype(np.int64)
    order = np.argsort(parent, kind="stable")
    ends = np.searchsorted(parent[order], np.arange(len(parent) + 1))
    children = tuple(order[ends[i] : ends[i + 1]] for i in range(len(parent)))
    return Forest(areas["spot"].astype(np.int64), areas["code"].astype(str), parent, counts, children)
