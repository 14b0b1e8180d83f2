"""All the dates of a run brought to one calendar at once: each distinct value is read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from sarana.methods.dates.reading import Era, ReadDate, read_date
from sarana.methods.engine import Engine, quoted

_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("raw", pa.string()),
        ("day", pa.date32()),
        ("precision", pa.string()),
        ("flags", pa.string()),
    ]
)

PRECISION_TYPE = "ENUM('day', 'first', 'year')"


@dataclass(frozen=True, slots=True)
class DateColumn:
    """Where a relation holds a date, in which era it says it counts, and the day its values were known."""

    source: str
    relation: str
    column: str
    era: Era | None
    known_on: date
    is_month_first: bool = False


def make_date_table(engine: Engine, into: str, columns: Sequence[DateColumn], *, oldest_years: int = 120) -> None:
    """Read every distinct value of some date columns once, into a relation (source, raw, day, precision, flags).

    Flags are codes with commas between, NULL for none.

    Args:
        engine: holds the columns' relations.
        into: name of the relation to make.
        columns: at most one a source; NULL is no date.
        oldest_years: see `read_date`.
    """
    _leave(engine, into, (row for column in columns for row in _rows(engine, column, oldest_years)))


def end_of_known(found: ReadDate, known_on: date) -> date | None:
    """The day a row dates from: that day, or the last of a year where only that is known, if before `known_on`."""
    if found.day is None:
        return None
    return min(found.day.replace(month=12, day=31) if found.precision == "year" else found.day, known_on)


def make_as_of_table(engine: Engine, into: str, columns: Sequence[DateColumn]) -> None:
    """Read every distinct as-of date or year once, into a relation like that of `make_date_table`.

    A year stands for its 31 December, but never for a day after the source's own as-of date.
    """
    rows: list[tuple[Any, ...]] = []
    for column in columns:
        end = column.known_on.replace(month=12, day=31)
        for raw in _distinct(engine, column):
            found = read_date(raw, column.era, end)
            rows.append(
                (
                    column.source,
                    raw,
                    end_of_known(found, column.known_on),
                    found.precision,
                    ",".join(found.flags) or None,
                )
            )
    _leave(engine, into, rows)


def _rows(engine: Engine, column: DateColumn, oldest_years: int) -> Iterable[tuple[Any, ...]]:
    for raw in _distinct(engine, column):
        found = read_date(
            raw, column.era, column.known_on, oldest_years=oldest_years, is_month_first=column.is_month_first
        )
        yield column.source, raw, found.day, found.precision, ",".join(found.flags) or None


def _distinct(engine: Engine, column: DateColumn) -> list[str]:
    name, relation = quoted(column.column), quoted(column.relation)
    found = engine.rows(f"SELECT DISTINCT {name} AS raw FROM {relation} WHERE {name} IS NOT NULL ORDER BY raw")
    return [str(row[0]) for row in found]


def _leave(engine: Engine, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Leave what was read as a relation; the precision, a word of three, as a number."""
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)]
    engine.load("_read_dates", pa.table(arrays, schema=_SCHEMA))
    engine.run(
        f"CREATE OR REPLACE TABLE {quoted(into)} AS "
        f"SELECT * REPLACE (CAST(precision AS {PRECISION_TYPE}) AS precision) FROM _read_dates"
    )
    engine.run("DROP TABLE _read_dates")
