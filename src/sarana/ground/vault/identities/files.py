"""Sealed files of people, each under a key of its own that stands in a sealed tier: without it nobody opens the file.

So whoever erases a person, or destroys her keys, ends her files too, here and in every old backup.
"""

import time
from pathlib import Path
from uuid import UUID

from sarana.basics.errors import BadFile
from sarana.ground.vault import places
from sarana.ground.vault.disks import said_plainly
from sarana.methods.sealing.files import sync_folder, write_whole
from sarana.methods.sealing.identities import Place, new_person_key, not_open, open_padded, seal_padded

FOLDER = "people"
"""Where they lie, in the folder of data; they go with every backup."""

ENDING = ".sealed"
LEFT_BEHIND_SECONDS = 3_600
"""A file without a row is nobody's only after that: its row may be about to stand."""

KINDS = frozenset({ENDING, ".part"})


def folder() -> Path:
    """Where they lie."""
    return places.home() / FOLDER


def keep(ref: UUID, agency: UUID, data: bytes) -> bytes:
    """Seal a file and bring it to the disk, whole or not at all; gives its key, which is kept nowhere else.

    Raises:
        BadFile: VAULT-030 the folder cannot be written. NoRoom: ENGINE-004 the disk is full.
    """
    key = new_person_key()
    with said_plainly(folder()):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(_path(ref), seal_padded(data, key, _place(ref, agency)))
    return key


def read(ref: UUID, agency: UUID, key: bytes) -> bytes:
    """What was sealed.

    Raises:
        BadFile: VAULT-076 the file is not here. Refused: VAULT-001 it was changed, or is another's.
    """
    if len(key) != len(new_person_key()):
        raise not_open(FOLDER)
    try:
        content = _path(ref).read_bytes()
    except OSError as err:
        raise BadFile(
            "VAULT-076",
            "The file of this photograph is not here, or cannot be read.",
            cure="Tell the operator: it lies in a backup, from which the folder of data can be brought back.",
        ) from err
    return open_padded(content, key, _place(ref, agency))


def remove(*refs: UUID) -> None:
    """Take files away; one that is gone already stays gone. What cannot be taken away now, the machine takes later."""
    for ref in refs:
        try:
            _path(ref).unlink(missing_ok=True)
        except OSError:
            continue
    if refs and folder().is_dir():
        sync_folder(folder())


def lying() -> dict[str, Path]:
    """The files of some age, by the reference in their names: what no row knows of them is nobody's."""
    return {path.stem.partition(".")[0]: path for path in folder().glob("*") if path.suffix in KINDS and _is_old(path)}


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS
    except OSError:
        return False


def _path(ref: UUID) -> Path:
    return folder() / f"{ref}{ENDING}"


def _place(ref: UUID, agency: UUID) -> Place:
    return Place("files", str(ref), str(agency), FOLDER, 1)
