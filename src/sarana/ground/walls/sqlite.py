"""SQLite while serving: no other file is attached, no table changes its shape, no switch is turned.

Whoever found a way to put a statement of her own into a request could otherwise copy the database into a file that the
web serves, take down the triggers of the ledger, or switch off what makes writes safe.
"""

import sqlite3
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection

READ_PRAGMAS = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
     "foreign_key_check", "quick_check", "integrity_check"}
)  # fmt: skip
"""Switches that take a name and only tell of it."""

REFUSED = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_ANALYZE,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_DROP_TEMP_INDEX,
        sqlite3.SQLITE_DROP_TEMP_TABLE,
        sqlite3.SQLITE_DROP_TEMP_TRIGGER,
        sqlite3.SQLITE_DROP_TEMP_VIEW,
        sqlite3.SQLITE_DROP_VTABLE,
    }
)


def answer(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """What SQLite is told when it asks, for each part of a statement, whether it may."""
    if action in REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:
        reads = second is None or (first or "").lower() in READ_PRAGMAS
        return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in (
        "load_extension",
        "writefile",
        "fts3_tokenizer",
    ):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def shut(**signal: Any) -> None:
    """Shut a connection that was just opened; called for each one in the process that serves, and in no other."""
    opened = signal["connection"]
    if opened.vendor == "sqlite":
        opened.connection.set_authorizer(answer)


def remember_file(**signal: Any) -> None:
    """Keep which file a connection has just opened, for `leave_what_went`."""
    opened = signal["connection"]
    if opened.vendor == "sqlite":
        opened.file_of_it = file_at(opened.settings_dict["NAME"])


def mistrust_after_faults(**signal: Any) -> None:
    """A connection in which a statement could not be done is over when its request ends: another one is opened.

    One that was opened while the disk was full stays read-only for good, and answers all the same.
    """
    opened = signal["connection"]
    if opened.vendor == "sqlite" and _over_after_a_fault not in opened.execute_wrappers:
        opened.execute_wrappers.append(_over_after_a_fault)


def _over_after_a_fault(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    try:
        return execute(sql, params, many, context)
    except OperationalError:
        context["connection"].close_at = 0
        raise


def leave_what_went(**_signal: Any) -> None:
    """Before a request: close this thread's connection where its file was taken away, or another lies in its place.

    Connections outlive a request. Without this one would go on to write into a file that has no name any more, and
    what it wrote would be gone with the process.
    """
    if connection.vendor != "sqlite" or connection.connection is None or connection.in_atomic_block:
        return
    if getattr(connection, "file_of_it", None) != file_at(connection.settings_dict["NAME"]):
        connection.close()


def file_at(path: str | Path) -> tuple[int, int] | None:
    """Which file lies at a path, whatever it is called; None where there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
