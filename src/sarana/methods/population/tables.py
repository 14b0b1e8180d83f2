"""Brings a sector's file of any format into the engine as one table of text, the columns that are used and no more."""

import csv
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from sarana.basics.errors import BadFile, BadTable
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import ROW_FLAG, Table, clean_table
from sarana.methods.population.decoding import Text, ready_text, trusted_text
from sarana.methods.population.headers import find_columns
from sarana.methods.population.mended import DELIMITERS, mended_rows
from sarana.methods.population.sources import File
from sarana.methods.population.tidying import tidied
from sarana.methods.population.workbooks import workbook_rows

BATCH = 50_000
BLOCK = 1 << 22
WORDS = pa.dictionary(pa.int32(), pa.string())
SUFFIXES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".psv": "pipe", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
MAGIC = {b"PK\x03\x04": "xlsx", b"PAR1": "parquet", b"\xd0\xcf\x11\xe0": "an old .xls workbook", b"%PDF": "a PDF"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column to load: the headers it may bear, best first; `is_own` where most rows have a value of their own."""

    headers: tuple[str, ...]
    is_own: bool = False


type Wanted = Mapping[str, Column]


def load_table(engine: Engine, data: Path, file: File, wanted: Wanted, *, into: str, part: str) -> Table:
    """Load the wanted columns of a file as text, in the order of the file, under the name `into`.

    Args:
        engine: must see the data folder.
        data: the data folder.
        file: path, format, encoding and sheet.
        wanted: the columns of the result by their names.
        into: name of the table that is made (replaced); its rowid + 1 is the record's number in the file.
        part: which part of SOURCES.toml names the file, for messages.

    Raises:
        BadFile: READ-001 to READ-005 and READ-009 to READ-014: missing, unreadable, not what it is said to be, empty.
        BadTable: READ-006 columns not in the file; READ-007 a header stands twice.
    """
    where = f"{file.path} ([{part}])"
    lies = (data / file.path).resolve()
    path = engine.door.opened(lies)
    kind = _format(path, lies.suffix, file, where)
    if kind == "parquet":
        table = _load_parquet(engine, path, wanted, into, where)
    elif kind == "xlsx":
        headers, rows = workbook_rows(path, file.sheet, where)
        at = find_columns(headers, {name: c.headers for name, c in wanted.items()}, where)
        _load_rows(engine, ((row, None) for row in rows), at, into)
        table = Table(into, _count(engine, into), is_odd=True, has_row_flags=False)
    else:
        table = _load_text(engine, path, file, wanted, delimiter=DELIMITERS[kind], into=into, where=where)
    if table.n_rows == 0:
        raise BadFile("READ-005", "The file has a header and no row.", where=where, cure="Ask the sector for it again.")
    return table


def first_rows(
    engine: Engine, data: Path, file: File, *, part: str, most: int
) -> tuple[list[str], list[Sequence[str | None]]]:
    """The headers of a file, as written, and its first rows as text, whatever columns it has.

    Raises:
        BadFile: as `load_table`, but for READ-005.
    """
    where = f"{file.path} ([{part}])"
    lies = (data / file.path).resolve()
    path = engine.door.opened(lies)
    kind = _format(path, lies.suffix, file, where)
    if kind == "parquet":
        return _first_of_parquet(engine, path, where, most)
    if kind == "xlsx":
        headers, rows = workbook_rows(path, file.sheet, where)
        return headers, list(itertools.islice(rows, most))
    with engine.door.scratch(engine.temp / "first_rows.txt") as copy:
        text = ready_text(path, file.encoding, DELIMITERS[kind], copy, where)
        headers = _headers(text, DELIMITERS[kind])
        found = itertools.islice(mended_rows(text.path, DELIMITERS[kind], len(headers)), most)
        return headers, [row for row, _flag in found]


def _first_of_parquet(
    engine: Engine, path: Path, where: str, most: int
) -> tuple[list[str], list[Sequence[str | None]]]:
    source = f"read_parquet({literal(str(path))})"
    try:
        headers = [str(name) for name, *_ in engine.rows(f"DESCRIBE SELECT * FROM {source}")]
    except BadFile as err:
        raise BadFile(
            "READ-011", "The Parquet file is not whole.", where=where, cure="Ask the sector for it again."
        ) from err
    chosen = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in headers)
    return headers, list(engine.rows(f"SELECT {chosen} FROM {source} LIMIT {most}"))


def load_columns(
    engine: Engine, data: Path, file: File, wanted: Wanted, *, into: str, part: str, flags: str
) -> pa.Table:
    """Load the wanted columns of a file, cleaned, in the order of the file, as Arrow columns of text or of words.

    A text file that needs no care and has no quote is read straight into numbered words; any other file goes through
    `load_table` and `clean_table`, and the column `row_flag` says which of its rows were mended.

    The table `flags` (rec BIGINT, field, flag) gets READ-020 and READ-021; all else is as in `load_table`.

    Raises:
        BadFile, BadTable: as `load_table`.

    Cost: 5 CPU s for 1.8 million rows of 22 columns, where the engine takes 12.
    """
    found = _quick_columns(engine, data, file, wanted, f"{file.path} ([{part}])")
    if found is not None:
        return found
    table = load_table(engine, data, file, wanted, into=into, part=part)
    clean_table(engine, table, flags)
    columns = engine.arrow(f"SELECT * FROM {quoted(into)}")
    engine.run(f"DROP TABLE {quoted(into)}")
    return columns


def _quick_columns(engine: Engine, data: Path, file: File, wanted: Wanted, where: str) -> pa.Table | None:
    """The columns of a text file that needs no care; None where it turns out to need some."""
    lies = (data / file.path).resolve()
    path = engine.door.opened(lies)
    kind = _format(path, lies.suffix, file, where)
    if kind not in DELIMITERS:
        return None
    text = trusted_text(path, file.encoding, DELIMITERS[kind])
    if text is None or text.has_quotes or text.n_lines < 2:
        return None
    try:
        headers = _headers(text, DELIMITERS[kind])
        at = find_columns(headers, {name: c.headers for name, c in wanted.items()}, where)
        types = {f"c{n}": pa.string() if wanted[name].is_own else WORDS for name, n in at.items()}
        found = _read_words(text.path, DELIMITERS[kind], len(headers), types, is_parallel=engine.threads > 1)
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return None
    if found.num_rows + 1 != text.n_lines:
        return None
    return pa.table({name: found.column(f"c{n}") for name, n in at.items()})


def _read_words(
    path: Path, delimiter: str, n_columns: int, types: Mapping[str, pa.DataType], *, is_parallel: bool
) -> pa.Table:
    """Read some columns, c0 to the last, of a text file without quotes; what is empty is missing."""
    names = [f"c{n}" for n in range(n_columns)]
    return pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(use_threads=is_parallel, block_size=BLOCK, column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, quote_char=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=types, include_columns=sorted(types), strings_can_be_null=True, null_values=[""]
        ),
    )


def _format(path: Path, suffix: str, file: File, where: str) -> str:
    """The format declared, or told by the file's name; a workbook that calls itself text is refused."""
    try:
        with path.open("rb") as opened:
            start = opened.read(4)
    except OSError as err:
        raise BadFile(
            "READ-001", "The file is not there or may not be read.", where=where, cure="See its path and rights."
        ) from err
    kind = file.format or SUFFIXES.get(suffix.lower(), "")
    if not kind:
        raise BadFile(
            "READ-009",
            f"Nothing says what '{suffix}' is.",
            where=where,
            cure='Write format = "csv" or what it is.',
        )
    real = MAGIC.get(start, "")
    if start and (real != kind if kind in MAGIC.values() else real):
        raise BadFile(
            "READ-010",
            f"The file is said to be {kind}, but is {real or 'something else'}.",
            where=where,
            cure="Write the right format, or save the file as it is declared.",
        )
    return kind


def _count(engine: Engine, name: str) -> int:
    """How many rows a table has."""
    return int(engine.row(f"SELECT count(*) FROM {quoted(name)}")[0])


def _load_text(
    engine: Engine, path: Path, file: File, wanted: Wanted, *, delimiter: str, into: str, where: str
) -> Table:
    """Load a text table: at full speed where it keeps the rules, record by record where it does not."""
    trusted = trusted_text(path, file.encoding, delimiter)
    if trusted is not None and (table := _load_trusted(engine, trusted, delimiter, wanted, into=into, where=where)):
        return table
    with engine.door.scratch(engine.temp / f"{into}.txt") as copy:
        text = ready_text(path, file.encoding, delimiter, copy, where)
        headers = _headers(text, delimiter)
        at = find_columns(headers, {name: c.headers for name, c in wanted.items()}, where)
        if _load_fast(engine, text, delimiter, (len(headers), at), into=into):
            return Table(into, _count(engine, into), is_odd=text.is_odd, has_row_flags=False)
        _load_rows(engine, mended_rows(text.path, delimiter, len(headers)), at, into)
        return Table(into, _count(engine, into), is_odd=True, has_row_flags=True)


def _load_trusted(engine: Engine, text: Text, delimiter: str, wanted: Wanted, *, into: str, where: str) -> Table | None:
    """Load a text table whose bytes were not checked; None where one of them, or a rule, turns out to be broken."""
    try:
        headers = _headers(text, delimiter)
    except UnicodeDecodeError:
        return None
    at = find_columns(headers, {name: c.headers for name, c in wanted.items()}, where)
    if not _load_fast(engine, text, delimiter, (len(headers), at), into=into):
        return None
    return Table(into, _count(engine, into), is_odd=False, has_row_flags=False)


def _headers(text: Text, delimiter: str) -> list[str]:
    """The first record of a text table."""
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file, delimiter=delimiter, skipinitialspace=True), [])


