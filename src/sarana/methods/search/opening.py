"""Opens a sealed SQLite file with its key, and says in errors of ours what SQLite says of it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3

from sarana.basics.errors import BadFile, BadSetting, Busy, NoRoom, NotYet, SaranaError
from sarana.methods.search.tables import Connection

_BESIDE = ("-journal", "-wal", "-shm")
_CACHE_KIB = 64 * 1024
REBUILD = "Let it be built anew: nothing is lost by that."
_SETTINGS = (
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA cache_size = -{_CACHE_KIB}",
    "PRAGMA busy_timeout = 5000",
)


def connect(path: Path, key: bytes) -> Connection:
    """A connection to a sealed file that is there; whether the key is right shows when something is read.

    Raises:
        BadSetting: SEARCH-009 the key is not of 32 bytes.
        NotYet: SEARCH-004 there is no file.
    """
    if len(key) != 32:
        raise BadSetting("SEARCH-009", "The key of a search file has 32 bytes.", cure="Give the key that was derived.")
    if not path.is_file():
        raise NotYet("SEARCH-004", "There is no search file yet.", where=path.name, cure=REBUILD)
    with telling_faults(path):
        connection: Any = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for setting in _SETTINGS:
            connection.execute(setting).fetchall()
    return connection


@contextlib.contextmanager
def telling_faults(path: Path) -> Iterator[None]:
    """What SQLite says of a file, in errors of ours."""
    try:
        yield
    except SaranaError:
        raise
    except sqlcipher3.DatabaseError as err:
        raise _told(path, str(err)) from None


def _told(path: Path, said: str) -> SaranaError:
    if "not a database" in said:
        return BadFile(
            "SEARCH-001",
            "The search file does not open: the key is another's, or the file was changed.",
            where=path.name,
            cure=REBUILD,
        )
    if "locked" in said or "busy" in said:
        return Busy("SEARCH-007", "Others write into the search file.", where=path.name, cure="Try again in a moment.")
    if "full" in said:
        return NoRoom("SEARCH-008", "The disk is full: the search file keeps what it had.", where=path.name,
                      cure="Make room, then put it again.")  # fmt: skip
    return damaged(path)


def damaged(path: Path) -> BadFile:
    """The error for a file that was changed or cut."""
    return BadFile("SEARCH-003", "The search file is damaged or was changed.", where=path.name, cure=REBUILD)


def remove(path: Path) -> None:
    """Take away a file and what SQLite keeps beside it."""
    for end in ("", *_BESIDE):
        Path(f"{path}{end}").unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Make sure that a new name in a folder outlives a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
