"""The one door to the table engine: no other module imports DuckDB, so another engine can stand here one day."""

import contextlib
import gc
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.basics.errors import BadFile, BadSetting, BadTable, NoRoom
from sarana.methods.doors import MEMORY, PLAIN, Door
from sarana.methods.tablefiles import disk_is_full, read_arrow, read_parquet, whole_column, write_table

ROW_GROUP = 122_880
"""Rows in one Parquet row group; fixed so that the bytes of a file do not depend on threads."""

BROKEN = ("magic bytes", "too small to be a Parquet file")
"""How the engine says that a file is no whole Parquet file."""

FULL = ("No space left", "File too large", "Disk quota exceeded", "max_temp_directory_size")
"""How the engine's own messages say that the disk, a quota or a file size limit is reached."""

UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


class Engine:
    """A private in-memory DuckDB with spilling, that sees only the folders it was given.

    SQL text is ours alone: whatever a person wrote (paths, names, codes) goes in as a parameter or through `quoted`.
    """

    def __init__(
        self, *, threads: int, memory: str, temp: Path, folders: Sequence[Path] = (), door: Door = PLAIN
    ) -> None:
        """Open with a thread count, a memory limit such as `3GB`, a folder to spill to, and the folders it may see.

        Files go through the `door`; through one that seals, what is spilled is sealed too, with a key of its own.

        Raises:
            BadSetting: ENGINE-001 the thread count is below 1; ENGINE-002 the memory limit cannot be read.
        """
        if threads < 1:
            raise BadSetting("ENGINE-001", f"{threads} threads were asked for.", cure="Give at least 1.")
        temp.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.threads = threads
        self.memory = memory_bytes(memory)
        self.temp = temp
        self.door = door
        pa.set_cpu_count(threads)
        # Arrow's own allocator keeps what it is given back: a quarter of the memory of a run of two million rows.
        pa.set_memory_pool(pa.system_memory_pool())
        self._lent: dict[str, pa.Table] = {}
        self._files: dict[str, Path] = {}
        self._duck = duckdb.connect(":memory:")
        settings: dict[str, str | int | bool] = {
            "threads": threads,
            "memory_limit": f"{self.memory // 2**20}MiB",
            "temp_directory": str(temp),
            "preserve_insertion_order": True,
            "TimeZone": "UTC",
            "allow_unsigned_extensions": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allocator_background_threads": False,
            "enable_progress_bar": False,
        }
        for setting, value in settings.items():
            self._duck.execute(f"SET {setting} = {literal(value)}")
        allowed = [f"{Path(f).resolve()}{os.sep}" for f in (temp, *folders)]
        if door.is_sealing:
            self._duck.execute(f"LOAD {literal(str(_cryptography()))}")
            self._duck.execute("SET temp_file_encryption = true")
        if door is not PLAIN:
            allowed.append(MEMORY)
        self._duck.execute(f"SET allowed_directories = [{', '.join(map(literal, allowed))}]")
        self._duck.execute("SET enable_external_access = false")
        self._duck.execute("SET lock_configuration = true")

    def __enter__(self) -> Self:
        """Use as a context so that spilled files are gone afterwards."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close; spilled files go."""
        self.close()

    def close(self) -> None:
        """Close the engine and let go of its memory and spilled files."""
        self._lent.clear()
        self._duck.close()
        self.door.release()
        gc.collect()
        pa.default_memory_pool().release_unused()

    def run(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Run one statement that gives nothing back.

        Raises:
            NoRoom: ENGINE-003 memory ran out; ENGINE-004 the disk is full.
            BadFile: ENGINE-005 a file could not be read.
        """
        with _said_plainly():
            self._duck.execute(sql, params)

    def rows(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a small result, as Python values."""
        with _said_plainly():
            return self._duck.execute(sql, params).fetchall()

    def row(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> tuple[Any, ...]:
        """The single row of a result, e.g. of a count."""
        return self.rows(sql, params)[0]

    def arrow(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
        """A result as an Arrow table."""
        with _said_plainly():
            return self._duck.execute(sql, params).to_arrow_table()

    def read(self, name: str, columns: Sequence[str], words: Collection[str] = ()) -> pa.Table:
        """Columns of a relation as Arrow, in the order of its rows; those in `words` as one dictionary each.

        Raises:
            BadFile: ENGINE-005 a file could not be read.

        Cost: of a file under a `view` a third of what `arrow` costs, and a fifth for words.
        """
        path = self._files.get(name)
        if path is not None and name not in self._lent and self._is_view_of(name, path):
            return pa.table({c: self._column_of(path, c, words) for c in columns})
        if name in self._lent:
            table = self._lent[name].select(list(columns))
        else:
            table = self.arrow(f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(name)}")
        return pa.table({c: whole_column(table.column(c), is_coded=c in words) for c in columns})

    def _column_of(self, path: Path, name: str, words: Collection[str]) -> pa.Array:
        """A column of a file in one piece: read alone, so that its pieces go before the next is read."""
        table = read_parquet(path, [name], words, is_parallel=self.threads > 1)
        return whole_column(table.column(name), is_coded=name in words)

    def _is_view_of(self, name: str, path: Path) -> bool:
        """Whether a name still stands for the file that it was given to."""
        told = self.rows("SELECT sql FROM duckdb_views() WHERE view_name = ?", [name])
        return len(told) == 1 and literal(str(path)) in told[0][0]

    def columns(self, sql: str) -> dict[str, NDArray[Any]]:
        """A result as one NumPy array a column (no NULLs in numeric columns, please: they would become masked)."""
        with _said_plainly():
            found = self._duck.execute(sql).fetchnumpy()
        return {name: np.asarray(values) for name, values in found.items()}

    def load(self, name: str, table: pa.Table) -> None:
        """Copy an Arrow table into the engine under a name (replacing)."""
        self._duck.register("_incoming", table)
        try:
            self.run(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM _incoming")
        finally:
            self._duck.unregister("_incoming")

    def lend(self, name: str, table: pa.Table) -> None:
        """Let an Arrow table be read under a name without copying it, and be saved as it stands (replacing)."""
        self._lent[name] = table
        self._files.pop(name, None)
        self.run(f"DROP VIEW IF EXISTS {quoted(name)}")
        self._duck.register(name, table)

    def table(self, name: str) -> pa.Table:
        """All of a relation as an Arrow table: the lent one itself, or a copy."""
        return self._lent[name] if name in self._lent else self.arrow(f"SELECT * FROM {quoted(name)}")

    def give_back(self, name: str) -> None:
        """Forget a lent table, so that its memory can go."""
        if self._lent.pop(name, None) is not None:
            self._duck.unregister(name)

    def save_lent(self, name: str, path: Path) -> int:
        """Write a lent table as `save_table` does; the number of rows written."""
        return save_table(self._lent[name], path, self.door)

    def view(self, name: str, path: Path) -> None:
        """Let a Parquet or Arrow file be read under a name, without copying it."""
        plain = self.door.opened(path)
        if path.suffix == ".arrow":
            self.lend(name, read_arrow(plain))
            return
        self.give_back(name)
        self._files[name] = _whole_path(plain)
        where = literal(str(self._files[name]))
        self.run(f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM read_parquet({where})")

    def save(self, sql: str, path: Path) -> int:
        """Write a query with a total ORDER BY to Parquet, mode 0600, the same bytes at any thread count.

        Returns:
            The number of rows written.
        """
        with self.door.written(path) as part, _said_plainly():
            written = self._duck.execute(
                f"COPY ({sql}) TO {literal(str(_whole_path(part)))} "
                f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
                f"ROW_GROUP_SIZE {ROW_GROUP}, USE_TMP_FILE false)"
            ).fetchall()
        return int(written[0][0])

    def tables(self) -> set[str]:
        """The names of all tables and views that exist now."""
        return {r[0] for r in self.rows("SELECT table_name FROM information_schema.tables")}


def save_table(table: pa.Table, path: Path, door: Door) -> int:
    """Write a table to Parquet (or Arrow, by its name) in the order it stands in, mode 0600, through a door.

    No engine is asked, so that another thread may do it; the bytes are the same whoever does.

    Returns:
        The number of rows written.

    Raises:
        NoRoom: ENGINE-004 the disk is full.

    Cost: half of `Engine.save`, and less where columns of words are dictionaries; no sort. An Arrow file costs a tenth.
    """
    with door.written(path) as part:
        write_table(table, part, rows=ROW_GROUP, is_arrow=path.suffix == ".arrow")
    return int(table.num_rows)


def _whole_path(path: Path) -> Path:
    """A path from the root; a file in memory has no other name than its own."""
    return path if str(path).startswith(MEMORY) else path.resolve()


def _cryptography() -> Path:
    """The extension with which the engine seals what it spills; it opens no connection, for the engine may not."""
    folder = Path(str(resources.files("duckdb_extension_httpfs"))) / "extensions" / f"v{duckdb.__version__}"
    return folder / "httpfs.duckdb_extension"


def quoted(name: str) -> str:
    """A name as a safe SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float) -> str:
    """A value as a safe SQL literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def memory_bytes(text: str) -> int:
    """How many bytes `3GB`, `512 MiB` or `1.5gb` are.

    Raises:
        BadSetting: ENGINE-002 the text is no amount of memory.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]i?b)\s*", text, re.IGNORECASE)
    if not found:
        raise BadSetting("ENGINE-002", f"'{text}' is no amount of memory.", cure="Write it like 3GB or 512MiB.")
    return int(float(found[1]) * UNITS[found[2].upper()])


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn the engine's own resource errors into ours."""
    try:
        yield
    except duckdb.OutOfMemoryException as err:
        raise NoRoom(
            "ENGINE-003",
            "The step needs more memory than it was given.",
            cure="Give more with --memory, or fewer --threads.",
        ) from err
    except duckdb.IOException as err:
        if any(sign in str(err) for sign in FULL):
            raise disk_is_full() from err
        raise BadFile(
            "ENGINE-005", "A file could not be read or written.", cure="See that the file is whole and may be read."
        ) from err
    except duckdb.InvalidInputException as err:
        if "CSV Error" in str(err):
            raise BadTable(
                "ENGINE-006", "A text table breaks the rules of its own format.", cure="See that the file is whole."
            ) from err
        if not any(sign in str(err) for sign in BROKEN):
            raise
        raise BadFile(
            "ENGINE-005", "A Parquet file is not whole.", cure="See that the file is whole and may be read."
        ) from err
    except RuntimeError as err:
        if "interrupted" not in str(err):
            raise
        raise KeyboardInterrupt from err
