"""What a boundary file holds: outlines by code of area, where they lie, and what is wrong with it."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress, Silent
from sarana.learning.population.boundaries.mending import Mending

MOST_BYTES = 24 * 2**20
"""So large may a file be: subdistricts of the largest province as they are drawn officially, in degrees."""

MOST_FEATURES = 20_000
MOST_PROPERTIES = 64 * 2**10
"""So many bytes of properties are read of one feature; where it has more, it is held to have no code."""

FARTHEST = 1e9
"""No outline reaches further, whatever its unit is: numbers beyond it are no places."""

SAID_WRONG = 5
"""So many areas of each fault are kept with where they lie."""

PASSES = 2
"""So often each feature is met: its lines are read, then its area is put together."""

EVERY = 64
"""After so many features or areas it is told how far the reading is."""

POLYGON = 3
DECIMALS = 5
MARGIN = 1.0
"""So many degrees beyond the country an area may still lie: borders of countries are drawn in many ways."""

HALF, WHOLE = 90, 180
TURNED, METRES, FAR = "turned", "metres", "far"

type Box = tuple[float, float, float, float]
type Outlines = Mapping[str, shapely.Geometry]


class _Feature(msgspec.Struct):
    """One feature; what it holds stays as it is written until it is known to be wanted."""

    geometry: msgspec.Raw
    properties: msgspec.Raw = msgspec.Raw(b"null")


class _Collection(msgspec.Struct):
    """A file of features."""

    features: list[_Feature]


type Place = tuple[str, float, float]
"""The code of an area, and its longitude and latitude."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a file, as it is kept beside it; codes are those of the country's list of areas.

    `first` is the first area and where it lies. `wrong` says how many areas lie turned round, in metres, or far from
    the country; `wrong_at` which ones are the first of them, and where they lie.
    """

    property: str
    codes: tuple[str, ...]
    outside: tuple[str, ...]
    n_features: int
    n_strange: int
    n_empty: int
    n_again: int
    first: Place
    wrong: dict[str, int]
    wrong_at: dict[str, tuple[Place, ...]] = {}


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was read: what was found, and the outlines as a run reads them."""

    told: Told
    content: bytes


def read_boundaries(
    content: bytes,
    *,
    country: str,
    known: Collection[str],
    within: str,
    box: Box,
    progress: Progress | None = None,
) -> Brought:
    """Read a boundary file of subdistricts.

    Args:
        content: the bytes of the file.
        country: the two letters that stand before codes in the list of areas, and need not stand in the file.
        known: the codes of all subdistricts that the country has or had.
        within: the code of the province.
        box: where the country lies: west, south, east, north.
        progress: is told of features, each of which is met twice; what it raises ends the reading.

    Raises:
        BadFile: POPULATION-101 it cannot be read as GeoJSON, or ends in the middle; POPULATION-102 it has too many
            areas; POPULATION-103 no property holds codes of subdistricts of the province; POPULATION-108 lines of an
            area cross too often; POPULATION-109 none of its areas has an outline.
    """
    progress = progress or Silent()
    features = _features(content)
    total = PASSES * len(features)
    name, codes = _codes(features, country, frozenset(known))
    mine: dict[str, list[Sequence[shapely.Geometry]]] = {}
    outside, n_empty = set(), 0
    for n, (feature, code) in enumerate(zip(features, codes, strict=True)):
        if n % EVERY == 0:
            progress.report(n, total, "")
        if not code:
            continue
        if not code.startswith(within):
            outside.add(code)
            continue
        parts = _polygons(feature)
        n_empty += not parts
        mine.setdefault(code, []).append(parts)
    if not mine:
        raise _no_codes(name, len(features), within)
    found = _joined(mine, lambda share: progress.report(len(features) + int(share * len(features)), total, ""))
    if not found:
        raise _no_outlines(len(mine))
    first, wrong = next(iter(found)), _wrong(found, box)
    told = Told(
        property="".join(sign for sign in name if sign.isprintable())[:60],
        codes=tuple(found),
        outside=tuple(sorted(outside)),
        n_features=len(features),
        n_strange=sum(not code for code in codes),
        n_empty=n_empty,
        n_again=sum(len(pieces) > 1 for pieces in mine.values()),
        first=(first, *_middle(found[first])),
        wrong={kind: len(places) for kind, places in wrong.items()},
        wrong_at={kind: tuple(places[:SAID_WRONG]) for kind, places in wrong.items()},
    )
    return Brought(told, _written(found, country))


