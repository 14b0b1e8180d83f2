"""Files that lie on the server, in the folder that the operator allowed to an agency; never followed out of it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from sarana.basics.errors import BadFile
from sarana.ground.vault.disks import said_plainly
from sarana.learning.population.sources.incoming import MOST_LYING, Incoming, check_room

MOST_SHOWN = 200
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Lying:
    """A file of that folder: its name and how large it is."""

    name: str
    n_bytes: int


def lying(agency_ref: UUID) -> tuple[Lying, ...]:
    """The files at which an agency may point, by name; none where no folder was allowed: no link, nothing deeper."""
    place = _place(agency_ref)
    if place is None:
        return ()
    try:
        with os.scandir(place) as found:
            files = [
                Lying(each.name, each.stat(follow_symlinks=False).st_size)
                for each in found
                if each.is_file(follow_symlinks=False) and not each.name.startswith(".")
            ]
    except OSError:
        return ()
    return tuple(sorted(files, key=lambda each: each.name)[:MOST_SHOWN])


@contextmanager
def taken(agency_ref: UUID, name: str) -> Iterator[Incoming]:
    """A file of the folder of an agency, sealed as one that was sent; what was not kept goes.

    Raises:
        BadFile: POPULATION-038 it is not in the folder, or is no plain file; and the faults of `Incoming`.
        NoRoom: ENGINE-004 the disk is full.
    """
    with _opened(agency_ref, name) as file, said_plainly(Path()):
        check_room(os.fstat(file.fileno()).st_size, MOST_LYING)
        came = Incoming(MOST_LYING)
        try:
            while piece := file.read(PIECE):
                came.take(piece)
            came.end()
            yield came
        finally:
            came.let_go()


def _place(agency_ref: UUID) -> Path | None:
    """The folder of an agency, where one was allowed that holds neither our own data nor our keys, and lies in neither.

    Each agency has its own, named by its reference: names of files may be somebody's, and what lies there is hers.
    """
    if not settings.SARANA_INBOX:
        return None
    place = Path(settings.SARANA_INBOX).resolve()
    ours = [Path(folder).resolve() for folder in (settings.SARANA_HOME, settings.SARANA_KEYS)]
    is_ours = any(place.is_relative_to(each) or each.is_relative_to(place) for each in ours)
    return None if is_ours else place / str(agency_ref)


@contextmanager
def _opened(agency_ref: UUID, name: str) -> Iterator[BinaryIO]:
    place = _place(agency_ref)
    if place is None or not name or Path(name).name != name or name.startswith("."):
        raise _not_there()
    try:
        folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)
    except (OSError, ValueError) as err:
        raise _not_there() from err
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_there()
        yield file


def _not_there() -> BadFile:
    return BadFile(
        "POPULATION-038",
        "This file is not in the folder that the operator allowed, or it is a link.",
        cure="Choose one of those that are listed; ask the operator to put the file itself there.",
    )
