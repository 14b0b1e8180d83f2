"""The map of villages: patches around their points in each subdistrict, or signs where there are too many for patches."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely

from sarana.learning.population.files.outlines import area_of
from sarana.learning.population.models import Drawing
from sarana.learning.population.showing import EDGE, LETTERS, NONE, Choice, Patch, Picture, Shown, Sign
from sarana.methods.areas.parts import Part, divide

MOST_PATCHES = 400
"""Of more villages there is a sign for each, at its point: patches would be smaller than a finger, and weigh much."""

LONG_SIDE = 1200
FINEST = 24
"""A small part of the map is drawn so many times as large at most: its lines are no finer than that."""

REACH = 0.02
"""So far outside its subdistrict a village may lie and still be drawn in it, in degrees: points are measured."""

NAMES = 40
"""The size of names where a part is shown: to be read on a telephone."""

SIGN, SMALLEST, LARGEST = 0.15, 6, 26
"""How large a sign is beside its patch, and between which bounds."""

MARK, DOT = 8, 3
"""Half of a sign, and of the point of a village of which nothing may be said, where there are too many for patches."""

type Places = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a map of villages is drawn of.

    `inside` holds the codes of all villages by subdistrict: those too that somebody may not see, which are ground; `hers`
    those that she may see; `places` longitude and latitude, as far as they are known.
    """

    inside: Mapping[str, Sequence[str]]
    hers: Collection[str]
    places: Places


@dataclass(frozen=True, slots=True)
class Villages:
    """The map of villages.

    `picture` is None where none can be drawn. `n_loose` villages stand in their subdistrict, but nobody knows where
    there. `missing` stand in the table only: their subdistrict has no outline, or, where there are signs, nobody knows
    their place.
    """

    picture: Picture | None
    n_loose: int
    missing: Sequence[str]


def draw(
    drawing: Drawing, given: Given, areas: Iterable[Shown], choice: Choice, names: Mapping[str, str]
) -> Villages:
    """Draw the villages that somebody sees.

    Args:
        drawing: the outlines of subdistricts.
        given: which villages there are, which of them she may see, and where they lie.
        areas: what is said of those of which anything is.
        choice: what she asks for.
        names: of districts and subdistricts.
    """
    shown = {area.figure.code: area for area in areas}
    if len(shown) > MOST_PATCHES:
        return _signs(drawing, given.places, shown, names)
    outlines = {
        code: area_of(path)
        for code, district, path, *_sign in drawing.areas
        if choice.within in ("", district, code) and code in given.inside
    }
    if not outlines:
        return Villages(None, 0, _names_of(shown.values()))
    on_grid = _on_grid(drawing, given.places)
    reach = REACH / drawing.on_earth[3] if drawing.on_earth else 0.0
    parts = {code: divide(area, given.inside[code], on_grid, reach) for code, area in outlines.items()}
    return _patches(outlines, parts, shown, given.hers, choice.within, names)


def _on_grid(drawing: Drawing, places: Places) -> Places:
    """Points on the grid of the drawing; none where nobody knows where the grid lies."""
    if not drawing.on_earth:
        return {}
    west, north, right, down = drawing.on_earth
    return {code: ((lon - west) / right, (north - lat) / down) for code, (lon, lat) in places.items()}


def _patches(
    outlines: Mapping[str, shapely.Geometry],
    parts: Mapping[str, Mapping[str, Part]],
    shown: Mapping[str, Shown],
    hers: Collection[str],
    within: str,
    names: Mapping[str, str],
) -> Villages:
    """Patches and signs of villages, the borders of their subdistricts, and names."""
    left, top, right, bottom = shapely.total_bounds(list(outlines.values()))
    scale = min(max(round(LONG_SIDE / max(right - left, bottom - top, 1)), 1), FINEST)
    every = {code: part for held in parts.values() for code, part in held.items()}
    patches = tuple(_patch(part, shown.get(code), NONE if code in hers else "", scale) for code, part in every.items())
    signs = tuple(
        _sign(every[code], area.band, scale) for code, area in shown.items() if code in every and area.band != NONE
    )
    is_one = within in outlines
    box = [round(each * scale) for each in (left, top, right - left, bottom - top)]
    told = (box[0] - EDGE, box[1] - EDGE, box[2] + 2 * EDGE, box[3] + 2 * EDGE)
    seen = {area.figure.parent for area in shown.values()}
    picture = Picture(
        " ".join(map(str, told)),
        NAMES,
        patches,
        signs,
        tuple(
            _village_names(every, shown, scale) if is_one else _names_inside(outlines, names, seen, scale)
        ),
        "".join(path_of(area, scale) for area in outlines.values()),
    )
    n_loose = sum(not part.is_placed for code, part in every.items() if code in hers)
    return Villages(picture, n_loose, _names_of(area for code, area in shown.items() if code not in every))


