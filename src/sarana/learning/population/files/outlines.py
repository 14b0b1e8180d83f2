"""The outlines of areas on the earth, out of the lines that the map is drawn of."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import reduce

import shapely

from sarana.learning.population.models import AreaLevel, Drawing

STEP = re.compile(r"-?\d+")
DECIMALS = 5
"""Of a degree: a metre, and finer than the lines are."""

type Place = tuple[float, float]
type Ring = list[Place]


def outlines(drawing: Drawing | None, level: str, province: str) -> Mapping[str, list[list[Ring]]]:
    """By code of area, its pieces: each the ring around it and the rings of its holes, in longitude and latitude.

    Outer rings run against the clock, closed, as GeoJSON and KML ask. Nothing for villages, which have
    points, and where an earlier version took the run in, which did not keep where its lines lie.
    """
    if drawing is None or not drawing.on_earth or level == AreaLevel.VILLAGE:
        return {}
    found: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for code, district, path, *_sign in drawing.areas:
        found[_held_by(level, code, district, province)].append(area_of(path))
    west, north, right, down = drawing.on_earth
    return {
        code: [_on_earth(piece, west, north, right, down) for piece in _pieces(shapely.union_all(parts))]
        for code, parts in found.items()
    }


def _held_by(level: str, code: str, district: str, province: str) -> str:
    """The code of the area of this level in which a subdistrict lies."""
    if level == AreaLevel.PROVINCE:
        return province
    return district if level == AreaLevel.DISTRICT else code


def area_of(path: str) -> shapely.Geometry:
    """One area on the grid; a ring within a ring is a hole."""
    rings = [shapely.make_valid(shapely.Polygon(points)) for points in _rings(path)]
    return reduce(shapely.symmetric_difference, rings, shapely.MultiPolygon())


def _rings(path: str) -> Iterator[list[tuple[int, int]]]:
    """The points of each ring of a path made of whole, relative steps."""
    for part in filter(None, path.split("M")):
        steps = [int(step) for step in STEP.findall(part)]
        x, y, points = 0, 0, []
        for dx, dy in zip(steps[::2], steps[1::2], strict=False):
            x, y = x + dx, y + dy
            points.append((x, y))
        if len(points) > 2:
            yield points


def _pieces(whole: shapely.Geometry) -> Iterator[shapely.Polygon]:
    """The polygons of a geometry; lines and points that are left where two areas touch are none."""
    for piece in shapely.get_parts(whole):
        if piece.geom_type == "Polygon" and not piece.is_empty:
            yield piece
        elif piece.geom_type in ("MultiPolygon", "GeometryCollection"):
            yield from _pieces(piece)


def _on_earth(piece: shapely.Polygon, west: float, north: float, right: float, down: float) -> list[Ring]:
    def put(points: shapely.coords.CoordinateSequence) -> Ring:
        return [(round(west + x * right, DECIMALS), round(north - y * down, DECIMALS)) for x, y in points]

    # The grid counts downwards: what runs with the clock there runs against it on the earth.
    turned = shapely.orient_polygons(piece, exterior_cw=True)
    return [put(turned.exterior.coords), *(put(ring.coords) for ring in turned.interiors)]
