"""The small map of a boundary file: its outlines on the grid of a screen, made once and kept beside them."""

from collections.abc import Mapping
from typing import Any

import msgspec
import shapely

from sarana.methods.areas.shapes import Shape
from sarana.methods.population.report.shapes import draw_areas


class Sketch(msgspec.Struct, frozen=True):
    """A drawing as a page shows it: how wide and high it is, and one line for each area."""

    width: int
    height: int
    lines: tuple[str, ...]


def sketch_of(outlines: Mapping[str, shapely.Geometry]) -> Sketch | None:
    """Outlines by code of area as a small map; None where they have no lines.

    Cost: about a second for 200 subdistricts of 1,000 points each; then 500,000 signs at most.
    """
    shapes = [
        Shape("subdistrict", code, tuple(_rings(part) for part in getattr(area, "geoms", (area,))))
        for code, area in outlines.items()
    ]
    found = draw_areas(shapes, {})
    return Sketch(found.width, found.height, tuple(area.path for area in found.areas)) if found.areas else None


def _rings(part: Any) -> tuple[tuple[tuple[float, float], ...], ...]:
    lines = (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ()
    return tuple(tuple((x, y) for x, y, *_z in line.coords) for line in lines)
