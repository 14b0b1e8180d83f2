"""The copy of a database that backups, drills and restores hold: no file of any folder shows it."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from makers.backups import KEYS, NOW, a_home, backup, fits, names, opened
from makers.canary import markers, seen_in
from makers.counted import Counted
from sarana.basics.errors import NoRoom
from sarana.ground.vault import nameless, snapshots
from sarana.ground.vault.backups import drill, make_backup, restore
from sarana.ground.vault.databases import DATABASE
from sarana.ground.vault.journal import read_standing


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder."""
    return a_home(tmp_path)


@pytest.mark.check("D-09")
@pytest.mark.parametrize("has_room", [True, False])
def test_d_09_no_file_shows_the_copy_while_it_is_made_opened_and_put_in_place(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_room: bool
) -> None:
    """Looked for again and again while it is at work; what a kill leaves behind is looked for in F-06 and F-07."""
    monkeypatch.setattr(nameless, "MOST_IN_MEMORY", 1 << 20 if has_room else 0)
    monkeypatch.setattr(snapshots, "PAGES", 2)
    monkeypatch.setattr(snapshots, "STATEMENT_STEPS", 200)
    # Of this test alone: other processes of the tests make copies in memory at the same time.
    monkeypatch.setattr(nameless, "FOLDERS", f"{nameless.FOLDERS}{os.getpid()}-")
    mine, places, n_looks = f"{nameless.FOLDERS}*", set[str](), 0

    def look(_shown: object = None) -> None:
        nonlocal n_looks
        n_looks += 1
        folders = [*nameless.MEMORY.glob(mine), *home.glob(f".*/{mine}")]
        places.update("memory" if folder.parent == nameless.MEMORY else "disk" for folder in folders)
        for folder in (home, tmp_path / "out", *folders):
            found = [name for name in seen_in(folder, markers()) if not name.startswith(DATABASE)]
            assert found == [], folder

    made = make_backup(home, tmp_path / "out", KEYS.file, now=NOW, beat=look)
    drill(Path(made.where), KEYS, home, look, now=NOW, beat=look)
    assert n_looks > 10
    assert places == {"memory" if has_room else "disk"}
    changed = names(home)
    restore(Path(made.where), KEYS, home, now=NOW)
    assert names(home) == changed
    look()


def test_a_disk_without_nameless_takes_a_restored_database_too(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(home, tmp_path / "out")
    monkeypatch.delattr(os, "O_TMPFILE")
    restore(file, KEYS, tmp_path / "new", now=NOW)
    assert names(tmp_path / "new") == names(home)
    assert (tmp_path / "new" / DATABASE).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "new").iterdir() if path.name.startswith(".")] == []


def test_a_disk_that_fills_during_a_restore_leaves_the_database_as_it_was(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(home, tmp_path / "out")
    with opened(home / DATABASE) as base:
        base.execute("DELETE FROM person WHERE id > 7")
        base.commit()
    real = nameless.shutil.copyfileobj

    def full(*_: object) -> None:
        monkeypatch.setattr(nameless.shutil, "copyfileobj", real)  # what is written beside it has room
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(nameless.shutil, "copyfileobj", full)
    with pytest.raises(NoRoom, match="ENGINE-004"):
        restore(file, KEYS, home, now=NOW)
    assert len(names(home)) == 7
    assert [path.name for path in home.iterdir() if path.name.startswith((".", f"{DATABASE}.before"))] == []
    assert [(tried.is_restore, tried.code) for tried in read_standing(home).tried] == [(True, "ENGINE-004")]


@pytest.mark.check("F-18")
def test_f_18_a_system_that_shows_no_memory_or_lets_nobody_write_there_backs_up_on_the_disk(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    monkeypatch.setattr(nameless, "MEMORY", tmp_path / "none")
    assert drill(backup(home, tmp_path / "out"), KEYS, home, fits, now=NOW)[0].counts == {"person": 200}
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []
    counted("parts taken away", 1, exact=True)


def test_where_sqlite_finds_no_room_for_a_copy_it_is_said(home: Path, tmp_path: Path) -> None:
    with nameless.nameless(home, tmp_path, 0) as copy:
        copy.writer.execute("PRAGMA max_page_count=2")
        with pytest.raises(NoRoom, match="ENGINE-004"), nameless.full_said():
            copy.writer.execute("CREATE TABLE word AS SELECT hex(zeroblob(100000))")
        with pytest.raises(sqlite3.OperationalError, match="no such table"), nameless.full_said():
            copy.writer.execute("SELECT * FROM absent")