def _patch(part: Part, area: Shown | None, unsaid: str, scale: int) -> Patch:
    path = path_of(part.shape, scale)
    if area is None:
        return Patch(path, unsaid, is_loose=bool(unsaid) and not part.is_placed)
    return Patch(path, area.band, area.address, area.says, not part.is_placed)


def _sign(part: Part, band: str, scale: int) -> Sign:
    x, y = (round(each * scale) for each in part.point)
    size = round(math.sqrt(part.shape.area) * scale * SIGN)
    return Sign(band, x, y, min(max(size, SMALLEST), LARGEST))


def _names_inside(
    outlines: Mapping[str, shapely.Geometry], names: Mapping[str, str], seen: Iterable[str], scale: int
) -> Iterator[tuple[str, int, int]]:
    """The name of each subdistrict of which villages are shown, in its middle."""
    for code in sorted(seen):
        if code in outlines:
            point = outlines[code].representative_point()
            yield names.get(code, code), round(point.x * scale), round(point.y * scale)


def _village_names(
    every: Mapping[str, Part], shown: Mapping[str, Shown], scale: int
) -> Iterator[tuple[str, int, int]]:
    """The name of each village under its sign."""
    for code, area in shown.items():
        if code in every:
            x, y = every[code].point
            yield area.name, round(x * scale), round(y * scale) + LARGEST + NAMES


def _signs(drawing: Drawing, places: Places, shown: Mapping[str, Shown], names: Mapping[str, str]) -> Villages:
    """One path for each band, over the borders of districts: so many villages weigh little, and none is pointed at."""
    on_grid = _on_grid(drawing, places)
    found: dict[str, list[str]] = defaultdict(list)
    missing = []
    for code, area in shown.items():
        if code in on_grid:
            found[area.band].append(_mark(area.band, *map(round, on_grid[code])))
        else:
            missing.append(area)
    if not found:
        return Villages(None, 0, _names_of(missing))
    marks = tuple((band, "".join(found[band])) for band in (NONE, "low", "mid", "high") if band in found)
    labels = tuple((names.get(code, code), x, y) for code, x, y in drawing.labels)
    box = f"0 0 {drawing.width} {drawing.height}"
    return Villages(Picture(box, LETTERS, (), (), labels, drawing.borders, marks), 0, _names_of(missing))


def _mark(band: str, x: int, y: int) -> str:
    """The sign of a band as a piece of a path: round, a diamond, a square; a small point where nothing may be said."""
    if band == "mid":
        return f"M{x} {y - MARK}l{MARK} {MARK} {-MARK} {MARK} {-MARK} {-MARK}z"
    if band == "low":
        side = 2 * MARK - 4
        return f"M{x - side // 2} {y - side // 2}h{side}v{side}h{-side}z"
    half = MARK - 1 if band == "high" else DOT
    return f"M{x - half} {y}a{half} {half} 0 1 0 {2 * half} 0a{half} {half} 0 1 0 {-2 * half} 0z"


def path_of(area: shapely.Geometry, scale: int) -> str:
    """The polygons of a geometry as an SVG path with whole, relative steps; lines that are left over are none."""
    rings = [
        ring
        for piece in shapely.get_parts(shapely.get_parts(area))
        if piece.geom_type == "Polygon"
        for ring in (piece.exterior, *piece.interiors)
    ]
    return "".join(_ring(ring, scale) for ring in rings)


def _ring(ring: shapely.Geometry, scale: int) -> str:
    points: list[tuple[int, int]] = []
    for x, y in shapely.get_coordinates(ring)[:-1].tolist():
        here = (round(x * scale), round(y * scale))
        if not points or points[-1] != here:
            points.append(here)
    if len(points) < 3:
        return ""
    steps = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in zip(points, points[1:], strict=False))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z"


def _names_of(areas: Iterable[Shown]) -> list[str]:
    return [area.name for area in areas]
