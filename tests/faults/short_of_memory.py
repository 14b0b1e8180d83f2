"""Backs up, drills and restores a database that is larger than the memory that the process may have.

    python tests/faults/short_of_memory.py FOLDER DATABASE_MIB MEMORY_MIB

The memory is what the process may have beside what it holds at the beginning. Prints what was found, as JSON.
"""

import contextlib
import datetime as dt
import json
import os
import resource
import sqlite3
import sys
from pathlib import Path

from methods.sealing.making import some_keys
from sarana.ground.vault.backups import drill, make_backup, restore
from sarana.ground.vault.databases import DATABASE

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
MIB = 1 << 20


def a_database(home: Path, size: int) -> None:
    """One of so many MiB."""
    home.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as base, base:
        base.execute("CREATE TABLE page (id INTEGER PRIMARY KEY, text BLOB)")
        base.executemany("INSERT INTO page (text) VALUES (?)", ((os.urandom(MIB // 4),) for _ in range(size * 4)))


def held() -> int:
    """The bytes that this process may address now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Do it, and tell."""
    folder, size, left = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    keys, home = some_keys(), folder / "home"
    a_database(home, size)
    resource.setrlimit(resource.RLIMIT_AS, (held() + left * MIB, resource.RLIM_INFINITY))
    short = False
    try:
        bytearray(size * MIB)
    except MemoryError:
        short = True
    file = Path(make_backup(home, folder / "out", keys.file, now=NOW).where)
    tried, _ = drill(file, keys, home, lambda _shown: None, now=NOW)
    restored, _ = restore(file, keys, folder / "new", now=NOW)
    found = {"short": short, "rows": [tried.counts["page"], restored.counts["page"]], "bytes": file.stat().st_size}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
