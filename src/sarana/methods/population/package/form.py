"""The form of a file that a province hands to the nation: its members, their columns, and what its head says.

Source: Data Package 2.0 (https://datapackage.org), Table Schema; HXL 1.1, the row of tags below the header.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from sarana.methods.population.protected_tables import COUNTS, UNVALIDATED

FORMAT: Final = "sarana hand-over 3"
PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
HEAD, SIGNATURE, OUTLINES = "datapackage.json", "datapackage.json.sig", "outlines.json"
LEVELS: Final = ("province", "district", "subdistrict")
"""What leaves a province; a village never does."""

UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Signs that no name needs, and that turn around what is read."""

MOST_BYTES: Final = 2_500_000
"""So large may such a file be: the largest provinces need about half of it."""

STANDINGS: Final = (UNVALIDATED, "not-passed", "back-tested")
"""What a back-test said of the run: none was made, it failed, it passed."""

CLASSES: Final = ("low", "mid", "high")
MOST_PER_1000: Final = 1000.0
TEXT, COUNT, RATE, TRUTH = "string", "integer", "number", "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its kind in Table Schema, its HXL tag, if it may be empty, and which words it knows."""

    name: str
    kind: str
    tag: str
    may_be_empty: bool = False
    words: tuple[str, ...] = ()

    def as_field(self) -> dict[str, Any]:
        """As Table Schema says it."""
        constraints: dict[str, Any] = {} if self.may_be_empty else {"required": True}
        if self.words:
            constraints["enum"] = list(self.words)
        if self.kind in (COUNT, RATE):
            constraints["minimum"] = 0
        if self.kind == RATE:
            constraints["maximum"] = MOST_PER_1000
        return {"name": self.name, "type": self.kind, **({"constraints": constraints} if constraints else {})}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its title, its columns, and the columns by which a row is told from others."""

    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def schema(self) -> dict[str, Any]:
        """As Table Schema says it; what is empty was withheld."""
        return {
            "fields": [column.as_field() for column in self.columns],
            "fieldsMatch": "exact",
            "missingValues": [{"value": "", "label": "withheld, or there is none"}],
            "primaryKey": list(self.key),
        }


def _rates(suffix: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}{suffix}", RATE, f"#indicator+rate{tag}+num", may_be_empty=True)
        for name, tag in (("rate", ""), ("low", "+low"), ("high", "+high"))
    )


_BAND_TAGS: Final = {
    "n_people": "#population+num",
    "n_scored": "#population+known+num",
    "n_red": "#inneed+risk_high+num",
    "n_yellow": "#inneed+risk_medium+num",
    "n_green": "#inneed+risk_low+num",
    "n_grey": "#population+unknown+num",
    "n_scored_without_status": "#population+known+without_status+num",
    "n_red_without_status": "#inneed+risk_high+without_status+num",
}

TABLES: Final[Mapping[str, Table]] = {
    "areas.csv": Table(
        "Protected figures of the province, its districts and its subdistricts",
        (
            Column("level", TEXT, "#meta+level", words=LEVELS),
            Column("pcode", TEXT, "#adm+code+v_pcode"),
            Column("parent_pcode", TEXT, "#adm+code+parent+v_pcode", may_be_empty=True),
            Column("name", TEXT, "#adm+name"),
            Column("name_local", TEXT, "#adm+name+local", may_be_empty=True),
            Column("people", TEXT, "#meta+group"),
            *(Column(name, COUNT, _BAND_TAGS[name], may_be_empty=True) for name in COUNTS),
            *_rates(""),
            *_rates("_without_status"),
            Column("class", TEXT, "#indicator+class", may_be_empty=True, words=CLASSES),
            Column("class_without_status", TEXT, "#indicator+class+without_status", may_be_empty=True, words=CLASSES),
        ),
        ("level", "people", "pcode"),
    ),
    "indicators.csv": Table(
        "The indicators of which anything is told, in the order of their set",
        (
            Column("indicator", TEXT, "#indicator+code"),
            Column("name", TEXT, "#indicator+name"),
            Column("sector", TEXT, "#sector", may_be_empty=True),
            Column("strength", TEXT, "#indicator+strength", may_be_empty=True),
            Column("strength_local", TEXT, "#indicator+strength+local", may_be_empty=True),
        ),
        ("indicator",),
    ),
    "answers.csv": Table(
        "Of how many people the answer is known, and how many of them are in need",
        (
            Column("level", TEXT, "#meta+level", words=LEVELS),
            Column("pcode", TEXT, "#adm+code+v_pcode"),
            Column("indicator", TEXT, "#indicator+code"),
            Column("n_known", COUNT, "#population+known+num"),
            Column("n_need", COUNT, "#inneed+num"),
        ),
        ("level", "pcode", "indicator"),
    ),
    "better.csv": Table(
        "Subdistricts held against their circumstances",
        (Column("pcode", TEXT, "#adm3+code+v_pcode"), Column("is_better", TRUTH, "#meta+better")),
        ("pcode",),
    ),
    "sectors.csv": Table(
        "The sectors of which anything is told, with their questions; by one of them people are known",
        (
            Column("sector", TEXT, "#sector+code"),
            Column("name", TEXT, "#sector+name"),
            Column("question", TEXT, "#indicator+code"),
            Column("question_name", TEXT, "#indicator+name"),
            Column("is_known_by", TRUTH, "#meta+known"),
        ),
        ("sector", "question"),
    ),
    "sector-answers.csv": Table(
        "Of how many people the one question is known, and how many of them have the gravest answer to any",
        (
            Column("level", TEXT, "#meta+level", words=LEVELS),
            Column("pcode", TEXT, "#adm+code+v_pcode"),
            Column("sector", TEXT, "#sector+code"),
            Column("n_known", COUNT, "#population+known+num"),
            Column("n_gravest", COUNT, "#inneed+gravest+num"),
        ),
        ("level", "pcode", "sector"),
    ),
}

MEMBERS: Final = (HEAD, SIGNATURE, *TABLES, OUTLINES)
"""What the file holds, in this order, and nothing else."""


class SaidSource(msgspec.Struct, frozen=True):
    """One source of the run: its name, who keeps it, and from which day it is."""

    name: str
    custodian: str
    as_of: dt.date


class SaidLines(msgspec.Struct, frozen=True):
    """By which lines the map is drawn, as `protected_tables.DrawnBy` has it."""

    is_file: bool
    who: str
    as_of: dt.date | None
    sha256: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the head says beside what every Data Package says; the card of the run, without a count of rows.

    Attributes:
        area: the P-code of the province.
        name: what its run is called.
        measured_by: a hash of all that decides an index or a band; runs of another one measure otherwise.
        status: one of `STANDINGS`, as it was when the file was made.
        n_roundings: how often its counts were rounded; 0 where they are exact.
        beside: the hashes of the tables of the province that were let out before, beside which this one was made.
        boundaries: by which lines the map is drawn; None where the province itself does not know it.
        signed_by: the public half of the key that signs, in hex.
    """

    format: str = FORMAT
    area: str
    name: str
    as_of: dt.date
    status: str
    is_invented: bool
    indicator_set: str
    measured_by: str
    threshold: int
    rounded_to: int | None
    n_roundings: int
    fingerprint: str
    table_hash: str
    beside: tuple[str, ...]
    sources: tuple[SaidSource, ...]
    boundaries: SaidLines | None
    signed_by: str


class Member(msgspec.Struct, frozen=True):
    """A resource as the head says it, so far as it is held to it; its schema is held to ours."""

    path: str
    bytes: int
    hash: str


class Head(msgspec.Struct, frozen=True):
    """The head, so far as it is read."""

    resources: tuple[Member, ...]
    sarana: Said


class Lines(msgspec.Struct, frozen=True):
    """The lines of the map on a flat grid, as `report.shapes.Drawing` has them.

    Attributes:
        areas: code, outline as a path, the place of its sign and how large it is.
        labels: code of the district and the place of its name.
        on_earth: longitude and latitude of the corner, and the degrees of one step to the right and of one down.
    """

    width: int
    height: int
    areas: tuple[tuple[str, str, int, int, int], ...]
    borders: str
    labels: tuple[tuple[str, int, int], ...]
    on_earth: tuple[float, ...]
