"""Marked identities, and a search for them in every file of a folder, in the forms in which they could lie there."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

N_MARKERS = 200

STEMS = ("xbarv", "ฆฌฑญ")
"""What every marker ends with: looked for first, in every form, so that a gigabyte is soon gone through."""

AROUND = 160
"""Bytes around a stem in which the whole marker lies, whatever its form."""

PACKED = {b"\x1f\x8b\x08": zlib.MAX_WBITS | 16, b"PK\x03\x04": -zlib.MAX_WBITS}
"""How gzip and an entry of a ZIP begin, and how zlib is told to read them; everything else begins as zlib does."""

BEGINS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")
MOST_PACKED, MOST_UNPACKED = 2**22, 2**20
"""So many bytes are read of what begins so, and so many are made of it."""

THAI = "กขคงจชซญดตถทนบปผพฟมยรลวสหอ"


def markers(n: int = N_MARKERS, head: str = "Zq") -> list[str]:
    """Names that nobody has and that no spelling rule changes."""
    return [f"{head}{chr(97 + at // 26)}{chr(97 + at % 26)}xbarv" for at in range(n)]


def marks(head: str = "Zq", thai: str = "ฌ") -> Iterator[str]:
    """The same without an end, every second one in Thai signs, which are written in more ways.

    Tests that share a server of PostgreSQL take heads of their own: it keeps for a while what another one wrote.
    """
    for at, marker in enumerate(markers(26 * 26, head)):
        yield marker
        yield f"{thai}{THAI[at // 26]}{THAI[at % 26]}ฆฌฑญ"


def seen_in(folder: Path, wanted: Iterable[str], *, since: float = 0.0) -> dict[str, set[str]]:
    """For each file in which a marker can be read, which ones; only files written since a moment, if one is named."""
    known = frozenset(wanted)
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        try:
            held = _layers(path) if path.is_file() and path.stat().st_mtime >= since else []
        except FileNotFoundError:
            continue  # whoever wrote it took it away in the meantime
        words = read_in(b"\0".join(held), known)
        if words:
            found[str(path.relative_to(folder))] = words
    return found


def read_in(held: bytes, wanted: Iterable[str]) -> set[str]:
    """Which markers can be read in these bytes, in any form."""
    near = b"\0\0\0\0".join(_near(held.lower()))
    return {word for word in wanted if near and any(form in near for form in forms(word).values())}


@cache
def forms(word: str) -> dict[str, bytes]:
    """A word as it may lie on a disk, in small letters, by the name of the form."""
    raw = word.encode()
    plain = {
        "raw": raw,
        "UTF-16LE": word.encode("utf-16-le"),
        "UTF-16BE": word.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "hex of UTF-16LE": word.encode("utf-16-le").hex().encode(),
        "JSON": json.dumps(word)[1:-1].encode(),
        "JSON, all escaped": "".join(f"\\u{ord(sign):04x}" for sign in word).encode(),
        "in an address": quote(word).encode(),
        "bytes in a trace": repr(raw)[2:-1].encode(),
    }
    inside = {f"base64 at {shift}": _base64(raw, shift) for shift in range(3)}
    return {name: form.lower() for name, form in (plain | inside).items()}


def _base64(raw: bytes, shift: int) -> bytes:
    """The signs of base64 that these bytes alone decide, where so many bytes of its three come before them."""
    first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
    return base64.b64encode(b"\0" * shift + raw)[first:last]


def _near(held: bytes) -> Iterator[bytes]:
    """What lies around each stem that can be read, in any form."""
    for form in {form for stem in STEMS for form in forms(stem).values()}:
        at = held.find(form)
        while at >= 0:
            yield held[max(0, at - AROUND) : at + len(form) + AROUND]
            at = held.find(form, at + 1)


def _layers(path: Path) -> list[bytes]:
    """What is in a file as it lies, in its tables, and in whatever in it was packed."""
    held = path.read_bytes()
    return [held, *_tables(path), *_unpacked(held)]


def _unpacked(held: bytes) -> Iterator[bytes]:
    """What zlib, gzip or ZIP packed, wherever it begins: also pictures and pages that were packed once more."""
    for found in BEGINS.finditer(held):
        at, kind = found.start(), PACKED.get(found[0], zlib.MAX_WBITS)
        if kind < 0:
            at += (
                30
                + int.from_bytes(held[at + 26 : at + 28], "little")
                + int.from_bytes(held[at + 28 : at + 30], "little")
            )
        try:
            yield zlib.decompressobj(kind).decompress(held[at : at + MOST_PACKED], MOST_UNPACKED)
        except zlib.error:
            continue


def _tables(path: Path) -> list[bytes]:
    """The words of a Parquet or Arrow file, which would hide them by compression."""
    with path.open("rb") as file:
        start = file.read(6)
    if start[:4] == b"PAR1":
        table = pq.read_table(path)
    elif start == b"ARROW1":
        table = ipc.open_file(pa.py_buffer(path.read_bytes())).read_all()
    else:
        return []
    return [str(column.to_pylist()).lower().encode() for column in table.columns]
