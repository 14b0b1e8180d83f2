"""From what is registered to what a run reads: the SOURCES.toml that nobody writes, and the folder of its paths."""

import datetime as dt
import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from sarana.basics.errors import NotYet
from sarana.learning.population.sources.incoming import folder, path_of
from sarana.methods.population.layouts import layouts
from sarana.methods.population.relaid import PLAIN, Headers, areas_with_headers, plain_source, with_headers
from sarana.methods.population.sources import FactField, Field, Source, Sources
from sarana.methods.population.sources_file import sources_of
from sarana.methods.population.values import known_codes

WHERE = "Sources"
WORKING = ".work-"
AREA = "area"
OWN_SET = "own-set.toml"
BOUNDARIES = "boundaries.geojson"
SAID_OF_A_SOURCE = ("as_of", "custodian", "legal_basis", "agreement", "agreement_until")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One source as a run reads it: its name there, its layout, its files by part, and what was said of them.

    `meanings` says by field what codes mean; `columns` by file which headers stand for those of the layout.
    """

    code: str
    layout: str
    files: Mapping[str, str]
    said: Mapping[str, Any]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Headers = field(default_factory=dict)
    n_lines: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a run: what it is called, of which province, from which day, by which set of indicators.

    `own_set` is the file of the province's own set, where it is measured by one; `boundaries` the outlines by which its
    map is drawn, where a file is in force, and `drawn` what the run says of that file.
    """

    name: str
    province: str
    as_of: dt.date
    indicators: str
    is_invented: bool
    impact_assessment: str = ""
    own_set: bytes = b""
    boundaries: bytes = b""
    drawn: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def laid_out(asked: Asked, areas: Chosen, chosen: Sequence[Chosen]) -> Iterator[tuple[Sources, Path]]:
    """The sources as a run reads them, and a folder that is gone afterwards, in which their files lie, still sealed.

    Raises:
        BadSetting: as `sources_of`.
    """
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=folder()) as place, held(Path(place)):
        data = Path(place) / "data"
        for each in (areas, *chosen):
            _link(data, each)
        yield described(asked, areas, chosen, data), data


def described(asked: Asked, areas: Chosen, chosen: Sequence[Chosen], data: Path) -> Sources:
    """The sources as `load_sources` would give them."""
    said: dict[str, Any] = {
        "run": {
            "name": asked.name,
            "province": asked.province,
            "as_of": asked.as_of,
            "indicators": OWN_SET if asked.own_set else asked.indicators,
            "invented": asked.is_invented,
            "impact_assessment": asked.impact_assessment,
        },
        "areas": layouts()[areas.layout].described(areas.code),
        "sources": {each.code: _described(each) for each in chosen},
    }
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = data.parent
    if asked.boundaries:
        (data / BOUNDARIES).write_bytes(asked.boundaries)
        said["boundaries"] = {"path": BOUNDARIES, "level": "subdistrict", "code": "code", **asked.drawn}
    if asked.own_set:
        (beside / OWN_SET).write_bytes(asked.own_set)
    found = sources_of(said, data, WHERE, beside=beside)
    meant = {each.code: _laid_over(found.sources[each.code], each) for each in chosen}
    villages = areas_with_headers(found.areas, areas.code, areas.columns)
    return msgspec.structs.replace(found, areas=villages, sources=meant)


def fields_of(layout: str, column: str, headers: Headers | None = None) -> tuple[str, ...]:
    """The fields that a column feeds and whose codes may be told; `area` where it holds area codes.

    `headers` are those of this year, where they are others than those of the layout.
    """
    source = plain_source(layout)
    if source is None:
        return ()
    source = with_headers(source, PLAIN, headers or {})
    found = [name for name, said in _every_field(source) if _named(said, column)[0] and "*" not in _known(name, said)]
    if source.area is not None and source.area.column[:1] == (column,):
        found.append(AREA)
    return tuple(name for name in dict.fromkeys(found) if name == AREA or codes_of(layout, name))


def codes_of(layout: str, name: str) -> tuple[str, ...]:
    """The standard codes that a field of a layout can have, without the empty one."""
    source = plain_source(layout)
    said = dict(_every_field(source)).get(name) if source else None
    return tuple(sorted({code for code in _known(name, said).values() if code})) if said else ()


def plain_column(code: str, column: str) -> str:
    """A column as its layout names it, without the folder that its file has in a run."""
    return column.removeprefix(f"{code}/")


@contextmanager
def held(place: Path) -> Iterator[bool]:
    """Hold a folder of work for as long as its process lives; gives whether nobody else holds it."""
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _link(data: Path, chosen: Chosen) -> None:
    for part, ref in chosen.files.items():
        target = data / chosen.code / part
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(path_of(ref), target)
        except FileNotFoundError:
            raise NotYet(
                "POPULATION-039",
                "A file of a source was replaced or taken away meanwhile.",
                where=part,
                cure="Ask for the work once more.",
            ) from None


def _described(chosen: Chosen) -> dict[str, Any]:
    said = layouts()[chosen.layout].described(chosen.code)
    more = {name: chosen.said[name] for name in SAID_OF_A_SOURCE if chosen.said.get(name)}
    return {"register": chosen.layout, **said, **more}


def _every_field(source: Source) -> list[tuple[str, Field]]:
    return [*source.fields.items(), *((name, said) for facts in source.facts for name, said in facts.fields.items())]


def _named(said: Field, column: str) -> tuple[bool, str]:
    """Whether unknown codes of a field are told under this column; those of a fact table are told with its file."""
    own = said.columns[0] if said.columns else ""
    return bool(own) and (column == own or column.endswith(f" {own}")), own


def _known(name: str, said: Field | None) -> dict[str, str]:
    return known_codes(name, said) if said is not None else {}


def _laid_over(source: Source, chosen: Chosen) -> Source:
    """A source with this year's headers, and with what was said of its codes."""
    return _with_meanings(with_headers(source, chosen.code, chosen.columns), chosen.meanings)


def _with_meanings(source: Source, meanings: Mapping[str, Mapping[str, str]]) -> Source:
    """A source with what was said of its codes added to what its layout says of them."""
    fields: dict[str, Field] = {name: _meant(name, said, meanings) for name, said in source.fields.items()}
    facts = tuple(
        msgspec.structs.replace(
            each, fields={name: _meant_fact(name, said, meanings) for name, said in each.fields.items()}
        )
        for each in source.facts
    )
    area = source.area
    if area is not None and meanings.get(AREA):
        area = msgspec.structs.replace(area, also={**area.also, **meanings[AREA]})
    return msgspec.structs.replace(source, fields=fields, facts=facts, area=area)


def _meant(name: str, said: Field, meanings: Mapping[str, Mapping[str, str]]) -> Field:
    if not meanings.get(name):
        return said
    return msgspec.structs.replace(said, codes={**known_codes(name, said), **meanings[name]})


def _meant_fact(name: str, said: FactField, meanings: Mapping[str, Mapping[str, str]]) -> FactField:
    if name == AREA or not meanings.get(name):
        return said
    return msgspec.structs.replace(said, codes={**known_codes(name, said), **meanings[name]})
