"""Makes ledgers: keys of their own, acts, seals, and the hands of a database administrator who lifts the triggers."""

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from makers.second_wall import AS_OWNER, AS_TESTS
from sarana.basics.actors import Actor, Grant
from sarana.ground.ledger import actions, keys, sealing, verifying
from sarana.ground.ledger.findings import Verdict
from sarana.ground.ledger.writing import WRITER_KEY

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)


def a_key_folder(folder: Path) -> Path:
    """A folder with the keys of a new ledger."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / WRITER_KEY).write_bytes(secrets.token_bytes(32))
    keys.make_seal_keys(folder)
    return folder


def somebody(role: str = "case-worker", *, agency: UUID | None = None, now: dt.datetime = NOW) -> Actor:
    """A person with one role, known to nobody but the ledger."""
    return Actor(uuid4(), now, (Grant(role, agency or uuid4()),), is_strong=True, request_ref=uuid4())


def some_acts(n: int, *, actor: Actor | None = None, now: dt.datetime = NOW) -> None:
    """So many openings, one second apart."""
    who = actor or somebody(now=now)
    for second in range(n):
        at = Actor(who.account_ref, now + dt.timedelta(seconds=second), who.grants, is_strong=True)
        actions.record_opening(at, "person", uuid4(), owner_agency_ref=min(who.agency_refs))


def a_sealed_ledger(*batches: int, now: dt.datetime = NOW) -> None:
    """Acts sealed in batches of these sizes."""
    for at, n in enumerate(batches):
        then = now + dt.timedelta(hours=at)
        some_acts(n, now=then)
        assert sealing.seal_all(then + dt.timedelta(seconds=n + 2)) == n


def checked(folder: Path, *, with_key: bool = True, now: dt.datetime = NOW, **means: Any) -> Verdict:
    """What a check says that has the first key and the key folder."""
    first = [keys.read_first_key(folder / keys.FIRST_KEY)] if with_key else []
    return verifying.verify(verifying.Means(first_keys=first, keys=folder, **means), now=now)


def by_hand(sql: str, *parameters: object) -> int:
    """A statement as somebody gives it who has the database and not the program; gives the rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """The ledger's triggers lifted, as an administrator of the database can."""
    with connection.cursor() as cursor:
        again = _lift(cursor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in again:
                cursor.execute(statement)


@contextlib.contextmanager
def full() -> Iterator[None]:
    """A ledger that takes nothing: the database refuses every new entry, as it does when its disk is full."""
    with lifted():
        if connection.vendor == "postgresql":
            by_hand(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
            )
            by_hand("CREATE TRIGGER full_disk BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION full_disk()")
        else:
            by_hand(
                "CREATE TRIGGER full_disk BEFORE INSERT ON ledger_entry "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        try:
            yield
        finally:
            by_hand(
                "DROP FUNCTION full_disk() CASCADE" if connection.vendor == "postgresql" else "DROP TRIGGER full_disk"
            )


def _lift(cursor: Any) -> list[str]:
    """Take the triggers down; gives what puts them up again."""
    if connection.vendor == "postgresql":
        tables = ("ledger_entry", "ledger_seal")
        cursor.execute(AS_OWNER)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY")
        again = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        return [AS_OWNER, *again, "ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY", AS_TESTS]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%%'", ())
    found = cursor.fetchall()
    for name, _sql in found:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _name, sql in found]
