"""Backups: made sealed, opened and proved before anything is switched, tried without switching, and remembered."""

import contextlib
import datetime as dt
import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import BadFile, SaranaError
from sarana.basics.references import new_ref
from sarana.ground.vault.databases import DATABASE, Beat, Database, Opened, SqliteDatabase
from sarana.ground.vault.journal import Made, Tried, alone, remember
from sarana.methods.sealing.archives import Head, open_archive, read_head, seal_archive
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.tablefiles import disk_is_full

ANCHORS = "anchors"

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

BACKING_UP, RESTORING = ".backup-", ".restore-"
LEFT_BEHIND = dt.timedelta(days=1)

type Verify = Callable[[Mapping[str, str]], None]
"""Given what a program has to see to work with the opened database; raises where its ledger is not whole."""


def _silent() -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A backup that was opened and proved: its head, and the folder in which its files lie."""

    head: Head
    folder: Path
    counts: dict[str, int]
    database: Opened

    def environment(self) -> dict[str, str]:
        """What a program has to see to work with it: its database, and the heads of the ledger that came with it."""
        return {"SARANA_HOME": str(self.folder), **self.database.environment()}


def make_backup(
    home: Path,
    target: Path,
    to: KeysetFile,
    *,
    now: dt.datetime,
    database: Database | None = None,
    beat: Beat = _silent,
) -> Made:
    """Seal the database and the heads of the ledger into one file, named after the moment; remember how it went.

    Nothing secret is needed: a server that makes backups cannot open them.

    Raises:
        BadFile: VAULT-024 the database is not sound.
        BadFile: VAULT-030 the folder cannot be written.
        NoRoom: ENGINE-004 the disk is full.
        NotYet: VAULT-027 another one is at work.
    """
    with alone(home):
        try:
            with _said_plainly(target):
                made = _made(home, database or _sqlite(home), target, to, now=now, beat=beat)
        except SaranaError as err:
            with contextlib.suppress(OSError):
                remember(home, made=Made(str(new_ref()), str(target), now, code=err.code))
            raise
        remember(home, made=made)
    return made


def _sqlite(home: Path) -> SqliteDatabase:
    return SqliteDatabase(home / DATABASE)


def _made(home: Path, database: Database, target: Path, to: KeysetFile, *, now: dt.datetime, beat: Beat) -> Made:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(home, now)
    with tempfile.TemporaryDirectory(prefix=BACKING_UP, dir=home) as temp, database.copied(Path(temp), beat) as copy:
        anchors = sorted(path for path in (home / ANCHORS).glob("*") if path.is_file())
        members = {**copy.members, **{f"{ANCHORS}/{path.name}": path for path in anchors}}
        file = target / f"sarana-{now:%Y%m%dT%H%M%SZ}.backup"
        if file.exists():
            raise BadFile("VAULT-022", "There is a backup of this second.", where=str(file), cure="Call it once more.")
        head = seal_archive(members, file, to, what=database.what, counts=copy.counts, now=now, beat=beat)
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
def _said_plainly(place: Path) -> Iterator[None]:
    """Turn what the system says of a disk into our errors."""
    try:
        yield
    except OSError as err:
        if err.errno in FULL:
            raise disk_is_full() from err
        raise BadFile(
            "VAULT-030",
            "This place cannot be written or read.",
            where=str(place),
            cure="See that the disk is there, and that the account of the service may write to it.",
        ) from err


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
        database.opened(Path(temp), beat) as opened,
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
    path: Path, keys: OrganisationKeys, home: Path, *, now: dt.datetime, database: Database | None = None
) -> tuple[Proved, str]:
    """Prove a backup, then put it in place; gives where the database that was there is kept.

    A stop at any moment leaves the old database or the new one, whole.

    Raises:
        NotYet: VAULT-025 somebody works with the database that is there; VAULT-027 another one is at work.
        And the faults of `proved`.
    """
    with _trying(path, home, now, is_restore=True), proved(path, keys, home, database) as found:
        kept = found.database.put_in_place(now)
        anchors = home / ANCHORS
        anchors.mkdir(mode=0o700, exist_ok=True)
        for file in (found.folder / ANCHORS).glob("*"):
            if not (anchors / file.name).exists():
                write_whole(anchors / file.name, file.read_bytes())
        remember(home, tried=_tried(path, found, now, is_restore=True))
        return found, kept


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
            verify(found.environment())
        tried = _tried(path, found, now, is_restore=False)
        remember(home, tried=tried)
    return found, tried


@contextlib.contextmanager
def _trying(path: Path, home: Path, now: dt.datetime, *, is_restore: bool) -> Iterator[None]:
    """Hold backups here, and remember what a backup did not stand."""
    with alone(home):
        try:
            with _said_plainly(home):
                yield
        except SaranaError as err:
            with contextlib.suppress(OSError):
                remember(home, tried=Tried(str(new_ref()), now, path.name, is_restore=is_restore, code=err.code))
            raise


def _tried(path: Path, found: Proved, now: dt.datetime, *, is_restore: bool) -> Tried:
    n_rows = sum(found.counts.values())
    return Tried(str(new_ref()), now, path.name, backup=found.head.id, n_rows=n_rows, is_restore=is_restore)


def _sweep(home: Path, now: dt.datetime) -> None:
    """Remove what a backup or a restore that was killed left behind."""
    for folder in (path for prefix in (BACKING_UP, RESTORING) for path in home.glob(f"{prefix}*")):
        if now.timestamp() - folder.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
