"""Reads files of maps back as whoever opens them does, so that their numbers can be laid beside the page's."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, local
from makers.sittings import come_in
from makers.work import work
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population.models import MapFile, Run

KML = "{http://www.opengis.net/kml/2.2}"
CELL = re.compile(r'<t[dh][^>]*?(?:data-label="([^"]*)"|scope="row")[^>]*>(.*?)</t[dh]>', re.DOTALL)
NUMBERS = {"rate_per_1000": float, "interval_low": float, "interval_high": float, "people_known_well_enough": int}

type Row = dict[str, Any]
type Said = dict[str, tuple[str, str, str, str]]
"""By name of area: its rate, its interval, its band, and on how many people it rests, as the page writes them."""


def asked_for(client: Client, run: Run, kind: str, asked: Mapping[str, str]) -> MapFile:
    """Ask for a file on the page of a map, as the form does, and let a worker make it."""
    chosen = {"level": "subdistrict", "within": "all", "group": "all", "which": ""} | dict(asked)
    answer = client.post(reverse("population:ask-file", args=[run.ref]), {"kind": kind, **chosen})
    assert answer.status_code == 302, answer.content.decode()
    while work():
        pass
    return MapFile.objects.get(ref=answer["Location"].rstrip("/").rsplit("/", 1)[1])


def an_office(area: str, role: str) -> Client:
    """Somebody of an office with this mandate, signed in."""
    agency = accounts.make_agency(
        local(), name=f"Office {area} {role}", kind=Agency.Kind.LOCAL_GOVERNMENT, country="TH", areas=[area]
    )
    return come_in(a_person(agency, role))


def post(client: Client, run: Run, **told: str) -> Any:
    """Ask for a file, as the form does; what is not said is as usual."""
    chosen = {"kind": "csv", "level": "subdistrict", "within": "all", "group": "all", "which": ""} | told
    return client.post(reverse("population:ask-file", args=[run.ref]), chosen)


def lines(*actions: str) -> list[str]:
    """The lines of the ledger with one of these acts, in their order."""
    return list(Entry.objects.filter(action__in=actions).order_by("pk").values_list("action", flat=True))


def fetched(client: Client, file: MapFile) -> bytes:
    """What the browser saves."""
    answer = client.get(reverse("population:fetch-file", args=[file.ref]))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content


def read_csv(content: bytes) -> list[Row]:
    """The rows of a CSV."""
    return [_numbered(row) for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def read_xlsx(content: bytes) -> list[Row]:
    """The rows of a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_geojson(content: bytes) -> list[Row]:
    """The properties of a layer."""
    return [feature["properties"] for feature in json.loads(content)["features"]]


def read_kml(content: bytes) -> list[Row]:
    """The data of the placemarks."""
    found = []
    for mark in ET.fromstring(content).iter(f"{KML}Placemark"):  # noqa: S314
        row: Row = {each.get("name"): each.text for each in mark.iter(f"{KML}SimpleData")}
        assert mark.findtext(f"{KML}styleUrl") == f"#{row.get('class', 'none')}"
        found.append(_numbered(row))
    return found


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "geojson": read_geojson,
    "kml": read_kml,
}


def said_in(rows: list[Row]) -> Said:
    """What a file says of each area, written as the page writes it."""
    words = {"high": "high", "mid": "middle", "low": "low", None: "not said"}
    return {
        row["area_name"]: (
            "withheld" if row.get("rate_per_1000") is None else f"{row['rate_per_1000']:,.1f}",
            "" if row.get("interval_low") is None else f"{row['interval_low']:,.1f}–{row['interval_high']:,.1f}",
            words[row.get("class") or None],
            "" if row.get("people_known_well_enough") is None else f"{row['people_known_well_enough']:,}",
        )
        for row in rows
    }


def said_on(page: str) -> Said:
    """What the table of a page says; a level without classes says none."""
    found: Said = {}
    for line in re.findall(r"<tr>(.*?)</tr>", page.partition("areas-table")[2].partition("</table>")[0], re.DOTALL):
        cells = {label: re.sub(r"<small>.*?</small>|<[^>]*>", "", text).strip() for label, text in CELL.findall(line)}
        if "Per 1,000" in cells:
            name = cells[""].strip()
            known = next(cells[label] for label in ("Known well enough", "Answer known") if label in cells)
            found[unescape(name)] = (cells["Per 1,000"], cells["Interval"], cells.get("Class", "not said"), known)
    return found


def _numbered(row: Mapping[str, str | None]) -> Row:
    return {name: NUMBERS.get(name, str)(value) if value not in (None, "") else None for name, value in row.items()}
