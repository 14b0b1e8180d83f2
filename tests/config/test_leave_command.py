"""`sarana leave` and `sarana open`, from the agency's two words to its tables on another machine."""

import json
from pathlib import Path

import pytest

from makers.installed import Installed, set_up_once
from sarana.config.commands.entry import run

AGREED = """
import datetime as dt
from importlib import import_module
from sarana.config.web import start
start.start()
make, words = import_module("makers.agencies"), import_module("sarana.ground.words.actions")
queries = import_module("sarana.ground.words.queries")
now = dt.datetime.now(dt.UTC)
agency = make.an_agency("=House of three")
roles = ("organisation-administrator", "data-protection-officer", "supervisor")
first, second, _ = [make.acting(make.a_person(agency, role, name=role), now=now) for role in roles]
proposal = words.propose(first, "hand-over", agency=agency)
words.speak(second, queries.get_proposal(second, proposal.ref))
"""


def test_an_agency_leaves_and_opens_what_it_took_elsewhere(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path = set_up_once(tmp_path_factory)
    house = Installed(tmp_path / "home", tmp_path / "keys")
    house.python("-c", AGREED)
    file, key = tmp_path / "gone" / "house.parcel", tmp_path / "stick" / "house.key"
    file.parent.mkdir()
    done = house.sarana("leave", "=House of three", "--to", str(file), "--key-file", str(key))
    assert "Handed over" in done.stdout
    assert run(["leave", "=House of three", "--to", str(file), "--key-file", str(tmp_path / "k")]) == 5
    assert "EXCHANGE-003" in capsys.readouterr().err
    assert not (tmp_path / "k").exists(), "no key is made for nothing"
    assert house.rows("SELECT count(*) FROM ledger_entry WHERE action = 'exchange.handed-over'") == [(1,)]

    monkeypatch.setenv("SARANA_HOME", str(tmp_path / "nowhere"))
    opened = tmp_path / "opened"
    assert run(["open", str(file), "--to", str(opened)]) == 4, "without the key nobody is asked for a phrase"
    assert run(["open", str(file), "--to", str(opened), "--key-file", str(tmp_path / "keys/secret.key")]) == 5
    assert not opened.exists()
    assert run(["open", str(file), "--to", str(opened), "--key-file", str(key)]) == 0
    assert run(["open", str(file), "--to", str(opened), "--key-file", str(key)]) == 5
    capsys.readouterr()
    [agency] = json.loads((opened / "agency.json").read_text())
    assert agency["name"] == "=House of three"
    assert "'=House of three" in (opened / "agency.csv").read_text()
    assert "agency.csv" in (opened / "README.txt").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gone", "home", "keys", "opened", "stick"]

    cut = tmp_path / "cut.parcel"
    cut.write_bytes(file.read_bytes()[:-1])
    assert run(["open", str(cut), "--to", str(tmp_path / "x"), "--key-file", str(key)]) == 3
    assert "VAULT-001" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "x.part").exists()


def test_what_opens_it_has_to_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["leave", "House", "--to", str(tmp_path / "a")]) == 7
    assert "EXCHANGE-008" in capsys.readouterr().err
    assert run(["leave", "House", "--to", str(tmp_path / "a"), "--key-file", str(tmp_path / "a.key")]) == 3
    assert "VAULT-005" in capsys.readouterr().err
