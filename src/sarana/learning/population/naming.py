"""Names on a map where there is room for them: none lies on another one, nor leaves the map."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDE, HIGH = 0.6, 1.15
"""How wide a letter is and how high a line, beside the size of the letters: wider than most, so that there is room."""

type Label = tuple[str, int, int]
type Room = tuple[float, float, float, float]
"""The left, upper, right and lower side of what takes room."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name and where it may stand: the middle of its line, the best place first."""

    name: str
    places: Sequence[tuple[float, float]]


def lay(
    wanted: Iterable[Wanted], letters: int, box: tuple[int, int, int, int], signs: Sequence[Room] = ()
) -> list[Label]:
    """Give each name the first of its places that is free, of signs too where it can be; what finds none is left out.

    Args:
        wanted: names, those that matter most first.
        letters: the size of the letters.
        box: the left side, the upper side, the width and the height of the map.
        signs: what is better not covered.

    Returns:
        Names with the middle of their base lines.
    """
    taken: list[Room] = []
    found: list[Label] = []
    for each in wanted:
        half = room_of(each.name, letters) / 2
        # A name that would leave the map moves to its rim.
        moved = [(min(max(x, box[0] + half), box[0] + box[2] - half), y) for x, y in each.places]
        rooms = [(x - half, y - letters, x + half, y - letters + letters * HIGH) for x, y in moved]
        free = [
            (any(_meet(room, sign) for sign in signs), place, room)
            for place, room in zip(moved, rooms, strict=True)
            if room[1] >= box[1] and room[3] <= box[1] + box[3] and not any(_meet(room, other) for other in taken)
        ]
        if free:
            _covers, (x, y), room = min(free, key=lambda one: one[0])
            taken.append(room)
            found.append((each.name, round(x), round(y)))
    return found


def room_of(name: str, letters: int) -> float:
    """How long a name is, with room to spare."""
    return width_of(name) * letters * WIDE


def width_of(name: str) -> int:
    """How many letters stand beside each other: vowels and tones above and below others take no room."""
    return sum(not unicodedata.category(sign).startswith("M") or sign == "\u0e33" for sign in name)


def _meet(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
