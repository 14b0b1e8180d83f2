"""A table that is being read: its columns as numbered words, on which every rule is applied once a word, not a row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.coded import Coded, Rows
from sarana.methods.engine import Engine, literal, quoted

PLACE = "_place"
N_ROWS = "_n_rows"
ROW = "row"
"""What stands for the field in a flag that is about a whole row."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a standard field is made of: an expression of its column, and the join that the expression needs, if any."""

    field: str
    sql: str
    join: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A loaded and cleaned table whose values are being read, with the table (rec, field, flag) of its flags.

    `words_of` gives the engine, for the time of one column, the relation `name` of that column's words.
    """

    engine: Engine
    name: str
    flags: str
    source: str
    columns: Mapping[str, Coded]

    @property
    def n_rows(self) -> int:
        """How many rows the table has."""
        return len(next(iter(self.columns.values())))

    @contextmanager
    def words_of(self, field: str) -> Iterator[None]:
        """Lend the engine the words of a column: the column itself, `_place` and on how many rows (`_n_rows`)."""
        column = self.columns[field]
        places = pa.array(np.arange(len(column.words), dtype=np.int64))
        words = {field: column.words, PLACE: places, N_ROWS: pa.array(column.counts())}
        self.engine.lend(self.name, pa.table(words))
        try:
            yield
        finally:
            self.engine.give_back(self.name)

    def note(self, field: str, condition: str, flag: str) -> int:
        """Flag the rows whose word a condition holds for, and say how many they are; within `words_of` the field."""
        found = self.engine.arrow(f"SELECT {PLACE} FROM {quoted(self.name)} WHERE {condition}")
        places = found.column(0).to_numpy()
        if len(places) == 0:
            return 0
        is_found = np.zeros(len(self.columns[field].words), np.bool_)
        is_found[places] = True
        rows = np.flatnonzero(self.columns[field].marked(is_found))
        self.flag_rows(rows, field, flag)
        return len(rows)

    def flag_rows(self, rows: Rows, field: str, flag: str) -> None:
        """Flag some rows, counted from 0."""
        noted = f"{self.name}_noted"
        self.engine.lend(noted, pa.table({"rec": pa.array(rows)}))
        self.engine.run(
            f"INSERT INTO {quoted(self.flags)} SELECT rec, {literal(field)}, {literal(flag)} FROM {quoted(noted)}"
        )
        self.engine.give_back(noted)

    def flag_mended(self, flags: pa.ChunkedArray) -> None:
        """Flag the rows that were mended while they were read, each with its own flag."""
        mended = Coded.of(flags)
        for place, flag in enumerate(mended.words.to_pylist()):
            self.flag_rows(np.flatnonzero(mended.places == place), ROW, flag)

    def counted(self, sql: str) -> dict[str, int]:
        """The values of an expression with the rows they stand on, within `words_of` its field."""
        found = self.engine.rows(
            f"SELECT {sql} AS v, sum({N_ROWS})::BIGINT FROM {quoted(self.name)} GROUP BY v HAVING v IS NOT NULL"
        )
        return {str(value): int(n) for value, n in found}

    def made(self, value: Value) -> Coded:
        """The column of a standard field, within `words_of` the field."""
        own = quoted(value.field)
        if value.sql in (value.field, own):
            return self.columns[value.field]
        if not value.join:
            n_changed = f"SELECT count(*) FROM {quoted(self.name)} WHERE {value.sql} IS DISTINCT FROM {own}"
            if self.engine.row(n_changed)[0] == 0:
                return self.columns[value.field]
        found = self.engine.arrow(f"SELECT {value.sql} FROM {quoted(self.name)} {value.join} ORDER BY {PLACE}")
        return self.columns[value.field].reworded(found.column(0))


def trimmed(column: Coded) -> Coded:
    """A column without blanks at the ends of its words; what was nothing but blanks is missing."""
    words = column.words
    is_bare = pc.any(pc.or_(pc.starts_with(words, " "), pc.ends_with(words, " "))).as_py()
    has_empty = pc.any(pc.equal(words, "")).as_py()
    if not is_bare and not has_empty:
        return column
    bare = pc.utf8_trim(words, " ")
    return column.reworded(pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare))
