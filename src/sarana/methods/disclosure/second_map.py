"""The second map by class: what may be said of areas whose second figures point at too few people.

Beside the exact figures of the first map a class says that the people in the high band without the legal-status
indicator are between two numbers. It is published where that leaves all in doubt that the exact figures would give
away, also for someone who knows how many are scored without status, adds up areas, and knows these rules.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.classes import CLASSES, MapClasses, split_rates
from sarana.methods.areas.rollup import LEVELS, UNKNOWN
from sarana.methods.disclosure.forest import ALL, Forest
from sarana.methods.disclosure.rule import BANDS, COLUMNS, SECOND, DisclosureSettings, Mask

MAPPED: Final = (LEVELS.index("district"), LEVELS.index("subdistrict"))
"""Levels that have maps, each with limits of its own."""

Whole = NDArray[np.int64]
Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of each area on both maps, for all people of the area; '' where none may be said or none is made.

    Attributes:
        first: shape (areas,).
        second: shape (areas,).
        withdrawn: how many classes of the second map were taken back because sums of areas would narrow them.
    """

    first: Names
    second: Names
    withdrawn: int


def choose_classes(
    forest: Forest, gone: dict[str, Mask], settings: DisclosureSettings, *, only_shown: bool = False
) -> Classes:
    """Put areas into the classes of the first map, and say which classes of the second map may be shown.

    Args:
        forest: the areas.
        gone: by sheet, shape (areas, groups), true where its figures are withheld.
        settings: the threshold.
        only_shown: say no class of the second map where its figures are withheld.

    Returns:
        The classes. Limits come from published rates only. Where the second figures are shown, so is the class.

    Source: docs/explanation/disclosure.md, "The second map by class".
    """
    chooser = _Chooser(forest, gone[BANDS.name][:, ALL], gone[SECOND.name][:, ALL], settings.threshold)
    first = np.full(len(forest.code), "", dtype="U4")
    second, bounds = first.copy(), chooser.bare()
    for level in MAPPED:
        chooser.lay_out(level, first, second, bounds)
    if only_shown:
        return Classes(first, np.where(chooser.second_gone, "", second), 0)
    return Classes(first, second, chooser.withdraw(second, bounds))


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Shape (areas,): fewest and most people in the high band of the second map, as others can know them."""

    low: Whole
    high: Whole

    def copy(self) -> Self:
        """Bounds of their own."""
        return type(self)(self.low.copy(), self.high.copy())


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Knows the true counts, and which of them are withheld."""

    forest: Forest
    first_gone: Mask
    second_gone: Mask
    threshold: int

    def bare(self) -> _Bounds:
        """What is known without any class, save for what sums of areas tell."""
        red, scored = self.counted("n_red_without_status"), self.counted("n_scored_without_status")
        return _Bounds(np.where(self.second_gone, 0, red), np.where(self.second_gone, scored, red))

    def counted(self, column: str) -> Whole:
        """Shape (areas,): people of all groups."""
        found: Whole = self.forest.counts[:, ALL, COLUMNS.index(column)]
        return found

    def lay_out(self, level: int, first: Names, second: Names, bounds: _Bounds) -> None:
        """Fill in the classes of one level as far as each area by itself allows, and what they say of its count."""
        forest = self.forest
        is_place = np.array([not code.endswith(UNKNOWN) for code in forest.code], dtype=bool)
        scored = forest.counts[:, ALL, :3].sum(axis=-1)
        shown = np.flatnonzero((forest.level == level) & ~self.first_gone & is_place & (scored > 0))
        rates = {int(area): _rate(self.counted("n_red")[area], scored[area]) for area in shown}
        limits = split_rates(rates.values())
        red, left = self.counted("n_red_without_status"), self.counted("n_scored_without_status")
        for area, rate in rates.items():
            first[area] = limits.of(rate)
            if not left[area]:
                continue
            found = limits.of(_rate(red[area], left[area]))
            if not self.second_gone[area]:
                second[area] = found
            elif found not in unspoken(limits, int(scored[area]), self.threshold):
                second[area] = found
                bounds.low[area], bounds.high[area] = limits.reach(int(left[area]))[found]

    def withdraw(self, second: Names, bounds: _Bounds) -> int:
        """Take back classes, of small areas first, until sums leave every withheld count as wide as it must be."""
        bare = self.bare()
        floor = np.minimum(self._widths(bare), self.threshold)
        n_withdrawn = 0
        while True:
            narrow = np.flatnonzero(self.second_gone & (self._widths(bounds) < floor))
            if not len(narrow):
                return n_withdrawn
            bearing = self._near(int(narrow[0]))
            bearing = bearing[(second[bearing] != "") & self.second_gone[bearing]]
            if not len(bearing):
                bearing = np.flatnonzero((second != "") & self.second_gone)
            area = bearing[np.argmin(self.forest.people_in(bearing))]
            second[area], bounds.low[area], bounds.high[area] = "", bare.low[area], bare.high[area]
            n_withdrawn += 1

    def _near(self, area: int) -> Whole:
        """An area, its siblings, the area around it and the areas in it."""
        up = self.forest.parent[area]
        family = self.forest.children[up] if up >= 0 else np.array([area])
        return np.concatenate([family, self.forest.children[area], np.array([up] if up >= 0 else [], dtype=np.int64)])

    def _widths(self, bounds: _Bounds) -> Whole:
        """How wide the range of each count stays when all areas are added up: exact, since areas form a tree."""
        own, parent = bounds.copy(), self.forest.parent
        low, high = own.low, own.high
        for level in reversed(range(1, len(LEVELS))):
            inside = np.flatnonzero(self.forest.level == level)
            sums_low, sums_high = self._sums(inside, low), self._sums(inside, high)
            over = np.unique(parent[inside])
            low[over], high[over] = np.maximum(low, sums_low)[over], np.minimum(high, sums_high)[over]
        for level in range(1, len(LEVELS)):
            inside = np.flatnonzero(self.forest.level == level)
            up = parent[inside]
            sums_low, sums_high = self._sums(inside, low), self._sums(inside, high)
            least = low[up] - (sums_high[up] - high[inside])
            most = high[up] - (sums_low[up] - low[inside])
            low[inside], high[inside] = np.maximum(low[inside], least), np.minimum(high[inside], most)
        return high - low

    def _sums(self, inside: Whole, values: Whole) -> Whole:
        """Shape (areas,): for each area, the sum over those of its parts that stand in `inside`."""
        sums = np.zeros(len(values), dtype=np.int64)
        np.add.at(sums, self.forest.parent[inside], values[inside])
        return sums


def unspoken(limits: MapClasses, scored: int, width: int) -> frozenset[str]:
    """The classes that are not said of an area with so many scored people, whichever is true.

    A class is not said where it leaves its count a range narrower than `width`. Silence then says that one of these is
    true, so neighbouring classes join them until silence is wide enough too. It hangs on published figures alone.
    """
    reach = limits.reach(scored)
    names = [name for name in CLASSES if name in reach]
    held = [place for place, name in enumerate(names) if reach[name][1] - reach[name][0] < width]
    if not held:
        return frozenset()
    start, end = held[0], held[-1]
    while reach[names[end]][1] - reach[names[start]][0] < width and end - start < len(names) - 1:
        start, end = (start - 1, end) if start else (start, end + 1)
    return frozenset(names[start : end + 1])


def _rate(part: int, whole: int) -> float:
    """A rate per 1,000 with one decimal, half up, as in `areas`."""
    return int((20000 * int(part) + int(whole)) // (2 * int(whole))) / 10
