"""What backups are of: a database that can be copied while others write, and opened beside the one at work."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sarana.ground.vault.nameless import Nameless, nameless
from sarana.ground.vault.snapshots import counted, put_in_place, take_snapshot

type Beat = Callable[[], None]
"""Called again and again while something long goes on; what it raises ends that."""

DATABASE = "sarana.sqlite3"


@dataclass(frozen=True, slots=True)
class Copy:
    """A database as it was at one moment: files and streams to be sealed, and its rows by table."""

    members: Mapping[str, Path | Iterable[bytes]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a program is given to read a database that was opened: settings, and a file without a name, if it is one."""

    environment: Mapping[str, str]
    handle: int | None = None


class Opened(Protocol):
    """A database out of a backup, opened beside the one at work: nothing of that is touched before `put_in_place`."""

    @property
    def streams(self) -> Mapping[str, Callable[[bytes], object]]:
        """What takes the streams of the backup while it is opened."""

    def counts(self, beat: Beat) -> dict[str, int]:
        """Its rows by table, once all of the backup was opened."""

    def shown(self) -> "Shown":
        """What a program has to be given to read it in place of the one at work."""

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

    def opened(self, temp: Path, beat: Beat, n_bytes: int) -> AbstractContextManager[Opened]:
        """A place beside it into which a backup of so many bytes is opened; gone afterwards, if not put in place."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """A file in the folder of data."""

    file: Path
    what: str = "database on SQLite"

    @contextlib.contextmanager
    def copied(self, temp: Path, beat: Beat) -> Iterator[Copy]:
        """A file that was proved sound, and has no name."""
        with nameless(self.file.parent, temp, self._size()) as copy:
            counts = take_snapshot(self.file, copy, beat)
            yield Copy({DATABASE: copy.path}, counts)

    @contextlib.contextmanager
    def opened(self, temp: Path, beat: Beat, n_bytes: int) -> Iterator["OpenedSqlite"]:
        """A file without a name, into which the backup is opened."""
        del beat
        with nameless(self.file.parent, temp, n_bytes) as copy:
            yield OpenedSqlite(copy, temp, self.file)

    def _size(self) -> int:
        """Its bytes, with those that wait in its log."""
        files = (self.file, self.file.with_name(f"{self.file.name}-wal"))
        return sum(file.stat().st_size for file in files if file.is_file())


@dataclass(frozen=True, slots=True)
class OpenedSqlite:
    """The database of a backup."""

    fresh: Nameless
    temp: Path
    at_work: Path

    @property
    def streams(self) -> Mapping[str, Callable[[bytes], object]]:
        """Its bytes."""
        return {DATABASE: self.fresh.take}

    def counts(self, beat: Beat) -> dict[str, int]:
        """Its rows, once it was proved sound."""
        return counted(self.fresh, self.at_work.name, beat)

    def shown(self) -> Shown:
        """It goes to the program as an open file; the rest lies in the folder."""
        return Shown({"SARANA_HOME": str(self.temp), "DATABASE_URL": ""}, self.fresh.handle)

    def put_in_place(self, now: dt.datetime) -> str:
        """One name that leads to another file."""
        return str(put_in_place(self.fresh, self.temp, self.at_work, now=now) or "")
