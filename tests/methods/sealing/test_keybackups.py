"""Backups of the key folder: what is missing comes back, what was destroyed does not, and after five weeks nothing."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from methods.sealing.making import some_store
from sarana.basics.errors import BadFile, Refused, SaranaError
from sarana.methods.sealing.keybackups import (
    KEPT_DAYS,
    BroughtBack,
    KeyBackup,
    bring_back,
    make_key_backup,
    read_key_backup,
)
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.runkeys import make_run_key, open_run_key
from sarana.methods.sealing.store import KeyStore, rotate_store
from sarana.methods.sealing.unlocking import Given, unlock

NOW = dt.datetime(2026, 7, 1, 3, tzinfo=dt.UTC)
UNTIL = dt.date(2027, 7, 1)
SECRETS = {"secret.key": b"signs sittings", "ledger-writer.key": b"\x00\xffwrites down"}


class Folder:
    """A key folder with two keys of runs, and the stick that opens it."""

    def __init__(self, folder: Path) -> None:
        self.store, self.stick = some_store(folder)
        self.keys = self.store.folder.parent
        for name, content in SECRETS.items():
            (self.keys / name).write_bytes(content)
        (self.keys / "ledger-verify.key").write_bytes(b"proves")
        self.opened = self.open(self.store.get_keyset())
        self.runs = [make_run_key(self.opened, folder="x", made_on=NOW.date(), until=UNTIL) for _ in range(2)]
        for key in self.runs:
            self.store.keep_run_key(key)

    def open(self, file: KeysetFile) -> OrganisationKeys:
        return unlock(file, Given(key_file=self.stick))

    def back_up(self, target: Path, *, now: dt.datetime = NOW) -> Path:
        return make_key_backup(self.keys, self.store, target, now=now)[0]

    def bring_back(self, path: Path, keys: Path, *, now: dt.datetime = NOW) -> BroughtBack:
        return bring_back(path, keys, KeyStore(keys / "vault"), self.open, now=now)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_empty_folder_gets_all_but_what_opens_and_what_proves(folder: Folder, tmp_path: Path) -> None:
    path = folder.back_up(tmp_path / "stick2")
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_bytes()
    assert all(secret not in text for secret in SECRETS.values())
    new = tmp_path / "new"
    assert folder.bring_back(path, new) == BroughtBack(3, 2, 0, is_keyset=True)
    assert {name: (new / name).read_bytes() for name in SECRETS} == SECRETS
    assert sorted(each.name for each in new.glob("*.key")) == sorted([*SECRETS, "erased.key"])
    assert [*new.rglob("open.key")] == []
    store = KeyStore(new / "vault")
    keys = folder.open(store.get_keyset())
    for key in store.run_keys():
        open_run_key(key, keys, today=NOW.date())
    assert folder.bring_back(path, new) == BroughtBack(0, 0, 0, is_keyset=False)


def test_what_was_destroyed_here_or_there_does_not_come_back(folder: Folder, tmp_path: Path) -> None:
    one, two = (key.run for key in folder.runs)
    early = folder.back_up(tmp_path / "early")
    folder.store.destroy_run_key(one, now=NOW)
    assert folder.bring_back(early, folder.keys).n_runs == 0
    assert folder.store.find_run_key(one) is None
    late = folder.back_up(tmp_path / "late", now=NOW + dt.timedelta(days=1))
    new = tmp_path / "new"
    folder.bring_back(early, new)
    assert KeyStore(new / "vault").find_run_key(one) is not None
    assert folder.bring_back(late, new).n_destroyed == 1
    assert KeyStore(new / "vault").find_run_key(one) is None
    assert KeyStore(new / "vault").find_run_key(two) is not None
    assert KeyStore(new / "vault").destroyed() == [one]


def test_a_backup_is_over_after_five_weeks_and_the_next_one_destroys_it(folder: Folder, tmp_path: Path) -> None:
    path = folder.back_up(tmp_path / "stick2")
    last = NOW + dt.timedelta(days=KEPT_DAYS)
    assert read_key_backup(path, now=last)
    for later in (last + dt.timedelta(days=1), NOW.replace(year=2030)):
        with pytest.raises(Refused, match="VAULT-050"):
            folder.bring_back(path, tmp_path / "new", now=later)
    (path.parent / "sarana-notes.keys").write_text("mine")
    _, over = make_key_backup(folder.keys, folder.store, path.parent, now=last)
    assert over == []
    _, over = make_key_backup(folder.keys, folder.store, path.parent, now=last + dt.timedelta(days=1))
    assert over == [path]
    assert not path.exists()
    assert (path.parent / "sarana-notes.keys").exists()


def test_keys_that_were_changed_meanwhile_are_not_rolled_back(folder: Folder, tmp_path: Path) -> None:
    path = folder.back_up(tmp_path / "stick2")
    with folder.store.changing():
        rotate_store(folder.store, folder.opened, today=NOW.date())
    version = folder.store.get_keyset().version
    (folder.keys / "secret.key").unlink()
    (folder.store.folder / "runs" / f"{folder.runs[0].run}.json").unlink()
    assert folder.bring_back(path, folder.keys) == BroughtBack(1, 0, 0, is_keyset=False)
    assert folder.store.get_keyset().version == version


def test_what_was_changed_is_refused_and_nothing_is_put_in_place(folder: Folder, tmp_path: Path) -> None:
    path = folder.back_up(tmp_path / "stick2")
    told = msgspec.json.decode(path.read_bytes(), type=KeyBackup)
    changes = (
        {"until": told.until + dt.timedelta(days=1)},
        {"made_at": NOW + dt.timedelta(days=1)},
        {"runs": told.runs[:1]},
        {"destroyed": (f"{told.runs[0].run} 2026-07-01T00:00:00Z",)},
        {"sealed": told.sealed[:-8] + "AAAAAAA="},
        {"keyset": msgspec.structs.replace(told.keyset, name="another")},
    )
    for change in changes:
        path.write_bytes(msgspec.json.encode(msgspec.structs.replace(told, **change)))
        with pytest.raises(SaranaError, match=r"VAULT-0(01|07|51)"):
            folder.bring_back(path, tmp_path / "new")
    for nothing in (b"", b"{}", path.read_bytes()[:-20]):
        path.write_bytes(nothing)
        with pytest.raises(BadFile, match="VAULT-051"):
            folder.bring_back(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_keys_of_others_are_not_mixed_and_data_never_lies_beside(folder: Folder, tmp_path: Path) -> None:
    path = folder.back_up(tmp_path / "stick2")
    other = Folder(tmp_path / "other")
    with pytest.raises(BadFile, match="VAULT-023"):
        folder.bring_back(path, other.keys)
    (path.parent / "sarana-20260701T030000Z.backup").touch()
    with pytest.raises(Refused, match="VAULT-039"):
        folder.back_up(path.parent)