def shapes_of(content: bytes) -> dict[str, shapely.Geometry]:
    """The outlines that were kept, by code without the letters of the country."""
    read = json.loads(gzip.decompress(content))
    return {each["properties"]["code"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in read["features"]}


def _features(content: bytes) -> Sequence[_Feature]:
    # Counted before they are read: twenty million small ones would fill the memory.
    if content.count(b'"geometry"') > MOST_FEATURES:
        raise _too_many()
    # Names that were cut in the middle of a character do no harm: only codes and numbers are used.
    text = content.decode("utf-8-sig", errors="replace").encode()
    try:
        found = msgspec.json.decode(text, type=_Collection).features
    except msgspec.ValidationError as err:
        raise _no_geojson() from err
    except msgspec.DecodeError as err:
        if "truncated" in str(err):
            raise BadFile(
                "POPULATION-101",
                "The file ends in the middle: half of it is missing.",
                cure="Have it made or copied once more, and see that it is as large here as it was there.",
            ) from err
        raise _no_geojson() from err
    except RecursionError as err:
        raise _no_geojson() from err
    if not found:
        raise _no_geojson()
    if len(found) > MOST_FEATURES:
        raise _too_many()
    return found


def _codes(features: Sequence[_Feature], country: str, known: frozenset[str]) -> tuple[str, list[str]]:
    """The property that holds codes of areas oftenest, and the code of each feature; "" where it has none."""
    counts = Counter[str]()
    for feature in features:
        counts.update(name for name, value in _properties(feature).items() if _code(value, country, known))
    if not counts:
        return "", [""] * len(features)
    # Of two that are as good the first one: which it is must not hang on chance.
    name = max(counts, key=lambda each: counts[each])
    return name, [_code(_properties(feature).get(name), country, known) for feature in features]


def _properties(feature: _Feature) -> dict[str, Any]:
    """The properties of a feature; of most files they would not lie in memory all at once."""
    written = bytes(feature.properties)
    if len(written) > MOST_PROPERTIES:
        return {}
    try:
        return msgspec.json.decode(written, type=dict[str, Any] | None) or {}
    except (msgspec.MsgspecError, RecursionError) as err:
        raise _no_geojson() from err


def _code(value: object, country: str, known: frozenset[str]) -> str:
    """The code of an area as the list has it; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Spreadsheets leave 500101.0 of a number.
    whole = int(value) if isinstance(value, float) and value.is_integer() and value < FARTHEST else value
    written = str(whole).strip()
    return next((code for code in (written, f"{country}{written}") if code in known), "")


def _polygons(feature: _Feature) -> Sequence[shapely.Geometry]:
    """The polygons of a feature; none where it has none, or where their numbers are no places."""
    try:
        found = shapely.from_geojson(bytes(feature.geometry))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return ()
    parts = shapely.get_parts(shapely.get_parts([found])) if found is not None else []
    polygons = [part for part in parts if shapely.get_type_id(part) == POLYGON and not part.is_empty]
    are_places = all(np.abs(part.bounds).max() <= FARTHEST for part in polygons)
    return polygons if are_places else ()


def _joined(
    mine: Mapping[str, Sequence[Sequence[shapely.Geometry]]], tell: Callable[[float], None]
) -> dict[str, shapely.Geometry]:
    """The area of each code, of all polygons that bear it."""
    mending, found = Mending(), dict[str, shapely.Geometry]()
    for n, (code, pieces) in enumerate(sorted(mine.items())):
        if n % EVERY == 0:
            tell(n / len(mine))
        polygons = [part for parts in pieces for part in parts]
        area = mending.area_of(code, polygons) if polygons else None
        if area is not None:
            found[code] = area
    return found


def _wrong(found: Outlines, box: Box) -> dict[str, list[Place]]:
    """The areas that do not lie where the country is, by what is the matter with them."""
    places: dict[str, list[Place]] = {}
    for code, area in found.items():
        lon, lat = _middle(area)
        if _is_in(box, lon, lat):
            continue
        elsewhere = METRES if abs(lon) > WHOLE or abs(lat) > HALF else FAR
        kind = TURNED if _is_in(box, lat, lon) else elsewhere
        places.setdefault(kind, []).append((code, lon, lat))
    return places


def _is_in(box: Box, lon: float, lat: float) -> bool:
    west, south, east, north = box
    return west - MARGIN <= lon <= east + MARGIN and south - MARGIN <= lat <= north + MARGIN


def _middle(area: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = area.bounds
    return round((west + east) / 2, 4), round((south + north) / 2, 4)


def _written(found: Outlines, country: str) -> bytes:
    """The outlines as a run reads them: GeoJSON with nothing but codes, without the letters of the country."""
    features = []
    for code, area in found.items():
        rounded = shapely.transform(area, lambda points: np.round(points, DECIMALS))
        geometry = json.loads(shapely.to_geojson(rounded))
        properties = {"code": code.removeprefix(country)}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    whole = {"type": "FeatureCollection", "features": features}
    return gzip.compress(json.dumps(whole, separators=(",", ":")).encode(), mtime=0)


def _no_geojson() -> BadFile:
    return BadFile(
        "POPULATION-101",
        "The file cannot be read as GeoJSON.",
        cure="Save the subdistricts as a GeoJSON FeatureCollection in degrees (WGS 84).",
    )


def _too_many() -> BadFile:
    return BadFile(
        "POPULATION-102",
        "The file has more areas than a boundary file may have.",
        where=f"{MOST_FEATURES:,}",
        cure="Leave out other provinces, and districts and villages.",
    )


def _no_outlines(n_areas: int) -> BadFile:
    return BadFile(
        "POPULATION-109",
        "None of its areas has an outline.",
        where=f"{n_areas:,}",
        cure="Save the areas with their polygons, in degrees (WGS 84), and bring the file again.",
    )


def _no_codes(name: str, n_features: int, within: str) -> BadFile:
    if name:
        return BadFile(
            "POPULATION-103",
            "None of its areas is a subdistrict of this province.",
            where=f"{within}, {n_features:,}",
            cure="Choose the file of this province. Districts and villages are not drawn.",
        )
    return BadFile(
        "POPULATION-103",
        "No property of its areas holds codes of subdistricts.",
        where=f"{within}, {n_features:,}",
        cure="Each area needs the code that the list of areas has, such as TH500101 or 500101. Districts and villages "
        "are not drawn.",
    )
