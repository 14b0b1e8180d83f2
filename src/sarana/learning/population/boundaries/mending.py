"""One area out of the polygons that bear its code: rings that cross themselves are mended, within an effort."""

from collections.abc import Sequence

import numpy as np
import shapely

from sarana.basics.errors import BadFile

MOST_CROSSINGS = 1_000
"""So often may the lines of one area cross each other: the work of mending grows with the square of it."""

MOST_IN_ALL = 5_000
MOST_LINES = 50_000
"""Of one area whose rings have to be mended or put together."""

NEIGHBOURS = 20
"""So many lines may lie about each line of a file on average, before it is let be."""

ALLOWANCE = 1_000_000
BATCH = 64


class Mending:
    """Makes areas of polygons, and knows how much mending a file has had."""

    def __init__(self) -> None:
        """Nothing was mended yet."""
        self._n_crossings, self._n_lines, self._n_near = 0.0, 0, 0

    def area_of(self, code: str, polygons: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
        """The area that polygons make together; None where they have none.

        Raises:
            BadFile: POPULATION-108 their lines cross too often to be mended.
        """
        if len(polygons) == 1 and polygons[0].is_valid:
            return polygons[0] if polygons[0].area > 0 else None
        self._check(code, polygons)
        whole = [part if part.is_valid else shapely.make_valid(part) for part in polygons]
        parts = [part for part in shapely.get_parts(shapely.get_parts(whole)) if part.area > 0]
        return shapely.union_all(parts) if parts else None

    def _check(self, code: str, polygons: Sequence[shapely.Geometry]) -> None:
        lines = _lines(polygons)
        self._n_lines += len(lines)
        if len(lines) > MOST_LINES:
            raise _tangled(code)
        tree, here = shapely.STRtree(lines), 0.0
        for at in range(0, len(lines), BATCH):
            ours, theirs = tree.query(lines[at : at + BATCH])
            self._n_near += len(ours)
            if self._n_near > NEIGHBOURS * self._n_lines + ALLOWANCE:
                raise _tangled(code)
            # Each crossing is met from both of its lines.
            n = int(shapely.crosses(lines[at + ours], lines[theirs]).sum()) / 2
            here, self._n_crossings = here + n, self._n_crossings + n
            if here > MOST_CROSSINGS or self._n_crossings > MOST_IN_ALL:
                raise _tangled(code)


def _lines(polygons: Sequence[shapely.Geometry]) -> np.ndarray:
    """Each line from one point of a ring to the next."""
    points, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    is_one = ring[1:] == ring[:-1]
    return np.asarray(shapely.linestrings(np.stack([points[:-1][is_one], points[1:][is_one]], axis=1)))


def _tangled(code: str) -> BadFile:
    return BadFile(
        "POPULATION-108",
        "The lines of an area cross each other too often to be mended.",
        where=code,
        cure="Have its outline repaired and simplified, and bring the file again.",
    )
