"""Backups of SQLite: nobody but the holder of the keys reads them, harm is seen before anything is switched."""

import datetime as dt
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from makers.backups import KEYS, NOW, a_home, backup, fits, names, opened
from makers.canary import markers, seen_in
from makers.counted import Counted
from makers.scripts import told_by
from methods.sealing.making import some_keys
from sarana.basics.errors import BadFile, NoRoom, NotYet, Refused
from sarana.ground.vault import nameless, snapshots
from sarana.ground.vault.backups import drill, make_backup, restore
from sarana.ground.vault.databases import DATABASE, Shown
from sarana.ground.vault.journal import alone, read_standing
from sarana.methods.sealing.archives import read_head
from sarana.methods.sealing.organisation import OrganisationKeys, rotated
from sarana.methods.sealing.runkeys import make_run_key
from sarana.methods.sealing.store import DESTROYED, KeyStore


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder."""
    return a_home(tmp_path)


@pytest.mark.check("D-09")
def test_d_09_a_backup_shows_nothing_without_the_keys(home: Path, tmp_path: Path, counted: Counted) -> None:
    file = backup(home, tmp_path / "out")
    assert len(set().union(*seen_in(home, markers()).values())) == counted("markers", 200, exact=True)
    assert seen_in(tmp_path / "out", markers()) == {}
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_a_backup_comes_back_as_it_was_on_an_empty_machine_with_what_was_in_the_log(home: Path, tmp_path: Path) -> None:
    with opened(home / DATABASE) as writer:
        writer.execute("INSERT INTO person (name) VALUES ('last of all')")
        writer.commit()
        file = backup(home, tmp_path / "out")
    assert read_head(file).counts == {"person": 201}
    found, kept = restore(file, KEYS, tmp_path / "new", now=NOW)
    assert (found.counts, kept) == ({"person": 201}, "")
    assert names(tmp_path / "new") == names(home)
    assert (tmp_path / "new/anchors/heads.jsonl").read_text() == '{"number": 1}\n'


def test_sealed_files_of_people_go_along_and_one_that_is_here_stays(home: Path, tmp_path: Path) -> None:
    people, there = home / "people", tmp_path / "new/people"
    people.mkdir()
    for name, content in (("one.sealed", b"one"), ("two.sealed", b"two"), ("cut.sealed.part", b"half")):
        (people / name).write_bytes(content)
    file = backup(home, tmp_path / "out")
    there.mkdir(parents=True)
    (there / "one.sealed").write_bytes(b"as it is here")
    restore(file, KEYS, tmp_path / "new", now=NOW)
    found = {path.name: path.read_bytes() for path in there.iterdir()}
    assert found == {"one.sealed": b"as it is here", "two.sealed": b"two"}
    assert {path.name for path in people.iterdir()} == {"one.sealed", "two.sealed", "cut.sealed.part"}


def test_a_copy_is_of_one_moment_and_ends_though_others_write_all_the_time(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PAGES", 1)
    n_beats = 0
    with opened(home / DATABASE) as writer:

        def beat() -> None:
            nonlocal n_beats
            n_beats += 1
            writer.execute("INSERT INTO person (name) VALUES ('meanwhile')")
            writer.commit()

        with nameless.nameless(home, tmp_path, 0) as copy:
            assert snapshots.take_snapshot(home / DATABASE, copy, beat) == {"person": 200}
    assert 1 < n_beats < 50, "it began anew"
    assert len(names(home)) == 200 + n_beats


def test_the_database_that_was_there_is_kept_beside_the_restored_one(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    with opened(home / DATABASE) as base:
        base.execute("DELETE FROM person")
        base.commit()
    _, kept = restore(file, KEYS, home, now=NOW)
    assert len(names(home)) == 200
    with opened(Path(kept)) as base:
        assert base.execute("SELECT count(*) FROM person").fetchone() == (0,)


def test_nothing_is_switched_while_somebody_works(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    with opened(home / DATABASE) as busy:
        busy.execute("SELECT * FROM person").fetchone()
        with pytest.raises(NotYet, match="VAULT-025"):
            restore(file, KEYS, home, now=NOW)
    assert len(names(home)) == 200


@pytest.mark.check("D-12")
@pytest.mark.check("F-11")
def test_d_12_a_backup_that_was_changed_anywhere_is_refused_and_named(
    home: Path, tmp_path: Path, counted: Counted
) -> None:
    file = backup(home, tmp_path / "out")
    data, draw = file.read_bytes(), random.Random(6)
    harmed = tmp_path / "harmed.backup"
    cuts = [data[:length] for length in (0, 10, 200, 1_000, len(data) // 2, len(data) - 1)]
    places = [draw.randrange(len(data)) for _ in range(counted("flips in backups", 2_000))]
    flips = [data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :] for at in places]
    for broken in (*cuts, *flips, data + b"x"):
        harmed.write_bytes(broken)
        with pytest.raises((Refused, BadFile), match=r"VAULT-0(01|22|23|35) harmed.backup"):
            drill(harmed, KEYS, home, fits, now=NOW)
    standing = read_standing(home)
    assert standing.last_passed is None
    assert {tried.code for tried in standing.tried} <= {"VAULT-001", "VAULT-022", "VAULT-023", "VAULT-035"}
    assert len(names(home)) == 200


@pytest.mark.check("D-12")
def test_d_12_another_organisations_backup_and_one_that_fails_its_check_are_refused(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    with pytest.raises(BadFile, match="VAULT-023"):
        drill(file, some_keys(), home, fits, now=NOW)
    with pytest.raises(Refused, match="VAULT-001"):
        drill(file, some_keys(organisation=KEYS.organisation), home, fits, now=NOW)

    def finds(_shown: Shown) -> None:
        raise BadFile("VAULT-026", "The ledger is not whole.")

    with pytest.raises(BadFile, match="VAULT-026"):
        drill(file, KEYS, home, finds, now=NOW)
    (tmp_path / "no.backup").write_text("hello")
    for name in ("no.backup", "absent.backup"):
        with pytest.raises(BadFile, match="VAULT-022"):
            drill(tmp_path / name, KEYS, home, fits, now=NOW)


def test_a_backup_of_last_year_opens_after_the_keys_were_rotated(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    fresh: OrganisationKeys = rotated(rotated(KEYS, today=NOW.date()), today=NOW.date())
    assert drill(file, fresh, home, fits, now=NOW)[0].counts == {"person": 200}


@pytest.mark.check("F-06")
def test_f_06_a_backup_stopped_at_any_moment_leaves_no_file_of_that_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    n_stops = _stopped_at_every_sync(
        monkeypatch, lambda at: backup(home, tmp_path / "out", now=NOW + dt.timedelta(seconds=at))
    )
    assert counted("stops", n_stops, exact=True) >= 3
    named = [*(tmp_path / "out").glob("*.backup")]
    assert 1 <= len(named) < n_stops
    for file in named:
        assert drill(file, KEYS, home, fits, now=NOW)[0].counts == {"person": 200}
    assert {made.where for made in read_standing(home).made} <= {str(file) for file in named}


@pytest.mark.check("F-07")
def test_f_07_a_restore_stopped_at_any_moment_leaves_the_old_database_or_the_new_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    file = backup(home, tmp_path / "out")
    (home / "anchors" / "heads.jsonl").unlink()
    whole = names(home)

    def again(_at: int) -> None:
        assert names(home) == whole
        restore(file, KEYS, home, now=NOW)

    counted("stops", _stopped_at_every_sync(monkeypatch, again), exact=True)
    assert names(home) == whole
    assert (home / "anchors/heads.jsonl").exists()


@pytest.mark.check("F-06")
@pytest.mark.check("F-07")
def test_f_06_and_f_07_backups_drills_and_restores_that_are_killed_leave_all_whole(
    tmp_path: Path, counted: Counted
) -> None:
    """Each is killed as a power cut would, at any moment of it; a restore leaves the old state or the restored one."""
    kills = counted("kills", 300, least=12)
    told = told_by(Path(__file__).with_name("killed_while_keeping.py"), tmp_path, kills)
    assert told["broken"] == []
    assert told["left"] == []
    assert told["ended"] < kills, "nothing was killed before it had ended"


def _stopped_at_every_sync(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> int:
    """Do something again and again, stopped at the first, the second, … call that brings something to the disk."""
    sync, replace = os.fsync, Path.replace
    for at in range(60):
        left = [at]

        def stops(left: list[int] = left) -> None:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1

        monkeypatch.setattr(os, "fsync", lambda handle, stops=stops: (stops(), sync(handle))[1])
        monkeypatch.setattr(Path, "replace", lambda self, to, stops=stops: (stops(), replace(self, to))[1])
        try:
            act(at)
        except KeyboardInterrupt:
            pass
        else:
            return at
        finally:
            monkeypatch.setattr(os, "fsync", sync)
            monkeypatch.setattr(Path, "replace", replace)
    raise AssertionError("it never came to its end")


def test_a_full_disk_leaves_nothing_half_done(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        monkeypatch.undo()  # the disk of the backup is full, and not the one beside the database
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom, match="ENGINE-004"):
        backup(home, tmp_path / "out")
    assert [*(tmp_path / "out").iterdir()] == []
    [made] = read_standing(home).made
    assert (made.code, made.n_bytes) == ("ENGINE-004", 0)
    assert read_standing(home).last_made is None


def test_a_broken_database_is_not_backed_up_in_silence(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="VAULT-024"):
        make_backup(tmp_path, tmp_path / "out", KEYS.file, now=NOW)
    with (home / DATABASE).open("r+b") as file:
        file.seek(4096 + 100)
        file.write(b"\xff" * 3_000)
    with pytest.raises((BadFile, sqlite3.DatabaseError)):
        backup(home, tmp_path / "out")
    with nameless.nameless(home, tmp_path, 0) as copy:
        copy.take((home / DATABASE).read_bytes())
        with pytest.raises(BadFile, match="VAULT-024"):
            snapshots.counted(copy, DATABASE)


@pytest.mark.check("D-10")
def test_d_10_the_standing_says_what_was_made_and_goes_red_after_thirty_days(home: Path, tmp_path: Path) -> None:
    assert read_standing(home).is_red(NOW)
    file = backup(home, tmp_path / "out")
    assert read_standing(home).is_untried(NOW)
    _, tried = drill(file, KEYS, home, fits, now=NOW)
    standing = read_standing(home)
    [made] = standing.made
    assert (made.where, made.n_bytes, made.n_rows) == (str(file), file.stat().st_size, 200)
    assert (made.sealed_to, made.opens_with) == ("Invented House, epoch 1", "the director")
    assert standing.last_passed == tried
    assert (tried.backup, tried.n_rows, tried.file) == (made.id, 200, file.name)
    assert not standing.is_red(NOW + dt.timedelta(days=3))
    assert standing.is_late(NOW + dt.timedelta(days=3, seconds=1))
    assert not standing.is_untried(NOW + dt.timedelta(days=30))
    assert standing.is_untried(NOW + dt.timedelta(days=30, seconds=1))


def test_a_restore_is_no_drill_and_what_failed_counts_for_nothing(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    restore(file, KEYS, home, now=NOW)
    with pytest.raises(Refused):
        drill(file, some_keys(organisation=KEYS.organisation), home, fits, now=NOW)
    standing = read_standing(home)
    assert [(tried.is_restore, tried.code) for tried in standing.tried] == [(True, ""), (False, "VAULT-001")]
    assert standing.is_untried(NOW)


def test_what_was_destroyed_before_a_backup_is_destroyed_again_by_its_restore(home: Path, tmp_path: Path) -> None:
    store, older = KeyStore(tmp_path / "keys/vault"), KeyStore(tmp_path / "older/vault")
    for folder in (store, older):
        with folder.changing():
            folder.keep_keyset(KEYS.file)
    one, two = (make_run_key(KEYS, folder="x", made_on=NOW.date(), until=NOW.date()) for _ in range(2))
    for key in (one, two):
        older.keep_run_key(key)
    store.keep_run_key(one)
    store.destroy_run_key(one.run, now=NOW)
    made = make_backup(home, tmp_path / "out", KEYS.file, now=NOW, destroyed=store.folder / DESTROYED)
    drill(Path(made.where), KEYS, home, fits, now=NOW)
    assert older.find_run_key(one.run) is not None
    restore(Path(made.where), KEYS, tmp_path / "new", now=NOW, store=older)
    assert older.find_run_key(one.run) is None
    assert older.destroyed() == [one.run]
    assert older.find_run_key(two.run) == two


def test_half_a_file_of_one_that_was_killed_goes_with_the_next_backup(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    old, young, other = (out / name for name in ("sarana-1.backup.part", "sarana-2.backup.part", "mine.part"))
    for part in (old, young, other):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    backup(home, out, now=dt.datetime.now(dt.UTC))
    assert [old.exists(), young.exists(), other.exists()] == [False, True, True]


def test_two_are_never_at_work_at_once(home: Path, tmp_path: Path) -> None:
    file = backup(home, tmp_path / "out")
    with alone(home):
        for second in (
            lambda: backup(home, tmp_path / "two"),
            lambda: drill(file, KEYS, home, fits, now=NOW),
            lambda: restore(file, KEYS, home, now=NOW),
        ):
            with pytest.raises(NotYet, match="VAULT-027"):
                second()
    assert not (tmp_path / "two").exists()
    backup(home, tmp_path / "two")
