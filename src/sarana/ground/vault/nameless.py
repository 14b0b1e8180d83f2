"""Copies of an SQLite database without a name: no folder shows them, and the system takes them back with the process.

The file has a name only while it is empty: SQLite opens it, the name is taken away, and then it is filled. So a process
that is killed at any moment leaves nothing that could be read. Where there is room the copy lies in memory, else on the
disk of the folder of data, which holds the same rows in clear anyhow.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sarana.methods.tablefiles import disk_is_full

MEMORY = Path("/dev/shm")  # noqa: S108
"""Where the system keeps files in memory."""

MOST_IN_MEMORY = 256 << 20
"""Larger copies go to the disk: a server that shares its memory with a map must not be ended for a backup."""

SPARE = 4
"""So many times the size must be free for a copy in memory: a drill holds it twice."""

FOLDERS = "sarana-copy-"
HANDLES = Path("/dev/fd")
PIECE = 1 << 20
NO_SUCH_FILES = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
"""What a disk says that has no files without a name."""


@dataclass(frozen=True, slots=True)
class Nameless:
    """A database without a name: what fills it and reads it, and SQLite's own connections to it."""

    handle: int
    writer: sqlite3.Connection
    reader: sqlite3.Connection

    @property
    def path(self) -> Path:
        """Where this process, and one to which the handle was passed, can read it from its beginning."""
        os.lseek(self.handle, 0, os.SEEK_SET)
        return HANDLES / str(self.handle)

    def take(self, piece: bytes) -> None:
        """Write on."""
        view = memoryview(piece)
        while view:
            view = view[os.write(self.handle, view) :]


@contextlib.contextmanager
def nameless(home: Path, temp: Path, n_bytes: int) -> Iterator[Nameless]:
    """An empty one, for about so many bytes, in memory or in a folder of the disk of the data."""
    with empty_file(home, temp, n_bytes) as (path, handle), contextlib.ExitStack() as stack:
        writer, reader = (stack.enter_context(contextlib.closing(sqlite3.connect(path))) for _ in range(2))
        path.unlink()
        writer.execute("PRAGMA journal_mode=OFF")
        yield Nameless(handle, writer, reader)


@contextlib.contextmanager
def empty_file(home: Path, temp: Path, n_bytes: int) -> Iterator[tuple[Path, int]]:
    """An empty file that is opened under its name, which whoever opened it takes away before filling it.

    The folder of the name stays, empty and private, so that nobody puts a journal there for SQLite to find.
    """
    with tempfile.TemporaryDirectory(prefix=_prefix(home), dir=_place(temp, n_bytes)) as folder:
        path = Path(folder) / "copy"
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            yield path, handle
        finally:
            os.close(handle)


@contextlib.contextmanager
def ready_beside(copy: Nameless, temp: Path) -> Iterator[Callable[[], Path]]:
    """The copy brought to the disk of a folder; what is given names it there, for the moment in which it is moved.

    Where the disk has no files without a name it has one from the beginning.
    """
    target = temp / "ready"
    handle = open_nameless(temp)
    name = partial(give_name, handle, target) if handle is not None else lambda: target
    if handle is None:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with copy.path.open("rb") as source, os.fdopen(os.dup(handle), "wb") as out:
            shutil.copyfileobj(source, out, PIECE)
            out.flush()
            os.fsync(handle)
        yield name
    finally:
        os.close(handle)
        target.unlink(missing_ok=True)


def sweep_folders(home: Path) -> None:
    """Take away the empty folders of those that were killed; whoever holds backups here knows that none is at work."""
    if MEMORY.is_dir():
        for folder in MEMORY.glob(f"{_prefix(home)}*"):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def full_said() -> Iterator[None]:
    """Say plainly where SQLite finds no room for a copy."""
    try:
        yield
    except sqlite3.OperationalError as err:
        if err.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise disk_is_full() from err
        raise


def _prefix(home: Path) -> str:
    return f"{FOLDERS}{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]}-"


def _place(temp: Path, n_bytes: int) -> Path:
    """Memory, where that many bytes are few of what is free."""
    if n_bytes > MOST_IN_MEMORY or not os.access(MEMORY, os.W_OK):
        return temp
    room = os.statvfs(MEMORY)
    free = min(room.f_bavail * room.f_frsize, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return MEMORY if n_bytes * SPARE <= free else temp


def open_nameless(folder: Path) -> int | None:
    """A file without a name on the disk of a folder, to write to; None where the disk has none."""
    kind = getattr(os, "O_TMPFILE", None)
    if kind is None:
        return None
    try:
        return os.open(folder, kind | os.O_WRONLY, 0o600)
    except OSError as err:
        if err.errno in NO_SUCH_FILES:
            return None
        raise


def give_name(handle: int, target: Path) -> Path:
    """Give a file without a name the name under which it stays."""
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Named with the folder's handle, so that the system follows the link to the open file.
        os.link(f"/proc/self/fd/{handle}", target.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)
    return target
