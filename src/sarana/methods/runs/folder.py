"""A run's folder: made for one run at a time, closed to others, recognised as ours, never mixed with other files."""

import contextlib
import errno
import fcntl
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarana.basics.errors import BadFile, BadSetting, BadTable, NoRoom, NotYet, Refused, SaranaError
from sarana.methods.doors import PLAIN, Door
from sarana.methods.runs.receipts import Receipt, find_receipt
from sarana.methods.tablefiles import disk_is_full

KIND = "sarana population run"
CARD = "run.toml"
LOCK = "run.lock"
SEAL = "run.seal"
"""The file of a sealed run folder that says which key its files are sealed with; it is no secret."""

WORK = "work"
TEMP = "work/temp"
RECEIPTS = "receipts"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What the system answers when the disk, a quota or a file size limit is reached."""

PART = ".part"
"""What the name of a file ends with while it is being written."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A folder that this process holds the lock of, and the door through which its files go."""

    path: Path
    door: Door = PLAIN

    @property
    def temp(self) -> Path:
        """Where the engine may spill; gone after each step."""
        return self.path / TEMP

    def card(self) -> dict[str, Any] | None:
        """What `run.toml` says, or None when there is no such file of ours."""
        return find_card(self.path)

    def write(self, name: str, data: bytes) -> None:
        """Write a small file whole or not at all, mode 0600."""
        target = self.path / name
        part = target.with_name(target.name + PART)
        part.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.replace(target)

    def receipt_path(self, label: str) -> Path:
        """Where the receipt of a step stands."""
        return self.path / RECEIPTS / f"{label}.json"

    def find_receipt(self, label: str) -> Receipt | None:
        """The receipt of a step, or None."""
        return find_receipt(self.receipt_path(label))

    def prepare(self) -> None:
        """Make the folders inside, and sweep away what a killed run left half done."""
        for name in (WORK, RECEIPTS):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)
            (self.path / name).chmod(0o700)
        self.sweep_temp()
        for folder in (self.path, self.path / WORK, self.path / RECEIPTS):
            for left in folder.glob(f"*{PART}"):
                left.unlink()

    def sweep_temp(self) -> None:
        """Remove what was spilled."""
        shutil.rmtree(self.temp, ignore_errors=True)

    def sweep_work(self, kept: set[str]) -> None:
        """Remove intermediate files and receipts of steps that this run does not have (a source that was taken out)."""
        for name in (WORK, RECEIPTS):
            for file in (self.path / name).iterdir():
                if file.is_file() and f"{name}/{file.name}" not in kept:
                    file.unlink()


