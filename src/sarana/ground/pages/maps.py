"""Shapes for maps: the countries of the region, and the boundaries that an installation brought along.

Boundaries are data of the installation: files `*.geojson` in the folder `boundaries` of its data, each feature with a
`code` as agencies use it (such as TH50), a `name`, perhaps a `name_local`. Nothing is asked of any other server.
"""

import itertools
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.countries import COUNTRIES
from sarana.ground.pages.fetched import fetched_path

FOLDER = "boundaries"
LARGEST_BYTES = 30 * 2**20

SHAPES = frozenset({"Polygon", "MultiPolygon"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: its code, its names, its outline as GeoJSON has it."""

    code: str
    name: str
    name_local: str
    geometry: dict[str, Any]

    def called(self, language: str) -> str:
        """Its name for a reader of a language: a country's own words, or else the local name for readers of Thai."""
        if self.code in COUNTRIES:
            return str(COUNTRIES[self.code])
        return self.name_local if language == "th" and self.name_local else self.name

    def centre(self) -> tuple[float, float]:
        """A point about in the middle of its largest part, for a sign."""
        polygons = self.geometry["coordinates"]
        rings = [polygons[0]] if self.geometry["type"] == "Polygon" else [polygon[0] for polygon in polygons]
        largest = max(rings, key=lambda ring: abs(_twice_area(ring)))
        return _middle(largest)


def countries() -> dict[str, Shape]:
    """The countries of the region, by their code of two letters.

    Raises:
        NotYet: PAGES-001 the build did not fetch the outlines.
    """
    path = fetched_path("outlines.geojson")
    if path is None:
        raise NotYet(
            "PAGES-001",
            "The browser's libraries are missing from this installation.",
            cure="Run `./dev` in a checkout, or install the wheel again.",
        )
    return _read(path, path.stat().st_mtime_ns)


def boundaries() -> dict[str, Shape]:
    """The areas that this installation has boundaries for, by code.

    Raises:
        BadFile: PAGES-003 a file is too large, unreadable, or lacks codes.
    """
    found: dict[str, Shape] = {}
    for path in sorted((Path(settings.SARANA_HOME) / FOLDER).glob("*.geojson")):
        found |= _read(path, path.stat().st_mtime_ns)
    return found


@lru_cache(maxsize=16)
def _read(path: Path, changed_at: int) -> dict[str, Shape]:
    """The shapes of a file; read again when it has changed."""
    if path.stat().st_size > LARGEST_BYTES:
        raise _bad(path)
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        return {shape.code: shape for shape in map(_shape, features)}
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise _bad(path) from err


def _shape(feature: dict[str, Any]) -> Shape:
    properties, geometry = feature["properties"], feature["geometry"]
    if geometry["type"] not in SHAPES or not geometry["coordinates"]:
        raise ValueError(geometry["type"])
    return Shape(str(properties["code"]), str(properties["name"]), str(properties.get("name_local") or ""), geometry)


def _bad(path: Path) -> BadFile:
    return BadFile(
        "PAGES-003",
        "A file of boundaries is larger than 30 MiB, or no GeoJSON whose features are areas with a code and a name.",
        where=f"{FOLDER}/{path.name}",
        cure="See the page on maps in the manual, and put a file in its place that holds `code` and `name`.",
    )


def _twice_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def _middle(ring: list[list[float]]) -> tuple[float, float]:
    """The centroid of a ring; its first point where the ring has no area."""
    twice = _twice_area(ring)
    if not twice:
        return ring[0][0], ring[0][1]
    steps = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in itertools.pairwise(ring)]
    x = sum((a[0] + b[0]) * cross for a, b, cross in steps) / (3 * twice)
    y = sum((a[1] + b[1]) * cross for a, b, cross in steps) / (3 * twice)
    return round(x, 4), round(y, 4)
