"""The map layer of a run: protected figures of areas with their outlines, as GeoJSON that may leave the province."""

import json
from pathlib import Path
from typing import Any, Final

from sarana.methods.areas.classes import split_rates
from sarana.methods.areas.rollup import FIGURES, UNKNOWN
from sarana.methods.areas.shapes import LayerSettings, Outlines, Shape, area_shapes
from sarana.methods.engine import Engine

CELLS, FROM_FILE = "cells computed from village points", "boundary file of the province"
"""Where the outlines come from, as the layer and the card of a run say it."""

NOTE: Final = "unvalidated, for planning only"
"""Stands in every file until a back-test is passed."""

_FIGURES: Final = (
    *FIGURES,
    "protected",
    "n_scored_without_status",
    "n_red_without_status",
    "rate_without_status",
    "low_without_status",
    "high_without_status",
    "class",
    "class_without_status",
)


def area_layer(engine: Engine, settings: LayerSettings, boundaries: Path | None) -> bytes:
    """Write the areas of one level with their protected figures as GeoJSON.

    Args:
        engine: holds `areas` (the protected table; no other table of figures is looked at) and `villages`.
        settings: level, how the boundary file names areas, id of the indicator set.
        boundaries: the province's boundary file, or None for cells computed from village points.

    Returns:
        UTF-8, sorted by code, the same bytes for the same tables. A withheld figure is null; an area without an outline
        has a null geometry and is named in `areas_without_outline`.

    Raises:
        BadSetting, BadFile: as `area_shapes`.
    """
    return layer_of(engine, settings, area_shapes(engine, settings, boundaries))


def layer_of(engine: Engine, settings: LayerSettings, outlines: Outlines) -> bytes:
    """The same from outlines that were read before."""
    drawn = {s.code: s for s in outlines.shapes}
    rows = engine.rows(
        f"""SELECT code, parent, name, {", ".join(_FIGURES)} FROM areas
        WHERE level = ? AND "group" = 'all' AND NOT ends_with(code, '{UNKNOWN}') ORDER BY code""",
        [settings.level],
    )
    features: list[dict[str, Any]] = [
        {
            "geometry": _geometry(drawn.get(code)),
            "properties": {
                "code": code,
                "level": settings.level,
                "name": name,
                "note": NOTE,
                "parent": parent,
                **dict(zip(_FIGURES, figures, strict=True)),
            },
            "type": "Feature",
        }
        for code, parent, name, *figures in rows
    ]
    limits = split_rates(feature["properties"]["rate"] for feature in features)
    layer: dict[str, Any] = {
        "areas_without_outline": list(outlines.without),
        "class_limits": {"high_from": limits.high_from, "mid_from": limits.mid_from},
        "features": features,
        "indicator_set": settings.indicator_set,
        "note": NOTE,
        "outlines": CELLS if outlines.are_computed else FROM_FILE,
        "type": "FeatureCollection",
    }
    if step := rounded_to(engine):
        layer["rounded_to"] = step
    return (json.dumps(layer, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def rounded_to(engine: Engine) -> int | None:
    """The steps to which the counts of the protected table are rounded; None where they are exact."""
    if "rounded_to" not in {row[0] for row in engine.rows("DESCRIBE areas")}:
        return None
    step: int | None = engine.row("SELECT max(rounded_to) FROM areas")[0]
    return step


def _geometry(found: Shape | None) -> dict[str, Any] | None:
    """An outline as GeoJSON."""
    if found is None:
        return None
    return {"coordinates": found.polygons, "type": "MultiPolygon"}
