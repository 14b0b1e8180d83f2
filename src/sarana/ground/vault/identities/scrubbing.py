"""Take what was deleted out of where it may stand a while: SQLite's log at once, tables of PostgreSQL every day.

Pages of SQLite themselves were overwritten. PostgreSQL keeps deleted rows until they are vacuumed away.
"""

import contextlib
import sqlite3
import time
from pathlib import Path

from django.db import connection

from sarana.ground.vault import places
from sarana.ground.vault.postgres import PostgresDatabase

TABLES = (
    *("vault_subject", "vault_sealed", "vault_earlier", "vault_basis", "vault_shared"),
    *("people_person", "people_askmark", "people_question", "people_agreement"),
)

SCRUB_SECONDS, GLANCE_SECONDS = 5.0, 0.1
"""So long it is tried while others read, and so long by the work of every minute, which tries again and again."""


def scrub(*, seconds: float | None = None) -> None:
    """Take what was deleted out of SQLite's log; it is tried so long where others read what stood there before."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not Path(name).is_file():
        return
    tried = SCRUB_SECONDS if seconds is None else seconds
    ends = time.monotonic() + tried
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(name, timeout=min(1, tried))) as base:
        while base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] and time.monotonic() < ends:
            time.sleep(0.05)


def vacuum() -> bool:
    """Take rows that were deleted out of PostgreSQL's tables; gives whether it was done.

    Raises:
        BadFile: VAULT-024 the database does not answer.
    """
    database = places.database()
    return isinstance(database, PostgresDatabase) and database.vacuum(TABLES)
