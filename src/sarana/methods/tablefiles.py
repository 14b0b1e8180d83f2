"""Writes Arrow tables to files of mode 0600, whole or not at all, with bytes that hang on nothing but their rows."""

import errno
from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from sarana.basics.errors import BadFile, NoRoom

FULL_NUMBERS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""How the system says that a disk, a quota or a file size limit is reached."""

FEW = 1_024
"""A dictionary of more words is not written as it is: each group of rows would carry it. Plain text has none."""


def write_table(table: pa.Table, path: Path, *, rows: int, is_arrow: bool) -> None:
    """Write a table in the order it stands in: Parquet in groups of `rows`, or Arrow.

    Arrow files are for what only the next step reads: they cost a tenth, and their dictionaries stay.

    Raises:
        NoRoom: ENGINE-004 the disk is full.
    """
    try:
        if is_arrow:
            _write_arrow(table, path)
        else:
            _write_parquet(table, path, rows)
    except OSError as err:
        if err.errno in FULL_NUMBERS:
            raise disk_is_full() from err
        raise


def read_arrow(path: Path) -> pa.Table:
    """All of an Arrow file."""
    with pa.OSFile(str(path)) as file:
        return ipc.open_file(file).read_all()


def read_parquet(path: Path, columns: Sequence[str], words: Collection[str], *, is_parallel: bool) -> pa.Table:
    """Columns of a Parquet file in the order asked for, those in `words` as dictionaries.

    Raises:
        BadFile: ENGINE-005 the file cannot be read.
    """
    try:
        with pq.ParquetFile(path, read_dictionary=list(words)) as file:
            return file.read(list(columns), use_threads=is_parallel).select(list(columns))
    except (pa.ArrowInvalid, OSError) as err:
        raise BadFile(
            "ENGINE-005", "A file could not be read or written.", cure="See that the file is whole and may be read."
        ) from err


def whole_column(column: pa.ChunkedArray, *, is_coded: bool) -> pa.Array:
    """A column in one piece, as a dictionary if it is to be coded.

    Cost: little; to let Arrow put pieces with a large dictionary together costs a look at all of it for each piece.
    """
    if not column.chunks:
        empty = pa.array([], column.type)
        return empty.dictionary_encode() if is_coded and not pa.types.is_dictionary(column.type) else empty
    if not pa.types.is_dictionary(column.type):
        plain = pa.concat_arrays(column.chunks)
        return plain.dictionary_encode() if is_coded else plain
    pieces = column.unify_dictionaries().chunks
    return pa.DictionaryArray.from_arrays(pa.concat_arrays([p.indices for p in pieces]), pieces[0].dictionary)


def disk_is_full() -> NoRoom:
    """The error for a full disk, whoever noticed it."""
    return NoRoom(
        "ENGINE-004", "The disk is full.", cure="Free some space, then go on with --resume: finished steps are kept."
    )


def _write_arrow(table: pa.Table, path: Path) -> None:
    options = ipc.IpcWriteOptions(compression="lz4", unify_dictionaries=True)
    with pa.OSFile(str(path), "wb") as file, ipc.new_file(file, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks())


def _write_parquet(table: pa.Table, path: Path, rows: int) -> None:
    schema = pa.schema([_plain(table, name) for name in table.column_names])
    worded = [_leaf(field) for field in table.schema if not pa.types.is_string(field.type)]
    # Smallest and largest values cost a third of the writing: they are kept of persons alone, who are asked for singly.
    asked_singly = [name for name in table.column_names if name == "person_id"]
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        store_schema=False,
        use_dictionary=worded,
        write_statistics=asked_singly or False,
    ) as writer:
        for start in range(0, max(table.num_rows, 1), rows):
            writer.write_table(table.slice(start, rows).cast(schema).combine_chunks())


def _leaf(field: pa.Field) -> str:
    """How Parquet calls the values of a column."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name


def _plain(table: pa.Table, name: str) -> pa.Field:
    """How a column is written: as a dictionary only where it has few words, and words they are."""
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        return pa.field(name, column.type)
    n_words = max((len(chunk.dictionary) for chunk in column.chunks), default=0)
    if n_words <= FEW and pa.types.is_string(column.type.value_type):
        return pa.field(name, column.type)
    return pa.field(name, column.type.value_type)
