"""Makes a database with marked people, and sealed backups of it."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from makers.canary import markers
from methods.sealing.making import some_keys
from sarana.ground.vault.backups import make_backup
from sarana.ground.vault.databases import DATABASE, Shown

NOW = dt.datetime(2026, 7, 1, 3, tzinfo=dt.UTC)
KEYS = some_keys()


def a_home(folder: Path) -> Path:
    """A data folder with a database in WAL mode, of which part is still in the log."""
    home = folder / "home"
    (home / "anchors").mkdir(parents=True)
    (home / "anchors" / "heads.jsonl").write_text('{"number": 1}\n')
    with opened(home / DATABASE) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
        base.executemany("INSERT INTO person (name) VALUES (?)", [(name,) for name in markers()])
        base.commit()
    return home


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database, closed afterwards."""
    with contextlib.closing(sqlite3.connect(path)) as base:
        yield base


def names(home: Path) -> list[str]:
    """Who stands in it."""
    with opened(home / DATABASE) as base:
        return [name for (name,) in base.execute("SELECT name FROM person ORDER BY id")]


def backup(home: Path, folder: Path, *, now: dt.datetime = NOW) -> Path:
    """Make a backup; gives the file."""
    return Path(make_backup(home, folder, KEYS.file, now=now).where)


def fits(_shown: Shown) -> None:
    """A verification that finds nothing."""
