"""What the page of columns shows: each column of our layout with what this year's file may have for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from sarana.learning.population.sources.columns import queries
from sarana.learning.population.sources.columns.actions import can_be_pointed_at
from sarana.learning.population.sources.columns.models import FileColumns
from sarana.learning.population.sources.models import Source
from sarana.methods.population.headers import find_in, paired
from sarana.methods.population.relaid import Named, named_columns
from sarana.methods.questions.samples import SeenColumn
from sarana.methods.reference import read_reference

AS_BEFORE, SAID, NEAR, GONE, NONE, BACK = "as-before", "said", "near", "gone", "none", "back"
"""As last year; said by somebody; the nearest new header; said not to be there; nothing was found; said not to be
there, and there again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column of our layout: the header chosen for it now, how that was chosen, and what the file has there."""

    number: int
    column: str
    feeds: tuple[str, ...]
    means: str
    is_needed: bool
    chosen: str
    how: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a source with the columns that it has and those that the layout wants."""

    seen: FileColumns
    columns: tuple[SeenColumn, ...]
    lines: tuple[Line, ...]

    @property
    def n_open(self) -> int:
        """How many columns have to be pointed at before a run can read the file."""
        return sum(each.how in (NEAR, NONE, BACK) for each in self.lines)

    @property
    def is_fitting(self) -> bool:
        """Whether a run can read the file as it is."""
        return self.is_told and not self.n_open

    @property
    def is_told(self) -> bool:
        """Whether its first row names columns at all."""
        return bool(self.columns)


def as_given(file: Shown, given: Mapping[str, str]) -> Shown:
    """The same file with what was chosen in a form that could not be kept."""
    lines = tuple(replace(each, chosen=given.get(each.column, each.chosen)) for each in file.lines)
    return replace(file, lines=lines)


def shown(layout: str, seen: FileColumns, said: Mapping[str, str]) -> Shown:
    """A file with its columns, and for each column that the layout wants what stands for it: last year's first."""
    columns = tuple(msgspec.convert(each, SeenColumn) for each in seen.told)
    headers = [each.header for each in columns]
    named = [each for each in named_columns(layout) if each.part == seen.part]
    found = {each.header: _found(headers, each.header, said) for each in named}
    taken = {header for header, _how in found.values() if header}
    free = [header for header in headers if header not in taken and can_be_pointed_at(header)]
    near = paired([column for column, (_header, how) in found.items() if how == NONE], free)
    lines = []
    for number, each in enumerate(named):
        header, how = found[each.header]
        if how == NONE and each.header in near:
            header, how = near[each.header], NEAR
        lines.append(Line(number, each.header, each.feeds, _means(each), each.is_needed, header, how))
    order = (NONE, NEAR, BACK, SAID, GONE, AS_BEFORE)
    return Shown(seen, columns, tuple(sorted(lines, key=lambda line: (order.index(line.how), line.number))))


def columns_shown(source: Source) -> list[Shown]:
    """Every file of a source that lies here and whose columns were seen, in the order of its layout."""
    found, said = queries.columns_of(source), queries.headers_of(source)
    parts = [part.name for part in source.laid_out().parts if part.name in found]
    return [shown(source.layout, found[part], said.get(part, {})) for part in parts]


def changed(before: Sequence[str], now: Sequence[str]) -> tuple[list[str], list[str]]:
    """The headers that came and those that went between two files."""
    return [h for h in now if h not in before], [h for h in before if h not in now]


def _found(headers: Sequence[str], column: str, said: Mapping[str, str]) -> tuple[str, str]:
    """What stands for a column: what was said of it, as long as the file has it; else its own header."""
    if column in said and not said[column]:
        own = find_in(headers, column)
        return ("", GONE) if own is None else (headers[own], BACK)
    at = find_in(headers, said.get(column, column))
    if at is None:
        return "", NONE
    return headers[at], SAID if column in said else AS_BEFORE


def _means(named: Named) -> str:
    """What the first standard field that it feeds says, where it feeds one."""
    fields = read_reference("fields.toml")
    return next((str(fields[name]["meaning"]) for name in named.feeds if name in fields), "")
