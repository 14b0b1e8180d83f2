"""Run by a test: keys are turned and people erased by children that are killed at any moment, again and again.

    python killed_while_turning.py FOLDER KILLS

Prints one line of JSON: kills, people whom nobody can read although they were not erased, people who were erased and
are read, those whom the database of before brings back, and markers that are left in the log of SQLite.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

PEOPLE = 60


def killed(seconds: float, work: Callable[[], object], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Let a child work, and kill it so long after it began; one that was ready sooner is no harm.

    Somebody else works meanwhile, as often as there is time for it.
    """
    connections.close_all()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        os.write(told, b"!")
        work()
        os._exit(0)
    os.close(told)
    os.read(heard, 1)
    os.close(heard)
    ends = time.monotonic() + seconds
    meanwhile()
    time.sleep(max(0.0, ends - time.monotonic()))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def timed(work: Callable[[], object]) -> float:
    """How long it takes when nobody kills it."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:  # noqa: PLR0915  # one story from first to last
    """Kill so many times, then look for everybody."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    django.setup()
    call_command("migrate", verbosity=0)
    from makers.identities import ALL, STORY, keys_for_commands, two_houses  # noqa: PLC0415  # Django starts first
    from makers.ledger import a_key_folder  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.applying import apply_erased  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.erasing import erase  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.sealing import begin, open_tiers, seal  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.turning import rotate  # noqa: PLC0415
    from sarana.ground.vault.identities.models import Erased, Subject  # noqa: PLC0415
    from sarana.ground.vault.identities.scrubbing import scrub  # noqa: PLC0415
    from sarana.methods.sealing.erased import EPOCH  # noqa: PLC0415
    from sarana.methods.sealing.identities import Tier  # noqa: PLC0415

    keys_for_commands(folder)
    a_key_folder(folder / "keys")
    houses, dice = two_houses(), random.Random(5)
    refs = [begin(houses.worker, agency=houses.ours.ref, values=ALL) for _ in range(PEOPLE)]
    scrub()
    connections.close_all()
    before = folder / "before.sqlite3"
    shutil.copy(folder / "sarana.sqlite3", before)
    asked = [refs[0]]
    erasing = timed(lambda: erase(houses.supervisor, refs[0], reason=Erased.Reason.OWN_REQUEST))
    turning = timed(lambda: rotate(houses.custodian, agency=houses.ours.ref, batch=5))
    saved: list[int] = []

    def saves() -> int:
        """The last person of all is read and saved while a child turns keys; nobody erases her."""
        opened = open_tiers(houses.worker, refs[-1], Tier)[Tier.STORY]
        seal(houses.worker, refs[-1], {Tier.STORY: STORY}, versions={Tier.STORY: opened.version})
        return opened.version

    for number in range(kills):
        if number % 2:
            ref = refs[len(asked) % (PEOPLE - 1)]
            asked.append(ref)
            work = partial(erase, houses.supervisor, ref, reason=Erased.Reason.OWN_REQUEST)
            killed(dice.uniform(0, erasing * 1.5), work)
        else:
            turns = partial(rotate, houses.custodian, agency=houses.ours.ref, batch=5)
            killed(dice.uniform(0, turning * 1.2), turns, lambda: saved.append(saves()))

    def read() -> list[object]:
        found = []
        for ref in refs:
            try:
                values = open_tiers(houses.worker, ref, Tier)
            except Subject.DoesNotExist:
                continue
            assert values[Tier.STORY].values == STORY
            found.append(ref)
        return found

    apply_erased(houses.worker)
    turned = rotate(houses.custodian, agency=houses.ours.ref) + Subject.objects.exclude(epoch=1).count()
    readable = read()
    kept = Erased.objects.exclude(reason=EPOCH).count()
    unreadable = len(set(refs) - set(readable) - set(asked))
    connections.close_all()
    for tail in ("", "-wal", "-shm"):
        (folder / f"sarana.sqlite3{tail}").unlink(missing_ok=True)
    shutil.copy(before, folder / "sarana.sqlite3")
    back = len(set(read()) - set(readable))
    scrub()
    wal = folder / "sarana.sqlite3-wal"
    sys.stdout.write(
        json.dumps(
            {
                "kills": kills,
                "unreadable": unreadable,
                "erased and read": len(refs) - len(readable) - kept,
                "erased": kept,
                "back": back,
                "turned": turned,
                "saved meanwhile": len(set(saved)),
                "marks in the log": wal.stat().st_size if wal.is_file() else 0,
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
