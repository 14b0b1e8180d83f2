"""A run whose person-level files are sealed: nothing lies open, harm is seen, and it goes on after a stop."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from makers.counted import Counted
from methods.runs.little_run import MEANS, Noted, do_little_run, little_steps, start, write_source
from sarana.basics.errors import BadFile, NoRoom, NotYet, Refused
from sarana.methods.doors import PLAIN, file_hash
from sarana.methods.engine import Engine
from sarana.methods.runs.earlier import Earlier
from sarana.methods.runs.erase import erase_run
from sarana.methods.runs.folder import SEAL, opened
from sarana.methods.runs.runner import run_steps
from sarana.methods.runs.sealed import RunSeal, SealedDoor, find_seal, write_seal
from sarana.methods.sealing.files import is_sealed
from sarana.methods.sealing.keysets import StreamKeys

KEYS: dict[str, StreamKeys] = {}
DAY = dt.date(2027, 1, 1)


def a_door() -> SealedDoor:
    return SealedDoor(lambda seal, _folder: KEYS[seal.run])


def do_sealed(
    source: Path, out: Path, *, resume: bool = False, least: int = 0, earlier: Earlier | None = None
) -> Noted:
    noted = Noted()
    with opened(out, resume=resume, door=a_door()) as folder:
        if find_seal(out) is None:
            name = f"run-{len(KEYS)}"
            KEYS[name] = StreamKeys.new()
            write_seal(out, RunSeal(name, "org", DAY))
        start(folder)
        run_steps(little_steps(source, least=least), folder, MEANS, noted, earlier)
    return noted


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "in.csv")


def outputs(out: Path) -> dict[str, str]:
    told = [json.loads(path.read_text()) for path in sorted((out / "receipts").glob("*.json"))]
    return {name: found for receipt in told for name, found in receipt["outputs"].items()}


def test_nothing_about_a_person_lies_open_and_the_result_is_the_same(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "sealed")
    do_little_run(source, tmp_path / "plain")
    assert outputs(tmp_path / "sealed") == outputs(tmp_path / "plain")
    sealed = {path.name for path in (tmp_path / "sealed").rglob("*") if path.is_file() and is_sealed(path)}
    assert sealed == {"rows.parquet", "people.parquet"}
    assert (tmp_path / "sealed/report.html").read_bytes() == (tmp_path / "plain/report.html").read_bytes()
    assert a_door().hash(tmp_path / "sealed/people.parquet") == file_hash(tmp_path / "plain/people.parquet")


def test_a_sealed_run_is_skipped_or_goes_on_as_any_other(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    assert do_sealed(source, tmp_path / "run", resume=True).skipped == ["read", "add", "tell"]
    assert do_sealed(source, tmp_path / "run", resume=True, least=50).done == ["add", "tell"]


def test_a_harmed_file_is_never_read_and_is_made_anew_on_going_on(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    do_sealed(source, tmp_path / "other")
    do_little_run(source, tmp_path / "plain")
    file = tmp_path / "run/people.parquet"
    data = file.read_bytes()
    for harmed in (
        data[:-9] + bytes([data[-9] ^ 4]) + data[-8:],
        data[:-1],
        (tmp_path / "run/work/rows.parquet").read_bytes(),
        (tmp_path / "plain/people.parquet").read_bytes(),
        (tmp_path / "other/people.parquet").read_bytes(),
    ):
        file.write_bytes(harmed)
        with pytest.raises(Refused, match="VAULT-001"):
            a_door().opened(file)
    assert do_sealed(source, tmp_path / "run", resume=True).done == ["add"]
    assert a_door().opened(file).exists()


def test_a_harmed_file_is_refused_as_often_as_it_is_asked_for(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    rows = tmp_path / "run" / "work" / "rows.parquet"
    rows.write_bytes(rows.read_bytes()[:-1])
    door = a_door()
    for _again in range(2):
        with pytest.raises(Refused, match="VAULT-001"):
            door.opened(rows)


def test_what_an_earlier_sealed_run_made_is_taken_over_under_the_new_key(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "old")
    noted = do_sealed(source, tmp_path / "new", earlier=Earlier(tmp_path / "old", door=a_door()))
    assert noted.skipped == ["read", "add", "tell"]
    del KEYS[find_seal(tmp_path / "old").run]  # type: ignore[union-attr]
    assert a_door().hash(tmp_path / "new/people.parquet") == outputs(tmp_path / "new")["people.parquet"]


def test_memory_files_are_let_go_of_after_each_step(tmp_path: Path, source: Path) -> None:
    before = len([*Path("/proc/self/fd").iterdir()])
    do_sealed(source, tmp_path / "run")
    door = a_door()
    place = door.opened(tmp_path / "run/people.parquet")
    assert place.read_bytes()[:4] == b"PAR1"
    door.release()
    assert len([*Path("/proc/self/fd").iterdir()]) <= before + 1


def test_what_is_spilled_is_sealed(tmp_path: Path) -> None:
    for door, is_open in ((PLAIN, True), (a_door(), False)):
        temp = tmp_path / f"spill-{is_open}"
        with Engine(threads=1, memory="30MB", temp=temp, door=door) as engine:
            engine.run("CREATE TABLE t AS SELECT 'MARKED' || (i * 7919) AS word FROM range(2_000_000) r(i)")
            spilled = b"".join(path.read_bytes() for path in temp.iterdir())
        assert len(spilled) > 1_000_000
        assert (b"MARKED" in spilled) == is_open


def test_the_key_goes_before_the_files_and_a_half_done_erasing_is_done_again(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    shutil.copytree(tmp_path / "run", tmp_path / "copy")
    order: list[bool] = []

    def destroy(seal: RunSeal) -> bool:
        order.append((tmp_path / "run/people.parquet").exists())
        return KEYS.pop(seal.run, None) is not None

    assert erase_run(tmp_path / "run", destroy).is_key_destroyed is True
    assert order == [True]
    assert not (tmp_path / "run/people.parquet").exists()
    assert (tmp_path / "run" / SEAL).exists()
    with pytest.raises(KeyError):
        a_door().opened(tmp_path / "copy/people.parquet")
    assert erase_run(tmp_path / "run", destroy).is_key_destroyed is False


def test_a_seal_that_is_not_whole_stops_the_run_in_words(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    (tmp_path / "run" / SEAL).write_text("run = 1\nuntil = 'soon'\n")
    with pytest.raises(BadFile, match="VAULT-007"):
        a_door().opened(tmp_path / "run/people.parquet")


def test_a_key_that_is_not_given_stops_everything(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")

    def absent(_seal: RunSeal, _folder: Path) -> StreamKeys:
        raise NotYet("VAULT-013", "The key is not here.")

    for act in (SealedDoor(absent).opened, SealedDoor(absent).hash):
        with pytest.raises(NotYet, match="VAULT-013"):
            act(tmp_path / "run/people.parquet")


def test_a_receipt_of_a_sealed_run_has_no_word_of_its_key(tmp_path: Path, source: Path) -> None:
    do_sealed(source, tmp_path / "run")
    secret = json.loads(KEYS[find_seal(tmp_path / "run").run].words())["key"][0]["keyData"]["value"]  # type: ignore[union-attr]
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert not [path for path in files if secret in path.read_text("latin-1")]


@pytest.mark.check("F-18")
def test_a_system_without_files_in_memory_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    monkeypatch.delattr("os.memfd_create")
    with pytest.raises(NoRoom, match="VAULT-016"), a_door().scratch(tmp_path / "x"):
        pass
    assert not (tmp_path / "x").exists(), "it is not written in clear instead"
    counted("parts taken away", 1, exact=True)
