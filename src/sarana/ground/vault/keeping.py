"""Copies of backups that the account which makes them cannot take away: fetched by another one, kept for a set time.

What lies in the source is never trusted: whoever took the account of the service may delete, change, swap and flood
there. So nothing that is kept is ever overwritten or removed because of the source, and only its own clock and its own
list say when a copy has served its time.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile, BadSetting, SaranaError
from sarana.ground.vault.disks import said_plainly
from sarana.methods.doors import whole_or_nothing
from sarana.methods.sealing.archives import MAGIC, read_head
from sarana.methods.sealing.files import write_whole

LIST = "kept.json"
NAME = re.compile(r"sarana-[0-9]{8}T[0-9]{6}Z\.backup")
PIECE = 1 << 20

LEAST = 3
"""So many copies always stay, however old."""

PROVE_EVERY = dt.timedelta(days=7)


class Kept(msgspec.Struct, frozen=True):
    """One copy: its name, what it is by its digest, when it was fetched, and when it was last read again."""

    name: str
    sha256: str
    n_bytes: int
    fetched_at: dt.datetime
    proved_at: dt.datetime


class Fetched(msgspec.Struct, frozen=True):
    """What one fetching did and found, in names of files."""

    new: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    """Kept here, and no longer in the source."""

    strange: tuple[str, ...] = ()
    """In the source, and no backup, or not the one that was fetched under this name."""

    harmed: tuple[str, ...] = ()
    """Kept here, and not what it was: the disk fails, or somebody was here."""


def fetch(source: Path, target: Path, *, now: dt.datetime, keep: dt.timedelta) -> Fetched:
    """Copy what is new in the source, prove what is kept, and drop what has served its time.

    Raises:
        BadSetting: VAULT-038 source and target lie in one another, or others may write to the target.
        BadFile: VAULT-030 one of them cannot be read or written.
        NoRoom: ENGINE-004 the disk is full; what was kept before stays as it was.
    """
    with said_plainly(source):
        names = sorted(entry.name for entry in os.scandir(source) if NAME.fullmatch(entry.name))
    with said_plainly(target):
        _check_target(source, target)
        kept = _known(target, now)
        new, strange = [], []
        for name in names:
            found = _looked_at(source / name, kept.get(name))
            if found is None:
                copy = _copied(source / name, target / name, now)
                strange += [] if copy else [name]
                new += [name] if copy else []
                kept |= {name: copy} if copy else {}
                _write(target, kept)
            elif not found:
                strange.append(name)
        kept, harmed = _proved(target, kept, now)
        dropped = _drop(target, kept, now - keep)
        _write(target, kept)
    gone = sorted(set(kept) - set(names))
    return Fetched(tuple(new), tuple(sorted(kept)), tuple(dropped), tuple(gone), tuple(strange), tuple(harmed))


def check_found(found: Fetched) -> None:
    """Say aloud what somebody has to look into.

    Raises:
        BadFile: VAULT-037 the source was tampered with, or a copy is harmed.
    """
    odd = [*found.harmed, *found.strange]
    if odd:
        raise BadFile(
            "VAULT-037",
            "What lies in the source is not what was fetched, or a copy that is kept is harmed.",
            where=", ".join(odd[:3]),
            cure="The other copies stand. Find out who was on the machine, and whether the disk fails.",
        )


def _check_target(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    here, there = target.resolve(), source.resolve()
    told = target.stat()
    if here.is_relative_to(there) or there.is_relative_to(here) or told.st_mode & 0o022 or told.st_uid != os.geteuid():
        raise BadSetting(
            "VAULT-038",
            "This folder keeps nothing safe: it lies in the source, or others may write to it.",
            where=str(target),
            cure="Take a folder that belongs to this account alone (chmod 700), apart from the source.",
        )


def _known(target: Path, now: dt.datetime) -> dict[str, Kept]:
    """The list of what is kept; a copy that the list lacks is taken up as if it came today."""
    try:
        listed = msgspec.json.decode((target / LIST).read_bytes(), type=tuple[Kept, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        listed = ()
    known = {copy.name: copy for copy in listed if NAME.fullmatch(copy.name)}
    for path in sorted(target.iterdir()):
        if NAME.fullmatch(path.name) and path.name not in known:
            digest, n_bytes = _digest(path)
            known[path.name] = Kept(path.name, digest, n_bytes, now, now)
    return known


def _looked_at(path: Path, copy: Kept | None) -> bool | None:
    """None where it is new, True where it is what was fetched, False where it is not."""
    if copy is None:
        return None
    try:
        with _regular(path) as file:
            return os.fstat(file.fileno()).st_size == copy.n_bytes and _digest_of(file)[0] == copy.sha256
    except (OSError, SaranaError):
        return False


def _copied(path: Path, to: Path, now: dt.datetime) -> Kept | None:
    """A copy that was read again from the disk; None where it is no backup."""
    seen = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_regular(path))
            begins = file.read(len(MAGIC))
        except (OSError, SaranaError):
            return None
        if begins != MAGIC:
            return None
        file.seek(0)
        with whole_or_nothing(to) as part, part.open("wb") as out:
            while piece := file.read(PIECE):
                seen.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    digest, n_bytes = _digest(to)
    try:
        read_head(to)
    except SaranaError:
        to.unlink()
        return None
    if digest != seen.hexdigest():
        to.unlink()
        raise OSError(5, "what was written is not what was read")
    return Kept(to.name, digest, n_bytes, now, now)


def _proved(target: Path, kept: dict[str, Kept], now: dt.datetime) -> tuple[dict[str, Kept], list[str]]:
    """Read again what was not read for a week; what is harmed stays in the list and is told each time."""
    proved, harmed = {}, []
    for name, copy in kept.items():
        proved[name] = copy
        path = target / name
        is_there = path.is_file() and path.stat().st_size == copy.n_bytes
        if is_there and now - copy.proved_at < PROVE_EVERY:
            continue
        if is_there and _digest(path)[0] == copy.sha256:
            proved[name] = msgspec.structs.replace(copy, proved_at=now)
        else:
            harmed.append(name)
    return proved, harmed


def _drop(target: Path, kept: dict[str, Kept], before: dt.datetime) -> list[str]:
    """Take away what has served its time by our own clock, and never the last few."""
    old = sorted(kept.values(), key=lambda copy: (copy.fetched_at, copy.name))
    dropped = [copy.name for copy in old[: max(0, len(old) - LEAST)] if copy.fetched_at < before]
    for name in dropped:
        (target / name).unlink(missing_ok=True)
        del kept[name]
    return dropped


def _write(target: Path, kept: dict[str, Kept]) -> None:
    copies = sorted(kept.values(), key=lambda copy: copy.name)
    write_whole(target / LIST, msgspec.json.format(msgspec.json.encode(copies), indent=1) + b"\n")


@contextlib.contextmanager
def _regular(path: Path) -> Iterator[BufferedReader]:
    """A file and nothing that leads elsewhere: no link, no pipe that never ends, no device."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BadFile("VAULT-022", "This is no backup of Sarana.", where=path.name, cure="Look who put it there.")
        yield file


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: BufferedReader) -> tuple[str, int]:
    return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
