"""A layout whose columns bear other headers this year: which columns it names, and the same layout with other names.

A column is named by its file and by the header that the layout has for it; pointing says the header of this year, or
that the file has it no more. Everything that names the column goes along: keys, parts that are put together, dates.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sarana.basics.errors import NotYet
from sarana.methods.population.areas_in import column_settings
from sarana.methods.population.layouts import AREAS, Layout, layouts
from sarana.methods.population.made_columns import SUM, TOGETHER
from sarana.methods.population.sources import Area, Areas, Facts, Field, File, Source
from sarana.methods.population.sources_file import sources_of

PLAIN = "one"
"""The name of a source that stands for its layout."""

SIGNS = re.compile(f"({re.escape(TOGETHER)}|{re.escape(SUM)})")
type Headers = Mapping[str, Mapping[str, str]]
"""This year's header by file of a layout and by the header that the layout has; "": the file has it no more."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column that a layout names: in which of its files, by which header, for which fields, and whether it must be.

    `feeds` are standard fields, or what else it is read for: `row_id`, `area`, `key`, `only`, `by`, `crosswalk`.
    """

    part: str
    header: str
    feeds: tuple[str, ...]
    is_needed: bool


@cache
def named_columns(code: str) -> tuple[Named, ...]:
    """Every column that a layout names, in the order in which it is read."""
    found: dict[tuple[str, str], Named] = {}

    def take(part: str, header: str, feeds: str, is_needed: bool) -> str:  # noqa: FBT001 - the shape of `Rename`
        before = found.get((part, header), Named(part, header, (), is_needed=False))
        all_feeds = tuple(dict.fromkeys((*before.feeds, feeds)))
        found[part, header] = replace(before, feeds=all_feeds, is_needed=before.is_needed or is_needed)
        return header

    layout = layouts()[code]
    if code == AREAS:
        _renamed_areas(plain_areas(layout), take)
    elif (source := plain_source(code)) is not None:
        _Renaming(PLAIN, take).source(source)
    return tuple(found.values())


def files_of(code: str) -> dict[str, File]:
    """How each file of a layout is written, by its name there."""
    if code == AREAS:
        areas = plain_areas(layouts()[code])
        return {areas.path: areas}
    source = plain_source(code)
    if source is None:
        return {}
    found: dict[str, File] = {source.path: source, **{facts.path: facts for facts in source.facts}}
    if source.area is not None and source.area.crosswalk:
        found[source.area.crosswalk] = File(path=source.area.crosswalk)
    return found


@cache
def plain_source(code: str) -> Source | None:
    """A layout as a source, its files named as it names them; nothing for the list of villages."""
    if code == AREAS:
        return None
    said = {**_run(), "areas": dict(layouts()[AREAS].said), "sources": {PLAIN: dict(layouts()[code].said)}}
    return sources_of(said, Path(), PLAIN).sources[PLAIN]


def plain_areas(layout: Layout) -> Areas:
    """The layout of the list of villages, as it is read."""
    other = next(code for code in layouts() if code != AREAS)
    said = {**_run(), "areas": dict(layout.said), "sources": {PLAIN: dict(layouts()[other].said)}}
    return sources_of(said, Path(), PLAIN).areas


def with_headers(source: Source, folder: str, headers: Headers) -> Source:
    """A source whose files have other headers than its layout says; `folder` is where a run has its files.

    Raises:
        NotYet: POPULATION-052 a column that has to be there was said not to be.
    """
    return _Renaming(folder, _renaming(headers)).source(source) if headers else source


def areas_with_headers(areas: Areas, folder: str, headers: Headers) -> Areas:
    """The list of villages with other headers than its layout says.

    Raises:
        NotYet: POPULATION-052 a column that has to be there was said not to be.
    """
    if not headers:
        return areas
    plain = msgspec.structs.replace(areas, path=areas.path.removeprefix(f"{folder}/"))
    return msgspec.structs.replace(_renamed_areas(plain, _renaming(headers)), path=areas.path)


type Rename = Callable[[str, str, str, bool], str]


def _run() -> dict[str, Any]:
    return {"run": {"name": PLAIN, "province": "00", "as_of": dt.date(2000, 1, 1), "indicators": "none"}}


def _renaming(headers: Headers) -> Rename:
    def rename(part: str, header: str, _feeds: str, is_needed: bool) -> str:  # noqa: FBT001
        now = headers.get(part, {}).get(header, header)
        if not now and is_needed:
            raise NotYet(
                "POPULATION-052",
                "A column that has to be there was said not to be in the file.",
                where=f"{part}: {header}",
                cure="Point at the column that holds it, or ask the sector for a file that has it.",
            )
        return now

    return rename


def _renamed_areas(areas: Areas, rename: Rename) -> Areas:
    changed = {
        setting: rename(areas.path, header, setting, setting in ("village", "subdistrict", "district", "province"))
        for setting in column_settings(areas)
        if (header := getattr(areas, setting))
    }
    return msgspec.structs.replace(areas, **changed)


class _Renaming:
    """Goes through everything of a source that names a column."""

    def __init__(self, folder: str, rename: Rename) -> None:
        self._folder, self._rename = folder, rename

    def source(self, said: Source) -> Source:
        """The same source with the names that it is given."""
        part = self._part(said.path)
        fields: dict[str, Field] = {}
        row_id = self._all(part, said.row_id, "row_id", is_needed=True)
        for name, each in said.fields.items():
            columns = self._all(part, each.columns, name)
            if columns:
                fields[name] = msgspec.structs.replace(each, columns=columns)
        area = said.area and self._area(part, said.area)
        facts = tuple(self._facts(part, each) for each in said.facts)
        kept = tuple(each for each in facts if each.fields)
        return msgspec.structs.replace(said, row_id=row_id, fields=fields, area=area, facts=kept)

    def _area(self, part: str, said: Area) -> Area:
        column = self._all(part, said.column, "area", is_needed=True)
        moo = self._all(part, said.moo, "moo")
        changed: dict[str, str] = {}
        if said.crosswalk:
            beside = self._part(said.crosswalk)
            for setting in ("from_", "to", "valid_from", "valid_until"):
                header = getattr(said, setting)
                if header:
                    changed[setting] = self._rename(beside, header, "crosswalk", setting in ("from_", "to"))
        return msgspec.structs.replace(said, column=column, moo=moo, **changed)

    def _facts(self, people: str, said: Facts) -> Facts:
        part = self._part(said.path)
        keys = {
            self._rename(people, mine, "key", True): self._rename(part, theirs, "key", True)  # noqa: FBT003
            for mine, theirs in said.keys.items()
        }
        only = {self._rename(part, column, "only", True): values for column, values in said.only.items()}  # noqa: FBT003
        fields = {}
        for name, each in said.fields.items():
            columns = self._all(part, each.columns, name, is_needed=name == "area")
            by = self._rename(part, each.by, "by", True) if each.by else ""  # noqa: FBT003
            if columns or not each.columns:
                fields[name] = msgspec.structs.replace(each, columns=columns, by=by)
        return msgspec.structs.replace(said, keys=keys, only=only, fields=fields)

    def _all(self, part: str, names: tuple[str, ...], feeds: str, *, is_needed: bool = False) -> tuple[str, ...]:
        """All names that a column may bear; one made of several goes where a part of it is not there."""
        found = []
        for name in names:
            bits = SIGNS.split(name)
            now = [bit if n % 2 else self._rename(part, bit, feeds, is_needed) for n, bit in enumerate(bits)]
            if all(now):
                found.append("".join(now))
        return tuple(found)

    def _part(self, path: str) -> str:
        return path.removeprefix(f"{self._folder}/")
