"""Kills writers again and again, and looks after each kill for what they were told.

    python tests/faults/killing.py KILLS THREADS

Each time a new process is made (a fork of this one, which has loaded the house and asked nothing of the database yet),
writes in so many threads, and is killed 0 to 800 ms after it was ready. Prints what was found, as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from typing import IO

from faults import saves
from faults.saves import Told
from faults.writing import Writers
from makers.installed import Installed

LONGEST_SECONDS = 0.8


def killed(threads: int, after: float) -> Told:
    """Writers in a process of their own, killed so many seconds after they were ready; gives what they were told."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        Writers(answers_on=writing).write(threads, seconds=60)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as answers:
        _wait_until_ready(answers)
        time.sleep(after)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        return Told.read(answers)


def _wait_until_ready(answers: IO[str]) -> None:
    assert answers.readline() == "ready\n"


def main() -> None:
    """Kill, look, and tell."""
    kills, threads = int(sys.argv[1]), int(sys.argv[2])
    installed = Installed.here()
    Writers()
    chance = random.Random(20261129)
    acknowledged: set[str] = set()
    missing, mistakes, halves = 0, set(), {}
    for _ in range(kills):
        told = killed(threads, chance.uniform(0, LONGEST_SECONDS))
        acknowledged |= set(told.kept)
        missing += len(saves.missing(installed, told.kept))
        mistakes |= set(told.lost)
        halves |= saves.halves(installed)
    found = {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "missing": missing + len(saves.missing(installed, acknowledged)),
        "halves": halves,
        "lost": sorted(mistakes),
        "sound": saves.is_sound(installed),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
