"""Opens handed files for somebody who only looks: the engine, the sources as a run reads them, and their columns."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.basics.progress import Progress
from sarana.ground.vault import places
from sarana.learning.population.sources.describing import Asked, Chosen, laid_out
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.methods.engine import Engine
from sarana.methods.population.guards import check_guards
from sarana.methods.population.relaid import files_of
from sarana.methods.population.sources import Sources
from sarana.methods.questions.samples import SeenColumn, see_columns, wanted_of
from sarana.methods.runs.folder import said_plainly
from sarana.methods.runs.handed import HandedDoor


@dataclass(frozen=True, slots=True)
class Room:
    """Threads and memory for reading, and the day on which it is read."""

    threads: int
    memory: str
    today: dt.date


@contextmanager
def reading(asked: Asked, areas: Chosen, chosen: Chosen, room: Room) -> Iterator[tuple[Engine, Sources, Path]]:
    """The files of a source and of the list of villages, opened in memory for as long as somebody reads them.

    Raises:
        And the faults of the guards and of the keys.
    """
    door = HandedDoor(keys_of_runs(room.today), places.unlocked)
    with said_plainly(), laid_out(asked, areas, [chosen]) as (sources, data):
        check_guards(sources, room.today)
        with Engine(
            threads=room.threads, memory=room.memory, temp=data.parent / "temp", folders=[data], door=door
        ) as engine:
            yield engine, sources, data


def seen(
    asked: Asked, areas: Chosen, chosen: Chosen, wanted: Collection[str], *, progress: Progress, room: Room
) -> dict[str, tuple[SeenColumn, ...]]:
    """The columns of some files, by their references."""
    files = [(each, part, ref) for each in (areas, chosen) for part, ref in sorted(each.files.items()) if ref in wanted]
    found = {}
    with reading(asked, areas, chosen, room) as (engine, _sources, data):
        for number, (each, part, ref) in enumerate(files):
            progress.report(number, len(files), part)
            file = msgspec.structs.replace(files_of(each.layout)[part], path=f"{each.code}/{part}")
            found[ref] = see_columns(engine, data, file, wanted_of(each.layout, part), part=f"sources.{each.code}")
    return found
