"""Counts the rows of a province's files before they are read, cheaply: exact for Parquet, by a sample otherwise."""

import re
import zipfile
from pathlib import Path

import pyarrow.parquet as pq

from sarana.methods.population.sources import Sources

SAMPLE = 1 << 20
ROW_MARK = re.compile(rb"<row[ >]")
SHEET = re.compile(r"xl/worksheets/sheet\d*\.xml")


def count_roughly(sources: Sources) -> int:
    """About how many rows the person tables hold together; a file that cannot be counted counts as none.

    Cost: under 10 ms a file.
    """
    return sum(_count(sources.path_of(source.path)) for source in sources.sources.values())


def _count(path: Path) -> int:
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return int(pq.read_metadata(path).num_rows)
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _count_sheet(path)
        with path.open("rb") as file:
            start = file.read(SAMPLE)
        return _scaled(max(start.count(b"\n"), start.count(b"\r")), len(start), path.stat().st_size)
    except (OSError, ValueError, zipfile.BadZipFile):
        return 0  # the reader will say what is wrong with the file


def _count_sheet(path: Path) -> int:
    """The rows of the largest sheet of a workbook, from the start of its text."""
    with zipfile.ZipFile(path) as book:
        sheets = [item for item in book.infolist() if SHEET.fullmatch(item.filename)]
        largest = max(sheets, key=lambda item: item.file_size)
        with book.open(largest) as file:
            start = file.read(SAMPLE)
    return _scaled(len(ROW_MARK.findall(start)), len(start), largest.file_size)


def _scaled(found: int, seen: int, size: int) -> int:
    return round(found * size / seen) if seen else 0
