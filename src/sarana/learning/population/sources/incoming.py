"""A file that comes in: sealed piece by piece, without a name until somebody keeps it: a cut one leaves nothing."""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from sarana.basics.errors import BadFile, NotYet, SaranaError
from sarana.ground.seats import Seats, give_back
from sarana.ground.vault import places
from sarana.ground.vault.disks import said_plainly
from sarana.ground.vault.nameless import give_name, open_nameless
from sarana.methods.sealing.files import sync_folder
from sarana.methods.sealing.handed import sealing_handed
from sarana.methods.tablefiles import disk_is_full

MOST_BYTES = 512 * 1024 * 1024
"""So large may a file be that is sent; said before."""

MOST_LYING = 2 * 1024 * 1024 * 1024
"""So large may one be that lies on the server already."""

RESERVE_BYTES = 64 * 1024 * 1024
"""So much stays free where files are kept, whatever comes in."""

AT_ONCE = Seats("sector-file", 2)
"""So many files come in at a time, whichever process takes them: the others who work here are answered meanwhile."""

FOLDER = "handed"
MAGIC = {b"PK\x03\x04": "xlsx", b"PAR1": "parquet"}
NO_TABLE = (
    b"%PDF",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8",
)
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 begins, in which zeros are no sign of anything else."""


def folder() -> Path:
    """Where files lie that were handed over, sealed, each under its reference."""
    return Path(settings.SARANA_HOME) / FOLDER


class Incoming:
    """One file while it comes. It is sealed to the public half of the organisation: nothing here can open it."""

    def __init__(self, most_bytes: int = 0) -> None:
        """Open a file without a name, for at most so many bytes (`MOST_BYTES` unless said).

        Raises:
            NotYet: POPULATION-034 two files come in already; VAULT-002 there are no keys.
            BadFile: POPULATION-035 the disk has no files without a name.
        """
        self.n_bytes, self.n_lines, self.kind, self.most_bytes = 0, 0, "", most_bytes or MOST_BYTES
        self.fault: SaranaError | None = None
        self.is_whole = self.is_wide = False
        self._hash, self._last = hashlib.sha256(), b""
        self._held = contextlib.ExitStack()
        seat = AT_ONCE.take()
        if seat is None:
            raise NotYet(
                "POPULATION-034",
                "Two files are coming in just now.",
                cure="Wait until one of them is here; then send yours.",
            )
        self._held.callback(give_back, seat)
        try:
            self._file = self._held.enter_context(_opened())
            self._stream = self._held.enter_context(sealing_handed(self._file, places.get_keyset()))
        except BaseException:
            self.let_go()
            raise

    @property
    def sha256(self) -> str:
        """The hash of what came, in hex."""
        return self._hash.hexdigest()

    def take(self, piece: bytes) -> None:
        """Seal the next piece.

        Raises:
            BadFile: POPULATION-031 it is too large; POPULATION-033 it is no table.
            NoRoom: ENGINE-004 the disk is full.
        """
        if not self.n_bytes:
            self.kind, self.is_wide = kind_of(piece), piece.startswith(WIDE)
        self.n_bytes += len(piece)
        if self.n_bytes > self.most_bytes:
            raise too_large(self.most_bytes)
        self._hash.update(piece)
        self.n_lines += piece.count(b"\n")
        self._last = piece[-1:] or self._last
        with said_plainly(folder()):
            self._stream.write(piece)

    def end(self) -> None:
        """Nothing more comes: bring what is sealed to the disk.

        Raises:
            BadFile: POPULATION-033 nothing came.
            NoRoom: ENGINE-004 the disk is full.
        """
        if not self.n_bytes:
            raise BadFile("POPULATION-033", "The file is empty.", cure="Ask the sector for it again.")
        with said_plainly(folder()):
            self._stream.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        self.is_whole = True

    @property
    def n_lines_told(self) -> int | None:
        """How many lines a text table has; None of other kinds, and of UTF-16, where a byte alone says nothing."""
        if self.kind != "text" or self.is_wide:
            return None
        return self.n_lines + (self._last != b"\n")

    def keep(self, ref: str) -> None:
        """Give it the name under which it stays.

        Raises:
            NoRoom: ENGINE-004 the disk is full.
        """
        with said_plainly(folder()):
            give_name(self._file.fileno(), path_of(ref))
            sync_folder(folder())

    def let_go(self) -> None:
        """Close it: what has no name is gone with that."""
        with contextlib.suppress(Exception):
            self._held.close()


def path_of(ref: object) -> Path:
    """Where a file lies that was kept."""
    return folder() / f"{ref}.sealed"


def kind_of(start: bytes) -> str:
    """What a file is by its first bytes: `text`, `xlsx` or `parquet`.

    Raises:
        BadFile: POPULATION-033 it is none of them.
    """
    found = MAGIC.get(start[:4])
    if found:
        return found
    is_text = start.startswith(WIDE) or b"\x00" not in start[:4096]
    if start.startswith(NO_TABLE) or not is_text:
        raise BadFile(
            "POPULATION-033",
            "This is no table that can be read: it is no text, no .xlsx workbook and no Parquet file.",
            cure="Ask the sector for CSV, for a workbook saved as .xlsx, or for Parquet.",
        )
    return "text"


def check_room(n_bytes: int, most_bytes: int = 0) -> None:
    """See, before anything comes, that it may be so large and that there is room for it.

    Raises:
        BadFile: POPULATION-031 it is too large.
        NoRoom: ENGINE-004 the disk is nearly full.
    """
    if n_bytes > (most_bytes or MOST_BYTES):
        raise too_large(most_bytes or MOST_BYTES)
    place = folder()
    with said_plainly(place):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        room = os.statvfs(place)
    if room.f_bavail * room.f_frsize < n_bytes + RESERVE_BYTES:
        raise disk_is_full()


def too_large(most_bytes: int) -> BadFile:
    """What is said of a file above the limit."""
    return BadFile(
        "POPULATION-031",
        "The file is larger than may be sent.",
        where=f"{most_bytes // 2**20} MiB",
        cure="Take out columns that are not needed, or have the operator put it into the folder for large files.",
    )


def _opened() -> contextlib.AbstractContextManager[BinaryIO]:
    place = folder()
    with said_plainly(place):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = open_nameless(place)
    if handle is None:
        raise BadFile(
            "POPULATION-035",
            "The disk on which files are kept has no files without a name.",
            cure="Set SARANA_HOME to a folder on a disk of this machine (ext4, XFS, Btrfs).",
        )
    return os.fdopen(handle, "wb")
