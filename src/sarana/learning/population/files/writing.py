"""A map as a file of each kind; the same rows in all of them, and the same bytes from the same rows."""

import csv
import html
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sarana.basics.cells import guarded
from sarana.learning.population.files.models import MapFile
from sarana.learning.population.files.outlines import Place, Ring
from sarana.learning.population.files.telling import COLUMNS, NUMBERS, Told, Value, band_words
from sarana.learning.population.showing import NONE
from sarana.methods.workbook import lawful, write_workbook

Kind = MapFile.Kind


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is written, what browsers call it, and whether it holds outlines."""

    write: Callable[[Told], bytes]
    media_type: str
    has_outlines: bool = False


def write_csv(told: Told) -> bytes:
    """A table in UTF-8, with the mark by which spreadsheets know it; no text is taken for a formula."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([_plain(row[name]) for name in COLUMNS] for row in told.rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(told: Told) -> bytes:
    """A workbook of one sheet; numbers are numbers, and no cell is a formula."""
    out = io.BytesIO()
    write_workbook(out, "areas", {name: [row[name] for row in told.rows] for name in COLUMNS})
    return out.getvalue()


def write_geojson(told: Told) -> bytes:
    """A map layer; an area without an outline has no geometry. Villages are points: their patches are no boundaries.

    Source: RFC 7946: longitude first, outer rings against the clock, members of our own beside the features.
    """
    features = [
        {"type": "Feature", "properties": dict(row), "geometry": _geometry(told, code)}
        for row, code in zip(told.rows, told.codes, strict=True)
    ]
    layer = {"type": "FeatureCollection", "name": told.title, "notice": told.notice, "features": features}
    return json.dumps(layer, ensure_ascii=False, indent=1).encode()


def write_kml(told: Told) -> bytes:
    """A map layer for viewers of the earth, a style for each band, and a sign that differs in shape before the name.

    Source: OGC 07-147r2 (KML 2.2): the order of elements, colours as alpha, blue, green, red.
    """
    return "\n".join(_kml(told)).encode()


FORMATS: Mapping[str, Format] = {
    Kind.CSV: Format(write_csv, "text/csv; charset=utf-8"),
    Kind.XLSX: Format(write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Kind.GEOJSON: Format(write_geojson, "application/geo+json", has_outlines=True),
    Kind.KML: Format(write_kml, "application/vnd.google-earth.kml+xml", has_outlines=True),
}

COLOURS: Mapping[str, str] = {"high": "#98302b", "mid": "#f0be45", "low": "#cfe3c8", NONE: "#d8d6d0"}
"""The colours of the bands on a light page, as in the style sheet: a test holds them to it."""

SIGNS: Mapping[str, str] = {"high": "●", "mid": "◆", "low": "■", NONE: "○"}
"""Signs of the bands, which differ in shape: a colour alone tells the colour-blind nothing."""

FILL, LINE = "cc", "ff555555"


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)


def _geometry(told: Told, code: str) -> dict[str, Any] | None:
    if code in told.points:
        return {"type": "Point", "coordinates": told.points[code]}
    return {"type": "MultiPolygon", "coordinates": told.pieces[code]} if told.pieces.get(code) else None


def _kml(told: Told) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    # Viewers take a description for HTML; a name they do not.
    notice = html.escape(told.notice, quote=False)
    yield f"<name>{lawful(told.title)}</name><description>{lawful(notice)}</description>"
    for band, colour in COLOURS.items():
        yield (
            f'<Style id="{band}"><IconStyle><color>{_turned(colour)}</color></IconStyle>'
            f"<LineStyle><color>{LINE}</color><width>1</width></LineStyle>"
            f"<PolyStyle><color>{_turned(colour)}</color></PolyStyle></Style>"
        )
    fields = "".join(f'<SimpleField type="{NUMBERS.get(name, "string")}" name="{name}"/>' for name in COLUMNS)
    yield f'<Schema name="area" id="area">{fields}</Schema>'
    for row, band, code in zip(told.rows, told.bands, told.codes, strict=True):
        yield from _placemark(row, band, told.pieces.get(code), told.points.get(code))
    yield "</Document></kml>"


def _placemark(
    row: Mapping[str, Value], band: str, pieces: Sequence[list[Ring]] | None, point: Place | None
) -> Iterator[str]:
    name, rate = row["area_name_local"] or row["area_name"], row["rate_per_1000"]
    says = f"{rate} / 1,000, {band_words(band)}" if rate is not None else str(row["why_withheld"])
    data = "".join(
        f'<SimpleData name="{key}">{lawful(value)}</SimpleData>' for key, value in row.items() if value is not None
    )
    yield f"<Placemark><name>{SIGNS[band]} {lawful(name)}</name><description>{lawful(says)}</description>"
    yield f"<styleUrl>#{band}</styleUrl>"
    yield f'<ExtendedData><SchemaData schemaUrl="#area">{data}</SchemaData></ExtendedData>'
    if pieces:
        yield f"<MultiGeometry>{''.join(map(_polygon, pieces))}</MultiGeometry>"
    if point:
        yield f"<Point><coordinates>{point[0]},{point[1]}</coordinates></Point>"
    yield "</Placemark>"


def _polygon(rings: Sequence[Ring]) -> str:
    outer, *holes = [
        f"<LinearRing><coordinates>{' '.join(f'{x},{y}' for x, y in ring)}</coordinates></LinearRing>" for ring in rings
    ]
    inner = "".join(f"<innerBoundaryIs>{hole}</innerBoundaryIs>" for hole in holes)
    return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"


def _turned(colour: str) -> str:
    """A colour of the web as KML writes it: how thick, then blue, green, red."""
    return f"{FILL}{colour[5:7]}{colour[3:5]}{colour[1:3]}"
