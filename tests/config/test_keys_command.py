"""`sarana keys`: made, locked, shared out, drilled, rotated, and refused in words; nobody sits at a terminal here."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.errors import KeyringError

from makers.counted import Counted
from makers.keyservers import SEALED, StandIn, a_token, serving
from sarana.config import oskeyring, vault
from sarana.config.commands import keys as command
from sarana.config.commands.entry import run
from sarana.config.settings import read_settings
from sarana.methods.sealing.store import KeyStore


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARANA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SARANA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("SARANA_KEYFILE", raising=False)
    monkeypatch.setattr(oskeyring.keyring, "get_password", lambda *_: None)
    return tmp_path


def sarana(*words: str | Path) -> int:
    return run(["keys", *map(str, words)])


def shown(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert sarana("show", "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def store(place: Path) -> KeyStore:
    return KeyStore(place / "keys" / "vault")


def test_keys_are_made_once_and_open_with_the_file_beside_them(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sarana("show") == 4
    assert "VAULT-002" in capsys.readouterr().err
    assert sarana("make", "--name", "House") == 0
    assert "key file" in capsys.readouterr().out
    assert sarana("make") == 4
    assert "VAULT-018" in capsys.readouterr().err
    said = shown(capsys)
    assert (said["name"], said["epoch"], said["n_run_keys"]) == ("House", 1, 0)
    assert said["remarks"] == ["There are no recovery shares: sarana keys shares."]
    assert vault.unlocked(read_settings(os.environ)).organisation == said["organisation"]


def test_shares_are_printed_drilled_and_let_somebody_in_who_lost_all_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = place / "stick" / "open.key"
    sheets = [place / "sheets" / f"recovery-share-{n}.html" for n in (1, 2, 3)]
    assert sarana("make", "--key-file", stick) == 0
    monkeypatch.setenv("SARANA_KEYFILE", str(stick))
    assert sarana("shares", "--out", place / "sheets") == 0
    stick.unlink()
    assert sarana("drill", "--share", sheets[0]) == 7
    assert "VAULT-009" in capsys.readouterr().err
    assert sarana("drill", "--share", sheets[0], "--share", sheets[2]) == 0
    assert "Passed" in capsys.readouterr().out
    assert shown(capsys)["remarks"] == []
    new = place / "other" / "new.key"
    assert sarana("add", "new stick", "--key-file", new) == 5, "the old stick is gone"
    monkeypatch.delenv("SARANA_KEYFILE")
    words = ["--share", sheets[1], "--share", sheets[2]]
    assert sarana("add", "new stick", "--key-file", place / "third.key", *words) == 0
    assert sarana("remove", "first lock", *words) == 0
    said = shown(capsys)
    assert said["epoch"] == 2
    assert [lock["name"] for lock in said["locks"]] == ["recovery", "new stick"]  # type: ignore[attr-defined]


def test_new_shares_make_the_old_ones_worthless(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sarana("make") == 0
    for name in ("a", "b"):
        assert sarana("shares", "--out", place / name) == 0
    old = [word for n in (1, 2) for word in ("--share", place / "a" / f"recovery-share-{n}.html")]
    new = [word for n in (2, 3) for word in ("--share", place / "b" / f"recovery-share-{n}.html")]
    assert sarana("drill", *old) == 3
    assert "VAULT-004" in capsys.readouterr().err
    assert sarana("drill", *new) == 0
    assert sarana("rotate") == 0
    assert sarana("drill", *new) == 0, "sheets stay good over a rotation"
    assert shown(capsys)["epoch"] == 3


def test_an_agency_without_keys_is_named_and_nothing_is_begun(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sarana("make") == 0
    for agency, code in (("the police", 7), ("3f0e7c9e-5b0a-4c39-9d53-8f2a7b1c6d5e", 4)):
        assert sarana("rotate-agency", agency) == code
        assert "VAULT-072" in capsys.readouterr().err
    assert shown(capsys)["agencies"] == []


def test_on_a_terminal_a_passphrase_is_chosen_and_asked_for(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = iter(["", "nine elephants cross the river"])
    monkeypatch.setattr(vault, "is_terminal", lambda: True)
    monkeypatch.setattr(command.typer, "prompt", lambda *_, **__: next(said))
    assert sarana("make", "--passphrase") == 0
    phrase = capsys.readouterr().err.split("shown this once: ")[1].strip()
    wrong_then_right = iter(["something else", phrase])
    monkeypatch.setattr(command.typer, "prompt", lambda *_, **__: next(wrong_then_right))
    assert sarana("rotate") == 0
    assert "VAULT-004" in capsys.readouterr().err


def test_nobody_can_be_asked_and_so_nothing_opens(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sarana("make", "--passphrase") == 4
    assert "VAULT-003" in capsys.readouterr().err
    assert not (place / "keys" / "vault" / "keyset.json").exists()
    assert sarana("make") == 0
    vault.usual_key_file(read_settings(os.environ)).unlink()
    assert sarana("rotate") == 4
    assert "VAULT-003" in capsys.readouterr().err
    assert sarana("add", "nothing") == 7
    assert "VAULT-019" in capsys.readouterr().err


@pytest.mark.check("K-05")
def test_k_05_keys_in_the_data_folder_are_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sarana("make", "--key-file", place / "home" / "x.key") == 3
    assert sarana("make") == 0
    monkeypatch.setenv("SARANA_KEYFILE", str(place / "home" / "x.key"))
    assert sarana("rotate") == 3
    assert sarana("shares", "--out", place / "home" / "sheets") == 3
    monkeypatch.setenv("SARANA_KEYS", str(place / "home" / "keys"))
    assert sarana("show") == 3
    assert capsys.readouterr().err.count("VAULT-005") == 4


@pytest.mark.check("F-18")
def test_a_key_ring_that_is_not_there_is_said(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], counted: Counted
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(oskeyring.keyring, "set_password", lambda *_: None)
    assert sarana("make", "--keyring") == 4
    assert "VAULT-010" in capsys.readouterr().err
    assert not (place / "keys" / "vault" / "keyset.json").exists()
    monkeypatch.setattr(oskeyring.keyring, "get_password", lambda _, name: kept.get(name))
    monkeypatch.setattr(oskeyring.keyring, "set_password", lambda _, name, secret: kept.update({name: secret}))
    assert sarana("make", "--keyring") == 0
    assert sarana("rotate") == 0

    def broken(*_: str) -> None:
        raise KeyringError("no bus")

    before = (place / "keys" / "vault" / "keyset.json").read_bytes()
    monkeypatch.setattr(oskeyring.keyring, "get_password", broken)
    assert sarana("rotate") != 0
    assert "VAULT-003" in capsys.readouterr().err
    assert (place / "keys" / "vault" / "keyset.json").read_bytes() == before
    counted("parts taken away", 2, exact=True)


def test_a_file_is_sealed_once_whole_and_without_any_secret(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known, out = place / "known.csv", place / "known.sealed"
    known.write_text("source,row_id,known_on\neducation,E1-of-the-school,2026-08-01\n", "utf-8")
    assert sarana("seal", known, out) == 4
    assert "VAULT-002" in capsys.readouterr().err
    assert sarana("make", "--name", "House") == 0
    (place / "keys" / "vault" / "open.key").unlink()
    assert sarana("seal", known, out) == 0
    assert out.stat().st_mode & 0o077 == 0
    assert b"E1-of" not in out.read_bytes()
    for words, code in (
        ((known, out), "VAULT-043"),
        ((place / "none.csv", place / "b.sealed"), "VAULT-042"),
        ((known, place / "no folder" / "b.sealed"), "VAULT-006"),
    ):
        assert sarana("seal", *words) != 0
        assert capsys.readouterr().err.startswith(code)
    assert {path.name for path in place.glob("*.sealed*")} == {"known.sealed"}


@pytest.fixture
def standin(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A key server, as the settings name it."""
    with serving() as found:
        monkeypatch.setenv("SARANA_KEYSERVER", found.address)
        monkeypatch.setenv("SARANA_KEYSERVER_TOKEN", str(a_token(place / "run")))
        yield found


