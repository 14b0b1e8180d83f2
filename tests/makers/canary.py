"""Marked identities, and a search for them in every file of a folder, in the forms in which they could lie there."""

import base64
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

N_MARKERS = 200


def markers(n: int = N_MARKERS) -> list[str]:
    """Names that nobody has and that no spelling rule changes."""
    return [f"Zq{chr(97 + at // 26)}{chr(97 + at % 26)}xbarv" for at in range(n)]


def seen_in(folder: Path, wanted: Iterable[str]) -> dict[str, set[str]]:
    """For each file in which a marker can be read, which ones: raw, in UTF-16, in base64, and in tables."""
    forms = {form: word for word in wanted for form in _forms(word)}
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            held = b"\0".join([path.read_bytes().lower(), *_tables(path)])
            words = {word for form, word in forms.items() if form in held}
            if words:
                found[str(path.relative_to(folder))] = words
    return found


def _forms(word: str) -> list[bytes]:
    """A word as it may lie on a disk, in small letters; base64 at each of its three beginnings, without the ends."""
    plain = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
    inner = [base64.b64encode(b"\0" * shift + word.encode())[4:-4] for shift in range(3)]
    return [form.lower() for form in (*plain, *inner)]


def _tables(path: Path) -> list[bytes]:
    """The words of a Parquet or Arrow file, which would hide them by compression."""
    start = path.read_bytes()[:6]
    if start[:4] == b"PAR1":
        table = pq.read_table(path)
    elif start == b"ARROW1":
        table = ipc.open_file(pa.py_buffer(path.read_bytes())).read_all()
    else:
        return []
    return [str(column.to_pylist()).lower().encode() for column in table.columns]
