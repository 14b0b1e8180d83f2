"""Backups: made sealed, opened and proved before anything is switched, tried without switching, and remembered."""

import contextlib
import datetime as dt
import hashlib
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import BadFile, SaranaError
from sarana.basics.references import new_ref
from sarana.ground.vault.beside import gathered, put_back
from sarana.ground.vault.databases import DATABASE, Beat, Database, Opened, Shown, SqliteDatabase
from sarana.ground.vault.disks import said_plainly
from sarana.ground.vault.journal import Made, Tried, alone, remember
from sarana.ground.vault.nameless import sweep_folders
from sarana.methods.sealing.archives import Head, open_archive, read_head, seal_archive
from sarana.methods.sealing.erased import ERASED, is_mark_key, join_erased, keep_keys, key_files, read_texts
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.store import DESTROYED, KeyStore, read_destroyed

ANCHORS = "anchors"

BACKING_UP, RESTORING = ".backup-", ".restore-"
LEFT_BEHIND = dt.timedelta(hours=1)

type Verify = Callable[[Shown], None]
"""Given what a program has to be given to read the opened database; raises where its ledger is not whole."""


def _silent() -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A backup that was opened and proved: its head, and the folder in which its files lie."""

    head: Head
    folder: Path
    counts: dict[str, int]
    database: Opened

    def shown(self) -> Shown:
        """What a program has to be given to read it: its database, and the heads of the ledger that came with it."""
        database = self.database.shown()
        return Shown({"SARANA_HOME": str(self.folder), **database.environment}, database.handle)


def make_backup(
    home: Path,
    target: Path,
    to: KeysetFile,
    *,
    now: dt.datetime,
    database: Database | None = None,
    destroyed: Path | None = None,
    beat: Beat = _silent,
) -> Made:
    """Seal the database and what lies beside it into one file, named after the moment; remember how it went.

    Beside it lie the heads of the ledger, and sealed files of people. Nothing secret is needed: a server that makes
    backups cannot open them. `destroyed` is the list of keys that were destroyed: it goes along, with the list beside
    it of people who were erased and what proves it, and a restore does both again.

    Raises:
        BadFile: VAULT-024 the database is not sound.
        BadFile: VAULT-030 the folder cannot be written.
        NoRoom: ENGINE-004 the disk is full.
        NotYet: VAULT-027 another one is at work.
    """
    with alone(home):
        try:
            with said_plainly(target):
                made = _made(home, database or _sqlite(home), target, to, destroyed=destroyed, now=now, beat=beat)
        except SaranaError as err:
            with contextlib.suppress(OSError):
                remember(home, made=Made(str(new_ref()), str(target), now, code=err.code))
            raise
        remember(home, made=made)
    return made


def _sqlite(home: Path) -> SqliteDatabase:
    return SqliteDatabase(home / DATABASE)


def _made(
    home: Path,
    database: Database,
    target: Path,
    to: KeysetFile,
    *,
    destroyed: Path | None,
    now: dt.datetime,
    beat: Beat,
) -> Made:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(home)
    _sweep_parts(target, now)
    with tempfile.TemporaryDirectory(prefix=BACKING_UP, dir=home) as temp, database.copied(Path(temp), beat) as copy:
        anchors = sorted(path for path in (home / ANCHORS).glob("*") if path.is_file())
        members = {**copy.members, **{f"{ANCHORS}/{path.name}": path for path in anchors}}
        members |= gathered(home, Path(temp))
        lists = [destroyed.with_name(name) for name in (DESTROYED, ERASED)] if destroyed else []
        lists += key_files(KeyStore(destroyed.parent)) if destroyed else []
        members |= {path.name: path for path in lists if path.is_file()}
        file = target / f"sarana-{now:%Y%m%dT%H%M%SZ}.backup"
        if file.exists():
            raise BadFile("VAULT-022", "There is a backup of this second.", where=str(file), cure="Call it once more.")
        head = seal_archive(members, file, to, what=database.what, counts=copy.counts, now=now, beat=beat)
    if target.stat().st_mode & stat.S_IRGRP:
        file.chmod(0o640)  # sealed as it is, the group of this folder may fetch it
    with file.open("rb") as made:
        found = hashlib.file_digest(made, "sha256").hexdigest()
    return Made(
        head.id,
        str(file.resolve()),
        now,
        n_bytes=file.stat().st_size,
        n_rows=sum(copy.counts.values()),
        sha256=found,
        sealed_to=f"{to.name}, epoch {to.epochs[-1].number}",
        opens_with=", ".join(lock.name for lock in to.locks),
    )


@contextlib.contextmanager
def proved(
    path: Path, keys: OrganisationKeys, beside: Path, database: Database | None = None, beat: Beat = _silent
) -> Iterator[Proved]:
    """A backup opened in a folder of its own, which is gone afterwards: whole, sound, and with the counts it says.

    Raises:
        BadFile: VAULT-022, VAULT-023 it is no backup of ours; VAULT-024 what it holds is not sound; VAULT-035 it is of
            another kind of database.
        Refused: VAULT-001 it was changed or cut.
    """
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = database or _sqlite(beside)
    _check_kind(path, database)
    with (
        tempfile.TemporaryDirectory(prefix=RESTORING, dir=beside) as temp,
        database.opened(Path(temp), beat, path.stat().st_size) as opened,
    ):
        head = open_archive(path, keys, Path(temp), streams=opened.streams, beat=beat)
        found = opened.counts(beat)
        if found != head.counts:
            raise BadFile(
                "VAULT-024", "The backup holds other counts than it says.", where=path.name, cure="Take another backup."
            )
        yield Proved(head, Path(temp), found, opened)


def _check_kind(path: Path, database: Database) -> None:
    what = read_head(path).what
    if what != database.what:
        raise BadFile(
            "VAULT-035",
            "This backup is of another kind of database than the one that works here.",
            where=f"{path.name}: {what[:60]}",
            cure="Set DATABASE_URL as it was where the backup was made: an address for PostgreSQL, nothing for SQLite.",
        )


def restore(
    path: Path,
    keys: OrganisationKeys,
    home: Path,
    *,
    now: dt.datetime,
    database: Database | None = None,
    store: KeyStore | None = None,
) -> tuple[Proved, str]:
    """Prove a backup, then put it in place; gives where the database that was there is kept.

    A stop at any moment leaves the old database or the new one, whole.

    Raises:
        NotYet: VAULT-025 somebody works with the database that is there; VAULT-027 another one is at work.
        And the faults of `proved`.
    """
    with _trying(path, home, now, is_restore=True), proved(path, keys, home, database) as found:
        if store is not None:
            # Before anything is switched: what was destroyed never opens again, whatever is cut in between.
            _take_over(store, found.folder, now)
        # Before the database too: a row never stands without its file, and a file without a row is swept.
        put_back(found.folder, home)
        kept = found.database.put_in_place(now)
        anchors = home / ANCHORS
        anchors.mkdir(mode=0o700, exist_ok=True)
        for file in (found.folder / ANCHORS).glob("*"):
            if not (anchors / file.name).exists():
                write_whole(anchors / file.name, file.read_bytes())
        remember(home, tried=_tried(path, found, now, is_restore=True))
        return found, kept


def _take_over(store: KeyStore, folder: Path, now: dt.datetime) -> None:
    """Destroy again what was destroyed, and join the list of who was erased; no list keeps a backup away."""
    marks = {path.name: path.read_bytes() for path in folder.glob("*.key") if is_mark_key(path.name)}
    with store.changing():
        store.take_over_destroyed(read_destroyed(folder / DESTROYED), now=now)
        keep_keys(store, marks)
        with contextlib.suppress(BadFile):  # said by the next who opens anybody
            join_erased(store, read_texts(folder / ERASED))


def drill(
    path: Path,
    keys: OrganisationKeys,
    home: Path,
    verify: Verify,
    *,
    now: dt.datetime,
    database: Database | None = None,
    beat: Beat = _silent,
) -> tuple[Proved, Tried]:
    """Restore into a folder of its own, let it be verified there, and remember how it went; nothing is switched.

    Raises:
        NotYet: VAULT-027 another one is at work.
        And what `verify` and `proved` raise.
    """
    with _trying(path, home, now, is_restore=False):
        with proved(path, keys, home, database, beat) as found:
            verify(found.shown())
        tried = _tried(path, found, now, is_restore=False)
        remember(home, tried=tried)
    return found, tried


@contextlib.contextmanager
def _trying(path: Path, home: Path, now: dt.datetime, *, is_restore: bool) -> Iterator[None]:
    """Hold backups here, and remember what a backup did not stand."""
    with alone(home):
        try:
            with said_plainly(home):
                _sweep(home)
                yield
        except SaranaError as err:
            with contextlib.suppress(OSError):
                remember(home, tried=Tried(str(new_ref()), now, path.name, is_restore=is_restore, code=err.code))
            raise


def _tried(path: Path, found: Proved, now: dt.datetime, *, is_restore: bool) -> Tried:
    n_rows = sum(found.counts.values())
    return Tried(str(new_ref()), now, path.name, backup=found.head.id, n_rows=n_rows, is_restore=is_restore)


def _sweep(home: Path) -> None:
    """Remove what was left behind by one that was killed; whoever holds backups here knows that none is at work."""
    for folder in (path for prefix in (BACKING_UP, RESTORING) for path in home.glob(f"{prefix}*")):
        shutil.rmtree(folder, ignore_errors=True)
    sweep_folders(home)


def _sweep_parts(target: Path, now: dt.datetime) -> None:
    """The same in the folder of backups; another installation may write there too, and what is young is not touched."""
    for part in target.glob("sarana-*.backup.part"):
        with contextlib.suppress(OSError):
            if now.timestamp() - part.stat().st_mtime > LEFT_BEHIND.total_seconds():
                part.unlink()
