"""Outlines of areas: from a province's boundary file, or else cells computed around the points of its villages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPoint, shape
from shapely.geometry.base import BaseGeometry

from sarana.basics.errors import BadFile, BadSetting
from sarana.methods.engine import Engine

MAP_LEVELS: Final = ("province", "district", "subdistrict")
"""Levels a map may show; a file that may leave the province goes no deeper than the last."""

_DECIMALS: Final = 5
"""Decimals of degrees that are kept: about one metre."""
_MARGIN: Final = 0.02
"""How far cells reach beyond the outermost villages, in degrees: about two kilometres."""
_REACH: Final = 0.02
"""So far from its outline a village may lie and still be held to lie in it: lines are simplified, points measured."""


@dataclass(frozen=True, slots=True)
class LayerSettings:
    """What the map layer shows and where its outlines come from.

    Attributes:
        level: the level whose areas are drawn: one of `MAP_LEVELS`.
        code_property: the property of the boundary file that holds an area's code.
        prefix: what stands before the code there, such as `TH`.
        indicator_set: id of the indicator set, carried in the layer.
    """

    level: Literal["province", "district", "subdistrict"] = "subdistrict"
    code_property: str = ""
    prefix: str = ""
    indicator_set: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of one area.

    Attributes:
        level: `province`, `district` or `subdistrict`.
        code: as in the table of areas.
        polygons: each an outer ring and its holes; rings are closed, (longitude, latitude) in degrees, outer rings run
            against the clock.
    """

    level: str
    code: str
    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]

    @property
    def rings(self) -> tuple[tuple[tuple[float, float], ...], ...]:
        """All rings, outer ones and holes alike: what an even-odd fill needs."""
        return tuple(ring for polygon in self.polygons for ring in polygon)


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of a province's areas at one level.

    Attributes:
        shapes: ordered by code.
        without: codes of areas that have no outline, ordered.
        are_computed: whether they are cells around village points rather than boundaries.
    """

    shapes: tuple[Shape, ...]
    without: tuple[str, ...]
    are_computed: bool


def area_shapes(engine: Engine, settings: LayerSettings, boundaries: Path | None) -> Outlines:
    """Give the outlines of all areas of one level.

    Args:
        engine: holds `villages` (codes and points; a village without a point takes no part).
        settings: level, and how the boundary file names areas.
        boundaries: GeoJSON in degrees (WGS 84), or None for cells. Only the codes and outlines are read of it: names
            that were cut in the middle of a character do no harm.

    Returns:
        Outlines, and the areas that have none.

    Raises:
        BadSetting: AREA-013 the level is none that a map may show.
        BadFile: AREA-010 no readable GeoJSON; AREA-011 no feature has the property; AREA-012 no code is one of the
            province's; AREA-014 latitude and longitude are swapped; AREA-015 the outlines lie far from the villages;
            AREA-016 most outlines are not where the villages of their code are.
    """
    if settings.level not in MAP_LEVELS:
        raise BadSetting(
            "AREA-013",
            f"A map of level '{settings.level}' may not be made.",
            cure="Use subdistrict, district or province.",
        )
    key = f"{settings.level}_code"
    rows = engine.rows(f"SELECT {key}, lon, lat FROM villages WHERE {key} IS NOT NULL ORDER BY 1, 2, 3")
    codes = sorted({r[0] for r in rows})
    points = [r for r in rows if r[1] is not None and r[2] is not None]
    _check_points(points)
    found = _from_points(points) if boundaries is None else _from_file(settings, boundaries, set(codes))
    if boundaries is not None:
        _check_place(found, points, boundaries)
    shapes = tuple(
        s for code in codes if code in found and (s := _as_shape(settings.level, code, found[code])).polygons
    )
    drawn = {s.code for s in shapes}
    return Outlines(shapes, tuple(c for c in codes if c not in drawn), boundaries is None)


def _from_file(settings: LayerSettings, path: Path, codes: set[str]) -> dict[str, BaseGeometry]:
    """Read the outlines of these codes from a GeoJSON file."""
    features = _features(path)
    properties = [f.get("properties") or {} for f in features]
    name = settings.code_property
    if not any(name in p for p in properties):
        there = ", ".join(sorted({str(k) for p in properties[:1] for k in p})[:20]) or "none"
        raise BadFile(
            "AREA-011",
            f"No boundary has the property '{name}' (there are: {there}).",
            where=path.name,
            cure="Name the property that holds the area code under [boundaries].",
        )
    parts: dict[str, list[BaseGeometry]] = {}
    for feature, held in zip(features, properties, strict=True):
        written = str(held.get(name, "")).strip()
        code = written.removeprefix(settings.prefix)
        if written.startswith(settings.prefix) and code in codes and feature.get("geometry"):
            parts.setdefault(code, []).append(_polygon(feature["geometry"], path))
    if not parts:
        raise BadFile(
            "AREA-012",
            f"None of {len(features)} boundaries bears a {settings.level} code of this province.",
            where=path.name,
            cure="Check level, code property and prefix under [boundaries], or leave it out to draw cells.",
        )
    return {code: shapely.union_all(found) for code, found in parts.items()}


def _features(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON file; bytes that are no UTF-8 are let be, since only codes and numbers are used."""
    try:
        read = json.loads(path.read_bytes().decode("utf-8-sig", errors="replace"))
    except (OSError, ValueError) as err:
        raise BadFile(
            "AREA-010",
            "The boundary file cannot be read as GeoJSON.",
            where=path.name,
            cure="Give a GeoJSON file in degrees (WGS 84).",
        ) from err
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise BadFile(
            "AREA-010",
            "The boundary file holds no list of features.",
            where=path.name,
            cure="Give a GeoJSON FeatureCollection.",
        )
    return features


