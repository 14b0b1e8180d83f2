"""The map of the whole country: the outline of each province as it came with its run, in the class of its rate."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _

from sarana.learning.population.drawn import words_of
from sarana.learning.population.files.outlines import outlines
from sarana.learning.population.models import AreaLevel, Drawing
from sarana.learning.population.rollup.country import Province
from sarana.learning.population.showing import NONE, Patch, Picture, Sign

LONG_SIDE, EDGE, LETTERS, SIGN = 1000, 20, 26, 12
FINE = 150
"""Into so many steps the longer side of a province is divided: finer lines weigh much and show nothing here."""

SMALLEST = 0.02
"""Pieces smaller than this part of the largest are left out."""

DECIMALS = 3

type Ring = list[tuple[float, float]]


def outline_of(drawing: Drawing, province: str) -> list[Ring]:
    """The outline of a province in longitude and latitude, coarse, without holes and small islands.

    Empty where it is not known where the lines lie.
    """
    pieces = outlines(drawing, AreaLevel.PROVINCE, province).get(province, [])
    polygons = [shapely.Polygon(rings[0]) for rings in pieces]
    largest = max((polygon.area for polygon in polygons), default=0.0)
    found = []
    for polygon in polygons:
        west, south, east, north = polygon.bounds
        coarse = polygon.simplify(max(east - west, north - south) / FINE)
        if polygon.area >= SMALLEST * largest and not coarse.is_empty:
            found.append([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in coarse.exterior.coords])
    return found


@dataclass(frozen=True, slots=True)
class _Frame:
    """A flat picture of a piece of the earth."""

    west: float
    north: float
    right: float
    down: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> "_Frame":
        west, east = min(x for x, _y in points), max(x for x, _y in points)
        south, north = min(y for _x, y in points), max(y for _x, y in points)
        shorten = max(math.cos(math.radians((south + north) / 2)), 0.01)
        scale = (LONG_SIDE - 2 * EDGE) / max((east - west) * shorten, north - south, 1e-6)
        right, down = shorten * scale, scale
        size = (round((east - west) * right) + 2 * EDGE, round((north - south) * down) + 2 * EDGE)
        return cls(west, north, right, down, *size)

    def at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.west) * self.right) + EDGE, round((self.north - y) * self.down) + EDGE

    def path(self, rings: Iterable[Ring]) -> str:
        parts = []
        for ring in rings:
            points = [self.at(x, y) for x, y in ring]
            parts.append("M" + "L".join(f"{x} {y}" for x, y in points) + "z")
        return "".join(parts)


def draw(provinces: Sequence[Province]) -> Picture | None:
    """The map of all provinces whose outline is here; None where there is none.

    Only those that are compared have a class; of the others nothing is said but where they lie.
    """
    drawn = [(one, one.run.outline) for one in provinces if one.run is not None and one.run.outline]
    if not drawn:
        return None
    frame = _Frame.around([(x, y) for _one, rings in drawn for ring in rings for x, y in ring])
    patches, signs, labels = [], [], []
    for one, rings in drawn:
        largest = max((shapely.Polygon(ring) for ring in rings), key=lambda polygon: polygon.area)
        inside = largest.representative_point()
        x, y = frame.at(inside.x, inside.y)
        address = reverse("population:map", args=[one.run.ref]) if one.run else ""
        patches.append(Patch(frame.path(rings), one.band, address, _says(one)))
        labels.append((one.name, x, y))
        if one.band != NONE:
            signs.append(Sign(one.band, x, y - LETTERS, SIGN))
    return Picture(f"0 0 {frame.width} {frame.height}", LETTERS, tuple(patches), tuple(signs), tuple(labels), "")


@dataclass(frozen=True, slots=True)
class Lines:
    """By which lines provinces are drawn, in words, and the names of those that are drawn so."""

    words: str
    names: tuple[str, ...]


def lines_of(provinces: Sequence[Province], drawings: Mapping[int, Drawing]) -> list[Lines]:
    """By which lines each province is drawn, those of the same file together; also which have no outline at all.

    Args:
        provinces: those of which a run is here.
        drawings: what is known of the lines, by the number of the run.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for one in provinces:
        drawing = drawings.get(one.run.pk) if one.run is not None else None
        if one.run is None or not one.run.outline or drawing is None:
            found.setdefault(("", _("No outline came in with it, so it is not drawn:")), []).append(one.name)
        else:
            # Two files may be told in the same words: of one office and day, and yet not the same.
            found.setdefault((drawing.drawn_sha256, words_of(drawing)), []).append(one.name)
    return [Lines(words, tuple(names)) for (_sha256, words), names in found.items()]


def _says(one: Province) -> str:
    """A province and its rate in one line, for whoever points at it."""
    if not one.is_compared:
        return f"{one.name}: {', '.join(one.why)}"
    return _("%(name)s: %(rate)s per 1,000") % {"name": one.name, "rate": one.told_rate}
