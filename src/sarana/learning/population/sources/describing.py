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
from sarana.methods.population.layouts import AREAS, layouts
from sarana.methods.population.sources import FactField, Field, Source, Sources
from sarana.methods.population.sources_file import sources_of
from sarana.methods.population.values import known_codes

WHERE = "Sources"
WORKING = ".work-"
AREA = "area"
SAID_OF_A_SOURCE = ("as_of", "custodian", "legal_basis", "agreement", "agreement_until")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One source as a run reads it: its name there, its layout, its files by part, and what its codes mean by field."""

    code: str
    layout: str
    files: Mapping[str, str]
    said: Mapping[str, Any]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    n_lines: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a run: what it is called, of which province, from which day, by which set of indicators."""

    name: str
    province: str
    as_of: dt.date
    indicators: str
    is_invented: bool
    impact_assessment: str = ""


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
    said = {
        "run": {
            "name": asked.name,
            "province": asked.province,
            "as_of": asked.as_of,
            "indicators": asked.indicators,
            "invented": asked.is_invented,
            "impact_assessment": asked.impact_assessment,
        },
        "areas": layouts()[areas.layout].described(areas.code),
        "sources": {each.code: _described(each) for each in chosen},
    }
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = sources_of(said, data, WHERE)
    meant = {each.code: _with_meanings(found.sources[each.code], each.meanings) for each in chosen}
    return msgspec.structs.replace(found, sources=meant)


def fields_of(layout: str, column: str) -> tuple[str, ...]:
    """The fields that a column of a layout feeds and whose codes may be told; `area` where it holds area codes."""
    source = _plain(layout)
    if source is None:
        return ()
    found = [name for name, said in _every_field(source) if _named(said, column)[0] and "*" not in _known(name, said)]
    if source.area is not None and source.area.column[:1] == (column,):
        found.append(AREA)
    return tuple(name for name in dict.fromkeys(found) if name == AREA or codes_of(layout, name))


def codes_of(layout: str, name: str) -> tuple[str, ...]:
    """The standard codes that a field of a layout can have, without the empty one."""
    source = _plain(layout)
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


def _plain(layout: str) -> Source | None:
    """A layout as a source, its files named as it names them."""
    if layout == AREAS:
        return None
    run = {"name": WHERE, "province": "00", "as_of": dt.date(2000, 1, 1), "indicators": "none"}
    areas = dict(layouts()[AREAS].said)
    said = {"run": run, "areas": areas, "sources": {"one": dict(layouts()[layout].said)}}
    return sources_of(said, folder(), WHERE).sources["one"]


def _every_field(source: Source) -> list[tuple[str, Field]]:
    return [*source.fields.items(), *((name, said) for facts in source.facts for name, said in facts.fields.items())]


def _named(said: Field, column: str) -> tuple[bool, str]:
    """Whether unknown codes of a field are told under this column; those of a fact table are told with its file."""
    own = said.columns[0] if said.columns else ""
    return bool(own) and (column == own or column.endswith(f" {own}")), own


def _known(name: str, said: Field | None) -> dict[str, str]:
    return known_codes(name, said) if said is not None else {}


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
