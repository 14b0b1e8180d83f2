"""The lines of a table in an order that chance draws, so that a list sorted by name lies sorted in no database.

Whoever takes the database knows how common names are; rows in the order of the alphabet would give most of them away
although each is sealed. The order is known again by its key alone, so that a stop goes on with the first line that is
not in yet.
"""

import csv
import hashlib
import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sarana.care.people.importing.mapping import TableMap
from sarana.care.people.importing.rows import CODECS, Read, cells_of, placed, read_next, unread

DIGEST_BYTES = 8
UTF8, UTF8_MARKED, MARK_OF_ORDER = "utf-8", "utf-8-sig", "\ufeff"


def read_drawn(path: Path, told: TableMap, key: bytes) -> Iterator[Read]:
    """The lines of a table in the order of a key, each with its number, after its header was held against the map.

    Raises:
        BadFile: PEOPLE-041 it cannot be read, or a column is missing.

    Cost: the table is gone through once more to see where each line begins: 7 CPU seconds and 100 MiB for a million.
    """
    encoding = CODECS.get(told.table.encoding, told.table.encoding)
    encoding = UTF8 if encoding == UTF8_MARKED else encoding
    try:
        with path.open("rb") as file:
            lines = _Lines(file, encoding)
            reader = cells_of(lines, told)
            columns = placed(path, reader, told)
            starts, numbers = _begins(lines, reader)
            for at in drawn(len(numbers), key):
                piece = os.pread(file.fileno(), starts[at + 1] - starts[at], starts[at])
                read = read_next(numbers[at], cells_of(_Lines([piece], encoding, at=starts[at]), told), columns, told)
                if read is not None:
                    yield read
    except (OSError, UnicodeError) as err:
        raise unread(path, type(err).__name__) from err


def drawn(n: int, key: bytes) -> list[int]:
    """The numbers from 0 in the order of a key: the same for the same key, on every machine and for good."""
    return sorted(
        range(n), key=lambda at: hashlib.blake2b(at.to_bytes(DIGEST_BYTES), key=key, digest_size=DIGEST_BYTES).digest()
    )


class _Lines:
    """The lines of a file, decoded, and at which byte the next one begins."""

    def __init__(self, pieces: Iterable[bytes], encoding: str, *, at: int = 0) -> None:
        """Begin at a byte of the file."""
        self.at, self.encoding = at, encoding
        # As Python reads text: a line ends with CR, LF or both.
        self.pieces = (line for piece in pieces for line in piece.splitlines(keepends=True))

    def __iter__(self) -> Iterator[str]:
        """One after the other."""
        return self

    def __next__(self) -> str:
        """The next one."""
        piece = next(self.pieces)
        text = piece.decode(self.encoding, "surrogateescape")
        if self.at == 0 and self.encoding == UTF8:
            text = text.removeprefix(MARK_OF_ORDER)
        self.at += len(piece)
        return text


def _begins(lines: _Lines, reader: Any) -> tuple["array[int]", "array[int]"]:
    """At which byte each record begins and where the last one ends; and the number of its line."""
    starts, numbers = array("Q"), array("Q")
    while True:
        at, number = lines.at, reader.line_num + 1
        if _is_over(reader):
            break
        starts.append(at)
        numbers.append(number)
    starts.append(lines.at)
    return starts, numbers


def _is_over(reader: Any) -> bool:
    """Go on by one record, also by one that is of no format; True where none was left."""
    try:
        return next(reader, None) is None
    except csv.Error:
        return False
