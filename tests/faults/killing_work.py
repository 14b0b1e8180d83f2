"""Kills the worker of a long piece of work again and again, and looks in the end whether all of it is there, once.

    python tests/faults/killing_work.py KILLS SECONDS COUNTRY…

The work is a real one: loading the areas of countries. Each worker is a process of its own (a fork of this one, which
has loaded the house), and is killed at most so many seconds after it began. The minute for which it holds the work is
cut short, so that the next one need not wait. Prints what was found, as JSON.
"""

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable

from sarana.config.web import start

start.start()

from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from sarana.basics.actors import Actor  # noqa: E402
from sarana.ground.codelists import reading, sources  # noqa: E402
from sarana.ground.codelists.models import Area, Edition  # noqa: E402
from sarana.ground.jobs import actions, working  # noqa: E402
from sarana.ground.jobs.models import Job, Receipt  # noqa: E402
from sarana.ground.ledger.models import Entry  # noqa: E402
from sarana.ground.walls import postgres  # noqa: E402


def worker(is_time: Callable[[float], bool] | None) -> None:
    """A worker in a process of its own, killed when it is time, by the seconds gone; None lets it come to its end."""
    connection.close()
    process = os.fork()
    if process == 0:
        connection_created.disconnect(postgres.by_hand)
        while working.work_once(threading.Event()):
            pass
        os._exit(0)
    began = time.monotonic()
    while is_time is not None and not is_time(time.monotonic() - began):
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            return
        time.sleep(0.005)
    if is_time is not None:
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def after(seconds: float) -> Callable[[float], bool]:
    """Time to kill after so many seconds."""
    return lambda gone: gone >= seconds


def again() -> None:
    """The minute goes by; work that was given up because it killed too many workers is gone on with by its operator."""
    Job.objects.filter(state="running").update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    for job in Job.objects.filter(state="failed", code="JOBS-007"):
        actions.go_on(Actor.local(timezone.now()), job)


def main() -> None:
    """Kill, let it come to its end, look, and tell."""
    kills, longest, countries = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    chance = random.Random(20261129)
    job = actions.ask(Actor.local(timezone.now()), "codelists.load-areas", {"countries": ",".join(countries)})
    done = 0
    while done < kills and Job.objects.get().state != "done":
        worker(after(chance.uniform(0.02, longest)))
        again()
        done += 1
    while Job.objects.get().state in ("waiting", "running"):
        worker(None)
        again()
    sys.stdout.write(json.dumps({"kills": done, **found(job, countries)}))


def found(job: Job, countries: list[str]) -> dict[str, object]:
    """What is there in the end, and what should be."""
    wanted = {}
    for code in countries:
        rows, _changes = reading.read_areas(*sources.rows_of_areas(sources.country_of(code)), code)
        wanted[code] = len(rows)
    there = Edition.objects.filter(list_code__startswith="areas.").annotate(n=Count("areas"))
    told = Entry.objects.filter(action="codelists.areas-loaded").count()
    return {
        "state": Job.objects.get(pk=job.pk).state,
        "wanted": wanted,
        "there": {edition.list_code[6:]: edition.n for edition in there},
        "states": sorted(set(there.values_list("state", flat=True))),
        "lines": Area.objects.values("edition", "line").distinct().count(),
        "receipts": Receipt.objects.count(),
        "written down": told,
        "ended": Entry.objects.filter(action="jobs.done").count(),
    }


if __name__ == "__main__":
    main()
