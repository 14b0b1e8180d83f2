"""Sealed archives: files of a backup in one file, made with public halves only, opened with the organisation's keys."""

import contextlib
import datetime as dt
import hashlib
import io
import os
import tarfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from sarana.basics.errors import BadFile, Refused
from sarana.methods.doors import whole_or_nothing
from sarana.methods.sealing.keysets import CHUNK, StreamKeys
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.spelling import spelled, unspelled

MAGIC = b"SARANA BACKUP 1\n"
MOST_HEAD, PART_DIGITS = 16_384, 6


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself in clear; all of it is bound into the seals.

    Attributes:
        id: its reference.
        organisation: whose keys open it.
        name: what they call themselves.
        made_at: when it was begun.
        what: what it holds.
        counts: how many there are of what, to be compared after opening.
        key: the key of its stream, sealed to the public half of the organisation's pair.
    """

    id: str
    organisation: str
    name: str
    made_at: dt.datetime
    what: str
    counts: dict[str, int]
    key: str = ""


type Beat = Callable[[], None]
"""Called for each piece that was sealed or opened; what it raises ends the work."""


def seal_archive(
    members: Mapping[str, Path | Iterable[bytes]],
    target: Path,
    to: KeysetFile,
    *,
    what: str,
    counts: Mapping[str, int],
    now: dt.datetime,
    beat: Beat = lambda: None,
) -> Head:
    """Seal files, and streams whose length nobody knows, into an archive; it takes its name when it is whole.

    No secret is needed for it. A stream is kept in parts, `name/000000` and so on.

    Cost: about 3 ms a MiB.
    """
    keys = StreamKeys.new()
    bare = Head(
        id=str(uuid.uuid4()),
        organisation=to.organisation,
        name=to.name,
        made_at=now,
        what=what,
        counts=dict(sorted(counts.items())),
    )
    sealed = to.backup_keys().seal(keys.words().encode(), _label(bare, "key"))
    head = msgspec.structs.replace(bare, key=spelled(sealed))
    with whole_or_nothing(target) as part, part.open("wb") as out:
        out.write(MAGIC + msgspec.json.encode(head) + b"\n")
        with keys.sealing(out, _label(head, "stream")) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            for name, member in members.items():
                if isinstance(member, Path):
                    _add_file(tar, name, member, beat)
                else:
                    _add_stream(tar, name, member, beat)
        out.flush()
        os.fsync(out.fileno())
    return head


def _add_file(tar: tarfile.TarFile, name: str, path: Path, beat: Beat) -> None:
    with path.open("rb") as file:
        info = tar.gettarinfo(arcname=name, fileobj=file)
        tar.addfile(info, _Pieces(_read(file, beat)))


def _read(file: BinaryIO, beat: Beat) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        beat()
        yield piece


def _add_stream(tar: tarfile.TarFile, name: str, pieces: Iterable[bytes], beat: Beat) -> None:
    for number, piece in enumerate(pieces):
        info = tarfile.TarInfo(f"{name}/{number:0{PART_DIGITS}}")
        info.size, info.mode = len(piece), 0o600
        tar.addfile(info, io.BytesIO(piece))
        beat()


def read_head(path: Path) -> Head:
    """What an archive says of itself; nothing of it is proved before it was opened.

    Raises:
        BadFile: VAULT-022 it is no archive of ours, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _read_head(file, path)
    except OSError as err:
        raise _no_archive(path) from err


def open_archive(
    path: Path,
    keys: OrganisationKeys,
    into: Path,
    *,
    streams: Mapping[str, Callable[[bytes], object]] | None = None,
    beat: Beat = lambda: None,
) -> Head:
    """Open an archive into an empty folder; only when this comes back is anything in it to be trusted.

    Args:
        path: the archive.
        keys: what opens it.
        into: the folder.
        streams: by the name of a stream, what takes its pieces in their order, in place of files in the folder.
        beat: called for each piece.

    Raises:
        BadFile: VAULT-022 it is no archive of ours; VAULT-023 it is of another organisation.
        Refused: VAULT-001 it was changed or cut.
    """
    try:
        file = path.open("rb")
    except OSError as err:
        raise _no_archive(path) from err
    with file, _about(path):
        head = _read_head(file, path)
        if head.organisation != keys.organisation:
            raise BadFile(
                "VAULT-023",
                f"This backup is of another organisation ({head.name}, {head.organisation}).",
                where=path.name,
                cure="Open it with the key folder of the installation that made it.",
            )
        bare = msgspec.structs.replace(head, key="")
        stream = StreamKeys.from_words(keys.backup.open(_sealed_key(head, path), _label(bare, "key")).decode())
        pieces = _Pieces(_told(stream.opened(file, _label(head, "stream")), beat))
        try:
            with tarfile.open(fileobj=pieces, mode="r|") as tar:
                _unpack(tar, into, streams or {})
        except tarfile.TarError as err:
            raise Refused("VAULT-001", "What was opened is no archive.", where=path.name, cure="Take another.") from err
        pieces.drain()
    return head


def _unpack(tar: tarfile.TarFile, into: Path, streams: Mapping[str, Callable[[bytes], object]]) -> None:
    for member in tar:
        take = streams.get(member.name.partition("/")[0])
        content = tar.extractfile(member) if take else None
        if take is None or content is None:
            tar.extract(member, into, filter="data")
        else:
            while piece := content.read(CHUNK):
                take(piece)


def _told(pieces: Iterator[bytes], beat: Beat) -> Iterator[bytes]:
    for piece in pieces:
        beat()
        yield piece


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    """Say of which file it is that does not open."""
    try:
        yield
    except Refused as err:
        raise Refused(err.code, err.what, where=path.name, cure="Take another backup.") from err


class _Pieces(io.RawIOBase):
    """A stream to read from, made of pieces that come one after the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) - self._at < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._held, self._at = self._held[self._at :] + piece, 0
        end = len(self._held) if size < 0 else self._at + size
        given = self._held[self._at : end]
        self._at += len(given)
        return given

    def drain(self) -> None:
        """Read to the end: only there is the last piece proved."""
        while self.read(1 << 20):
            pass


def _read_head(file: BinaryIO, path: Path) -> Head:
    if file.read(len(MAGIC)) != MAGIC:
        raise _no_archive(path)
    try:
        return msgspec.json.decode(file.readline(MOST_HEAD), type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise _no_archive(path) from err


def _sealed_key(head: Head, path: Path) -> bytes:
    try:
        return unspelled(head.key)
    except ValueError as err:
        raise _no_archive(path) from err


def _label(head: Head, part: str) -> Label:
    """Bound to all that stands in clear."""
    return Label(f"backup {part}", head.organisation, hashlib.sha256(msgspec.json.encode(head)).hexdigest())


def _no_archive(path: Path) -> BadFile:
    return BadFile(
        "VAULT-022",
        "This is no backup of Sarana, or its beginning was changed.",
        where=path.name,
        cure="Name a file that sarana backup wrote.",
    )
