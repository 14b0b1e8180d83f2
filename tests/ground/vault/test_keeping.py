"""Copies that the account which makes backups cannot take away, whatever it does to what it can reach."""

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ground.vault.test_backups import KEYS, NOW, backup, fits, home
from makers.counted import Counted
from sarana.basics.errors import BadFile, BadSetting, NoRoom
from sarana.ground.vault import keeping
from sarana.ground.vault.backups import drill
from sarana.ground.vault.keeping import Fetched, check_found, fetch

__all__ = ["home"]

YEAR = dt.timedelta(days=365)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def place(home: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A home with two backups in its folder, which were fetched."""
    source, target = tmp_path / "backups", tmp_path / "kept"
    for hour in (0, 1):
        backup(home, source, now=NOW + hour * HOUR)
    assert len(again(source, target).new) == 2
    return home, source, target


def again(source: Path, target: Path, *, now: dt.datetime = NOW + 2 * HOUR, keep: dt.timedelta = YEAR) -> Fetched:
    return fetch(source, target, now=now, keep=keep)


def copies(target: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in target.glob("*.backup")}


def swapped(source: Path) -> None:
    one, two = sorted(source.iterdir())
    one.rename(source / "x")
    two.rename(one)
    (source / "x").rename(two)


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def flooded(source: Path) -> None:
    for number in range(5):
        (source / f"sarana-20990101T00000{number}Z.backup").write_bytes(os.urandom(1000))


def first(source: Path) -> Path:
    return min(source.glob("*.backup"))


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(source: Path) -> None:
        path = first(source)
        path.unlink()
        make(path)

    return act


WAYS: dict[str, tuple[Callable[[Path], object], bool]] = {
    "deleted": (lambda source: first(source).unlink(), False),
    "all deleted": (lambda source: [path.unlink() for path in source.iterdir()], False),
    "cut": (lambda source: os.truncate(first(source), 500), True),
    "emptied": (lambda source: os.truncate(first(source), 0), True),
    "one bit changed": (lambda source: flipped(first(source)), True),
    "encrypted": (lambda source: [path.write_bytes(os.urandom(9_000)) for path in source.iterdir()], True),
    "swapped": (swapped, True),
    "a link in its place": (instead(lambda path: path.symlink_to("/etc/hostname")), True),
    "a link to nothing": (instead(lambda path: path.symlink_to("/nowhere")), True),
    "a pipe in its place": (instead(os.mkfifo), True),
    "a folder in its place": (instead(Path.mkdir), True),
    "flooded": (flooded, True),
}


@pytest.mark.check("D-11")
def test_d_11_whatever_is_done_to_the_source_every_copy_stands_and_opens(
    place: tuple[Path, Path, Path], tmp_path: Path, counted: Counted
) -> None:
    whole, source, target = place
    kept, before = copies(target), tmp_path / "before"
    shutil.copytree(source, before)
    for way, (harm, is_told) in WAYS.items():
        shutil.rmtree(source)
        shutil.copytree(before, source)
        harm(source)
        found = again(source, target)
        assert copies(target) == kept, way
        assert bool(found.strange) is is_told, way
        if is_told:
            with pytest.raises(BadFile, match="VAULT-037"):
                check_found(found)
        else:
            check_found(found)
            assert found.gone
    counted("ways", len(WAYS), exact=True)
    for name in kept:
        assert drill(target / name, KEYS, whole, fits, now=NOW)[0].counts == {"person": 200}


def test_copies_serve_their_time_by_their_own_clock_and_the_last_three_stay(
    place: tuple[Path, Path, Path],
) -> None:
    whole, source, target = place
    for day in range(1, 5):
        backup(whole, source, now=NOW + dt.timedelta(days=day))
        again(source, target, now=NOW + dt.timedelta(days=day))
    assert len(copies(target)) == 6
    for path in source.iterdir():
        path.unlink()
    month = dt.timedelta(days=30)
    found = again(source, target, now=NOW + month + dt.timedelta(days=2, hours=1), keep=month)
    assert len(found.dropped) == 3
    found = again(source, target, now=NOW + 20 * month, keep=month)
    assert (len(found.kept), found.dropped) == (3, ())
    assert sorted(copies(target)) == list(found.kept)


def test_a_copy_that_is_harmed_is_told_again_and_again(place: tuple[Path, Path, Path]) -> None:
    _home, source, target = place
    flipped(first(target))
    check_found(again(source, target))
    for weeks in (1, 2):
        found = again(source, target, now=NOW + weeks * dt.timedelta(days=8))
        assert found.harmed == (first(target).name,)
    first(target).unlink()
    assert len(again(source, target).harmed) == 1


def test_a_list_that_was_lost_is_made_again_and_nothing_is_dropped_for_it(place: tuple[Path, Path, Path]) -> None:
    _home, source, target = place
    (target / keeping.LIST).unlink()
    later = NOW + 3 * YEAR
    found = again(source, target, now=later)
    assert (len(found.kept), found.new, found.dropped) == (2, (), ())


def test_a_full_disk_leaves_what_was_kept(place: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    whole, source, target = place
    kept = copies(target)
    backup(whole, source, now=NOW + 5 * HOUR)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom, match="ENGINE-004"):
        again(source, target)
    monkeypatch.undo()
    assert copies(target) == kept
    assert [path.name for path in target.iterdir() if path.suffix == ".part"] == []
    assert len(again(source, target).new) == 1


def test_a_folder_that_keeps_nothing_safe_is_refused(place: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _home, source, target = place
    target.chmod(0o770)
    for unsafe in (source / "below", source, tmp_path, target):
        with pytest.raises(BadSetting, match="VAULT-038"):
            again(source, unsafe)
    with pytest.raises(BadFile, match="VAULT-030"):
        again(tmp_path / "nowhere", tmp_path / "other")


def test_the_group_of_the_folder_may_fetch_and_nobody_else(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o750)
    folder.chmod(0o750)
    assert backup(home, folder).stat().st_mode & 0o777 == 0o640
    assert backup(home, tmp_path / "own").stat().st_mode & 0o777 == 0o600
