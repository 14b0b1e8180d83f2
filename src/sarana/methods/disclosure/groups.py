"""Second suppression along groups: goes down the areas and settles one table of parts by groups after another."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.rollup import GROUPS
from sarana.methods.disclosure.blocks import Ranges, Table, withhold_cells, withhold_row
from sarana.methods.disclosure.forest import Forest
from sarana.methods.disclosure.rule import COLUMNS, Counts, DisclosureSettings, Mask, Sheet, judge


@dataclass(slots=True)
class Descent:
    """One way down through the areas for one sheet and one partition.

    Attributes:
        gone: shape (areas, columns of the partition), true where withheld.
        rest: for an area, which columns of its withheld parts taken together cannot be known.
        ranges: for an area, what can be known of its own columns.
    """

    gone: Mask
    rest: dict[int, Mask] = field(default_factory=dict)
    ranges: dict[int, Ranges] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be settled.

    Attributes:
        areas_gone: shape (areas,), areas of which nothing is shown.
        forced: shape (areas, columns), lines withheld in any case.
        forced_rest: for an area, columns of its withheld parts taken together that cannot be known in any case.
    """

    forest: Forest
    sheet: Sheet
    settings: DisclosureSettings
    columns: tuple[int, ...]
    areas_gone: Mask
    forced: Mask
    forced_rest: dict[int, Mask]


def withhold_groups(task: Task) -> Descent:
    """Choose the lines of one partition that a sheet withholds, so that no sum over groups or areas gives one away.

    Where one level cannot be made safe on its own, the area above it withholds the whole partition and the descent
    begins again; with everything withheld only the totals of areas are known, which are safe.
    """
    surrendered = np.zeros(len(task.areas_gone), dtype=bool)
    while True:
        descent = Descent(np.repeat(task.areas_gone[:, None], len(task.columns), axis=1))
        failed = _descend(task, descent, surrendered)
        if failed is None:
            return descent
        while surrendered[failed] and task.forest.parent[failed] >= 0:
            failed = int(task.forest.parent[failed])
        if surrendered[failed]:
            return _nothing(task)
        surrendered[failed] = True


def _nothing(task: Task) -> Descent:
    """No line of the partition is shown anywhere."""
    everything = np.ones(len(task.columns), dtype=bool)
    losing = [area for area in task.forest.parents_of_groups() if task.areas_gone[task.forest.children[area]].any()]
    return Descent(np.ones((len(task.areas_gone), len(task.columns)), dtype=bool), dict.fromkeys(losing, everything))


def _descend(task: Task, descent: Descent, surrendered: Mask) -> int | None:
    """Go down once; the area whose parts could not be made safe, or None."""
    for root in np.flatnonzero((task.forest.parent < 0) & ~task.areas_gone):
        table = _table(task, np.array([root]), np.array([], dtype=np.int64), surrendered)
        gone, ranges = withhold_row(table)
        descent.gone[root] = gone[0]
        descent.ranges[int(root)] = ranges.of(0)
    for area in task.forest.parents_of_groups():
        if task.areas_gone[area] or not task.forest.people_in(area):
            continue
        parts = task.forest.children[area]
        shown = parts[~task.areas_gone[parts] & (task.forest.people_in(parts) > 0)]
        lost = parts[task.areas_gone[parts]]
        table = _table(task, shown, lost, surrendered, (area, descent))
        settled = withhold_cells(table)
        if settled is None:
            return area
        gone, ranges = settled
        descent.gone[shown] = gone[: len(shown)]
        descent.ranges.update({int(part): ranges.of(k) for k, part in enumerate(shown)})
        if len(lost):
            descent.rest[area] = gone[-1]
    return None


def _table(
    task: Task,
    shown: NDArray[np.int64],
    lost: NDArray[np.int64],
    surrendered: Mask,
    above: tuple[int, Descent] | None = None,
) -> Table:
    """The table of an area's parts by the partition's columns; withheld parts stand in it as one row, their sum."""
    columns = list(task.columns)
    counts: Counts = task.forest.counts[np.ix_(shown, columns)]
    forced = task.forced[shown] | surrendered[shown, None]
    if above is not None and len(lost):
        counts = np.concatenate([counts, task.forest.counts[np.ix_(lost, columns)].sum(axis=0)[None]])
        rest = task.forced_rest.get(above[0], np.zeros(len(columns), dtype=bool))
        forced = np.concatenate([forced, rest[None]])
    hidden, doubtful = judge(task.sheet, counts, task.settings)
    atoms = [COLUMNS.index(a) for a in task.sheet.atoms]
    none = np.zeros((len(columns), len(atoms)), dtype=np.int64)
    free, outer = np.zeros(len(columns), dtype=bool), Ranges(none, none)
    if above is not None:
        free, outer = above[1].gone[above[0]], above[1].ranges[above[0]]
    return Table(
        cells=counts[..., atoms],
        hidden=hidden | forced,
        doubtful=doubtful,
        people=counts[..., :4].sum(axis=-1),
        free=free,
        outer=outer,
        width=task.settings.threshold,
        turn=np.array([_turn(GROUPS[column], task.settings) for column in columns], dtype=np.int64),
    )


def _turn(group: str, settings: DisclosureSettings) -> int:
    """When a group is taken as a second cell: 0 before all that the settings name, then in their order."""
    return settings.second_cells.index(group) + 1 if group in settings.second_cells else 0
