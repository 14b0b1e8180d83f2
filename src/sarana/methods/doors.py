"""Doors: how a table file is read and written, as it lies there or sealed; who opens a file asks its door where."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

MEMORY = "/proc/self/fd/"
"""Where the system shows files that lie in memory only."""


class Door(Protocol):
    """What an engine and a run ask before they touch a file."""

    is_sealing: bool
    """Whether what goes to a disk must be sealed: then what an engine spills is, too."""

    def opened(self, path: Path) -> Path:
        """Where the plain content of a file can be read, until `release`."""

    def written(self, path: Path) -> AbstractContextManager[Path]:
        """Where to write the plain content of a file, which takes its name when it is whole."""

    def scratch(self, path: Path) -> AbstractContextManager[Path]:
        """An empty file for a plain copy that is gone afterwards; the path is taken where that may lie on a disk."""

    def hash(self, path: Path) -> str:
        """The sha256 of the plain content of a file, in hex."""

    def release(self) -> None:
        """Let go of what was opened."""


class PlainDoor:
    """Files as they lie there."""

    is_sealing = False

    def opened(self, path: Path) -> Path:
        """The file itself."""
        return path

    def written(self, path: Path) -> AbstractContextManager[Path]:
        """A file beside it, which takes its name."""
        return whole_or_nothing(path)

    @contextlib.contextmanager
    def scratch(self, path: Path) -> Iterator[Path]:
        """A file of mode 0600."""
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def hash(self, path: Path) -> str:
        """The sha256 of the file, in hex."""
        return file_hash(path)

    def release(self) -> None:
        """Nothing is held."""


PLAIN = PlainDoor()


def file_hash(path: Path) -> str:
    """The sha256 of a file as it lies there, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """A file of mode 0600 to write to, which takes its name when it is whole; half a file would keep a disk full."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.chmod(0o600)
    part.replace(path)
