"""Snapshots of an SQLite database: taken while others write, proved whole, counted, and put in its place."""

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.vault.nameless import Nameless, full_said, ready_beside
from sarana.methods.sealing.files import sync_folder

STATEMENT_STEPS = 1_000_000
"""Steps of a statement between two beats: a few hundredths of a second."""

AT_FORMS, WITHOUT_A_LOG = 18, b"\x01\x01"
"""Where the file says which form of writing and reading it has, and the form that needs no log beside it."""

PAGES = 1_000
"""Pages that are copied at a time, so that whoever writes waits for little."""


def take_snapshot(database: Path, copy: Nameless, beat: Callable[[], None]) -> dict[str, int]:
    """Copy a database as it is at one moment and prove the copy; gives its rows by table.

    Raises:
        BadFile: VAULT-024 the database is not there or not sound.
    """
    if not database.is_file():
        raise _unsound(database, "it is not there")
    with _opened(database) as source, full_said():
        # One transaction around it: else the copy would begin anew each time somebody writes meanwhile.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy.writer, pages=PAGES, progress=lambda *_how_far: beat())
        source.execute("ROLLBACK")
    # Else whoever reads it would look for a log beside it: the copy is whole without one.
    os.pwrite(copy.handle, WITHOUT_A_LOG, AT_FORMS)
    return counted(copy, database.name, beat)


def counted(copy: Nameless, name: str, beat: Callable[[], None] = lambda: None) -> dict[str, int]:
    """The rows of each table of a copy that is sound.

    Raises:
        BadFile: VAULT-024 it is not.
    """
    try:
        base = copy.reader
        with _watched(base, beat):
            [(said,)] = base.execute("PRAGMA integrity_check(1)").fetchall()
            if said != "ok" or base.execute("PRAGMA foreign_key_check").fetchone():
                raise _unsound(Path(name), "its own check fails")
            names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            return {table: _rows(base, table) for (table,) in names}
    except sqlite3.DatabaseError as err:
        raise _unsound(Path(name), "it cannot be read") from err


def put_in_place(copy: Nameless, temp: Path, database: Path, *, now: dt.datetime) -> Path | None:
    """Put a restored database in the place of the one that is there, which is kept beside it; gives where.

    It is brought to the disk without a name, and has one in a folder of its own for the moment of the exchange.

    Raises:
        NotYet: VAULT-025 somebody works with the database that is there.
    """
    kept = None
    with ready_beside(copy, temp) as named:
        if database.exists():
            _check_nobody_works(database)
            kept = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%S}")
            if not kept.exists():
                os.link(database, kept)
        for tail in ("-wal", "-shm"):
            database.with_name(database.name + tail).unlink(missing_ok=True)
        named().replace(database)
    sync_folder(database.parent)
    return kept


def _check_nobody_works(database: Path) -> None:
    """Take the database for oneself alone, with all that waits in its log, and let it go again."""
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=2, isolation_level=None)) as base:
            base.execute("PRAGMA locking_mode=EXCLUSIVE")
            base.execute("BEGIN EXCLUSIVE")
            base.execute("COMMIT")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as err:
        raise NotYet(
            "VAULT-025",
            "Somebody works with the database that is there.",
            where=database.name,
            cure="End sarana serve and all its workers first.",
        ) from err
    except sqlite3.DatabaseError:
        return  # what is there is broken: nobody works with it, and it is kept beside


@contextlib.contextmanager
def _watched(base: sqlite3.Connection, beat: Callable[[], None]) -> Iterator[None]:
    """Call somebody while statements run; what he raises ends the statement, and is raised in its place."""
    raised: list[BaseException] = []

    def call() -> int:
        try:
            beat()
        except BaseException as err:
            raised.append(err)
        return len(raised)

    base.set_progress_handler(call, STATEMENT_STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as base:
        yield base


def _rows(base: sqlite3.Connection, name: str) -> int:
    quoted = name.replace('"', '""')
    return int(base.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])


def _unsound(database: Path, why: str) -> BadFile:
    return BadFile(
        "VAULT-024",
        "The database is not sound.",
        where=f"{database.name}: {why}",
        cure="Take another backup; where it is the one at work, restore the last backup that passed its drill.",
    )
