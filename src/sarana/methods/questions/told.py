"""What may be said of a change: shares without small counts, and ranks of published areas only."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.questions.ranks import Counts, Published
from sarana.methods.questions.reckoned import GREY, HIGH


@dataclass(frozen=True, slots=True)
class Moved:
    """An area that changes rank: by how many places it rises (above 0) or falls."""

    level: str
    code: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change does.

    Args:
        n_people: people it is about.
        n_changed: people whose band changes; None where so few do (or do not) that it is not said.
        n_into_high, n_out_of_high: of these, who comes into the highest band or leaves it; None where not said.
        n_into_grey: of these, who is no longer known well enough; None where not said.
        areas: the published areas that change rank, in the order of levels and codes.
    """

    n_people: int
    n_changed: int | None
    n_into_high: int | None
    n_out_of_high: int | None
    n_into_grey: int | None
    areas: tuple[Moved, ...]

    @property
    def share_changed(self) -> float | None:
        """The share (0-1) of people whose band changes."""
        return None if self.n_changed is None or not self.n_people else self.n_changed / self.n_people

    def n_moved(self, level: str) -> int:
        """How many areas of a level change rank."""
        return sum(area.level == level for area in self.areas)

    def most_moved(self, level: str) -> int:
        """The most places that an area of a level moves by."""
        return max((abs(area.places) for area in self.areas if area.level == level), default=0)


def moves_told(
    people: Counts, moves: Mapping[str, Counts], published: Mapping[str, Published], rule: DisclosureSettings
) -> Moves:
    """What may be said of a change.

    Args:
        people: shape (bands, bands), people by the band they have and the one they get.
        moves: level by level, by how many places each published area moves.
        published: the published areas.
        rule: the threshold: counts from 1 up to it, and what would give them away by subtraction, are not said.
    """
    n, stay = int(people.sum()), int(np.trace(people))
    into_high = int(people[:, HIGH].sum() - people[HIGH, HIGH])
    out_of_high = int(people[HIGH].sum() - people[HIGH, HIGH])
    into_grey = int(people[:, GREY].sum() - people[GREY, GREY] - people[HIGH, GREY])
    changed = n - stay
    parts = (into_high, out_of_high, into_grey, changed - into_high - out_of_high - into_grey)
    is_told = _is_safe((changed, stay), rule)
    is_split = is_told and _is_safe(parts, rule)
    areas = tuple(
        Moved(level, published[level].code[at], published[level].name[at], int(places))
        for level, found in moves.items()
        for at, places in enumerate(found)
        if places
    )
    return Moves(
        n_people=n,
        n_changed=changed if is_told else None,
        n_into_high=into_high if is_split else None,
        n_out_of_high=out_of_high if is_split else None,
        n_into_grey=into_grey + int(people[HIGH, GREY]) if is_split and _is_safe_grey(people, rule) else None,
        areas=areas,
    )


def _is_safe(counts: tuple[int, ...], rule: DisclosureSettings) -> bool:
    """Whether each of some counts is none or large enough."""
    return all(count == 0 or count >= rule.threshold for count in counts)


def _is_safe_grey(people: Counts, rule: DisclosureSettings) -> bool:
    """Whether those who leave the highest band for grey are none or enough, and those who leave it otherwise."""
    to_grey = int(people[HIGH, GREY])
    return _is_safe((to_grey, int(people[HIGH].sum() - people[HIGH, HIGH]) - to_grey), rule)