def _polygon(geometry: dict[str, Any], path: Path) -> BaseGeometry:
    """The area of a geometry, mended where its rings cross themselves."""
    try:
        found = shape(geometry)
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError) as err:
        raise BadFile(
            "AREA-010", "A boundary has no usable outline.", where=path.name, cure="Mend or drop that feature."
        ) from err
    whole = found if found.is_valid else shapely.make_valid(found)
    areas = [g for g in shapely.get_parts(whole) if g.area > 0]
    return shapely.union_all(areas)


def _check_points(points: Sequence[tuple[str, float, float]]) -> None:
    """Refuse village points that can be nowhere on earth unless their numbers are swapped."""
    wrong = sum(1 for _, lon, lat in points if abs(lat) > 90 or abs(lon) > 180)
    if wrong:
        raise BadFile(
            "AREA-014",
            f"{wrong} of {len(points)} villages have a latitude beyond 90 or a longitude beyond 180 degrees.",
            where="villages",
            cure="Latitude and longitude look swapped, or a decimal point is lost: mend the village list.",
        )


def _check_place(found: dict[str, BaseGeometry], points: Sequence[tuple[str, float, float]], path: Path) -> None:
    """Refuse outlines of which none is near a village of its own area, saying so when swapping would mend it."""
    near = swapped = 0
    for code, lon, lat in points:
        if code in found and not found[code].is_empty:
            west, south, east, north = found[code].bounds
            near += west - 0.1 <= lon <= east + 0.1 and south - 0.1 <= lat <= north + 0.1
            swapped += west - 0.1 <= lat <= east + 0.1 and south - 0.1 <= lon <= north + 0.1
    beyond = any(abs(g.bounds[1]) > 90 or abs(g.bounds[3]) > 90 for g in found.values() if not g.is_empty)
    if beyond or swapped > near:
        raise BadFile(
            "AREA-014",
            "Latitude and longitude are swapped.",
            where=path.name,
            cure="GeoJSON writes longitude first: mend the file.",
        )
    if points and not near:
        raise BadFile(
            "AREA-015",
            "No boundary lies near the villages of its area.",
            where=path.name,
            cure="See that the file is in degrees (WGS 84) and the prefix is right.",
        )
    n_fit, n_held = _fitting(found, points)
    if 2 * n_fit < n_held:
        raise BadFile(
            "AREA-016",
            f"The villages of only {n_fit:,} of {n_held:,} areas lie in the outline that bears their code.",
            where=path.name,
            cure="Codes stand on the outlines of other areas: have the file made anew, or leave it out to draw cells.",
        )


def _fitting(found: dict[str, BaseGeometry], points: Sequence[tuple[str, float, float]]) -> tuple[int, int]:
    """How many areas have at least half of their villages in their own outline, and of how many that can be told."""
    places: dict[str, list[tuple[float, float]]] = {}
    for code, lon, lat in points:
        if code in found and not found[code].is_empty:
            places.setdefault(code, []).append((lon, lat))
    n_fit = 0
    for code, here in places.items():
        near = shapely.dwithin(found[code], shapely.points(here), _REACH)
        n_fit += 2 * int(near.sum()) >= len(here)
    return n_fit, len(places)


def _from_points(points: Sequence[tuple[str, float, float]]) -> dict[str, BaseGeometry]:
    """Cells around points, joined by area; where two areas share a point the first by code has it.

    Longitudes are shrunk by the cosine of the middle latitude meanwhile, so that cells are fair in metres.
    """
    owner: dict[tuple[float, float], str] = {}
    for code, lon, lat in points:
        owner.setdefault((round(lon, 6), round(lat, 6)), code)
    if not owner:
        return {}
    places = sorted(owner)
    squeeze = float(np.cos(np.radians(np.median([lat for _, lat in places]))))
    flat = MultiPoint([(lon * squeeze, lat) for lon, lat in places])
    rim = shapely.concave_hull(flat, ratio=0.4).buffer(_MARGIN, quad_segs=4)
    if len(places) == 1:
        cells = [rim]
    else:
        cells = list(shapely.get_parts(shapely.voronoi_polygons(flat, extend_to=rim, ordered=True)))
    parts: dict[str, list[BaseGeometry]] = {}
    for place, cell in zip(places, cells, strict=True):
        parts.setdefault(owner[place], []).append(cell)
    joined = {code: shapely.intersection(shapely.union_all(found), rim) for code, found in parts.items()}
    return {code: shapely.transform(found, lambda xy: xy / [squeeze, 1.0]) for code, found in joined.items()}


def _as_shape(level: str, code: str, found: BaseGeometry) -> Shape:
    """An outline in plain numbers: rounded, turned the usual way round, largest polygon first."""
    polygons = []
    for part in shapely.get_parts(shapely.orient_polygons(found)):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [_ring(part.exterior), *(_ring(hole) for hole in part.interiors)]
        if rings[0]:
            polygons.append((-part.area, tuple(ring for ring in rings if ring)))
    return Shape(level, code, tuple(rings for _, rings in sorted(polygons)))


def _ring(line: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """A closed ring rounded to `_DECIMALS`, without points that fell together; nothing if it fell to a line."""
    points: list[tuple[float, float]] = []
    for lon, lat in np.round(shapely.get_coordinates(line), _DECIMALS).tolist():
        if not points or points[-1] != (lon, lat):
            points.append((lon, lat))
    return tuple(points) if len(points) >= 4 else ()
