"""What backups are of: a database that can be copied while others write, and opened beside the one at work."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sarana.ground.vault.snapshots import counted, put_in_place, take_snapshot

type Beat = Callable[[], None]
"""Called again and again while something long goes on; what it raises ends that."""

DATABASE = "sarana.sqlite3"


@dataclass(frozen=True, slots=True)
class Copy:
    """A database as it was at one moment: files and streams to be sealed, and its rows by table."""

    members: Mapping[str, Path | Iterable[bytes]]
    counts: Mapping[str, int]


class Opened(Protocol):
    """A database out of a backup, opened beside the one at work: nothing of that is touched before `put_in_place`."""

    @property
    def streams(self) -> Mapping[str, Callable[[bytes], object]]:
        """What takes the streams of the backup while it is opened."""

    def counts(self, beat: Beat) -> dict[str, int]:
        """Its rows by table, once all of the backup was opened."""

    def environment(self) -> dict[str, str]:
        """What a program has to see to work with it in place of the one at work."""

    def put_in_place(self, now: dt.datetime) -> str:
        """Put it in the place of the one at work, whole or not at all; gives where that is kept, "" if there was none.

        Raises:
            NotYet: VAULT-025 somebody works with the one that is there.
        """


class Database(Protocol):
    """A database of which backups are made."""

    @property
    def what(self) -> str:
        """What stands in the head of its backups."""

    def copied(self, temp: Path, beat: Beat) -> AbstractContextManager[Copy]:
        """As it is at one moment, while others write."""

    def opened(self, temp: Path, beat: Beat) -> AbstractContextManager[Opened]:
        """A place beside it into which a backup is opened; gone afterwards, if it was not put in place."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """A file in the folder of data."""

    file: Path
    what: str = "database on SQLite"

    @contextlib.contextmanager
    def copied(self, temp: Path, beat: Beat) -> Iterator[Copy]:
        """A file that was proved sound."""
        copy = temp / DATABASE
        counts = take_snapshot(self.file, copy, beat)
        yield Copy({DATABASE: copy}, counts)

    @contextlib.contextmanager
    def opened(self, temp: Path, beat: Beat) -> Iterator["OpenedSqlite"]:
        """A file in the folder into which the backup is opened."""
        del beat
        yield OpenedSqlite(temp / DATABASE, self.file)


@dataclass(frozen=True, slots=True)
class OpenedSqlite:
    """A file of a backup."""

    fresh: Path
    at_work: Path
    streams: Mapping[str, Callable[[bytes], object]] = field(default_factory=dict)

    def counts(self, beat: Beat) -> dict[str, int]:
        """Its rows, once it was proved sound."""
        return counted(self.fresh, beat)

    def environment(self) -> dict[str, str]:
        """It is the database of the folder in which it lies."""
        return {"SARANA_HOME": str(self.fresh.parent), "DATABASE_URL": ""}

    def put_in_place(self, now: dt.datetime) -> str:
        """One name that leads to another file."""
        return str(put_in_place(self.fresh, self.at_work, now=now) or "")
