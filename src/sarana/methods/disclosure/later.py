"""A later table of a province of which one is out: what may be shown is rounded so that no subtraction says little.

The change of each count since the last release is summed along the areas, in an order that anyone can see, and each
sum is rounded down to a whole number of steps. What a line shows is what the last release showed, and the steps
between its two ends. So parts add up to wholes, each figure is within a step of the truth, a line of which nothing
changed shows the same, and nobody can tell any change, or any sum of changes, more nearly than a step less one.

Source: docs/explanation/disclosure.md, "Two tables of one province"; docs/decisions/0015-later-tables-are-rounded.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.rollup import LEVELS
from sarana.methods.disclosure.earlier import Since
from sarana.methods.disclosure.forest import ALL, PARTITIONS, Forest
from sarana.methods.disclosure.rule import BANDS, COUNTED, SHEETS, Counts, DisclosureSettings, Mask


@dataclass(frozen=True, slots=True)
class Later:
    """What a later table shows.

    Attributes:
        gone: by sheet, shape (areas, groups), true where its figures are withheld.
        counts: shape (areas, groups, `COUNTED`), rounded; 0 where withheld.
        step: how far the steps lie apart.
    """

    gone: dict[str, Mask]
    counts: Counts
    step: int


def round_later(forest: Forest, since: Since, settings: DisclosureSettings) -> Later:
    """Choose the lines that are shown, out of those that every release shows, and round their counts.

    A line goes where a count of it that was not 0 would come out at the threshold or below; a group of lines goes as a
    whole. No second cell is needed: what is left of a sum is as doubtful as what is shown.

    Cost: a fraction of a CPU second for 2,226 areas.
    """
    step = _step(settings.threshold)
    gone: dict[str, Mask] = {}
    counts = np.zeros_like(since.change)
    for sheet in SHEETS:
        atoms = [COUNTED.index(atom) for atom in sheet.counted]
        shown = since.shown[sheet.name] & ~gone.get(BANDS.name, np.zeros_like(since.shown[sheet.name]))
        found = _settle(forest, shown, since.published[..., atoms], since.change[..., atoms], settings.threshold)
        gone[sheet.name] = ~found.shown
        counts[..., atoms] = found.rounded * found.shown[..., None]
    return Later(gone, counts, step)


def _step(threshold: int) -> int:
    """A step less one is how wide a range stays; another one is spent on who knows when a line is withheld."""
    return threshold + 2


@dataclass(frozen=True, slots=True)
class _Found:
    shown: Mask
    rounded: Counts


def _settle(forest: Forest, shown: Mask, published: Counts, change: Counts, threshold: int) -> _Found:
    """Round, close what comes out too small, and round again, until all is well."""
    shown = shown.copy()
    for columns in map(list, PARTITIONS):
        shown[:, columns] &= _same_groups(forest, shown[:, ALL], shown[:, columns])
    while True:
        _close(forest, shown)
        one = _Walk(forest, shown, published, change, _step(threshold), np.zeros_like(change), [])
        for root in np.flatnonzero((forest.parent < 0) & shown[:, ALL]):
            one.down(int(root), np.zeros(change.shape[-1], dtype=np.int64))
        small = (one.rounded < 0) | ((one.rounded <= threshold) & (published > 0))
        bad = shown & small.any(axis=-1)
        if not bad.any() and not one.spoilt:
            return _Found(shown, one.rounded)
        shown &= ~bad
        for area, column in one.spoilt:
            shown[area, column] = False


def _same_groups(forest: Forest, whole: Mask, shown: Mask) -> Mask:
    """Which groups of a partition are told everywhere: those with which most lines stay.

    Args:
        forest: the areas.
        whole: shape (areas,), areas that are shown.
        shown: shape (areas, columns of the partition).
    """
    best, most = np.zeros(shown.shape[1], dtype=bool), 0
    for told in np.unique(shown[whole], axis=0):
        opened = whole & shown[:, told].all(axis=1)
        for level in range(1, len(LEVELS)):
            inside = np.flatnonzero((forest.level == level) & opened)
            opened[inside] = opened[forest.parent[inside]]
        n_lines = int(opened.sum() * told.sum())
        if n_lines > most:
            best, most = told, n_lines
    return best


def _close(forest: Forest, shown: Mask) -> None:
    """Leave only what can be rounded: nothing below what is withheld, and in each partition the same groups everywhere.

    The groups of a province that are withheld count as one. Where sexes are told at all, ages are told only beside
    them, so that areas can be put in one order for both.
    """
    sexes = list(PARTITIONS[0])
    for area, up in enumerate(forest.parent):
        if up >= 0:
            shown[area, ALL] &= shown[up, ALL]
        for columns in map(list, PARTITIONS):
            told = shown[area, columns] if up < 0 else shown[up, columns]
            whole = shown[area, ALL] and bool(shown[area, columns][told].all())
            if up >= 0 and columns != sexes:
                whole = whole and (shown[area, sexes].any() or not shown[up, sexes].any())
            shown[area, columns] = told & whole


@dataclass(frozen=True, slots=True)
class _Walk:
    """One way through all areas that are shown.

    Attributes:
        shown: shape (areas, groups), closed.
        published, change: shape (areas, groups, atoms).
        rounded: what comes out, the same shape.
        spoilt: areas and groups that must go because what is left beside them would come out below 0.
    """

    forest: Forest
    shown: Mask
    published: Counts
    change: Counts
    step: int
    rounded: Counts
    spoilt: list[tuple[int, int]]

    def down(self, area: int, start: NDArray[np.int64]) -> None:
        """Round an area and all that is shown in it.

        Args:
            area: the area.
            start: the change of all that stands before it.
        """
        end = start + self.change[area, ALL]
        self.rounded[area, ALL] = self.published[area, ALL] + self._steps(start, end)
        parts, at = self._parts(area), start
        for part in parts:
            self.down(part, at)
            at = at + self.change[part, ALL]
        self._look_at_rest(area, parts, [ALL])
        for columns in PARTITIONS:
            told = [column for column in columns if self.shown[area, column]]
            if told:
                self._groups(area, [part for part in parts if self.shown[part, told[0]]], told, start)

    def _groups(self, area: int, parts: list[int], told: list[int], start: NDArray[np.int64]) -> None:
        """The groups of an area: those of its parts, and of the rest of it, which stands behind them."""
        at = start + self.change[parts, ALL].sum(axis=0)
        rest = self.change[area, told] - self.change[np.ix_(parts, told)].sum(axis=0)
        ends = at + np.cumsum(rest, axis=0)
        starts = np.concatenate([at[None], ends[:-1]])
        inside = self.rounded[np.ix_(parts, told)] - self.published[np.ix_(parts, told)]
        self.rounded[area, told] = self.published[area, told] + inside.sum(axis=0) + self._steps(starts, ends)
        others = [self._others(one, told) for one in (area, *parts)]
        if (others[0] < 0).any():
            self.spoilt.append((area, min(told, key=lambda column: int(self.published[area, column].sum()))))
        self._look_at_rest(area, parts, told, others[0] - sum(others[1:]))

    def _others(self, area: int, told: list[int]) -> Counts:
        """What an area has beside the groups that are told."""
        found: Counts = self.rounded[area, ALL] - self.rounded[area, told].sum(axis=0)
        return found

    def _look_at_rest(self, area: int, parts: list[int], columns: list[int], others: Counts | None = None) -> None:
        """What is left of an area beside its shown parts can be worked out: it may not come out below 0."""
        if not parts:
            return
        rest = self.rounded[area, columns] - self.rounded[np.ix_(parts, columns)].sum(axis=0)
        if (rest < 0).any() or (others is not None and (others < 0).any()):
            smallest = min(parts, key=lambda part: int(self.published[part, ALL].sum()))
            self.spoilt.append((smallest, columns[0]))

    def _parts(self, area: int) -> list[int]:
        """The parts that are shown: those with ages first, then those with sexes, then the others; by code."""
        parts = [int(part) for part in self.forest.children[area] if self.shown[part, ALL]]
        return sorted(
            parts, key=lambda part: (*(not self.shown[part, list(c)].any() for c in reversed(PARTITIONS)), part)
        )

    def _steps(self, start: Counts, end: Counts) -> Counts:
        found: Counts = self.step * (end // self.step - start // self.step)
        return found
