"""Where files of maps lie until their day: one folder of the data, one file each, read by the service alone."""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from sarana.basics.errors import BadFile, NoRoom
from sarana.methods.sealing.files import write_whole
from sarana.methods.tablefiles import FULL_NUMBERS

NAME = "map-files"
KEPT = dt.timedelta(days=7)
"""So long a file of a map can be fetched."""


def put(ref: UUID, content: bytes) -> str:
    """Write a file whole or not at all, in the place of what may lie there; gives its hash.

    Raises:
        NoRoom: POPULATION-013 the disk is full.
        BadFile: POPULATION-014 the folder cannot be written.
    """
    with _said_plainly():
        path = _path(ref)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content)
    return hashlib.sha256(content).hexdigest()


def read(ref: UUID, sha256: str) -> bytes:
    """A file, if it is what was made.

    Raises:
        BadFile: POPULATION-016 it is gone, or was changed.
    """
    try:
        content = _path(ref).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BadFile(
            "POPULATION-016",
            "The file is gone, or it is not what was made.",
            cure="Take it away, and ask for it anew.",
        )
    return content


def drop(refs: Collection[UUID]) -> None:
    """Take files away; one that is gone already is no trouble.

    Raises:
        BadFile: POPULATION-014 the folder cannot be written.
    """
    with _said_plainly():
        for path in (_path(ref) for ref in refs):
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)


def lying() -> frozenset[UUID]:
    """The references of the files that lie there, whole or begun."""
    found = Path(settings.SARANA_HOME, NAME).glob("*")
    return frozenset(UUID(path.name.partition(".")[0]) for path in found if _is_ours(path))


def _is_ours(path: Path) -> bool:
    try:
        UUID(path.name.partition(".")[0])
    except ValueError:
        return False
    return True


def _path(ref: UUID) -> Path:
    return Path(settings.SARANA_HOME, NAME, str(ref))


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what the system says of the disk into our errors."""
    try:
        yield
    except OSError as err:
        if err.errno in FULL_NUMBERS:
            raise NoRoom(
                "POPULATION-013",
                "The disk is full, so the file was not made; nothing half made was left.",
                cure="Tell the operator. When there is room again, go on with the work.",
            ) from err
        raise BadFile(
            "POPULATION-014",
            "The folder for files of maps cannot be written.",
            cure="Tell the operator: the folder map-files of the data has to belong to the account of the service.",
        ) from err
