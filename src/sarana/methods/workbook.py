"""Writes one sheet as an XLSX workbook: text and numbers, the same bytes from the same values."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

LAWLESS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML may hold, even escaped."""


def write_workbook(path: Path | BinaryIO, sheet: str, columns: dict[str, Sequence[object]]) -> int:
    """Write equally long columns; None is an empty cell, a number a cell of a number, anything else text.

    There is no cell of a formula: what begins with an equals sign stays text.

    Returns:
        The number of rows.

    Source: the ECMA standard 376, Office Open XML, part 1, the least that a reader asks of a workbook.
    """
    n_rows = len(next(iter(columns.values())))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        _put(packed, "[Content_Types].xml", [TYPES])
        _put(packed, "_rels/.rels", [_rels("officeDocument", "xl/workbook.xml")])
        name = escape(sheet, {'"': "&quot;"})
        book = (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
        )
        _put(packed, "xl/workbook.xml", [f"{book}</workbook>"])
        _put(packed, "xl/_rels/workbook.xml.rels", [_rels("worksheet", "worksheets/sheet1.xml")])
        _put(packed, "xl/worksheets/sheet1.xml", _sheet(columns))
    return n_rows


def _put(packed: zipfile.ZipFile, name: str, parts: Iterable[str]) -> None:
    """Write one part of the package, without the time of day."""
    item = zipfile.ZipInfo(name, FIRST_DAY)
    item.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(item, "w", force_zip64=True) as out:
        out.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        for part in parts:
            out.write(part.encode())


def _rels(kind: str, target: str) -> str:
    """A part's one relation."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{RELS}/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def _sheet(columns: dict[str, Sequence[object]]) -> Iterable[str]:
    """The sheet, row by row."""
    letters = [_letters(n) for n in range(len(columns))]
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    yield _row(1, letters, list(columns))
    for at, cells in zip(count(2), zip(*columns.values(), strict=True), strict=False):
        yield _row(at, letters, cells)
    yield "</sheetData></worksheet>"


def _row(at: int, letters: Sequence[str], cells: Sequence[object]) -> str:
    """One row; its empty cells are left out."""
    made = [_cell(f"{letter}{at}", cell) for letter, cell in zip(letters, cells, strict=True) if cell is not None]
    return f'<row r="{at}">{"".join(made)}</row>'


def _cell(at: str, value: object) -> str:
    """One cell."""
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{lawful(value)}</t></is></c>'


def lawful(value: object) -> str:
    """A value as text of an XML file."""
    return escape(LAWLESS.sub("", str(value)))


def _letters(n: int) -> str:
    """The letters of a column, counted from 0."""
    text = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
