"""Shelves: for each run that is shown a folder of small files about people, sealed under that run's own key.

A shelf holds files by name (`people/500101`), each sealed to its name, so that one is opened alone in milliseconds.
What destroys the key of the run (its last day, erasing it) makes its shelf unreadable at the same moment; the files are
taken away when the run is withdrawn, and by the job that sweeps. A backup of the web holds none: lay them out anew.
"""

import contextlib
import datetime as dt
import io
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pyarrow as pa
from django.conf import settings
from pyarrow import ipc

from sarana.basics.errors import BadFile, NoRoom, NotYet
from sarana.ground.vault import places
from sarana.learning.population.sources.keys import has_key, keys_of_runs, seal_folder
from sarana.methods.doors import whole_or_nothing
from sarana.methods.runs.sealed import RunSeal, find_seal, write_seal
from sarana.methods.sealing.files import open_stream, seal_stream
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.runkeys import file_label
from sarana.methods.tablefiles import FULL_NUMBERS

FOLDER = "shelves"
ENDING = ".sealed"
NAME = re.compile(r"[a-z-]+/[A-Za-z0-9_-]+")
"""Names of files on a shelf: a kind, and one of that kind. Each kind is a folder."""

OPEN_RUN_DAYS = 366
"""A run on invented people that lies open has no last day: its shelf is kept so long."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The shelf of one run, with its key at hand: a request opens one, reads, and lets it go."""

    folder: Path
    seal: RunSeal
    key: StreamKeys = field(repr=False)

    def put(self, name: str, content: bytes) -> None:
        """Seal a file and lay it here, whole or not at all; one of that name is replaced.

        Raises:
            NoRoom: POPULATION-091 the disk is full.
        """
        path = _path(self.folder, name)
        with _said_plainly():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with whole_or_nothing(path) as part, part.open("wb") as target:
                seal_stream(io.BytesIO(content), target, self.key, file_label(self.seal.run, name))
                target.flush()
                os.fsync(target.fileno())

    def find(self, name: str) -> bytes | None:
        """What a file says, opened in memory; None where there is none of that name.

        Raises:
            Refused: VAULT-001 it was changed, or put in another's place.
        """
        found = io.BytesIO()
        try:
            with _path(self.folder, name).open("rb") as source:
                open_stream(source, found, self.key, file_label(self.seal.run, name))
        except FileNotFoundError:
            return None
        return found.getvalue()

    def put_table(self, name: str, table: pa.Table) -> None:
        """Seal a table and lay it here.

        Raises:
            NoRoom: POPULATION-091 the disk is full.
        """
        written = io.BytesIO()
        with ipc.new_stream(written, table.schema, options=ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_table(table)
        self.put(name, written.getvalue())

    def find_table(self, name: str) -> pa.Table | None:
        """A table of that name, or None.

        Raises:
            Refused: VAULT-001 it was changed, or put in another's place.
        """
        found = self.find(name)
        return None if found is None else ipc.open_stream(found).read_all()

    def drop(self, name: str) -> None:
        """Take a file away; one that is gone already is no trouble."""
        _path(self.folder, name).unlink(missing_ok=True)

    def names(self, kind: str) -> frozenset[str]:
        """The names of the files of a kind that lie here."""
        return frozenset(f"{kind}/{path.name[: -len(ENDING)]}" for path in (self.folder / kind).glob(f"*{ENDING}"))


def make_shelf(run_ref: UUID, run_folder: Path, *, today: dt.date) -> Shelf:
    """The shelf of a run that lies in a folder: made where there is none yet, under the key of that folder.

    A run that lies open, on invented people only, gets a key for its shelf alone: on a shelf nothing lies in clear.

    Raises:
        NotYet: VAULT-002 there are no keys; VAULT-031 they open only for a person; VAULT-013 the run's key is gone.
        Refused: VAULT-012 the run's last day is over.
        NoRoom: POPULATION-091 the disk is full.
    """
    places.unlocked()  # where keys do not open, what was laid out before stays as it is
    folder, seal, was = folder_of(run_ref), find_seal(run_folder), find_seal(folder_of(run_ref))
    with _said_plainly():
        if was is not None and ((seal is not None and was != seal) or not has_key(was)):
            shutil.rmtree(folder)  # what was laid out under a key that is gone opens for nobody
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if seal is None:
            seal = seal_folder(folder, today=today, until=today + dt.timedelta(OPEN_RUN_DAYS))
        elif was != seal:
            write_seal(folder, seal)
    return Shelf(folder, seal, keys_of_runs(today)(seal, folder))


def open_shelf(run_ref: UUID, *, today: dt.date) -> Shelf:
    """The shelf of a run, ready to be read.

    Raises:
        NotYet: POPULATION-090 nothing was laid out; VAULT-002, VAULT-031, VAULT-013 its key cannot be opened here.
        Refused: VAULT-012 the run's last day is over.
    """
    folder = folder_of(run_ref)
    seal = find_seal(folder)
    if seal is None:
        raise not_laid_out()
    return Shelf(folder, seal, keys_of_runs(today)(seal, folder))


def has_shelf(run_ref: UUID) -> bool:
    """Whether something was laid out for a run, and its key is here; nothing is opened."""
    seal = find_seal(folder_of(run_ref))
    return seal is not None and has_key(seal)


def let_go(run_ref: UUID) -> None:
    """Take the shelf of a run away: it was withdrawn, or laid out anew elsewhere."""
    shutil.rmtree(folder_of(run_ref), ignore_errors=True)


def lying() -> dict[UUID, bool]:
    """The runs that have a shelf, and whether its key is still here."""
    found = {}
    for folder in (Path(settings.SARANA_HOME) / FOLDER).glob("*"):
        with contextlib.suppress(ValueError):
            found[UUID(folder.name)] = has_shelf(UUID(folder.name))
    return found


def folder_of(run_ref: UUID) -> Path:
    """Where the shelf of a run lies: by its reference on the web."""
    return Path(settings.SARANA_HOME) / FOLDER / str(run_ref)


def not_laid_out() -> NotYet:
    """The one sentence for a run of which no page about people can be shown."""
    return NotYet(
        "POPULATION-090",
        "The pages about people of this run were not laid out here.",
        cure="Ask the operator: sarana population lay-out RUN, where a key file opens the keys.",
    )


def _path(folder: Path, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return folder / f"{name}{ENDING}"


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what the system says of the disk into our errors."""
    try:
        yield
    except OSError as err:
        if err.errno in FULL_NUMBERS:
            raise NoRoom(
                "POPULATION-091",
                "The disk is full, so what pages about people need was not laid out; nothing half made was left.",
                cure="Make room, and lay it out again: sarana population lay-out RUN.",
            ) from err
        raise BadFile(
            "POPULATION-092",
            "The folder for what pages about people need cannot be written.",
            cure="The folder shelves of the data has to belong to the account of the service.",
        ) from err
