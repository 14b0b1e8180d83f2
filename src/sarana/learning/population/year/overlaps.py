"""How far the sectors overlapped in the last map, source by source, as the guide tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sarana.learning.population.year.reckoning import Year
from sarana.methods.questions.sectors_overlap import STEP

__all__ = ["STEP", "Line", "Share", "lines_of"]


@dataclass(frozen=True, slots=True)
class Share:
    """Of a hundred people of a source, about how many also stand in another; None where it is withheld."""

    other: str
    per_cent: int | None

    @property
    def is_hardly_any(self) -> bool:
        """Whether it is less than half a step."""
        return self.per_cent == 0

    @property
    def is_nearly_all(self) -> bool:
        """Whether no whole step is missing."""
        return self.per_cent is not None and self.per_cent > 100 - STEP


@dataclass(frozen=True, slots=True)
class Line:
    """One source of the last map, and what it shares with the others, most first."""

    name: str
    shares: Sequence[Share]


def lines_of(year: Year) -> list[Line]:
    """The sources of the last map, by name; none where it was not told, or there is no map."""
    told = year.runs[0].overlaps if year.runs else []
    names = {code: code.replace("_", " ") for code, _other, _per_cent in told}
    names |= {line.known.source.code: line.known.source.name for line in year.lines}
    found: dict[str, list[Share]] = {}
    for one, other, per_cent in told:
        found.setdefault(one, []).append(Share(names[other], per_cent))
    return [
        Line(names[one], sorted(shares, key=lambda share: (-(share.per_cent or 0), share.other)))
        for one, shares in sorted(found.items(), key=lambda line: (names[line[0]], line[0]))
    ]