def test_a_key_server_is_added_tried_opens_and_is_taken_out(
    place: Path, standin: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sarana("make") == 0
    assert sarana("add", "the server", "--key-server") == 0
    assert "A key file still lies beside the keys" in capsys.readouterr().out
    before = [lock.served for lock in store(place).get_keyset().locks]
    assert before[0] == ""
    assert before[1].startswith("vault:v1:")
    assert sarana("remove", "first lock") == 0
    (place / "keys" / "vault" / "open.key").unlink()
    assert sarana("try-server") == 0
    assert "It opens what the lock the server holds." in capsys.readouterr().out
    assert sarana("rotate") == 0
    standin.says = SEALED
    assert sarana("rotate") == 4
    assert "VAULT-085" in capsys.readouterr().err
    standin.says = None
    assert sarana("add", "stick", "--key-file", place / "stick.key") == 0
    assert sarana("remove", "the server") == 0
    assert sarana("rotate") == 4
    assert "VAULT-003" in capsys.readouterr().err, "the server opens nothing any more"


def test_what_a_key_server_refuses_leaves_nothing_half_made(
    place: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ["--key-server", "--key-file", place / "both.key"]
    standin.keys.clear()
    assert sarana("make", *both) == 7
    assert "VAULT-088" in capsys.readouterr().err
    assert not (place / "both.key").exists()
    assert store(place).find_keyset() is None
    monkeypatch.delenv("SARANA_KEYSERVER")
    assert sarana("try-server") == 7
    assert sarana("make", *both) == 7
    assert "VAULT-093" in capsys.readouterr().err
    monkeypatch.setenv("SARANA_KEYSERVER", "https://keys.test")
    monkeypatch.setenv("SARANA_KEYSERVER_TOKEN", str(a_token(place / "home")))
    assert sarana("try-server") == 3
    assert "VAULT-005" in capsys.readouterr().err
