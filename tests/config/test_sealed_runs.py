"""`sarana population` on sealed runs: the whole chain, marked identities, keys taken away, days over, erasing."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from makers.canary import N_MARKERS, markers, seen_in
from makers.counted import Counted
from methods.population.little_province import SOURCES, make_province, read_csv, write_csv
from sarana.config import oskeyring, vault
from sarana.config.commands.entry import run
from sarana.config.settings import read_settings
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.runs.sealed import RunSeal, find_seal
from sarana.methods.sealing.store import KeyStore, sweep


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province with 200 marked names, and a sealed and an open run of it; all folders lie in one."""
    folder = tmp_path_factory.mktemp("sealed")
    make_province(folder / "data", people=300)
    head, *rows = read_csv(folder / "data/health.csv")
    at = next(number for number, name in enumerate(head) if "NAME" in name.upper())
    for row, marker in zip(rows[5:], markers(), strict=False):  # the first rows are set aside
        row[at] = marker
    write_csv(folder / "data/health.csv", [head, *rows])
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, folder)
        assert run(_arguments(folder, "run")) == 0
        assert run(_arguments(folder, "open", "--unsealed")) == 0
    return folder


@pytest.fixture(autouse=True)
def settled(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _settle(monkeypatch, place)


def _settle(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in ("home", "keys", "state"):
        patch.setenv(f"SARANA_{name.upper()}", str(folder / name))
    patch.setenv("TMPDIR", str(folder / "temp"))
    (folder / "temp").mkdir(exist_ok=True)
    patch.setattr(oskeyring.keyring, "get_password", lambda *_: None)


def _arguments(folder: Path, out: str, *more: str, sources: Path = SOURCES) -> list[str]:
    words = ["population", "run", str(sources), "--data", str(folder / "data"), "--out", str(folder / out)]
    return [*words, "--memory", "2GB", "--threads", "1", *more]


def store(place: Path) -> KeyStore:
    return KeyStore(place / "keys" / "vault")


@pytest.mark.parametrize(("is_there", "more"), [(False, ()), (True, ()), (False, ("--unsealed",))])
def test_a_run_that_is_refused_before_a_step_is_done_leaves_no_folder_and_no_key(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, more: tuple[str, ...]
) -> None:
    _settle(monkeypatch, tmp_path)
    (tmp_path / "data").symlink_to(place / "data")
    other = tmp_path / "sources.toml"
    other.write_text(SOURCES.read_text("utf-8").replace('province = "50"', 'province = "57"'), "utf-8")
    out = tmp_path / "run"
    if is_there:
        out.mkdir()
    assert run(_arguments(tmp_path, "run", *more, sources=other)) == 6
    assert out.exists() == is_there
    assert not is_there or not list(out.iterdir())
    assert store(tmp_path).run_keys() == []
    assert len(store(tmp_path).destroyed()) == (0 if more else 1)


def test_what_may_be_shown_of_a_sealed_run_is_what_may_be_shown_of_an_open_one(place: Path) -> None:
    door = vault.door_for(read_settings(os.environ), place / "run", today=dt.datetime.now(dt.UTC).date())
    shown, without_key = read_protected(place / "run", door), read_protected(place / "run")
    assert shown == read_protected(place / "open")
    assert {row["level"] for row in shown.rows} == {"province", "district", "subdistrict", "village"}
    assert any(row["name_local"] for row in shown.rows)
    assert not any(row["name_local"] for row in without_key.rows)
    assert [{**row, "name_local": ""} for row in shown.rows] == list(without_key.rows)


@pytest.mark.check("K-01")
def test_k_01_no_marked_identity_is_readable_in_a_sealed_run_or_beside_it(place: Path, counted: Counted) -> None:
    wanted = markers()
    shown = set().union(*seen_in(place / "open", wanted).values())
    assert len(shown) == counted("markers", N_MARKERS, exact=True), "the search finds them where they lie open"
    for folder in ("run", "keys", "state", "temp", "home"):
        assert seen_in(place / folder, wanted) == {}, folder


def test_a_sealed_run_answers_as_an_open_one(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for folder in ("run", "open"):
        capsys.readouterr()
        assert run(["population", "sensitivity", str(place / folder), "--json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert run(_arguments(place, "run", "--resume")) == 0
    assert capsys.readouterr().err.count("was done before") == 7
    known = place / "known.csv"
    rows = read_csv(place / "data/health.csv")
    known.write_text("source,row_id,known_on\n" + "".join(f"health,{row[0]},\n" for row in rows[6:15]))
    assert run(["population", "validate", str(place / "run"), "--known", str(known), "--json"]) == 0


@pytest.mark.check("K-04")
def test_k_04_with_the_keys_taken_away_nothing_opens(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SARANA_KEYS", str(place / "elsewhere"))
    run_, other = str(place / "run"), str(place / "open")
    for words in (
        ["population", "sensitivity", run_],
        ["population", "strengths", run_],
        ["population", "compare", other, run_],
        ["population", "explain", run_, "--person", "0" * 16],
        _arguments(place, "run", "--resume"),
        _arguments(place, "next", "--model", run_),
    ):
        assert run(words) == 4, words
        assert "VAULT-013" in capsys.readouterr().err
    assert "complete = true" in (place / "run/run.toml").read_text(), "nothing of the run was touched"
    monkeypatch.setenv("SARANA_KEYS", str(place / "keys"))
    monkeypatch.setenv("SARANA_KEYFILE", str(place / "no such stick"))
    assert run(["population", "sensitivity", run_]) == 5
    assert "VAULT-006" in capsys.readouterr().err


@pytest.mark.check("K-05")
def test_k_05_keys_do_not_lie_in_run_or_data(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SARANA_KEYS", str(place / "data" / "keys"))
    assert run(_arguments(place, "x")) == 3
    monkeypatch.setenv("SARANA_KEYS", str(place / "y" / "keys"))
    assert run(_arguments(place, "y")) == 3
    assert capsys.readouterr().err.count("VAULT-005") == 2


def test_only_invented_people_may_lie_open_and_a_run_goes_on_as_it_began(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(_arguments(place, "open", "--resume")) == 7
    assert "VAULT-020" in capsys.readouterr().err
    with pytest.raises(vault.Refused, match="VAULT-014"):
        vault.check_may_stay_open(is_invented=False)


@pytest.fixture
def own(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sealed run and of its keys, to be destroyed."""
    for name in ("run", "keys"):
        shutil.copytree(place / name, tmp_path / name)
    monkeypatch.setenv("SARANA_KEYS", str(tmp_path / "keys"))
    return tmp_path


def seal_of(folder: Path) -> RunSeal:
    seal = find_seal(folder)
    assert seal is not None
    return seal


def test_what_is_over_does_not_open_and_its_key_is_swept(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seal = seal_of(own / "run")
    late = vault.RunKeys(read_settings(os.environ), seal.until + dt.timedelta(days=1))
    with pytest.raises(vault.Refused, match="VAULT-012"):
        late(seal, own / "run")
    assert run(["keys", "sweep"]) == 0
    assert "0 runs" in capsys.readouterr().out
    over = dt.datetime.combine(seal.until + dt.timedelta(days=1), dt.time(), dt.UTC)
    assert [key.run for key in sweep(store(own), now=over)] == [seal.run]
    assert run(["population", "sensitivity", str(own / "run")]) == 4
    assert store(own).destroyed() == [seal.run]


def test_erasing_destroys_the_key_first_and_a_copy_is_noise(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seal = seal_of(own / "run")
    shutil.copytree(own / "run", own / "copy")
    assert run(["population", "erase", str(own / "run"), "--yes"]) == 0
    assert "destroyed first" in capsys.readouterr().out
    assert store(own).find_run_key(seal.run) is None
    assert run(["population", "sensitivity", str(own / "copy")]) == 4
    assert run(["population", "erase", str(own / "copy"), "--yes"]) == 0
    assert "not here" in capsys.readouterr().out