def find_card(path: Path) -> dict[str, Any] | None:
    """What `run.toml` in a folder says, or None when there is no such file of ours."""
    try:
        card = tomllib.loads((path / CARD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return card if card.get("kind") == KIND else None


def finished_card(run: Path) -> dict[str, Any]:
    """What `run.toml` says of a run that ended and still is whole.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours.
        Refused: RUN-007 its person-level files were erased.
        NotYet: ASKED-001 the run is not finished.
    """
    card = find_card(run)
    if card is None:
        raise BadFile(
            "RUN-002", "This folder holds no run of Sarana.", where=str(run), cure="Name the folder that --out named."
        )
    if card.get("erased"):
        raise _erased(run)
    if not card.get("complete"):
        raise NotYet(
            "ASKED-001", "This run is not finished.", where=str(run), cure="Let it end, or go on with --resume."
        )
    return card


@contextlib.contextmanager
def opened(
    path: Path, *, resume: bool, door: Door = PLAIN, forget: Callable[[Path], object] | None = None
) -> Iterator[RunFolder]:
    """Hold a folder for one run: made if absent, locked, closed to others, with a umask that keeps new files private.

    Args:
        path: the folder.
        resume: whether it may hold a run already.
        door: the way of its files.
        forget: destroys the key of a folder. Where it is given, a run that was refused before any of its steps was
            finished, or for what its files hold when they were only read, leaves nothing behind: no card, no seal, no
            key, and no folder that was not there.

    Raises:
        BadSetting: RUN-001 it holds a run already and `resume` was not said.
        BadFile: RUN-002 it holds something that is no run of ours; RUN-008 it cannot be made or written.
        NotYet: RUN-003 another process is writing it.
        Refused: RUN-007 its run was erased.
        NoRoom: ENGINE-003 memory ran out in what is done with the folder; ENGINE-004 the disk is full.
    """
    before = os.umask(0o077)
    try:
        was_there = path.exists()
        _make(path)
        _check_contents(path, resume=resume)
        try:
            with locked(path):
                _check_contents(path, resume=resume)
                with _left_as_found(path, forget), said_plainly():
                    yield RunFolder(path, door)
        finally:
            if forget is not None and not was_there:
                with contextlib.suppress(OSError):
                    path.rmdir()  # only where nothing is in it
    finally:
        os.umask(before)


@contextlib.contextmanager
def _left_as_found(path: Path, forget: Callable[[Path], object] | None) -> Iterator[None]:
    """Take out what a refused run began in a folder that held none; what a finished step left is kept for --resume."""
    held = {item.name for item in path.iterdir()} - {LOCK}
    try:
        yield
    except SaranaError as err:
        n_done = len(list((path / RECEIPTS).glob("*.json")))
        is_of_wrong_files = isinstance(err, BadTable) and n_done == 1  # only read: other files begin with reading
        if forget is not None and not held and (n_done == 0 or is_of_wrong_files):
            forget(path)
            for name in (WORK, RECEIPTS):
                shutil.rmtree(path / name, ignore_errors=True)
            for left in (path / CARD, path / SEAL, *path.glob("*.parquet"), *path.glob(f"*{PART}")):
                left.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the one lock of a run folder; a lock whose holder was killed is let go by the system itself.

    Raises:
        NotYet: RUN-003 another process holds it.
        BadFile: RUN-008 the folder cannot be written or its disk knows no locks.
    """
    file = path / LOCK
    handle = _take(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(handle)


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the system says of disk and memory into our errors."""
    try:
        yield
    except MemoryError as err:
        raise NoRoom(
            "ENGINE-003",
            "The step needs more memory than it was given.",
            cure="Give more with --memory, or fewer --threads.",
        ) from err
    except OSError as err:
        if err.errno in FULL:
            raise disk_is_full() from err
        raise


def _take(file: Path) -> int:
    while True:
        try:
            handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        except OSError as err:
            raise _unwritable(file.parent, err) from err
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            os.close(handle)
            raise NotYet(
                "RUN-003",
                "Another process is writing this run.",
                where=str(file.parent),
                cure="Wait until it has ended.",
            ) from err
        except OSError as err:
            os.close(handle)
            raise _unwritable(file.parent, err) from err
        if _still_there(file, handle):
            return handle
        os.close(handle)  # its holder removed the file between our opening and our locking it: try again


def _still_there(file: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False


def _make(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise BadFile("RUN-008", "The run folder is a file.", where=str(path), cure="Name another folder with --out.")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as err:
        raise _unwritable(path, err) from err


def _check_contents(path: Path, *, resume: bool) -> None:
    held = {item.name for item in path.iterdir()} - {LOCK, SEAL, CARD + PART, SEAL + PART}
    if not held:
        return
    card = find_card(path)
    if card is None:
        raise BadFile(
            "RUN-002",
            "This folder holds files but no run of Sarana.",
            where=str(path),
            cure="Name a new or empty folder.",
        )
    if card.get("erased"):
        raise _erased(path)
    if not resume:
        raise BadSetting(
            "RUN-001",
            "This folder holds a run already.",
            where=str(path),
            cure="Go on with --resume, or name a new folder.",
        )


def _erased(run: Path) -> Refused:
    return Refused(
        "RUN-007",
        "The person-level files of this run were erased.",
        where=str(run),
        cure="Start a new run in another folder.",
    )


def _unwritable(path: Path, err: OSError) -> BadFile:
    reasons = {
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "it may not be written",
        errno.ENOLCK: "its disk knows no locks",
        errno.EOPNOTSUPP: "its disk knows no locks",
    }
    why = reasons.get(err.errno or 0, "it cannot be made or opened")
    return BadFile(
        "RUN-008", f"The run folder cannot be used: {why}.", where=str(path), cure="Name another folder with --out."
    )
