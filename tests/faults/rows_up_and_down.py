"""Brings a ledger with rows up to a migration that moves rows, twice, and down again; tells what became of them.

    python tests/faults/rows_up_and_down.py

Rows are made with the models of that time, as they would have been made by the version before.
"""

import datetime as dt
import json
import sys
from importlib import import_module
from typing import Any

from sarana.config.web import start

BEFORE, AFTER = ("ledger", "0001_first"), ("ledger", "0002_chain")
N = 3
NOON = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)


def main() -> None:
    """Down to before, rows, up, down, up; each time what is there."""
    start.start()
    told = {"empty": to(BEFORE) or counts()}
    add(N)
    told["up"] = to(AFTER) or counts()
    add(1)
    told["one more"] = {**counts(), "changed": tampered()}
    told["down"] = to(BEFORE) or {**counts(), "changed": tampered()}
    told["up again"] = to(AFTER) or counts()
    told["twice"] = once_more() or counts()
    sys.stdout.write(json.dumps(told))


def to(step: tuple[str, str]) -> None:
    """Bring the database to a migration, forwards or backwards."""
    executor = _executor()
    executor.migrate([step])


def _executor() -> Any:
    return import_module("django.db.migrations.executor").MigrationExecutor(_connection())


def _connection() -> Any:
    return import_module("django.db").connection


def add(n: int) -> None:
    """Entries as they were written at that time."""
    entry = _executor().loader.project_state([BEFORE]).apps.get_model("ledger", "Entry")
    for _ in range(n):
        entry.objects.create(
            at=NOON, actor_ref="7" * 32, action="ledger.opened", result="done", writer_mac=b"x", things_sealed=None
        )


def counts() -> dict[str, int | None]:
    """How many entries there are, and how many wait for a seal; None where there is no such list."""
    return {table: _count(table) for table in ("ledger_entry", "ledger_waiting")}


def _count(table: str) -> int | None:
    connection = _connection()
    if table not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def tampered() -> bool:
    """True where an entry can be changed by hand."""
    database = import_module("django.db")
    try:
        with database.transaction.atomic(), _connection().cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET purpose = 'other'")
    except database.DatabaseError:
        return False
    return True


def once_more() -> None:
    """What the migration does to rows, done a second time."""
    with _connection().cursor() as cursor:
        cursor.execute(import_module(f"sarana.ground.ledger.migrations.{AFTER[1]}").ALL_WAIT)


if __name__ == "__main__":
    main()
