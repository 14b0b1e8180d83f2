"""Who may write beside whom: one builder at a time, and nobody puts people into a file that is built anew."""

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sarana.basics.errors import BadSetting, Busy, NoRoom

PATIENCE = 5.0
"""Seconds that a builder waits for those who put."""


@contextlib.contextmanager
def building(path: Path) -> Iterator[None]:
    """Build alone: no other builder and nobody who puts comes beside; a process that dies lets go.

    Raises:
        Busy: SEARCH-007 others build or put.
    """
    with _locked(path, fcntl.LOCK_EX, PATIENCE):
        yield


@contextlib.contextmanager
def putting(path: Path) -> Iterator[None]:
    """Put beside others who put, while nobody builds: what went into the old file would be lost.

    Raises:
        Busy: SEARCH-007 the file is built anew just now.
    """
    with _locked(path, fcntl.LOCK_SH, 0.0):
        yield


@contextlib.contextmanager
def telling_folder(path: Path) -> Iterator[None]:
    """What the system says of the folder and the disk, in errors of ours."""
    try:
        yield
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom(
                "SEARCH-008", "The disk is full: the search file keeps what it had.", where=path.name,
                cure="Make room, then put it again.",
            ) from None  # fmt: skip
        raise BadSetting(
            "SEARCH-013",
            "The folder of the search file cannot be written.",
            where=path.name,
            cure="Let the folder belong to the account that runs Sarana.",
        ) from None


@contextlib.contextmanager
def _locked(path: Path, how: int, patience: float) -> Iterator[None]:
    with telling_folder(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + patience
        while not _is_taken(handle, how):
            if time.monotonic() >= until:
                raise Busy(
                    "SEARCH-007",
                    "The search file is built anew or written by others.",
                    where=path.name,
                    cure="Try again in a moment.",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _is_taken(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
