"""SQLite while serving: no other file is attached, no table changes its shape, no switch is turned.

Whoever found a way to put a statement of her own into a request could otherwise copy the database into a file that the
web serves, take down the triggers of the ledger, or switch off what makes writes safe.
"""

import sqlite3
from typing import Any

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
