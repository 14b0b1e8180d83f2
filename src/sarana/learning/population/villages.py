"""The map of villages: patches around their points in each subdistrict; signs where there are too many for patches."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely

from sarana.learning.population.files.outlines import area_of
from sarana.learning.population.models import Drawing
from sarana.learning.population.naming import Wanted, lay, room_of
from sarana.learning.population.showing import EDGE, LETTERS, NONE, Choice, Patch, Picture, Shown, Sign
from sarana.methods.areas.parts import Part, divide, roomiest

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

ROOMS = 6
"""So many places are tried for the name of a subdistrict."""

MARK, DOT = 8, 3
"""Half of a sign, and of the point of a village of which nothing may be said, where there are too many for patches."""

type Places = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a map of villages is drawn of.

    `inside` holds the codes of all villages by subdistrict: those too that somebody may not see, which are ground;
    `hers` those that she may see; `places` longitude and latitude, as far as they are known.
    """

    inside: Mapping[str, Sequence[str]]
    hers: frozenset[str]
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


def draw(drawing: Drawing, given: Given, areas: Iterable[Shown], choice: Choice, names: Mapping[str, str]) -> Villages:
    """Draw the villages that somebody sees.

    Args:
        drawing: the outlines of subdistricts.
        given: which villages there are, which of them she may see, and where they lie.
        areas: what is said of those of which anything is.
        choice: what she asks for.
        names: of districts and subdistricts.
    """
    shown = {area.figure.code: area for area in areas}
    if len(given.hers) > MOST_PATCHES:
        return _signs(drawing, given, shown, names)
    outlines = {
        code: area
        for code, district, path, *_sign in drawing.areas
        if choice.within in ("", district, code)
        and not given.hers.isdisjoint(given.inside.get(code, ()))
        and (area := _polygons(path)).area > 0
    }
    if not outlines:
        return Villages(None, 0, _names_of(shown.values()))
    on_grid = _on_grid(drawing, given.places)
    reach = REACH / drawing.on_earth[3] if drawing.on_earth else 0.0
    parts = {code: divide(area, given.inside[code], on_grid, reach) for code, area in outlines.items()}
    sheet = _Sheet(outlines, parts, shown, given.hers, names)
    every = sheet.every
    n_loose = sum(not part.is_placed for code, part in every.items() if code in given.hers)
    missing = _names_of(area for code, area in shown.items() if code not in every)
    return Villages(sheet.picture(is_one=choice.within in outlines), n_loose, missing)


def _polygons(path: str) -> shapely.Geometry:
    """The polygons of an outline; lines and points that are left over are none."""
    pieces = shapely.get_parts(shapely.get_parts(area_of(path)))
    return shapely.union_all([piece for piece in pieces if piece.geom_type == "Polygon"])


