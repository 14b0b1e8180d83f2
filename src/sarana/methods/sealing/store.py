"""The key store: a folder that holds the keyset of an organisation and the keys of its runs, apart from all data."""

import contextlib
import datetime as dt
import errno
import fcntl
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.methods.sealing.agencies import AgencyFile, read_agency_file, rewrapped_agency
from sarana.methods.sealing.files import sync_folder, write_whole
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys, rotated, without_epochs
from sarana.methods.sealing.runkeys import RunKey, read_run_key, rewrapped

RECOVERY = "recovery"
"""The lock that any two of three shares open."""

DRILL_DAYS = 180
"""After so many days two shares are tried again."""

KEYSET, RUNS, LOCK, DESTROYED, DRILLED = "keyset.json", "runs", "keyset.lock", "destroyed.txt", "drilled.txt"
AGENCIES = "agencies"

STORE, OPEN_FILE = "vault", "open.key"
"""The folder of the store in the key folder, and in it the key file that was made without a word."""

WAIT_SECONDS = 10.0
"""So long one waits for another who changes the keys."""

RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class KeyStore:
    """Where keys lie."""

    folder: Path

    def find_keyset(self) -> KeysetFile | None:
        """The keyset, or None where none was made.

        Raises:
            BadFile: VAULT-007 it is not whole; VAULT-008 it may not be read.
        """
        path = self.folder / KEYSET
        try:
            return KeysetFile.from_json(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None
        except OSError as err:
            raise _shut(path, err, "read") from err

    def get_keyset(self) -> KeysetFile:
        """The keyset.

        Raises:
            NotYet: VAULT-002 none was made.
            BadFile: VAULT-007 it is not whole; VAULT-008 it may not be read.
        """
        found = self.find_keyset()
        if found is None:
            raise NotYet(
                "VAULT-002",
                "There are no keys yet.",
                where=str(self.folder),
                cure="Make them with: sarana keys make. Or bring the key folder back from its own backup.",
            )
        return found

    def keep_keyset(self, file: KeysetFile) -> None:
        """Put a keyset in place of the one before it, whole or not at all.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        with written(self.folder):
            write_whole(self.folder / KEYSET, file.to_json())

    def find_run_key(self, run: str) -> RunKey | None:
        """The key of a run, or None where it is not here: never made here, or destroyed.

        Raises:
            BadFile: VAULT-007 it is not whole; VAULT-008 it may not be read.
        """
        path = self._run_path(run)
        try:
            return read_run_key(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None
        except OSError as err:
            raise _shut(path, err, "read") from err

    def keep_run_key(self, key: RunKey) -> None:
        """Write the key of a run, whole or not at all.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        with written(self.folder):
            (self.folder / RUNS).mkdir(mode=0o700, exist_ok=True)
            write_whole(self._run_path(key.run), key.to_json())

    def run_keys(self) -> list[RunKey]:
        """All keys of runs.

        Raises:
            BadFile: VAULT-007 one is not whole.
        """
        files = sorted((self.folder / RUNS).glob("*.json"))
        return [read_run_key(path.read_bytes(), str(path)) for path in files]

    def find_agency_file(self, agency: str) -> AgencyFile | None:
        """The keys of an agency, sealed as they are, or None where it has none yet.

        Raises:
            BadFile: VAULT-007 they are not whole; VAULT-008 they may not be read.
        """
        path = self._agency_path(agency)
        try:
            return read_agency_file(path.read_bytes(), str(path), agency)
        except FileNotFoundError:
            return None
        except OSError as err:
            raise _shut(path, err, "read") from err

    def keep_agency_file(self, file: AgencyFile) -> None:
        """Put the keys of an agency in place of those before them, whole or not at all.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        with written(self.folder):
            (self.folder / AGENCIES).mkdir(mode=0o700, exist_ok=True)
            write_whole(self._agency_path(file.agency), file.to_json())

    def agency_files(self) -> list[AgencyFile]:
        """The keys of all agencies, sealed as they are.

        Raises:
            BadFile: VAULT-007 those of one are not whole.
        """
        files = sorted((self.folder / AGENCIES).glob("*.json"))
        return [read_agency_file(path.read_bytes(), str(path), path.stem) for path in files]

    def destroy_run_key(self, run: str, *, now: dt.datetime) -> bool:
        """Destroy the key of a run for good; gives False where it is not here.

        That it was destroyed is kept, so that a key store brought back from its backup destroys it again. Overwriting
        is a courtesy (a disk may keep old blocks); what counts is that no file holds the key.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        path = self._run_path(run)
        with written(self.folder):
            if not path.exists():
                return False
            self._note_destroyed(run, now)
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(path.parent)
        return True

    def destroyed(self) -> list[str]:
        """The runs whose keys were destroyed here."""
        return [line.split(" ")[0] for line in self.destroyed_lines()]

    def destroyed_lines(self) -> list[str]:
        """The same as lines with the moment: no secret, and carried in every backup."""
        return read_destroyed(self.folder / DESTROYED)

    def take_over_destroyed(self, lines: Sequence[str], *, now: dt.datetime) -> int:
        """Destroy here what was destroyed elsewhere, and keep that it was; gives how many keys that were.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        known, n_destroyed = set(self.destroyed()), 0
        for run in dict.fromkeys(line.split(" ")[0] for line in lines):
            if RUN.fullmatch(run) and run not in known:
                if self.destroy_run_key(run, now=now):
                    n_destroyed += 1
                    continue
                with written(self.folder):
                    self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    self._note_destroyed(run, now)
        return n_destroyed

    def note_drill(self, day: dt.date) -> None:
        """Keep the day on which the recovery shares were last tried.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        with written(self.folder):
            write_whole(self.folder / DRILLED, f"{day.isoformat()}\n".encode())

    def forget_drill(self) -> None:
        """The shares that were tried open nothing any more: forget the day.

        Raises:
            BadFile: VAULT-008 the store cannot be written.
        """
        with written(self.folder):
            (self.folder / DRILLED).unlink(missing_ok=True)

    def last_drill(self) -> dt.date | None:
        """The day on which the recovery shares were last tried, or None."""
        try:
            return dt.date.fromisoformat((self.folder / DRILLED).read_text("ascii").strip())
        except (OSError, ValueError):
            return None

    def _note_destroyed(self, run: str, now: dt.datetime) -> None:
        handle = os.open(self.folder / DESTROYED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{run} {now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the store for one who changes it; a holder who was killed lets go.

        Raises:
            BadFile: VAULT-008 it cannot be written.
            NotYet: VAULT-017 another process is changing it.
        """
        with written(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            self._hold(handle)
            yield
        finally:
            os.close(handle)

    def _hold(self, handle: int) -> None:
        ends = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                if time.monotonic() > ends:
                    raise NotYet(
                        "VAULT-017",
                        "Somebody else is changing these keys.",
                        where=str(self.folder),
                        cure="Wait, try again.",
                    ) from err
                time.sleep(0.1)
            else:
                return

    def _agency_path(self, agency: str) -> Path:
        if not RUN.fullmatch(agency):
            raise BadFile(
                "VAULT-007", "This is no reference of an agency.", where=agency[:40], cure="Look at its name."
            )
        return self.folder / AGENCIES / f"{agency}.json"

    def _run_path(self, run: str) -> Path:
        if not RUN.fullmatch(run):
            raise BadFile("VAULT-007", "This is no reference of a run.", where=run[:40], cure="Look at its run.seal.")
        return self.folder / RUNS / f"{run}.json"


def read_destroyed(path: Path) -> list[str]:
    """The lines of a list of keys that were destroyed; none where there is no such file."""
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        return []
    return [line for line in lines if RUN.fullmatch(line.split(" ")[0])]


def rotate_store(store: KeyStore, keys: OrganisationKeys, *, today: dt.date) -> OrganisationKeys:
    """A new epoch for a whole store: new keys first, then every run key under them, then the old epochs go.

    A stop at any moment leaves a store that opens: old epochs go last, and the next rotation takes up what was left.
    """
    fresh = rotated(keys, today=today)
    store.keep_keyset(fresh.file)
    return finish_rotation(store, fresh)


def finish_rotation(store: KeyStore, keys: OrganisationKeys) -> OrganisationKeys:
    """Bring every run key and the keys of every agency under the epoch that seals now; old epochs go.

    Raises:
        Refused: VAULT-001 the key of a run was changed: nothing is let go of.
        BadFile: VAULT-007 the keys of an agency were changed: nothing is let go of.
    """
    now = keys.file.epochs[-1].key_id
    for key in store.run_keys():
        if key.key_id != now:
            store.keep_run_key(rewrapped(key, keys))
    for file in store.agency_files():
        if file.key_id != now:
            store.keep_agency_file(rewrapped_agency(file, keys))
    if len(keys.file.epochs) == 1:
        return keys
    kept = without_epochs(keys, frozenset())
    store.keep_keyset(kept.file)
    return kept


def sweep(store: KeyStore, *, now: dt.datetime) -> list[RunKey]:
    """Destroy the keys of all runs whose last day is over, and give them."""
    over = [key for key in store.run_keys() if key.until < now.date()]
    return [key for key in over if store.destroy_run_key(key.run, now=now)]


def check_apart(key_place: Path, folders: list[Path]) -> None:
    """Keys never lie where data lies.

    Raises:
        Refused: VAULT-005 the key file or the key store lies in a folder of data.
    """
    place = key_place.resolve()
    for folder in folders:
        if place.is_relative_to(folder.resolve()):
            raise Refused(
                "VAULT-005",
                "The key lies in the folder of the data that it opens.",
                where=str(key_place),
                cure="Put it elsewhere, best on a stick: who takes the data must not take the key with it.",
            )


@contextlib.contextmanager
def written(folder: Path) -> Iterator[None]:
    """What keeps a store from being written, in words.

    Raises:
        BadFile: VAULT-008 it cannot be.
    """
    try:
        yield
    except OSError as err:
        raise _shut(folder, err, "written") from err


def _shut(path: Path, err: OSError, done: str) -> BadFile:
    whys = {errno.EROFS: "its disk is read-only", errno.EACCES: "it is not allowed", errno.ENOSPC: "the disk is full"}
    why = whys.get(err.errno or 0, "the system refuses")
    return BadFile(
        "VAULT-008",
        f"The key store cannot be {done}: {why}.",
        where=str(path),
        cure="See the rights and the disk of SARANA_KEYS; until then nothing is sealed or changed.",
    )
