"""Reads one sheet of an XLSX workbook as text, with no digit lost, and with no bomb unpacked in this process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile
from sarana.methods.population import unfolding
from sarana.methods.population.unfolding import Row, Said, memory_bytes, too_much

PROGRAM = unfolding.__name__
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def workbook_rows(path: Path, sheet: str, where: str) -> tuple[list[str], Iterator[Row]]:
    """The headers and rows of a sheet (the first sheet if none is named); rows with nothing in them are no rows.

    A process of its own unfolds it; it ends when nobody reads on.

    Raises:
        BadFile: READ-013 the workbook cannot be read, or would unpack to far more than it should; READ-014 it has no
            such sheet; READ-004 the sheet is empty.
    """
    rows = _unfolded(path, sheet, where)
    headers = next(rows, None)
    if headers is None:
        raise BadFile("READ-004", "The sheet is empty.", where=where, cure="Ask the sector for it again.")
    return [h or "" for h in headers], rows


def _unfolded(path: Path, sheet: str, where: str) -> Iterator[Row]:
    """The rows as the other process says them."""
    memory = memory_bytes()
    with (
        path.open("rb") as file,
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", PROGRAM, sheet, str(memory)],
            env={**os.environ, **ONE_THREAD},
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        try:
            yield from _said(process, memory, where)
        finally:
            process.kill()


def _said(process: subprocess.Popen[bytes], memory: int, where: str) -> Iterator[Row]:
    """What the process says, to its end.

    Raises:
        BadFile: its fault; READ-013 it ended in the middle: it was given no more memory, or no more time.
    """
    for line in process.stdout or ():
        said = msgspec.json.decode(line, type=Said)
        if said.fault is not None:
            code, what, cure = said.fault
            raise BadFile(code, what, where=where, cure=cure)
        if said.is_end:
            return
        yield from said.rows
    err = too_much(memory)
    raise BadFile(err.code, err.what, where=where, cure=err.cure)
