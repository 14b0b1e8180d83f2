"""So many at a time, among all processes that serve: each takes a seat, which is a locked file, and gives it back.

A count in memory holds for one process only. The system itself takes a lock back from a process that ended, however it
ended, so a seat is never lost; and a lock is never handed on to a program that a process starts.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FOLDER = "seats"
LOOKS_SECONDS = 0.05
"""How often whoever waits for a seat looks again."""


@dataclass(frozen=True, slots=True)
class Seats:
    """So many seats under one name, in the folder of data of this installation."""

    name: str
    number: int = 1

    def take(self) -> int | None:
        """A seat, as the handle of its file, which `give_back` wants again; None while all are taken."""
        folder = Path(settings.SARANA_HOME) / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        for each in range(self.number):
            handle = os.open(folder / f"{self.name}-{each}", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
            except BaseException:
                os.close(handle)
                raise
            else:
                return handle
        return None

    @contextlib.contextmanager
    def taken(self, *, waits_seconds: float = 0.0, stop: threading.Event | None = None) -> Iterator[bool]:
        """Hold a seat; gives False where none was free in time, or where `stop` was set before one was."""
        until, stopped = time.monotonic() + waits_seconds, stop or threading.Event()
        handle = self.take()
        while handle is None and time.monotonic() < until and not stopped.wait(LOOKS_SECONDS):
            handle = self.take()
        try:
            yield handle is not None
        finally:
            if handle is not None:
                give_back(handle)


def give_back(handle: int) -> None:
    """Let somebody else have the seat."""
    os.close(handle)
