"""A source's rows as they were read: each column as numbered words, each word lent to the engine once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.coded import Coded
from sarana.methods.engine import Engine, quoted
from sarana.methods.together import each


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The rows of one source in the order of their row ids."""

    name: str
    row_id: pa.Array
    columns: Mapping[str, Coded]

    @classmethod
    def of(cls, engine: Engine, name: str) -> Self:
        """The rows that stand in `rows_<source>`."""
        table = engine.table(f"rows_{name}")
        chunks = table.column("row_id").cast(pa.string()).chunks
        row_id = pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
        fields = [field for field in table.column_names if field != "row_id"]
        read = each(lambda field: Coded.of(table.column(field)), fields, threads=engine.threads)
        columns = dict(zip(fields, read, strict=True))
        if len(row_id) > 1 and not pc.all(pc.less(row_id[:-1], row_id[1:])).as_py():
            order = pc.sort_indices(row_id).to_numpy()
            row_id = row_id.take(order)
            columns = {field: column.at(order) for field, column in columns.items()}
        return cls(name, row_id, columns)

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.row_id)

    def column(self, field: str) -> Coded:
        """The column of a field, without a value where the source has none."""
        found = self.columns.get(field)
        return Coded.missing(self.n_rows) if found is None else found

    def lend_words(self, engine: Engine, field: str) -> str:
        """Lend the words of a field as a relation (raw, n, place); its name, empty where the source has no such field.

        `n` is on how many rows a word stands, `place` its place among the words.
        """
        if field not in self.columns:
            return ""
        column, name = self.columns[field], f"words_{self.name}_{field}"
        place = pa.array(np.arange(len(column.words), dtype=np.int64))
        engine.lend(name, pa.table({"raw": column.words, "n": pa.array(column.counts()), "place": place}))
        return name

    def read_of(self, engine: Engine, field: str, relation: str, what: str, *, where: str = "true") -> pa.Table:
        """For each word of a field what a relation with the column `raw` says of it, in the order of the words."""
        words = self.lend_words(engine, field)
        found = engine.arrow(
            f"SELECT {what} FROM {quoted(words)} w LEFT JOIN {relation} s ON s.raw = w.raw AND {where} ORDER BY w.place"
        )
        engine.give_back(words)
        return found

    def told_of(self, engine: Engine, field: str, what: str) -> pa.Table:
        """For each word of a field what expressions of `raw` say of it, in the order of the words."""
        words = self.lend_words(engine, field)
        found = engine.arrow(f"SELECT {what} FROM {quoted(words)} ORDER BY place")
        engine.give_back(words)
        return found
