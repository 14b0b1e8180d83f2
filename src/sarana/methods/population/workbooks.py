"""Reads one sheet of an XLSX workbook as text, with no digit lost and no bomb unpacked."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from sarana.basics.errors import BadFile
from sarana.methods.population.mended import LINE_END
from sarana.methods.population.tidying import tidy

MAX_BYTES = 2**31
MAX_RATIO = 200
FREE_BYTES = 2**26
"""A workbook may unpack to 64 MiB whatever its ratio, to 2 GiB at most, and to 200 times its size in between."""

EXACT = 10**15
"""Whole numbers below this are kept by a workbook to the last digit."""


def workbook_rows(path: Path, sheet: str, where: str) -> tuple[list[str], Iterator[list[str | None]]]:
    """The headers and rows of a sheet (the first sheet if none is named); rows with nothing in them are no rows.

    Raises:
        BadFile: READ-013 the workbook cannot be read, or would unpack to far more than it should; READ-014 it has no
            such sheet; READ-004 the sheet is empty.
    """
    _refuse_bomb(path, where)
    try:
        with CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if sheet and sheet not in names:
                raise BadFile(
                    "READ-014",
                    f"The workbook has no sheet '{sheet}'.",
                    where=where,
                    cure=f"Its sheets are: {', '.join(names)}.",
                )
            cells = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=True)
    except (CalamineError, IndexError) as err:
        raise BadFile(
            "READ-013", "The workbook cannot be read.", where=where, cure="Open it and save it again as .xlsx."
        ) from err
    rows = (row for row in ([_as_text(cell) for cell in row] for row in cells) if any(row))
    headers = next(rows, None)
    if headers is None:
        raise BadFile("READ-004", "The sheet is empty.", where=where, cure="Ask the sector for it again.")
    return [h or "" for h in headers], rows


def _refuse_bomb(path: Path, where: str) -> None:
    """Look at the sizes inside the zip before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
    except (zipfile.BadZipFile, OSError) as err:
        raise BadFile(
            "READ-013", "The workbook is not whole.", where=where, cure="Ask the sector for it again."
        ) from err
    if unpacked > MAX_BYTES or unpacked > max(FREE_BYTES, MAX_RATIO * path.stat().st_size):
        raise BadFile(
            "READ-013",
            f"The workbook would unpack to {unpacked // 2**20} MiB, far more than such a file should hold.",
            where=where,
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
