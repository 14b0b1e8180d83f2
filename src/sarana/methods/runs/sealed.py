"""Sealed run folders: person-level files lie sealed, and are opened in memory for the step that needs them."""

import contextlib
import datetime as dt
import os
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sarana.basics.errors import BadFile, NoRoom
from sarana.methods.doors import MEMORY, file_hash, whole_or_nothing
from sarana.methods.runs.folder import SEAL
from sarana.methods.sealing.files import open_stream, seal_stream, write_whole
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.runkeys import file_label

OPEN = frozenset(
    {
        *("areas.parquet", "area-answers.parquet", "area-sectors.parquet", "area-better.parquet", "areas.geojson"),
        *("report.html", "indicator-set.toml"),
    }
)
"""What is not sealed: protected figures, the report made of them, and the rules by which was measured."""


@dataclass(frozen=True, slots=True)
class RunSeal:
    """What a sealed run folder says of its key.

    Args:
        run: the reference of the run, by which its key is found in the key store.
        organisation: whose keys open that key.
        until: the last day on which the files open.
    """

    run: str
    organisation: str
    until: dt.date

    def to_toml(self) -> bytes:
        """As the folder keeps it."""
        return (
            "# The person-level files of this run are sealed. Their key lies in the key store, under this reference.\n"
            f'run = "{self.run}"\norganisation = "{self.organisation}"\nuntil = {self.until.isoformat()}\n'
        ).encode()


