"""Codes of a province's files that are not known: told column by column, never quoting what may be people's words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sarana.methods.population.codes import MAX_LISTED, MAX_QUOTED, UnknownCode
from sarana.methods.population.sources import FactField, Facts, Field, Source, Sources, Unknown

SHORT = re.compile(r"[0-9๐-๙+.-]{1,3}|[A-Za-z][0-9]{0,2}")
"""What is no name, no date and no number of a person: it may be quoted however rare it is."""

FEWEST_ROWS = 11
"""Anything longer may be a person's own words unless it stands on so many rows (the threshold of decision 0004)."""


@dataclass(frozen=True, slots=True)
class QuotedCode:
    """A code that may be quoted, on how many rows it stands, and the nearest known code (empty: none is near)."""

    code: str
    n_rows: int
    suggestion: str


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """The unknown codes of one column.

    Attributes:
        column: as SOURCES.toml names it; of a fact table with its file.
        is_stopping: a run would stop; otherwise these values become missing.
        n_codes, n_rows: how many codes are not known, and on how many rows they stand.
        codes: those that may be quoted, the most frequent first; the others are only counted.
    """

    column: str
    is_stopping: bool
    n_codes: int
    n_rows: int
    codes: tuple[QuotedCode, ...]


def tell_unknown(sources: Sources, name: str, found: Sequence[UnknownCode]) -> tuple[UnknownColumn, ...]:
    """The unknown codes of a source, column by column.

    Args:
        sources: as SOURCES.toml has it, where each column says what is done with unknown codes.
        name: the source.
        found: the unknown codes of all sources.
    """
    stopping = _stopping(sources.sources[name])
    columns: dict[str, list[UnknownCode]] = {}
    for code in found:
        if code.source == name:
            columns.setdefault(code.column, []).append(code)
    return tuple(_told(column, codes, stopping) for column, codes in columns.items())


def _told(column: str, codes: Sequence[UnknownCode], stopping: Mapping[str, bool]) -> UnknownColumn:
    may_quote = len(codes) <= MAX_LISTED and all(len(code.code) <= MAX_QUOTED for code in codes)
    quoted = [code for code in codes if may_quote and is_quotable(code.code, code.n_rows)]
    ordered = sorted(quoted, key=lambda code: (-code.n_rows, code.code))
    return UnknownColumn(
        column=column,
        is_stopping=stopping.get(column, True),
        n_codes=len(codes),
        n_rows=sum(code.n_rows for code in codes),
        codes=tuple(QuotedCode(code.code, code.n_rows, code.suggestion) for code in ordered),
    )


def is_quotable(code: str, n_rows: int) -> bool:
    """Whether a code says nothing of one person: it is very short, or so many rows have it."""
    return bool(SHORT.fullmatch(code)) or n_rows >= FEWEST_ROWS


def _stopping(source: Source) -> dict[str, bool]:
    """For each column of a source, as unknown codes name it, whether one of them stops a run."""
    said = [(each.columns[0], each.unknown) for each in source.fields.values()]
    if source.area is not None and source.area.column:  # else a table of facts has it, among its fields
        said.append((source.area.column[0], source.area.unknown))
    for facts in source.facts:
        said += [(f"{facts.path} {each.columns[0]}", each.unknown) for each in facts.fields.values() if each.columns]
    stopping: dict[str, bool] = {}
    for column, unknown in said:
        stopping[column] = stopping.get(column, False) or unknown == "stop"
    return stopping


def with_unknown(sources: Sources, unknown: Unknown) -> Sources:
    """The same sources, each column of which does one thing with unknown codes."""
    said = {name: _source_with(source, unknown) for name, source in sources.sources.items()}
    return msgspec.structs.replace(sources, sources=said)


def _source_with(source: Source, unknown: Unknown) -> Source:
    fields: dict[str, Field] = {
        name: msgspec.structs.replace(each, unknown=unknown) for name, each in source.fields.items()
    }
    facts = tuple(msgspec.structs.replace(each, fields=_facts_with(each, unknown)) for each in source.facts)
    area = source.area and msgspec.structs.replace(source.area, unknown=unknown)
    return msgspec.structs.replace(source, fields=fields, facts=facts, area=area)


def _facts_with(facts: Facts, unknown: Unknown) -> dict[str, FactField]:
    return {name: msgspec.structs.replace(each, unknown=unknown) for name, each in facts.fields.items()}
