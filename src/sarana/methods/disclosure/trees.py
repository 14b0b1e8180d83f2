"""Second suppression along areas: which whole areas are withheld so that their siblings do not give them away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.disclosure.forest import ALL, Forest
from sarana.methods.disclosure.rule import COLUMNS, DisclosureSettings, Mask, Sheet, judge


def withhold_areas(forest: Forest, sheet: Sheet, settings: DisclosureSettings, forced: Mask) -> Mask:
    """Choose the areas of which a sheet shows nothing.

    In each area that is shown, the parts that may not be shown are joined by their smallest siblings until all of them
    together are a group that might be shown; all that anyone can work out of them is this sum. Below a withheld area
    everything is withheld.

    Args:
        forest: the areas.
        sheet: the figures in question.
        settings: threshold and dominance.
        forced: shape (areas,), true for areas withheld in any case.

    Returns:
        Shape (areas,): true where withheld.
    """
    unsafe, doubtful = judge(sheet, forest.counts[:, ALL], settings)
    hidden = unsafe | forced
    search = _Search(forest, sheet, settings, doubtful)
    while True:
        gone = hidden.copy()
        failed = -1
        for area in range(len(hidden)):
            up = forest.parent[area]
            if up >= 0 and gone[up]:
                gone[area] = True
            parts = forest.children[area]
            if gone[area] or not len(parts) or not hidden[parts].any():
                continue
            chosen = search.join(parts, hidden[parts])
            if chosen is None:
                failed = area
                break
            gone[chosen] = True
            hidden[chosen] = True
        if failed < 0:
            return gone
        hidden[failed] = True


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for the siblings that join withheld areas."""

    forest: Forest
    sheet: Sheet
    settings: DisclosureSettings
    doubtful: Mask

    def join(self, parts: NDArray[np.int64], hidden: Mask) -> NDArray[np.int64] | None:
        """Withheld parts with as few people besides as are needed, or None if all of them are not enough."""
        people = self.forest.people_in(parts)
        chosen = list(parts[hidden])
        spare = [int(parts[k]) for k in np.lexsort((parts, people)) if people[k] > 0 and not hidden[k]]
        if self._is_enough(chosen):
            return np.array(chosen)
        for one in spare:
            if self._is_enough([*chosen, one]):
                return np.array([*chosen, one])
        for one in spare:
            chosen.append(one)
            if self._is_enough(chosen):
                return np.array(chosen)
        return None

    def _is_enough(self, chosen: list[int]) -> bool:
        """Whether the sum of these areas could be shown and leaves every doubtful count of theirs in doubt."""
        if len(chosen) < 2:
            return False
        total = self.forest.counts[chosen, ALL].sum(axis=0)
        if judge(self.sheet, total, self.settings)[0]:
            return False
        atoms = total[[COLUMNS.index(a) for a in self.sheet.atoms]]
        return not (self.doubtful[chosen].any(axis=0) & (atoms < self.settings.threshold)).any()
