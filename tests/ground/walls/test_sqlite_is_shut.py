"""SQLite while serving: no other file, no other shape, no other switch; rows as always."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest

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
