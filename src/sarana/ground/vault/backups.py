"""Backups: made sealed, opened and proved before anything is switched, tried without switching, and remembered."""

import contextlib
import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile
from sarana.ground.vault.snapshots import counted, put_in_place, take_snapshot
from sarana.methods.sealing.archives import Head, open_archive, seal_archive
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys

DATABASE = "sarana.sqlite3"
ANCHORS = "anchors"
REMEMBERED = "backups.json"
MOST_REMEMBERED = 100

RED_DAYS = 30
"""After so many days without a drill that passed, backups count as untried."""

WHAT = "database on SQLite"

BACKING_UP, RESTORING = ".backup-", ".restore-"
LEFT_BEHIND = dt.timedelta(days=1)


class Made(msgspec.Struct, frozen=True):
    """One backup that was made."""

    id: str
    where: str
    made_at: dt.datetime
    n_bytes: int
    sha256: str
    sealed_to: str


class Standing(msgspec.Struct, frozen=True):
    """What is known of backups: which were made, and which passed the last drill."""

    made: tuple[Made, ...] = ()
    drilled_at: dt.datetime | None = None
    drilled_id: str = ""

    def is_red(self, now: dt.datetime) -> bool:
        """Whether no drill passed within the last thirty days."""
        return self.drilled_at is None or now - self.drilled_at > dt.timedelta(days=RED_DAYS)


@dataclass(frozen=True, slots=True)
class Proved:
    """A backup that was opened and proved: its head, and the folder in which its files lie."""

    head: Head
    folder: Path
    counts: dict[str, int]


def make_backup(home: Path, target: Path, to: KeysetFile, *, now: dt.datetime) -> Made:
    """Seal the database and the heads of the ledger into one file, named after the moment.

    Nothing secret is needed: a server that makes backups cannot open them.

    Raises:
        BadFile: VAULT-024 the database is not sound.
        OSError: the disk is full, or the folder cannot be written.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(home, now)
    with tempfile.TemporaryDirectory(prefix=BACKING_UP, dir=home) as temp:
        copy = Path(temp) / DATABASE
        counts = take_snapshot(home / DATABASE, copy)
        anchors = sorted(path for path in (home / ANCHORS).glob("*") if path.is_file())
        members = {DATABASE: copy, **{f"{ANCHORS}/{path.name}": path for path in anchors}}
        file = target / f"sarana-{now:%Y%m%dT%H%M%SZ}.backup"
        if file.exists():
            raise BadFile("VAULT-022", "There is a backup of this second.", where=str(file), cure="Call it once more.")
        head = seal_archive(members, file, to, what=WHAT, counts=counts, now=now)
    with file.open("rb") as made:
        found = hashlib.file_digest(made, "sha256").hexdigest()
    backup = Made(
        head.id, str(file.resolve()), now, file.stat().st_size, found, f"{to.name}, epoch {to.epochs[-1].number}"
    )
    kept = read_standing(home)
    _remember(home, msgspec.structs.replace(kept, made=(*kept.made, backup)[-MOST_REMEMBERED:]))
    return backup


@contextlib.contextmanager
def proved(path: Path, keys: OrganisationKeys, beside: Path) -> Iterator[Proved]:
    """A backup opened in a folder of its own, which is gone afterwards: whole, sound, and with the counts it says.

    Raises:
        BadFile: VAULT-022, VAULT-023 it is no backup of ours; VAULT-024 what it holds is not sound.
        Refused: VAULT-001 it was changed or cut.
    """
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=RESTORING, dir=beside) as temp:
        head = open_archive(path, keys, Path(temp))
        found = counted(Path(temp) / DATABASE)
        if found != head.counts:
            raise BadFile(
                "VAULT-024", "The backup holds other counts than it says.", where=path.name, cure="Take another backup."
            )
        yield Proved(head, Path(temp), found)


def restore(path: Path, keys: OrganisationKeys, home: Path, *, now: dt.datetime) -> tuple[Proved, Path | None]:
    """Prove a backup, then put it in place; gives where the database that was there is kept.

    A stop at any moment leaves the old database or the new one, whole.

    Raises:
        NotYet: VAULT-025 somebody works with the database that is there.
        And the faults of `proved`.
    """
    with proved(path, keys, home) as found:
        kept = put_in_place(found.folder / DATABASE, home / DATABASE, now=now)
        anchors = home / ANCHORS
        anchors.mkdir(mode=0o700, exist_ok=True)
        for file in (found.folder / ANCHORS).glob("*"):
            if not (anchors / file.name).exists():
                write_whole(anchors / file.name, file.read_bytes())
        return found, kept


def drill(
    path: Path, keys: OrganisationKeys, home: Path, verify: Callable[[Path], None], *, now: dt.datetime
) -> Proved:
    """Restore into a folder of its own, let it be verified there, and remember that it passed; nothing is switched.

    Raises:
        What `verify` and `proved` raise.
    """
    with proved(path, keys, home) as found:
        verify(found.folder)
    kept = read_standing(home)
    _remember(home, msgspec.structs.replace(kept, drilled_at=now, drilled_id=found.head.id))
    return found


def read_standing(home: Path) -> Standing:
    """What is known of backups here; nothing where the file is missing or not whole."""
    try:
        return msgspec.json.decode((home / REMEMBERED).read_bytes(), type=Standing)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Standing()


def _sweep(home: Path, now: dt.datetime) -> None:
    """Remove what a backup or a restore that was killed left behind."""
    for folder in (path for prefix in (BACKING_UP, RESTORING) for path in home.glob(f"{prefix}*")):
        if now.timestamp() - folder.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _remember(home: Path, standing: Standing) -> None:
    write_whole(home / REMEMBERED, msgspec.json.format(msgspec.json.encode(standing), indent=1) + b"\n")
