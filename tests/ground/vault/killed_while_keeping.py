"""Run by a test: backups, drills and restores in a child that is killed at any moment, again and again.

    python killed_while_keeping.py FOLDER KILLS

Prints one line of JSON: kills, how often something had ended before, and what was found broken.
"""

import contextlib
import datetime as dt
import itertools
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from makers.canary import markers, seen_in
from methods.sealing.making import some_keys
from sarana.ground.vault.backups import drill, make_backup, proved, restore
from sarana.ground.vault.databases import DATABASE
from sarana.ground.vault.journal import read_standing
from sarana.ground.vault.nameless import FOLDERS, MEMORY

BEGINS = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
N_ROWS = 3_000
KEYS = some_keys()
[NAME] = markers(1)
"""What stands in every row, to be looked for."""


def text_of(state: int) -> str:
    """What stands in every row of a state."""
    return f"{state:04} {NAME} " * 12


class Place:
    """A database of which each state has a number, and a backup of state nought."""

    def __init__(self, folder: Path) -> None:
        self.home, self.disk, self.times = folder / "home", folder / "disk", itertools.count(1)
        self.home.mkdir()
        with self.opened() as base:
            base.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, state INTEGER, text TEXT)")
            base.executemany("INSERT INTO word (state, text) VALUES (0, ?)", [(text_of(0),)] * N_ROWS)
        self.first = Path(make_backup(self.home, folder / "first", KEYS.file, now=BEGINS).where)

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """The database, left with what was done standing."""
        with contextlib.closing(sqlite3.connect(self.home / DATABASE)) as base, base:
            yield base

    def work(self, kind: int, at: dt.datetime) -> None:
        """One of the three."""
        if kind == 0:
            make_backup(self.home, self.disk, KEYS.file, now=at)
        elif kind == 1:
            drill(self.first, KEYS, self.home, lambda _environment: None, now=at)
        else:
            restore(self.first, KEYS, self.home, now=at)

    def broken(self, number: int, kind: int) -> list[str]:
        """What is not as it must be after a kill."""
        with self.opened() as base:
            check = base.execute("PRAGMA integrity_check").fetchall()
            states = base.execute("SELECT state, text, count(*) FROM word GROUP BY state, text").fetchall()
        may = {number} if kind != 2 else {0, number}
        whole = [(state, text_of(state), N_ROWS) for state in may]
        found = (
            [] if check == [("ok",)] and len(states) == 1 and states[0] in whole else [f"{number}: {kind} harmed it"]
        )
        found += [f"{number}: {kind} left {path} in clear" for path in in_clear(self.home)]
        standing = read_standing(self.home)
        found += [] if standing.made else [f"{number}: the journal is lost"]
        found += [f"{number}: {made.where} is told and not there" for made in standing.made
                  if not made.code and not Path(made.where).is_file()]  # fmt: skip
        return found


def in_clear(home: Path) -> list[str]:
    """Which files beside the database itself show what stands in it, in the folder of data and in memory."""
    shown = [path for path in seen_in(home, [NAME]) if not path.startswith(DATABASE)]
    return shown + [str(path) for folder in MEMORY.glob(f"{FOLDERS}*") for path in seen_in(folder, [NAME])]


def kill_one(place: Place, number: int, dice: random.Random, lasts: list[float]) -> bool:
    """Let a child work for a while and kill it; True where it had come to its end before."""
    kind = number % 3
    with place.opened() as base:
        base.execute("UPDATE word SET state = ?, text = ?", [number, text_of(number)])
    at = BEGINS + dt.timedelta(hours=number)
    child = os.fork()
    if child == 0:
        place.work(kind, at)
        os._exit(0)
    time.sleep(dice.uniform(0, lasts[kind]))
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main() -> None:
    """Kill so many times, and look after each."""
    place, kills = Place(Path(sys.argv[1])), int(sys.argv[2])
    dice, found, n_ended, lasts = random.Random(11), [], 0, []
    for kind in range(3):
        began = time.monotonic()
        place.work(kind, BEGINS + dt.timedelta(minutes=1 + kind))
        lasts.append(1.1 * (time.monotonic() - began))
    for number in range(1, kills + 1):
        n_ended += kill_one(place, number, dice, lasts)
        found += place.broken(number, number % 3)
    for file in place.disk.glob("*.backup"):
        with proved(file, KEYS, place.home) as opened:
            found += [] if opened.counts["word"] == N_ROWS else [f"{file.name} is not whole"]
    place.work(0, BEGINS + dt.timedelta(days=400))
    left = [path.name for path in place.home.iterdir() if path.name.startswith(".")]
    told = {"kills": kills, "ended": n_ended, "broken": found, "left": left, "files": len([*place.disk.iterdir()])}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
