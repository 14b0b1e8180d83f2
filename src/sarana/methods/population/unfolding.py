"""Unfolds one sheet of an XLSX workbook from standard input to lines on standard output. Runs in its own process.

A workbook of a megabyte may unfold to ten gigabytes: one long text that a third of a million cells name, or two cells
in opposite corners of the sheet. The library that reads it holds the whole sheet and ends its process where memory
lacks. So that process is this one: bounded, with nothing in it but the one file, and never written to a disk.
"""

import datetime as dt
import os
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import BinaryIO

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from sarana.basics.errors import BadFile
from sarana.methods.population.mended import LINE_END
from sarana.methods.population.tidying import tidy

MAX_BYTES = 2**31
MAX_RATIO = 200
FREE_BYTES = 2**26
"""A workbook may unpack to 64 MiB whatever its ratio, to 2 GiB at most, and to 200 times its size in between."""

MEMORY_BYTES = 2**32
"""So much memory may be asked for, and never more than half of what the machine has; 300,000 rows of 60 columns need
two thirds of it."""

SECONDS = 600
"""So long a processor may be at work on one workbook."""

EXACT = 10**15
"""Whole numbers below this are kept by a workbook to the last digit."""

A_LINE = 500
"""So many rows are said in one line."""

type Row = list[str | None]


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line: rows, of which the first of all are the headers; or the fault; or that this is the end."""

    rows: tuple[Row, ...] = ()
    fault: tuple[str, str, str] | None = None
    is_end: bool = False


def rows_of(file: BinaryIO, sheet: str) -> Iterator[Row]:
    """The rows of a sheet (the first sheet if none is named) that have anything in them, as text.

    Raises:
        BadFile: READ-013 the workbook cannot be read, or would unpack to far more than it should; READ-014 it has no
            such sheet.
    """
    _refuse_bomb(file)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            names = book.sheet_names
            if sheet and sheet not in names:
                raise BadFile(
                    "READ-014",
                    f"The workbook has no sheet '{sheet}'.",
                    cure=f"Its sheets are: {', '.join(names)}.",
                )
            cells = book.get_sheet_by_name(sheet or names[0]).iter_rows()
    except (CalamineError, IndexError) as err:
        raise BadFile("READ-013", "The workbook cannot be read.", cure="Open it and save it again as .xlsx.") from err
    for row in cells:
        found = [_as_text(cell) for cell in row]
        if any(found):
            yield found


def memory_bytes() -> int:
    """How much memory is given to one workbook on this machine."""
    return min(MEMORY_BYTES, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)


def too_much(memory: int) -> BadFile:
    """What is said where memory or time did not suffice."""
    return BadFile(
        "READ-013",
        f"The workbook unfolds to more than is given to one: {memory // 2**20:,} MiB of memory, "
        f"{SECONDS // 60} minutes.",
        cure="Have it saved as CSV instead.",
    )


def _refuse_bomb(file: BinaryIO) -> None:
    """Look at the sizes inside the zip before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
    except (zipfile.BadZipFile, OSError) as err:
        raise BadFile("READ-013", "The workbook is not whole.", cure="Ask the sector for it again.") from err
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if unpacked > MAX_BYTES or unpacked > max(FREE_BYTES, MAX_RATIO * size):
        raise BadFile(
            "READ-013",
            f"The workbook would unpack to {unpacked // 2**20} MiB, far more than such a file should hold.",
            cure="Have it saved as CSV instead.",
        )


def _as_text(cell: object) -> str | None:
    """A cell as the text a person would have typed: whole numbers without a point, dates as YYYY-MM-DD."""
    match cell:
        case None | "":
            return None
        case bool():
            return str(int(cell))
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case _:
            return tidy(LINE_END.sub(" ", str(cell)))


def _limit(kind: int, most: int) -> None:
    _now, hardest = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest))


def _say(lines: Iterable[Said]) -> None:
    for line in lines:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def main(sheet: str, memory: int) -> None:
    """Unfold what stands on standard input; where memory lacks, the process ends, and whoever waits says so."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_AS, memory)
    try:
        with open(0, "rb", closefd=False) as file:
            _say(Said(rows=tuple(rows)) for rows in batched(rows_of(file, sheet), A_LINE, strict=False))
        _say([Said(is_end=True)])
    except BadFile as err:
        _say([Said(fault=(err.code, err.what, err.cure))])
    except MemoryError:
        fault = too_much(memory)
        _say([Said(fault=(fault.code, fault.what, fault.cure))])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
