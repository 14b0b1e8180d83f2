"""Kills writers, fills their disk before anybody comes back, and looks after that for what they were told.

    python tests/faults/killing_full.py KILLS THREADS

The installation lies on a small disk. While it is full a new process opens what the killed ones left, reads and tries
to save; once there is room again, all that was told has to be there. Prints what was found, as JSON.
"""

import datetime as dt
import json
import random
import sys
from collections import Counter
from typing import Any
from uuid import uuid4

from faults import saves
from faults.disks import fill
from faults.killing import LONGEST_SECONDS, killed
from faults.migrating import in_a_fork
from faults.writing import Writers
from makers.installed import Installed
from sarana.basics.actors import Actor


def come_back(writers: Writers) -> dict[str, str]:
    """What a process is told that reads, and then saves, on a full disk."""

    def save() -> Any:
        actor = Actor.local(dt.datetime.now(dt.UTC))
        return writers.actions.make_agency(
            actor, name=f"Agency {uuid4().hex}", kind=writers.models.Agency.Kind.SHELTER, country="TH"
        )

    told = {}
    for name, do in (("read", writers.models.Agency.objects.count), ("saved", save)):
        try:
            do()
            told[name] = "done"
        except Exception as err:
            told[name] = writers.said(err)
            writers.database.connection.close()
    return told


def main() -> None:
    """Kill, fill, come back, make room, look, and tell."""
    kills, threads = int(sys.argv[1]), int(sys.argv[2])
    installed = Installed.here()
    writers = Writers()
    chance = random.Random(20261129)
    acknowledged: set[str] = set()
    missing, halves, said = 0, {}, Counter[str]()
    for _ in range(kills):
        told = killed(threads, chance.uniform(0, LONGEST_SECONDS))
        acknowledged |= set(told.kept)
        ballast = fill(installed.home.parent, left_mib=0)
        said.update(f"{name}: {what}" for name, what in in_a_fork(lambda: come_back(writers)).items())
        ballast.unlink()
        missing += len(saves.missing(installed, told.kept))
        halves |= saves.halves(installed)
    found = {
        "acknowledged": len(acknowledged),
        "missing": missing + len(saves.missing(installed, acknowledged)),
        "halves": halves,
        "said": said,
        "sound": saves.is_sound(installed),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
