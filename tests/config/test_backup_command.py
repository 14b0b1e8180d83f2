"""`sarana backup` and `sarana restore` in a Sarana of its own, from setup to the verified ledger of the drill."""

import datetime as dt
import json
from pathlib import Path

import msgspec
import pytest

from config.test_ledger_command import sarana
from sarana.config.commands.entry import run
from sarana.config.settings import read_settings
from sarana.config.web.checks import _backups
from sarana.ground.vault.backups import REMEMBERED, Standing
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
    (tmp_path / "home/sarana.sqlite3").unlink()
    assert "Restored" in sarana(tmp_path, "restore", str(file)).stdout
    assert sarana(tmp_path, "ledger", "seal").returncode == 0
    assert sarana(tmp_path, "ledger", "verify").returncode == 0


def test_postgresql_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1/none")
    assert run(["backup", "--to", str(tmp_path)]) == 4
    assert "VAULT-021" in capsys.readouterr().err


def test_a_check_reminds_of_a_drill_that_is_due(tmp_path: Path) -> None:
    (tmp_path / "sarana.sqlite3").touch()
    settings = read_settings({"SARANA_HOME": str(tmp_path), "SARANA_MODE": "production"})
    assert [(each.code, each.is_grave) for each in _backups(settings)] == [("WEB-015", False)]
    write_whole(tmp_path / REMEMBERED, msgspec.json.encode(Standing(drilled_at=dt.datetime.now(dt.UTC))))
    assert [*_backups(settings)] == []
