"""`sarana setup` of a new version: a backup before the database is changed, or a sentence and no change."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from config.test_ledger_command import sarana
from methods.sealing.making import some_store
from sarana.config.web import start
from sarana.methods.sealing.archives import read_head


def rows(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "home/sarana.sqlite3")) as base, base:
        return base.execute(statement).fetchall()


def test_an_upgrade_makes_a_backup_first_and_changes_nothing_where_it_cannot(tmp_path: Path) -> None:
    assert "Before the change" not in sarana(tmp_path, "setup").stderr
    # As a version before this one left it: without the tables of backups, and with somebody in it.
    for room in ("people", "consent", "vault"):
        tables = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '{room}@_%' ESCAPE '@'"
        for table in rows(tmp_path, tables):
            rows(tmp_path, f"DROP TABLE {table[0]}")
        rows(tmp_path, f"DELETE FROM django_migrations WHERE app = '{room}'")
    assert sarana(tmp_path, "invite", "--agency", "House", "--name", "Alice").returncode == 0
    refused = sarana(tmp_path, "setup")
    assert (refused.returncode, "VAULT-036" in refused.stderr) == (4, True), refused.stderr
    assert rows(tmp_path, "SELECT 1 FROM django_migrations WHERE app = 'vault'") == []
    some_store(tmp_path)
    upgraded = sarana(tmp_path, "setup")
    assert "Before the change: a backup at" in upgraded.stderr
    [file] = (tmp_path / "home/backups").iterdir()
    assert "vault_backup" not in read_head(file).counts
    assert read_head(file).counts["accounts_agency"] == 1
    assert rows(tmp_path, 'SELECT "where", code FROM vault_backup') == [(str(file), "")]


@pytest.mark.django_db
def test_a_database_without_people_is_no_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "start", lambda: None)
    assert not start.is_upgrade()
    monkeypatch.setattr(start, "pending_migrations", lambda: ["vault.0001_first"])
    assert not start.is_upgrade()
