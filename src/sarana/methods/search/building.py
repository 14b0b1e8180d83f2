"""Builds a search file anew beside the old one, and lets it stand in its place when it is whole."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from uuid import UUID

from sarana.basics.errors import BadFile, Busy, NotYet
from sarana.methods.search import writing
from sarana.methods.search.entry import Entry
from sarana.methods.search.locking import building, telling_folder
from sarana.methods.search.opening import connect, flush_folder, remove, telling_faults
from sarana.methods.search.rules import rules_now
from sarana.methods.search.searchfile import TOGETHER, SearchFile
from sarana.methods.search.tables import LAYOUT, SCHEMA, Connection


def build_search(path: Path, key: bytes, organisation: str, entries: Iterable[Entry]) -> int:
    """Build the search file of an organisation anew and put it in the place of the old one; how many are in it.

    It is built beside the old one, which answers until the new one is whole. Meanwhile nobody else builds or puts; who
    is dropped from the old one, then or ever before, does not come back by the new one. A process that is killed
    leaves the old file, or none; what lies half built is taken away by the next.

    Raises:
        Busy: SEARCH-007 others build or write.
        NoRoom: SEARCH-008 the disk is full.
        BadSetting: SEARCH-009 the key is not of 32 bytes; SEARCH-013 the folder cannot be written.

    Cost: see `docs/decisions/0037-search.md`.
    """
    new = path.with_name(f"{path.name}.new")
    with building(path):
        remove(new)
        try:
            _make(new, key, organisation)
            with SearchFile(new, key, organisation) as made:
                for part in batched(entries, TOGETHER, strict=False):
                    with made.writing() as connection:
                        writing.put(connection, part)
                with _standing_still(path, key, organisation) as gone:
                    for part_gone in batched(gone, TOGETHER, strict=False):
                        with made.writing() as connection:
                            writing.drop(connection, part_gone)
                    n = made.count()
                    _put_in_place(made, path)
        except BaseException:
            remove(new)
            raise
    with SearchFile(path, key, organisation) as opened, opened.guarded() as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    return n


@contextlib.contextmanager
def _standing_still(path: Path, key: bytes, organisation: str) -> Iterator[list[tuple[UUID, int]]]:
    """Whom the old file must not let in again, while nobody can drop; nobody where there is no file that opens."""
    connection: Connection | None = None
    gone: list[tuple[UUID, int]] = []
    try:
        try:
            with telling_faults(path):
                connection = connect(path, key)
                connection.execute("BEGIN IMMEDIATE")
                said = dict(connection.execute("SELECT what, said FROM about"))
                if said.get("organisation") == organisation:
                    rows = connection.execute("SELECT ref, version FROM gone").fetchall()
                    gone = [(UUID(bytes=ref), version) for ref, version in rows]
        except Busy:
            raise
        except (BadFile, NotYet):
            gone = []
        yield gone
    finally:
        if connection is not None:
            connection.close()


def _put_in_place(made: SearchFile, path: Path) -> None:
    """Close a new file, whole, and let it stand where the old one stood."""
    with made.guarded() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    made.close()
    with telling_folder(path):
        # The old file goes first: what lies beside it must not be taken for the new one's.
        remove(path)
        path.with_name(f"{path.name}.new").replace(path)
        flush_folder(path.parent)


def _make(path: Path, key: bytes, organisation: str) -> None:
    """An empty file with its tables, for its owner alone."""
    with telling_folder(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with telling_faults(path):
        connection = connect(path, key)
        try:
            connection.execute("PRAGMA auto_vacuum = NONE")
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.executescript(SCHEMA)
            connection.executemany(
                "INSERT INTO about VALUES (?, ?)",
                [("layout", str(LAYOUT)), ("rules", rules_now()), ("organisation", organisation)],
            )
        finally:
            connection.close()
