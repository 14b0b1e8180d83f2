"""Sealed files of people go along with a backup as they lie: their keys stand in the database, sealed too."""

import os
import shutil
from pathlib import Path

from sarana.ground.vault.identities.files import ENDING, FOLDER
from sarana.methods.sealing.files import write_whole


def gathered(home: Path, temp: Path) -> dict[str, Path]:
    """The files by their names in a backup, held in a folder of its own: one that goes meanwhile is still there."""
    held = temp / FOLDER
    held.mkdir(mode=0o700)
    found = {}
    for path in sorted((home / FOLDER).glob(f"*{ENDING}")):
        if _hold(path, held / path.name):
            found[f"{FOLDER}/{path.name}"] = held / path.name
    return found


def _hold(path: Path, to: Path) -> bool:
    try:
        os.link(path, to)
    except FileNotFoundError:
        return False
    except OSError:  # a disk that gives a file one name only
        try:
            shutil.copyfile(path, to)
        except FileNotFoundError:
            return False
    return True


def put_back(folder: Path, home: Path) -> None:
    """Put files of an opened backup in place; one that is here already stays, for none is ever changed."""
    for path in (folder / FOLDER).glob(f"*{ENDING}"):
        target = home / FOLDER / path.name
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(target, path.read_bytes())