def _on_grid(drawing: Drawing, places: Places) -> Places:
    """Points on the grid of the drawing; none where nobody knows where the grid lies."""
    if not drawing.on_earth:
        return {}
    west, north, right, down = drawing.on_earth
    return {code: ((lon - west) / right, (north - lat) / down) for code, (lon, lat) in places.items()}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Some subdistricts, the parts of their villages on the grid of the drawing, and what is said of these."""

    outlines: Mapping[str, shapely.Geometry]
    parts: Mapping[str, Mapping[str, Part]]
    shown: Mapping[str, Shown]
    hers: frozenset[str]
    names: Mapping[str, str]

    @property
    def every(self) -> Mapping[str, Part]:
        """The parts of all villages."""
        return {code: part for held in self.parts.values() for code, part in held.items()}

    def picture(self, *, is_one: bool) -> Picture:
        """Patches and signs, the borders of subdistricts, and their names, or those of the villages of one."""
        left, top, right, bottom = shapely.total_bounds(list(self.outlines.values()))
        scale = min(max(round(LONG_SIDE / max(right - left, bottom - top, 1)), 1), FINEST)
        x, y, width, height = (round(each * scale) for each in (left, top, right - left, bottom - top))
        box = (x - EDGE, y - EDGE, width + 2 * EDGE, height + 2 * EDGE)
        every = self.every
        signs = [
            _sign(every[code], area.band, scale)
            for code, area in self.shown.items()
            if code in every and area.band != NONE
        ]
        rooms = [(one.x - one.size, one.y - one.size, one.x + one.size, one.y + one.size) for one in signs]
        return Picture(
            " ".join(map(str, box)),
            NAMES,
            tuple(self._patch(code, part, scale) for code, part in every.items()),
            tuple(signs),
            tuple(lay(self._of_villages(scale) if is_one else self._of_subdistricts(scale), NAMES, box, rooms)),
            "".join(path_of(area, scale) for area in self.outlines.values()),
        )

    def _patch(self, code: str, part: Part, scale: int) -> Patch:
        path, area = path_of(part.shape, scale), self.shown.get(code)
        if code not in self.hers:
            return Patch(path)
        if area is None:
            return Patch(path, NONE, is_loose=not part.is_placed)
        return Patch(path, area.band, area.address, area.says, not part.is_placed)

    def _of_subdistricts(self, scale: int) -> Iterator[Wanted]:
        """The name of each, where the signs of its villages leave the most room; the largest come first."""
        for code, area in sorted(self.outlines.items(), key=lambda each: (-each[1].area, each[0])):
            rooms = roomiest(area, [part.point for part in self.parts[code].values()], ROOMS)
            places = [(x * scale, y * scale + NAMES / 3) for x, y in (*rooms, _middle(area))]
            yield Wanted(self.names.get(code, code), places)

    def _of_villages(self, scale: int) -> Iterator[Wanted]:
        """The name of each under its sign, else above or beside it, else where its patch has room."""
        every = self.every
        for code, area in self.shown.items():
            if code not in every:
                continue
            part = every[code]
            x, y = (each * scale for each in part.point)
            size = _sign(part, area.band, scale).size if area.band != NONE else 0
            aside, low = size + NAMES / 4 + room_of(area.name, NAMES) / 2, y + NAMES / 3
            places = [(x, y + size + NAMES + 2), (x, y - size - NAMES / 4), (x + aside, low), (x - aside, low)]
            free = roomiest(part.shape, [part.point], 3)
            yield Wanted(area.name, [*places, *((x * scale, y * scale + NAMES / 3) for x, y in free)])


def _middle(area: shapely.Geometry) -> tuple[float, float]:
    point = area.representative_point()
    return point.x, point.y


def _sign(part: Part, band: str, scale: int) -> Sign:
    x, y = (round(each * scale) for each in part.point)
    size = round(math.sqrt(part.shape.area) * scale * SIGN)
    return Sign(band, x, y, min(max(size, SMALLEST), LARGEST))


def _signs(drawing: Drawing, given: Given, shown: Mapping[str, Shown], names: Mapping[str, str]) -> Villages:
    """One path for each band, over the borders of districts: so many villages weigh little, and none is pointed at."""
    every, width, height = _on_grid(drawing, given.places), drawing.width, drawing.height
    # A point beside the map, a slip in the list, is none: nobody would see it, nor hear that it is not there.
    on_grid = {code: (x, y) for code, (x, y) in every.items() if 0 <= x <= width and 0 <= y <= height}
    found: dict[str, list[str]] = defaultdict(list)
    for code in sorted(given.hers & on_grid.keys()):
        band = shown[code].band if code in shown else NONE
        found[band].append(_mark(band, *map(round, on_grid[code])))
    missing = sorted(given.hers - on_grid.keys())
    if not found:
        return Villages(None, 0, missing)
    marks = tuple((band, "".join(found[band])) for band in (NONE, "low", "mid", "high") if band in found)
    labels = tuple((names.get(code, code), x, y) for code, x, y in drawing.labels)
    box = f"0 0 {drawing.width} {drawing.height}"
    return Villages(Picture(box, LETTERS, (), (), labels, drawing.borders, marks), 0, missing)


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
    steps = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in itertools.pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z"


def _names_of(areas: Iterable[Shown]) -> list[str]:
    return [area.name for area in areas]
