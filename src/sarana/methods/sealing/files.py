"""Sealed files: a line that says what they are, and then a sealed stream that is bound to owner and name."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from sarana.basics.errors import Refused
from sarana.methods.sealing.keysets import CHUNK, StreamKeys
from sarana.methods.sealing.labels import Label

MAGIC = b"SARANA SEALED FILE 1\n"


def is_sealed(path: Path) -> bool:
    """Whether a file says of itself that it is sealed."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def seal_stream(source: BinaryIO, target: BinaryIO, keys: StreamKeys, label: Label) -> str:
    """Seal all of a source into a target.

    Returns:
        The sha256 of what was sealed, in hex.

    Cost: 3 ms a MiB.
    """
    seen = hashlib.sha256()
    target.write(MAGIC)
    with keys.sealing(target, label) as sealing:
        while piece := source.read(CHUNK):
            seen.update(piece)
            sealing.write(piece)
    return seen.hexdigest()


def open_stream(source: BinaryIO, target: BinaryIO, keys: StreamKeys, label: Label) -> str:
    """Open all of a sealed source into a target, which must be thrown away where this fails.

    Returns:
        The sha256 of what was opened, in hex.

    Raises:
        Refused: VAULT-001 it was changed or cut, or is another's, or was sealed with another key.

    Cost: 3.5 ms a MiB.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise Refused(
            "VAULT-001",
            "What should be sealed is not, or its beginning was changed.",
            where=label.name,
            cure="Bring it back from a backup.",
        )
    seen = hashlib.sha256()
    for piece in keys.opened(source, label):
        seen.update(piece)
        target.write(piece)
    return seen.hexdigest()


def write_whole(target: Path, content: bytes) -> None:
    """Write a small file whole or not at all, mode 0600, and bring it to the disk."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
