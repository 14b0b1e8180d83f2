"""An installation whose database can be backed up: a file of SQLite, keys that a key file opens, a disk for backups."""

import contextlib
import datetime as dt
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from methods.sealing.making import some_store
from sarana.ground.vault.databases import DATABASE

TODAY = dt.date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Its folders."""

    home: Path
    keys: Path
    disk: Path
    key_file: Path

    def lose_the_vault(self) -> None:
        """Take the organisation's keys away; those of the ledger stay."""
        (self.keys / "vault").rename(self.keys / "elsewhere")


def a_place(folder: Path, settings: Any) -> Place:
    """Make one in a folder, and let the house work with it."""
    _store, key_file = some_store(folder)
    place = Place(folder / "home", folder / "keys", folder / "disk", key_file)
    place.home.mkdir()
    with contextlib.closing(sqlite3.connect(place.home / DATABASE)) as base:
        base.execute("CREATE TABLE word (id INTEGER PRIMARY KEY)")
        base.executemany("INSERT INTO word (id) VALUES (?)", [(number,) for number in range(7)])
        base.commit()
    for key in Path(settings.SARANA_KEYS).glob("*.key"):
        shutil.copy(key, place.keys)
    settings.SARANA_HOME, settings.SARANA_KEYS = place.home, place.keys
    settings.SARANA_BACKUPS, settings.SARANA_KEYFILE = place.disk, place.key_file
    settings.SARANA_SCHEDULE = 24
    return place
