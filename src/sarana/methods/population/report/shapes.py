"""Outlines of areas made ready for a drawing: put on a flat grid, so that neighbours still share their borders."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from sarana.methods.population.report.values import AreaOutline

LONG_SIDE = 1200
"""Units of the longer side of a map."""

EDGE = 10
"""Units that stay free on each side."""

SHAPE_BUDGET = 500_000
"""Characters that all outlines of a map may take; finer outlines are put on a coarser grid."""

type Point = tuple[int, int]
type Ring = list[Point]


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """One area on the map: its outline as an SVG path, a point inside it, and the size of a symbol that fits there."""

    code: str
    path: str
    x: int
    y: int
    symbol: int
    square: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All areas of a map in one frame, borders between groups of areas, and a point in each group for its name."""

    width: int
    height: int
    areas: tuple[DrawnArea, ...] = ()
    borders: str = ""
    labels: tuple[tuple[str, int, int], ...] = ()
    on_earth: tuple[float, ...] = ()
    """Longitude and latitude of the corner, and the degrees of one unit to the right and of one down."""


def draw_areas(shapes: Iterable[AreaOutline], group_of: dict[str, str]) -> Drawing:
    """Put outlines on a grid and find the borders of the groups they belong to.

    Args:
        shapes: rings of longitude and latitude in degrees; rings of fewer than three points are left out.
        group_of: the group (district) of each area's code; an area without one belongs to none.

    Returns:
        A drawing 1,200 units long or high; empty if there is no shape.
    """
    rings = {s.code: [list(r) for r in s.rings if len(r) >= 3] for s in sorted(shapes, key=lambda s: s.code)}
    points = [p for found in rings.values() for ring in found for p in ring]
    if not points:
        return Drawing(0, 0)
    frame = _Frame.around(points)
    for step in (1, 2, 3, 4, 6, 8, 12):
        snapped = {code: [r for r in (frame.snap(ring, step) for ring in found) if r] for code, found in rings.items()}
        areas = [_area(code, found, frame, rings[code]) for code, found in snapped.items() if rings[code]]
        if sum(len(a.path) for a in areas) <= SHAPE_BUDGET:
            break
    borders, labels = _borders(snapped, group_of), _labels(areas, group_of)
    return Drawing(frame.width, frame.height, tuple(areas), borders, labels, frame.on_earth)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A flat picture of a piece of the earth: degrees of longitude are shortened by the middle latitude."""

    west: float
    north: float
    shorten: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> "_Frame":
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        shorten = max(math.cos(math.radians((south + north) / 2)), 0.01)
        wide, tall = (east - west) * shorten, north - south
        scale = (LONG_SIDE - 2 * EDGE) / max(wide, tall, 1e-6)
        return cls(west, north, shorten, scale, round(wide * scale) + 2 * EDGE, round(tall * scale) + 2 * EDGE)

    def at(self, point: tuple[float, float]) -> Point:
        return (
            round((point[0] - self.west) * self.shorten * self.scale) + EDGE,
            round((self.north - point[1]) * self.scale) + EDGE,
        )

    @property
    def on_earth(self) -> tuple[float, ...]:
        """Where the corner lies, and what one unit is in degrees."""
        right, down = 1 / (self.shorten * self.scale), 1 / self.scale
        return (self.west - EDGE * right, self.north + EDGE * down, right, down)

    def snap(self, ring: Sequence[tuple[float, float]], step: int) -> Ring:
        """The ring on a grid of `step` units, without points that repeat; empty if nothing is left of it."""
        found: Ring = []
        for point in ring:
            x, y = self.at(point)
            on_grid = (x // step * step, y // step * step)
            if not found or found[-1] != on_grid:
                found.append(on_grid)
        if len(found) > 1 and found[0] == found[-1]:
            found.pop()
        return found if len(found) >= 3 else []


def _area(code: str, snapped: list[Ring], frame: _Frame, rings: list[list[tuple[float, float]]]) -> DrawnArea:
    """One area; where the grid has swallowed it, a dot stands in its place."""
    if not snapped:
        x, y = frame.at(rings[0][0])
        return DrawnArea(code, _path([[(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)]]), x, y, 3, 4.0)
    polygons = [shapely.Polygon(r) for r in snapped]
    largest = max(polygons, key=lambda p: p.area)
    inside = (largest.buffer(0) if not largest.is_valid else largest).representative_point()
    if inside.is_empty:
        inside = largest.exterior.centroid
    symbol = min(max(round(math.sqrt(largest.area) * 0.17), 3), 18)
    return DrawnArea(code, _path(snapped), round(inside.x), round(inside.y), symbol, largest.area)


def _path(rings: Iterable[Ring]) -> str:
    """Rings as an SVG path with whole, relative steps."""
    return "".join(_line(ring) + "z" for ring in rings)


def _line(points: Sequence[Point]) -> str:
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in itertools.pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}" + ("l" + " ".join(steps) if steps else "")


def _borders(snapped: dict[str, list[Ring]], group_of: dict[str, str]) -> str:
    """The lines that only one area of a group has: the outline of the group, as one path."""
    if not any(group_of.get(code) for code in snapped):
        return ""
    seen: dict[tuple[str, Point, Point], int] = defaultdict(int)
    for code, rings in snapped.items():
        for ring in rings:
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
                seen[(group_of.get(code, ""), min(a, b), max(a, b))] += 1
    edges = sorted({(a, b) for (_, a, b), times in seen.items() if times == 1})
    return "".join(_line(line) for line in _chained(edges))


def _chained(edges: Sequence[tuple[Point, Point]]) -> list[Ring]:
    """Edges put end to end into as few lines as a plain walk finds."""
    at: dict[Point, set[Point]] = defaultdict(set)
    for a, b in edges:
        at[a].add(b)
        at[b].add(a)
    lines: list[Ring] = []
    for start in sorted(at):
        while at[start]:
            line = [start]
            while at[line[-1]]:
                here = line[-1]
                there = min(at[here])
                at[here].discard(there)
                at[there].discard(here)
                line.append(there)
            lines.append(line)
    return lines


def _labels(areas: Iterable[DrawnArea], group_of: dict[str, str]) -> tuple[tuple[str, int, int], ...]:
    """A point for the name of each group, largest group first: the middle of its areas, larger ones counting more."""
    members: dict[str, list[DrawnArea]] = defaultdict(list)
    for area in areas:
        if group := group_of.get(area.code):
            members[group].append(area)
    found = []
    by_size = sorted(members.items(), key=lambda item: (-sum(a.square for a in item[1]), item[0]))
    for group, inside in by_size:
        weight = sum(a.square for a in inside)
        x = round(sum(a.x * a.square for a in inside) / weight)
        y = round(sum(a.y * a.square for a in inside) / weight)
        found.append((group, x, y))
    return tuple(found)