def _load_fast(
    engine: Engine, text: Text, delimiter: str, columns: tuple[int, Mapping[str, int]], *, into: str
) -> bool:
    """Let the engine read the file in parallel; false where a row breaks the rules or a record is not one line."""
    types = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(columns[0]))
    chosen = ", ".join(f"nullif(trim(c{n}), '') AS {quoted(name)}" for name, n in columns[1].items())
    try:
        engine.run(
            f"CREATE OR REPLACE TABLE {quoted(into)} AS SELECT {chosen} FROM read_csv({literal(str(text.path))}, "
            f"auto_detect=false, header=true, columns={{{types}}}, delim={literal(delimiter)}, "
            "quote='\"', escape='\"', strict_mode=true, null_padding=false)"
        )
    except (BadTable, UnicodeDecodeError):  # the engine may fail to quote the broken line in its own message
        return False
    return _count(engine, into) + 1 == text.n_lines


def _load_rows(
    engine: Engine, rows: Iterable[tuple[Sequence[str | None], str | None]], at: Mapping[str, int], into: str
) -> None:
    """Load rows that Python read, batch by batch."""
    names = [*at, ROW_FLAG]
    schema = pa.schema([(name, pa.string()) for name in names])
    engine.load(into, schema.empty_table())
    records = iter(rows)
    while batch := list(itertools.islice(records, BATCH)):
        columns = [pa.array([row[n] for row, _ in batch], pa.string()) for n in at.values()]
        columns.append(pa.array([flag for _, flag in batch], pa.string()))
        engine.load(f"{into}_batch", pa.Table.from_arrays(columns, schema=schema))
        engine.run(f"INSERT INTO {quoted(into)} SELECT * FROM {quoted(into + '_batch')}")
    engine.run(f"DROP TABLE IF EXISTS {quoted(into + '_batch')}")


