"""`sarana backup` and `sarana restore` in a Sarana of its own, from setup to the verified ledger of the drill."""

import json
from pathlib import Path

from config.test_ledger_command import sarana


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
