"""Published areas in the order of their rates, and how far a change moves each of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.areas.placed import Places
from sarana.methods.engine import Engine
from sarana.methods.questions.reckoned import GREY, HIGH, LEVELS
from sarana.methods.risk.coded import Codes
from sarana.methods.risk.shapes import BANDS

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Published:
    """The areas of a level whose rate stands in the protected table.

    Args:
        level: `district` or `subdistrict`.
        at: shape (areas,), their places among the codes of the level.
        code, name: of each.
        n_people: known people; -1 where withheld.
        n_scored, n_red, rate: as the protected table has them.
    """

    level: str
    at: Codes
    code: tuple[str, ...]
    name: tuple[str, ...]
    n_people: Counts
    n_scored: Counts
    n_red: Counts
    rate: tuple[float, ...]


def read_published(engine: Engine, places: Places) -> dict[str, Published]:
    """The areas of each level that the protected table gives a rate of, in the order of their codes."""
    found = {}
    for level in LEVELS:
        place = {code: at for at, code in enumerate(places.codes[level])}
        lines = [
            line
            for line in engine.rows(
                """SELECT code, coalesce(name, code), coalesce(n_people, -1), n_scored, n_red, rate FROM areas
                WHERE level = ? AND "group" = 'all' AND rate IS NOT NULL AND n_red IS NOT NULL ORDER BY code""",
                [level],
            )
            if line[0] in place
        ]
        code, name, people, scored, red, rate = zip(*lines, strict=True) if lines else ((),) * 6
        found[level] = Published(
            level=level,
            at=np.array([place[c] for c in code], np.int64),
            code=tuple(code),
            name=tuple(name),
            n_people=np.array(people, np.int64),
            n_scored=np.array(scored, np.int64),
            n_red=np.array(red, np.int64),
            rate=tuple(rate),
        )
    return found


@dataclass(frozen=True, slots=True)
class Cells:
    """People who are alike, counted: where they live, what they are now, and how many.

    Args:
        of: level by level the place of each cell; -1 where not known.
        which: shape (cells,), what a change looks at (a pattern, or a band).
        n: shape (cells,), people.
    """

    of: Mapping[str, Codes]
    which: Codes
    n: Counts


@dataclass(frozen=True, slots=True)
class Tally:
    """People by area after a change: shape (areas of the level,) for each level."""

    red: dict[str, Counts]
    scored: dict[str, Counts]


def tally(cells: Cells, bands: Codes, places: Places, *, among: NDArray[np.bool_] | None = None) -> Tally:
    """Count people in the highest band, and scored people, by area.

    Args:
        cells: the people.
        bands: shape (cells,), the band of each cell.
        places: the areas.
        among: shape (cells,), who counts as scored whatever their band; None for those whose band is not grey.
    """
    scored = bands != GREY if among is None else among
    return Tally(
        red={level: _by_area(cells, level, scored & (bands == HIGH), places) for level in LEVELS},
        scored={level: _by_area(cells, level, scored, places) for level in LEVELS},
    )


def _by_area(cells: Cells, level: str, counts: NDArray[np.bool_], places: Places) -> Counts:
    of, n = cells.of[level], np.where(counts, cells.n, 0)
    seen = of >= 0
    return np.bincount(of[seen], n[seen], minlength=len(places.codes[level])).astype(np.int64)


def rank(red: Counts, scored: Counts) -> Counts:
    """The rank of each area by its rate, 1 for the highest; equal rates share the better rank.

    Rates are compared as whole-number fractions of a common size, so that no rounding decides.
    """
    rate = np.round(red / np.maximum(scored, 1), 12)
    return 1 + np.searchsorted(np.sort(-rate), -rate, side="left")


def moved(published: Published, before: Tally, after: Tally) -> Counts:
    """By how many places each published area rises (above 0) or falls (below 0) when the change is made."""
    level, at = published.level, published.at
    first = rank(before.red[level][at], before.scored[level][at])
    return first - rank(after.red[level][at], after.scored[level][at])


def from_to(cells: Cells, before: Codes, after: Codes) -> Counts:
    """Shape (bands, bands): how many people of each band come into which."""
    size = len(BANDS)
    flat = np.bincount(before.astype(np.int64) * size + after, cells.n, minlength=size * size)
    return flat.astype(np.int64).reshape(size, size)
