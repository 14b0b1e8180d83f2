"""The rule for one group's counts, taken alone: whether they may be shown, and which must stay in doubt."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
"""Whole numbers; the last axis is `COLUMNS` or the atoms of a sheet."""
Mask = NDArray[np.bool_]

COLUMNS: Final = (
    "n_red",
    "n_yellow",
    "n_green",
    "n_grey",
    "n_red_without_status",
    "n_scored_without_status",
    "n_red_left",
    "n_red_joined",
    "n_scored_left",
    "n_scored_joined",
)
"""What is counted of each group; all of them add up over areas and over groups."""

CHANGED: Final = COLUMNS[:6]
"""Counts whose change since an earlier release may follow `COLUMNS`, once for each; signed, and adding up too."""


@dataclass(frozen=True, slots=True)
class DisclosureSettings:
    """When figures are withheld.

    Attributes:
        threshold: fewest people a count other than 0 may be made of, and fewest scored people a line may rest on.
        share: greatest share (0-1) of a group that may share one band ...
        dominance_below: ... when the group has fewer people than this.
        second_cells: groups in the order in which they are given up as second cells, those missed least first. Groups
            that are not named go before them, the smallest first.
    """

    threshold: int = 11
    share: float = 0.8
    dominance_below: int = 100
    second_cells: tuple[str, ...] = ("age=60+", "age=25-59", "age=18-24", "age=0-5", "age=6-11", "age=12-17")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures of the lines that are shown or withheld together.

    Attributes:
        name: what the receipt calls it.
        atoms: the counts from which every figure of the sheet (and nothing else) can be worked out.
        figures: the columns of `areas` that it covers.
    """

    name: str
    atoms: tuple[str, ...]
    figures: tuple[str, ...]


BANDS: Final = Sheet(
    "bands",
    COLUMNS[:3],
    ("n_scored", "n_red", "n_yellow", "n_green", "rate", "mean", "low", "high"),
)
PEOPLE: Final = Sheet("people", COLUMNS[3:4], ("n_people", "n_grey"))
SECOND: Final = Sheet(
    "without_status",
    COLUMNS[4:],
    (
        "n_scored_without_status",
        "n_red_without_status",
        "rate_without_status",
        "low_without_status",
        "high_without_status",
    ),
)
SHEETS: Final = (BANDS, PEOPLE, SECOND)
"""The first is settled first; a line withheld in it is withheld in the others too."""


def judge(sheet: Sheet, counts: Counts, settings: DisclosureSettings) -> tuple[Mask, Mask]:
    """Say which lines a sheet may not show, and which of their counts nobody may come to know nearly.

    Args:
        sheet: one of `SHEETS`.
        counts: shape (..., len(COLUMNS) + releases * len(CHANGED)), people; what follows `COLUMNS` is the change since
            each earlier release.
        settings: threshold and dominance.

    Returns:
        Shape (...): true where the line is withheld for its own sake. Shape (..., len(sheet.atoms)): true for counts
        whose range must stay at least `threshold` wide: those from 1 to threshold - 1, a band that holds nearly all
        of a small group, and those that changed by 1 to threshold - 1 since an earlier release.
    """
    unsafe, doubtful = _judge_alone(sheet, counts[..., : len(COLUMNS)], settings)
    if counts.shape[-1] == len(COLUMNS):
        return unsafe, doubtful
    moved, telling = _judge_changes(sheet, counts, settings.threshold)
    return unsafe | moved, doubtful | telling


def _judge_changes(sheet: Sheet, counts: Counts, threshold: int) -> tuple[Mask, Mask]:
    """The same of the changes since earlier releases, whose figures are known.

    A small change of a sum (the scored, the people) puts the greatest count of the sheet in doubt. A count that is 0
    now and was small before was withheld before, so it needs no range.
    """
    change = counts[..., len(COLUMNS) :].reshape(*counts.shape[:-1], -1, len(CHANGED))
    atoms = counts[..., [COLUMNS.index(a) for a in sheet.atoms]]
    telling = np.zeros(atoms.shape, dtype=bool)
    own = [COLUMNS.index(a) for a in sheet.atoms if a in CHANGED]
    telling[..., : len(own)] = _is_small(change[..., own], threshold).any(axis=-2)
    sums = {BANDS: (3,), PEOPLE: (3, 4), SECOND: ()}[sheet]
    summed = np.zeros(atoms.shape[:-1], dtype=bool)
    for end in sums:
        summed |= _is_small(change[..., :end].sum(axis=-1), threshold).any(axis=-1)
    moved = telling.any(axis=-1) | summed
    greatest = np.arange(atoms.shape[-1]) == atoms.argmax(axis=-1)[..., None]
    return moved, (telling | (summed[..., None] & greatest)) & (atoms > 0)


def _is_small(change: Counts, threshold: int) -> Mask:
    small: Mask = (change != 0) & (np.abs(change) < threshold)
    return small


def _judge_alone(sheet: Sheet, counts: Counts, settings: DisclosureSettings) -> tuple[Mask, Mask]:
    """The rule for counts of one run."""
    people, scored = counts[..., :4].sum(axis=-1), counts[..., :3].sum(axis=-1)
    atoms = counts[..., [COLUMNS.index(a) for a in sheet.atoms]]
    small = (atoms > 0) & (atoms < settings.threshold)
    if sheet is SECOND:
        thin = counts[..., COLUMNS.index("n_scored_without_status")] < settings.threshold
        return small.any(axis=-1) | (thin & (people > 0)), small
    most = (atoms > settings.share * people[..., None]) & (people < settings.dominance_below)[..., None]
    hidden = small
    if sheet is BANDS:
        most |= (atoms > settings.share * scored[..., None]) & (scored < settings.dominance_below)[..., None]
    hidden = small | most
    thin = (people > 0) & ((people if sheet is PEOPLE else scored) < settings.threshold)
    return hidden.any(axis=-1) | thin, hidden
