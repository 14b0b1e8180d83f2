"""Reads text tables that break their own rules, record by record, so that no row is swallowed or lost."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

DELIMITERS = {"csv": ",", "tsv": "\t", "pipe": "|"}
MAX_LINES = 100
"""More lines than a quoted value ever has; a quote that stays open longer was never meant to open one."""

SHORT = "READ-025"
LONG = "READ-026"
STRAY = "READ-027"
LINE_END = re.compile(r"[\r\n]+")


def mended_rows(path: Path, delimiter: str, n_columns: int) -> Iterator[tuple[Sequence[str | None], str | None]]:
    """Every record after the header, filled or cut to the number of columns, with a flag where it was mended.

    A quote that was never closed would swallow the lines after it: where a record over several lines does not come
    out right, or each of its lines is a whole record by itself, its first line is read alone, quotes as letters.

    Args:
        path: a UTF-8 file with LF or CRLF line ends.
        delimiter: what stands between fields.
        n_columns: how many fields a record should have.

    Yields:
        The fields (None where the record was too short), and READ-025 too few fields, READ-026 too many, READ-027 a
        stray quote, or None.
    """
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        lines = _Lines(file)
        next(_records(lines, delimiter, n_columns), None)
        for fields, is_stray in _records(lines, delimiter, n_columns):
            yield _fitted(fields, n_columns, is_stray=is_stray)


class _Lines:
    """The lines of a file, one after another, that can be given back."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES:
            raise csv.Error
        line = self.back.popleft() if self.back else next(self.file)
        self.taken.append(line)
        return line


def _records(lines: _Lines, delimiter: str, n_columns: int) -> Iterator[tuple[list[str], bool]]:
    """Records, and whether a stray quote stood in each; empty lines are no records."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        lines.taken.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = []
        taken = lines.taken.copy()
        if fields and not _is_swallowed(fields, taken, delimiter, n_columns):
            yield ([LINE_END.sub(" ", f) for f in fields] if len(taken) > 1 else fields), False
        elif taken and taken[0].strip("\r\n"):
            lines.back.extendleft(reversed(taken[1:]))
            reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
            yield _alone(taken[0], delimiter, n_columns), True
        elif len(taken) > 1:
            lines.back.extendleft(reversed(taken[1:]))


def _is_swallowed(fields: list[str], taken: list[str], delimiter: str, n_columns: int) -> bool:
    """Whether a record over several lines is really several records."""
    if len(taken) < 2:
        return False
    return len(fields) != n_columns or all(line.count(delimiter) == n_columns - 1 for line in taken)


def _alone(line: str, delimiter: str, n_columns: int) -> list[str]:
    """One line read by itself: forgivingly, and if that does not come out right with quotes as letters."""
    plain = line.rstrip("\r\n")
    fields = next(csv.reader([plain], delimiter=delimiter, skipinitialspace=True), [])
    if len(fields) == n_columns:
        return fields
    return next(csv.reader([plain], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])


def _fitted(fields: list[str], n_columns: int, *, is_stray: bool) -> tuple[Sequence[str | None], str | None]:
    """A record with exactly as many fields as there are columns; empty fields too many are no fault."""
    flag = STRAY if is_stray else None
    if len(fields) < n_columns:
        return [*fields, *([None] * (n_columns - len(fields)))], SHORT
    if len(fields) > n_columns and any(f.strip() for f in fields[n_columns:]):
        flag = LONG
    return fields[:n_columns], flag
