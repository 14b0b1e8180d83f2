"""`sarana backup` and `sarana restore` in a Sarana of its own, from setup to the verified ledger of the drill."""

import contextlib
import datetime as dt
import json
import sqlite3
from pathlib import Path

import msgspec

from config.test_ledger_command import sarana
from sarana.config.settings import read_settings
from sarana.config.web.checks import _backups
from sarana.ground.vault.journal import REMEMBERED, Made, Standing, Tried
from sarana.methods.sealing.files import write_whole


def test_a_backup_is_made_drilled_and_brought_back(tmp_path: Path) -> None:
    assert sarana(tmp_path, "setup").returncode == 0
    assert "VAULT-002" in sarana(tmp_path, "backup").stderr
    assert sarana(tmp_path, "keys", "make", "--name", "House").returncode == 0
    made = sarana(tmp_path, "backup", "--to", str(tmp_path / "disk"))
    assert "sealed to House, epoch 1" in made.stdout, made.stderr
    [file] = (tmp_path / "disk").iterdir()
    drilled = sarana(tmp_path, "restore", str(file), "--drill")
    assert "Passed" in drilled.stdout, drilled.stderr
    assert json.loads(sarana(tmp_path, "backup", "--status").stdout)["is_red"] is False
    told = [("vault.backed-up", "done"), ("vault.drilled", "done")]
    assert acts(tmp_path) == told
    (tmp_path / "home/sarana.sqlite3").unlink()
    assert "Restored" in sarana(tmp_path, "restore", str(file)).stdout
    # The database of the backup knows nothing of its own backup: it is told from the journal beside it.
    assert acts(tmp_path) == [*told, ("vault.restored", "done")]
    assert sarana(tmp_path, "ledger", "seal").returncode == 0
    assert sarana(tmp_path, "ledger", "verify").returncode == 0


def acts(folder: Path) -> list[tuple[str, str]]:
    """What the ledger tells of backups, in its order; as many rows stand in the tables of backups."""
    with contextlib.closing(sqlite3.connect(folder / "home/sarana.sqlite3")) as base:
        found = base.execute("SELECT action, result FROM ledger_entry WHERE action LIKE 'vault.%' ORDER BY id")
        told = [(str(action), str(result)) for action, result in found]
        [n_rows] = base.execute("SELECT (SELECT count(*) FROM vault_backup) + (SELECT count(*) FROM vault_drill)")
    assert n_rows == (len(told),)
    return told


def test_a_check_reminds_of_a_drill_that_is_due(tmp_path: Path) -> None:
    (tmp_path / "sarana.sqlite3").touch()
    settings = read_settings({"SARANA_HOME": str(tmp_path), "SARANA_MODE": "production"})
    assert {(each.code, each.is_grave) for each in _backups(settings)} == {("WEB-015", False), ("WEB-016", False)}
    now = dt.datetime.now(dt.UTC)
    standing = Standing((Made("1", "x", now),), (Tried("2", now, "x"),))
    write_whole(tmp_path / REMEMBERED, msgspec.json.encode(standing))
    assert [*_backups(settings)] == []
