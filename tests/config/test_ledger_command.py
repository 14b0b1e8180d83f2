"""`sarana ledger`: checked, sealed, its head printed, in a data folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makers.installed import set_up_once

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("sarana")


def sarana(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with folders of its own and an SQLite database."""
    environment = {
        **os.environ,
        "SARANA_MODE": "development",
        "SARANA_HOME": str(folder / "home"),
        "SARANA_KEYS": str(folder / "keys"),
        "DATABASE_URL": "",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Sarana that was set up."""
    return set_up_once(tmp_path_factory)


def test_the_ledger_is_sealed_checked_and_its_head_tells_of_a_cut(place: Path, tmp_path: Path) -> None:
    none_yet = sarana(place, "ledger", "head")
    assert "LEDGER-010" in none_yet.stderr
    sealed = sarana(place, "ledger", "seal")
    # The roles, the purposes, and each list of words that was brought in.
    n_first = 2 + len(list((ROOT / "reference/codelists/words").iterdir()))
    assert sealed.stdout == f"{n_first} entries were sealed.\n", sealed.stderr
    head = sarana(place, "ledger", "head")
    assert json.loads(head.stdout)["n_entries"] == n_first
    kept = tmp_path / "heads.jsonl"
    kept.write_text(head.stdout)

    whole = sarana(place, "ledger", "verify", "--heads", str(kept))
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "Nothing was found." in whole.stdout
    assert "still lies on this machine" in whole.stdout

    later = json.loads(head.stdout) | {"number": 9}
    kept.write_text(json.dumps(later))
    cut = sarana(place, "ledger", "verify", "--json", "--heads", str(kept))
    told = json.loads(cut.stdout)
    assert (cut.returncode, told["findings"][0]["kind"], told["is_whole"]) == (1, "cut-short", False)


def test_a_wrong_key_or_head_file_is_told_in_one_sentence(place: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("from = 1\nkey = 'ab'\ncheck = '00000000'\n")
    assert "LEDGER-005" in sarana(place, "ledger", "verify", "--key", str(tmp_path / "x")).stderr
    assert "LEDGER-008" in sarana(place, "ledger", "verify", "--heads", str(tmp_path / "x")).stderr
    assert sarana(place, "ledger", "verify", "--key", str(place / "keys" / "ledger-verify.key")).returncode == 0
