"""Parts of an area around the points of its villages, and around chosen points where no place is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

_STEPS: Final = (16, 32, 64, 128)
"""Into so many steps the longer side is divided where points are chosen: finer where an area is thin."""

type Place = tuple[float, float]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of one village: its shape, its point, and whether the point is its own or was chosen.

    Attributes:
        shape: a piece of the area, or several; in the units of the area.
        point: in those units; inside the area.
        is_placed: whether a place was known; else the part says no more than in which area the village lies.
    """

    shape: shapely.Geometry
    point: Place
    is_placed: bool


def divide(area: shapely.Geometry, codes: Sequence[str], places: Mapping[str, Place], reach: float) -> dict[str, Part]:
    """Divide an area among its villages: each point of it belongs to the village that is nearest.

    Args:
        area: a polygon, or several, on a flat grid.
        codes: of the villages, in the order in which points are chosen.
        places: their points on the same grid. One beyond `reach` is none, nor is one where another of them lies:
            lists often give all villages of an area the point of its office.
        reach: how far from the area a point may lie and still be held to lie in it; it is moved to the rim.

    Returns:
        A part for each village, in their order; none where the area is empty.

    Cost: 1 to 2 ms for 10 villages.
    """
    if area.is_empty or not codes:
        return {}
    known = _known(area, codes, places, reach)
    chosen = roomiest(area, list(known.values()), len(codes) - len(known))
    free = iter(chosen)
    points = {code: known.get(code) or next(free, None) for code in codes}
    placed = {code: point for code, point in points.items() if point is not None}
    shapes = _nearest(area, list(placed.values()))
    return {
        code: Part(shape, point, code in known)
        for (code, point), shape in zip(placed.items(), shapes, strict=True)
        if shape.area > 0
    }


def roomiest(area: shapely.Geometry, taken: Sequence[Place], n: int) -> list[Place]:
    """So many points inside an area, or fewer, each as far as can be from those before it, from others and the rim.

    Args:
        area: on a flat grid.
        taken: what is there already.
        n: how many.
    """
    if n < 1 or area.is_empty:
        return []
    lattice = _lattice(area, 2 * n)
    # The rim counts double: a point beside it would have half a part.
    away = 2 * shapely.distance(shapely.boundary(area), shapely.points(lattice))
    for each in taken:
        away = np.minimum(away, _far(lattice, each))
    found: list[Place] = []
    for _each in range(min(n, len(lattice))):
        x, y = lattice[int(np.argmax(away))].tolist()
        found.append((x, y))
        away = np.minimum(away, _far(lattice, (x, y)))
    return found


def _lattice(area: shapely.Geometry, fewest: int) -> Points:
    """Points inside an area at equal steps: at least so many, or those of the finest steps; one where it is thin."""
    west, south, east, north = area.bounds
    lattice: Points = np.empty((0, 2))
    for n_steps in _STEPS:
        step = max(east - west, north - south) / n_steps
        x, y = (each.ravel() for each in np.meshgrid(_middles(west, east, step), _middles(south, north, step)))
        is_in = shapely.contains_xy(area, x, y)
        lattice = np.column_stack([x[is_in], y[is_in]])
        if len(lattice) >= fewest:
            return lattice
    if len(lattice):
        return lattice
    inside = area.representative_point()
    return np.array([[inside.x, inside.y]])


def _middles(low: float, high: float, step: float) -> Points:
    """The middles of equal pieces of a side, about as long as a step; one where it is shorter."""
    n = max(round((high - low) / step), 1)
    middles: Points = low + (np.arange(n) + 0.5) * (high - low) / n
    return middles


def _known(area: shapely.Geometry, codes: Sequence[str], places: Mapping[str, Place], reach: float) -> dict[str, Place]:
    """The points that are places of their own in the area, or near it."""
    shapely.prepare(area)
    found: dict[str, Place] = {}
    for code in codes:
        if code not in places:
            continue
        point = shapely.Point(places[code])
        if not area.covers(point):
            if not area.dwithin(point, reach):
                continue
            point = shapely.get_point(shapely.shortest_line(area, point), 0)
        found[code] = (round(point.x, 2), round(point.y, 2))
    held = list(found.values())
    return {code: point for code, point in found.items() if held.count(point) == 1}


def _far(lattice: Points, point: Place) -> Points:
    """Shape (points,): how far each is from one."""
    far: Points = np.hypot(lattice[:, 0] - point[0], lattice[:, 1] - point[1])
    return far


def _nearest(area: shapely.Geometry, points: Sequence[Place]) -> list[shapely.Geometry]:
    """The piece of an area that is nearest to each point."""
    if len(points) < 2:
        return [area] * len(points)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=area, ordered=True)
    return list(shapely.intersection(shapely.get_parts(cells), area))