def find_seal(folder: Path) -> RunSeal | None:
    """What a run folder says of its key, or None where its files are not sealed.

    Raises:
        BadFile: VAULT-007 what it says is not whole.
    """
    try:
        said = tomllib.loads((folder / SEAL).read_text("utf-8"))
        return RunSeal(str(said["run"]), str(said["organisation"]), _day(said["until"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as err:
        raise BadFile(
            "VAULT-007",
            "The seal of the run folder is not whole.",
            where=str(folder / SEAL),
            cure="Bring it back from a backup of the folder.",
        ) from err


def write_seal(folder: Path, seal: RunSeal) -> None:
    """Mark a run folder as sealed, before its first file."""
    write_whole(folder / SEAL, seal.to_toml())


class SealedDoor:
    """Reads files of any run, sealed or not, and seals what is written into a folder that is marked as sealed.

    What is opened lies in memory files, which are on no disk and gone with the process. One thread may write while
    another reads.

    Args:
        keys: gives the key of a run by its seal; asked once for each run.
        is_sealing: whether what engines spill is to be sealed: where nothing sealed is read or written it need not be.
    """

    def __init__(self, keys: Callable[[RunSeal, Path], StreamKeys], *, is_sealing: bool = True) -> None:
        """Nothing is asked for before the first sealed file."""
        self.is_sealing = is_sealing
        self._keys = keys
        self._known: dict[str, StreamKeys] = {}
        self._open: dict[Path, int] = {}
        self._hashes: dict[tuple[Path, int, int, int], str] = {}
        self._turn = threading.RLock()

    def opened(self, path: Path) -> Path:
        """Where the plain content can be read until `release`: the file itself, or a copy in memory.

        Raises:
            Refused: VAULT-001 the file was changed or is another's; and what keeps its key from being given.
        """
        folder = _sealed_folder(path)
        if folder is None:
            return path
        with self._turn:
            if path not in self._open:
                handle = memory_file(path.name)
                try:
                    with path.open("rb") as source, writer_of(handle) as target:
                        self._unseal(folder, path, source, target)
                except BaseException:
                    os.close(handle)  # half of a file must not be read as if it were all of it
                    raise
                self._open[path] = handle
            return Path(f"{MEMORY}{self._open[path]}")

    @contextlib.contextmanager
    def written(self, path: Path) -> Iterator[Path]:
        """Where to write the plain content: sealed when whole, if the folder is sealed.

        Raises:
            NoRoom: ENGINE-004 the disk is full.
        """
        folder = _sealed_folder(path)
        if folder is None:
            with whole_or_nothing(path) as part:
                yield part
            return
        self._forget(path)
        handle = memory_file(path.name)
        try:
            yield Path(f"{MEMORY}{handle}")
            with whole_or_nothing(path) as part:
                found = self._seal(folder, path, handle, part)
            self._hashes[_stamp(path)] = found
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def scratch(self, path: Path) -> Iterator[Path]:
        """A file in memory."""
        handle = memory_file(path.name)
        try:
            yield Path(f"{MEMORY}{handle}")
        finally:
            os.close(handle)

    def hash(self, path: Path) -> str:
        """The sha256 of the plain content, in hex; kept while the file is not touched.

        Raises:
            Refused: VAULT-001 the file was changed or is another's.
        """
        folder = _sealed_folder(path)
        if folder is None:
            return file_hash(path)
        stamp = _stamp(path)
        if stamp not in self._hashes:
            with path.open("rb") as source, Path(os.devnull).open("wb") as nowhere:
                self._hashes[stamp] = self._unseal(folder, path, source, nowhere)
        return self._hashes[stamp]

    def release(self) -> None:
        """Close all memory files; what is written after this step is opened anew."""
        with self._turn:
            for handle in self._open.values():
                os.close(handle)
            self._open.clear()

    def _forget(self, path: Path) -> None:
        with self._turn:
            if path in self._open:
                os.close(self._open.pop(path))

    def _unseal(self, folder: Path, path: Path, source: BinaryIO, target: BinaryIO) -> str:
        seal, name = self._seal_of(folder), path.relative_to(folder).as_posix()
        return open_stream(source, target, self._key(seal, folder), file_label(seal.run, name))

    def _seal(self, folder: Path, path: Path, handle: int, part: Path) -> str:
        seal, name = self._seal_of(folder), path.relative_to(folder).as_posix()
        key = self._key(seal, folder)
        with _reader(handle) as source, part.open("wb") as target:
            found = seal_stream(source, target, key, file_label(seal.run, name))
            target.flush()
            os.fsync(target.fileno())
        return found

    def _seal_of(self, folder: Path) -> RunSeal:
        seal = find_seal(folder)
        if seal is None:
            raise BadFile(
                "VAULT-007", "The seal of the run folder went away.", where=str(folder), cure="Bring the folder back."
            )
        return seal

    def _key(self, seal: RunSeal, folder: Path) -> StreamKeys:
        with self._turn:
            if seal.run not in self._known:
                self._known[seal.run] = self._keys(seal, folder)
            return self._known[seal.run]


def _sealed_folder(path: Path) -> Path | None:
    """The sealed run folder in which a file of person-level lies, or None."""
    if path.name in OPEN:
        return None
    return next((folder for folder in (path.parent, path.parent.parent) if (folder / SEAL).is_file()), None)


def memory_file(name: str) -> int:
    """A file that lies in memory only.

    Raises:
        NoRoom: VAULT-016 the system has none.
    """
    if not hasattr(os, "memfd_create") or not Path(MEMORY).is_dir():
        raise NoRoom(
            "VAULT-016",
            "This system has no files in memory, in which sealed files could be opened.",
            cure="Run on Linux; invented data may be run with --unsealed.",
        )
    return os.memfd_create(name, os.MFD_CLOEXEC)


@contextlib.contextmanager
def writer_of(handle: int) -> Iterator[BinaryIO]:
    """A memory file to write to; closing it keeps the file."""
    with os.fdopen(os.dup(handle), "wb") as file:
        yield file


@contextlib.contextmanager
def _reader(handle: int) -> Iterator[BinaryIO]:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), "rb") as file:
        yield file


def _stamp(path: Path) -> tuple[Path, int, int, int]:
    found = path.stat()
    return path, found.st_ino, found.st_size, found.st_mtime_ns


def _day(value: object) -> dt.date:
    return dt.date.fromisoformat(str(value))
