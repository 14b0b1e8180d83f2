"""Has a boundary file looked through in a process of its own, and ends that process when nobody waits for it."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.ground.vault.disks import said_plainly
from sarana.learning.population.boundaries import looking
from sarana.learning.population.boundaries.looking import Asked, Found, Line, short_of_memory

MOST_SECONDS = 600.0
"""So long it is waited for the process on a machine that has much else to do."""

EVERY_SECONDS = 1.0
PIECE = 1 << 16
PROGRAM = looking.__name__
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Threads that nobody uses would ask for memory that nobody has."""


def look_apart(asked: Asked, progress: Progress) -> Found:
    """Look a file through in a process of its own.

    Raises:
        BadFile: POPULATION-060 it took too long; POPULATION-061 it needs too much memory; and as `read_boundaries`.
        NoRoom: ENGINE-004 the disk is full.
        Whatever `progress` raises: then the process is ended.
    """
    with tempfile.TemporaryFile() as words:
        # Through a pipe, a process that does not read would hold whoever writes.
        with said_plainly(Path(tempfile.gettempdir())):
            words.write(msgspec.json.encode(asked))
            words.seek(0)
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", PROGRAM],
            env={**os.environ, **ONE_THREAD},
            stdin=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                return _followed(process, progress)
            finally:
                process.kill()


def _followed(process: subprocess.Popen[bytes], progress: Progress) -> Found:
    for line in _lines(process, progress):
        if line.fault is not None:
            raise line.fault.error()
        if line.found is not None:
            return line.found
        progress.report(line.done, line.total, "")
    if process.wait() == -signal.SIGXCPU:
        raise _too_long()
    raise short_of_memory()


def _lines(process: subprocess.Popen[bytes], progress: Progress) -> Iterator[Line]:
    """What the process says, while somebody waits for it and not too long."""
    said = process.stdout.fileno() if process.stdout else -1
    began, so_far, told = time.monotonic(), bytearray(), Line()
    while True:
        if time.monotonic() - began > MOST_SECONDS:
            raise _too_long()
        if not select.select([said], [], [], EVERY_SECONDS)[0]:
            progress.report(told.done, told.total, "")
            continue
        piece = os.read(said, PIECE)
        if not piece:
            return
        so_far += piece
        if b"\n" in piece:
            *whole, rest = bytes(so_far).split(b"\n")
            so_far = bytearray(rest)
            for each in whole:
                told = msgspec.json.decode(each, type=Line)
                yield told


def _too_long() -> BadFile:
    return BadFile(
        "POPULATION-060",
        "Looking this file through takes longer than is given to it.",
        where=f"{looking.SECONDS // 60}",
        cure="Have its lines repaired and simplified, and bring it again.",
    )
