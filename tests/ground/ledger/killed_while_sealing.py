"""Run by a test: acts are written down and sealed by a child that is killed at any moment, again and again.

    python killed_while_sealing.py FOLDER KILLS

Prints one line of JSON: kills, acts that were acknowledged, those of them that are missing, and what a check found.
"""

import dataclasses
import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

LONGEST_SECONDS = 0.4


def work(told: int) -> None:
    """Write acts down and seal without a pause, telling each act after it was committed; never ends by itself."""
    from makers.ledger import somebody  # noqa: PLC0415  # Django has to be started first
    from sarana.ground.ledger import actions, sealing  # noqa: PLC0415

    sealing.EVERY_SECONDS = 0.001
    sealing.start_sealing(threading.Event())
    while True:
        entry = actions.record_opening(somebody(now=dt.datetime.now(dt.UTC)), "person", somebody().account_ref)
        os.write(told, entry.ref.bytes)


def kill_one(dice: random.Random) -> bytes:
    """Let a child work for a while and kill it; gives the references it acknowledged."""
    connections.close_all()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        work(told)
    os.close(told)
    time.sleep(dice.uniform(0, LONGEST_SECONDS))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(heard, "rb") as pipe:
        return pipe.read()


def main() -> None:
    """Kill so many times, then check everything."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    django.setup()
    call_command("migrate", verbosity=0)
    from makers.ledger import a_key_folder, checked  # noqa: PLC0415
    from sarana.ground.ledger import sealing  # noqa: PLC0415
    from sarana.ground.ledger.models import Entry  # noqa: PLC0415

    a_key_folder(folder / "keys")
    dice = random.Random(7)
    heard = b"".join(kill_one(dice) for _ in range(kills))
    refs = {heard[at : at + 16] for at in range(0, len(heard) - 15, 16)}
    kept = {ref.bytes for ref in Entry.objects.values_list("ref", flat=True)}
    now = dt.datetime.now(dt.UTC)
    before = [dataclasses.asdict(each) for each in checked(folder / "keys", now=now).findings]
    sealing.seal_all()
    verdict = checked(folder / "keys", now=now)
    found = before + [dataclasses.asdict(each) for each in verdict.findings]
    told = {"kills": kills, "acknowledged": len(refs), "missing": len(refs - kept), "found": found}
    sys.stdout.write(json.dumps({**told, "seals": verdict.n_seals, "unsealed": verdict.n_unsealed}) + "\n")


if __name__ == "__main__":
    main()
