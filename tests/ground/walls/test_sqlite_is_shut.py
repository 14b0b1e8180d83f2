"""SQLite while serving: no other file, no other shape, no other switch; rows as always."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from sarana.ground.walls import sqlite


@pytest.fixture
def served() -> Iterator[sqlite3.Connection]:
    """A database as the serving process holds it."""
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT); CREATE INDEX i ON t (word);")
    sqlite.shut(connection=SimpleNamespace(vendor="sqlite", connection=opened))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE '/tmp/copy.sqlite3' AS copy",
        "DETACH DATABASE main",
        "VACUUM INTO '/tmp/copy.sqlite3'",
        "CREATE TABLE u (id INTEGER)",
        "CREATE TEMP TABLE u (id INTEGER)",
        "CREATE TABLE u AS SELECT * FROM t",
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN more TEXT",
        "ALTER TABLE t RENAME TO u",
        "CREATE INDEX j ON t (id)",
        "DROP INDEX i",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END",
        "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END",
        "CREATE VIRTUAL TABLE f USING fts5(word)",
        "REINDEX t",
        "ANALYZE",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA secure_delete(0)",
        "PRAGMA writable_schema = ON",
        "PRAGMA user_version = 7",
        "PRAGMA trusted_schema = 1",
        "SELECT load_extension('/tmp/x.so')",
    ],
)
def test_what_is_refused_while_serving(served: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited|no such function|authorization"):
        served.execute(statement)
    assert [row[1] for row in served.execute("PRAGMA table_info(t)")] == ["id", "word"]


def test_rows_are_read_and_written_as_always(served: sqlite3.Connection) -> None:
    served.execute("BEGIN IMMEDIATE")
    served.execute("SAVEPOINT s")
    served.execute("INSERT INTO t (word) VALUES ('one'), ('two')")
    served.execute("UPDATE t SET word = 'three' WHERE word = 'two'")
    served.execute("RELEASE s")
    served.execute("COMMIT")
    served.execute("DELETE FROM t WHERE word = 'one'")
    assert served.execute("SELECT count(*), max(word) FROM t").fetchall() == [(1, "three")]
    assert served.execute("PRAGMA foreign_keys").fetchone() is not None
    assert served.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT max(i) FROM n"
    ).fetchone() == (3,)


def test_a_trigger_that_was_there_before_still_works() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.executescript(
            "CREATE TABLE t (id INTEGER); CREATE TABLE u (id INTEGER);"
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.id); END;"
        )
        sqlite.shut(connection=SimpleNamespace(vendor="sqlite", connection=opened))
        opened.execute("INSERT INTO t VALUES (1)")
        assert opened.execute("SELECT id FROM u").fetchall() == [(1,)]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    """A connection that outlives its request, as a thread that serves keeps it."""
    told = {**connections.databases["default"], "NAME": str(tmp_path / "base.sqlite3")}
    opened = DatabaseWrapper({**told, "OPTIONS": {}}, "kept")
    monkeypatch.setattr(sqlite, "connection", opened)
    with django_db_blocker.unblock():
        opened.connect()
        sqlite.remember_file(connection=opened)
        yield opened
        opened.close()


def test_a_connection_is_kept_from_request_to_request(kept: DatabaseWrapper) -> None:
    before = kept.connection
    sqlite.leave_what_went()
    assert kept.connection is before


@pytest.mark.parametrize("is_replaced", [True, False], ids=["replaced", "gone"])
def test_a_connection_to_a_file_that_is_no_longer_there_is_left(kept: DatabaseWrapper, *, is_replaced: bool) -> None:
    file = Path(kept.settings_dict["NAME"])
    file.rename(file.with_suffix(".aside"))
    if is_replaced:
        sqlite3.connect(file).close()
    sqlite.leave_what_went()
    assert kept.connection is None


def test_a_connection_that_is_kept_lets_others_clear_what_was_written_before(kept: DatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("CREATE TABLE t (word TEXT)")
        cursor.execute("INSERT INTO t VALUES ('one'), ('two')")
        assert cursor.execute("SELECT word FROM t").fetchone() == ("one",)
    with closing(sqlite3.connect(kept.settings_dict["NAME"], timeout=1)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, "as it is done after an erasure"
