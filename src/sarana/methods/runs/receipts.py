"""Receipts: what a step read, with which settings and versions, what it wrote and cost; and the hashes in them."""

import functools
import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

import sarana

LIBRARIES = ("duckdb", "msgspec", "numpy", "pyarrow", "python-calamine", "rapidfuzz", "shapely")
"""Libraries on which the bytes of a run's tables, maps and report may hang."""

PARTS = ("basics", "methods")
"""The wings whose code decides what a step makes of its inputs."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of one finished step; the last thing a step writes."""

    step: str
    rows_in: int
    rows_out: int
    set_aside: dict[str, int]
    counts: dict[str, int | float | str]
    seconds: float
    cpu_seconds: float
    peak_memory_mib: int
    threads: int
    memory_mib: int
    versions: dict[str, str]
    inputs: dict[str, str]
    outputs: dict[str, str]
    settings_hash: str
    settings: msgspec.Raw

    def to_json(self) -> bytes:
        """Readable JSON, keys in a fixed order."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def find_receipt(path: Path) -> Receipt | None:
    """The receipt in a file, or None when there is none or it is not whole."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        return None


def text_hash(data: bytes) -> str:
    """The sha256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def settings_json(settings: object) -> bytes:
    """Settings as JSON that is the same for the same settings, whatever the order of their tables.

    Raises:
        TypeError: the settings hold something that is no plain value, such as a path.
    """
    return msgspec.json.encode(settings, enc_hook=_plain, order="sorted")


@functools.cache
def versions() -> Mapping[str, str]:
    """What the result may depend on besides inputs and settings: Python, the libraries, and our own code."""
    found = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), "sarana": own_version(), "code": code_hash(), **found}


def own_version() -> str:
    """The version of Sarana that is installed, or `checkout` when it runs from a folder that was never installed."""
    try:
        return importlib.metadata.version("sarana")
    except importlib.metadata.PackageNotFoundError:
        return "checkout"


@functools.cache
def code_hash() -> str:
    """Twelve hex characters over all code that decides results, so that an edit between stop and resume is seen."""
    whole = hashlib.sha256()
    root = resources.files(sarana)
    for part in PARTS:
        for name, file in _modules(root / part, part):
            whole.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()[:12]


def _modules(folder: Traversable, name: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for item in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{name}/{item.name}"
        if item.is_dir():
            found += _modules(item, path)
        elif item.name.endswith(".py"):
            found.append((path, item))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} may not stand in settings that count")
