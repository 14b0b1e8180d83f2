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

COUNTED: Final = (*COLUMNS[:5], "n_rest_without_status")
"""Counts of which sheets of later tables are made; nobody stands in two of one map. The last is scored but not red."""


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
        counted: those of `COUNTED` that a later table rounds for it.
        figures: the columns of `areas` that it covers.
    """

    name: str
    atoms: tuple[str, ...]
    counted: tuple[str, ...]
    figures: tuple[str, ...]


BANDS: Final = Sheet(
    "bands",
    COLUMNS[:3],
    COUNTED[:3],
    ("n_scored", "n_red", "n_yellow", "n_green", "rate", "mean", "low", "high"),
)
PEOPLE: Final = Sheet("people", COLUMNS[3:4], COUNTED[3:4], ("n_people", "n_grey"))
SECOND: Final = Sheet(
    "without_status",
    COLUMNS[4:],
    COUNTED[4:],
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
        counts: shape (..., len(COLUMNS)), people.
        settings: threshold and dominance.

    Returns:
        Shape (...): true where the line is withheld for its own sake. Shape (..., len(sheet.atoms)): true for counts
        whose range must stay at least `threshold` wide: those from 1 to threshold - 1, and a band that holds nearly
        all of a small group.
    """
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
