"""`sarana backup` and `sarana restore` in a Sarana of its own, from setup to the verified ledger of the drill."""

import contextlib
import datetime as dt
import json
import sqlite3
from pathlib import Path

import msgspec
import pytest

from config.test_ledger_command import sarana
from methods.sealing.making import some_store
from sarana.basics.errors import BadFile
from sarana.config.commands.entry import run
from sarana.config.settings import read_settings
from sarana.config.web.checks import _backups
from sarana.ground.vault.databases import Shown
from sarana.ground.vault.journal import REMEMBERED, Made, Standing, Tried
from sarana.ground.vault.nameless import nameless
from sarana.ground.vault.proving import prove_ledger
from sarana.methods.sealing.files import write_whole


@pytest.mark.check("D-12")
def test_a_backup_is_made_drilled_and_brought_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    # A copy in which somebody changed a line: the drill reads the copy that it was handed, not the database at work.
    for name, value in (("MODE", "development"), ("HOME", str(tmp_path / "home")), ("KEYS", str(tmp_path / "keys"))):
        monkeypatch.setenv(f"SARANA_{name}", value)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    harmed = tmp_path / "harmed"
    with contextlib.closing(sqlite3.connect(harmed)) as base, base:
        with contextlib.closing(sqlite3.connect(tmp_path / "home/sarana.sqlite3")) as source:
            source.backup(base)
        base.execute("PRAGMA journal_mode=DELETE")
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE ledger_entry SET action = 'vault.restored' WHERE action = 'vault.drilled'")
    with nameless(tmp_path / "home", tmp_path, 0) as copy:
        copy.take(harmed.read_bytes())
        with pytest.raises(BadFile, match=r"VAULT-026 \d+ findings in"):
            prove_ledger(Shown({"DATABASE_URL": ""}, copy.handle))


def acts(folder: Path) -> list[tuple[str, str]]:
    """What the ledger tells of backups, in its order; as many rows stand in the tables of backups."""
    with contextlib.closing(sqlite3.connect(folder / "home/sarana.sqlite3")) as base:
        found = base.execute("SELECT action, result FROM ledger_entry WHERE action LIKE 'vault.%' ORDER BY id")
        told = [(str(action), str(result)) for action, result in found]
        [n_rows] = base.execute("SELECT (SELECT count(*) FROM vault_backup) + (SELECT count(*) FROM vault_drill)")
    assert n_rows == (len(told),)
    return told


def test_the_key_folder_is_backed_up_apart_and_filled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store, stick = some_store(tmp_path)
    for name, value in (("HOME", "home"), ("KEYS", "keys"), ("BACKUPS", "disk")):
        monkeypatch.setenv(f"SARANA_{name}", str(tmp_path / value))
    monkeypatch.setenv("SARANA_KEYFILE", str(stick))
    monkeypatch.setenv("DATABASE_URL", "")
    (tmp_path / "keys/secret.key").write_text("signs")
    assert run(["backup", "--keys"]) == 7
    assert run(["backup", "--keys", "--to", str(tmp_path / "disk/keys")]) == 3
    told = capsys.readouterr().err
    assert "VAULT-052" in told
    assert "VAULT-005" in told
    assert run(["backup", "--keys", "--to", str(tmp_path / "other")]) == 0
    [file] = (tmp_path / "other").iterdir()
    monkeypatch.setenv("SARANA_KEYS", str(tmp_path / "new"))
    assert run(["restore", str(file), "--keys"]) == 0
    assert "2 keys, 0 keys of runs, 1 keyset" in capsys.readouterr().out
    assert (tmp_path / "new/secret.key").read_text() == "signs"
    assert (tmp_path / "new/vault/keyset.json").read_bytes() == (store.folder / "keyset.json").read_bytes()


def test_a_check_reminds_of_a_drill_that_is_due(tmp_path: Path) -> None:
    (tmp_path / "sarana.sqlite3").touch()
    settings = read_settings({"SARANA_HOME": str(tmp_path), "SARANA_MODE": "production"})
    assert {(each.code, each.is_grave) for each in _backups(settings)} == {("WEB-015", False), ("WEB-016", False)}
    now = dt.datetime.now(dt.UTC)
    standing = Standing((Made("1", "x", now),), (Tried("2", now, "x"),))
    write_whole(tmp_path / REMEMBERED, msgspec.json.encode(standing))
    assert [*_backups(settings)] == []