def _load_parquet(engine: Engine, path: Path, wanted: Wanted, into: str, where: str) -> Table:
    """Load a Parquet file: dates and numbers become text without losing a digit."""
    source = f"read_parquet({literal(str(path))})"
    try:
        types = {str(name): str(kind) for name, kind, *_ in engine.rows(f"DESCRIBE SELECT * FROM {source}")}
    except BadFile as err:
        raise BadFile(
            "READ-011", "The Parquet file is not whole.", where=where, cure="Ask the sector for it again."
        ) from err
    headers = list(types)
    at = find_columns(headers, {name: c.headers for name, c in wanted.items()}, where)
    chosen = ", ".join(f"{_as_text(headers[n], types[headers[n]], where)} AS {quoted(name)}" for name, n in at.items())
    engine.run(f"CREATE OR REPLACE TABLE {quoted(into)} AS SELECT {chosen} FROM {source}")
    return Table(into, _count(engine, into), is_odd=True, has_row_flags=False)


def _as_text(header: str, kind: str, where: str) -> str:
    """The expression that turns a column of a Parquet file into text."""
    name = quoted(header)
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = floor({name}) AND abs({name}) < 1e15"
        return f"CASE WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
    if kind == "BOOLEAN":
        return f"CAST(CAST({name} AS TINYINT) AS VARCHAR)"
    if kind.startswith("TIMESTAMP"):
        plain = f"CAST({name} AS TIMESTAMP)"
        return (
            f"CASE WHEN {plain} = date_trunc('day', {plain}) THEN strftime({plain}, '%Y-%m-%d') "
            f"ELSE CAST({plain} AS VARCHAR) END"
        )
    if kind == "BLOB" or kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        raise BadTable(
            "READ-012", f"The column '{header}' holds no plain values ({kind}).", where=where, cure="Write it as text."
        )
    return tidied(name) if kind == "VARCHAR" else f"CAST({name} AS VARCHAR)"
