"""Kills the worker of a whole yearly update again and again, and says in the end what stands there.

    python tests/faults/killing_year.py KILLS SECONDS

A small invented province, handed over as on the web: villages and two sectors, and a boundary file that is looked
through first. Each worker is a process of its own (a fork of this one), and is killed at most so many seconds after it
began: every second one by the clock alone, the others soon after one more step is done, so that the whole course is
met however fast the machine is. The minute for which it holds the work is cut short. Prints what was found, as JSON.
With no kills it says what the same work leaves where nothing is in its way.
"""

import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sarana.config.web import start

start.start()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from faults.killing_work import after, again, worker  # noqa: E402
from makers.agencies import acting, give  # noqa: E402
from makers.boundaries import a_list  # noqa: E402
from makers.boundary_files import around_villages  # noqa: E402
from makers.handed_province import an_office, handed_over  # noqa: E402
from methods.sealing.making import some_store  # noqa: E402
from sarana.basics.actors import Actor  # noqa: E402
from sarana.basics.progress import Silent  # noqa: E402
from sarana.ground.accounts.models import Account, Agency  # noqa: E402
from sarana.ground.jobs.models import Job, Receipt  # noqa: E402
from sarana.ground.ledger.models import Entry  # noqa: E402
from sarana.learning.population.boundaries import actions as boundaries  # noqa: E402
from sarana.learning.population.models import BoundaryFile, Drawing, Figure, Run, Update  # noqa: E402
from sarana.learning.population.opened.shelves import has_shelf  # noqa: E402
from sarana.learning.population.pairs.laying import open_queue, read_pair  # noqa: E402
from sarana.learning.population.pairs.models import Pair  # noqa: E402
from sarana.learning.population.sources.describing import WORKING  # noqa: E402
from sarana.learning.population.sources.incoming import folder  # noqa: E402
from sarana.learning.population.sources.models import Source  # noqa: E402
from sarana.learning.population.sources.updates import actions as updates  # noqa: E402
from sarana.learning.population.sources.updating import folder_of  # noqa: E402
from sarana.methods.invented.province import invent_province  # noqa: E402
from sarana.methods.invented.settings import ProvinceSettings  # noqa: E402
from sarana.methods.sealing.files import is_sealed  # noqa: E402

PEOPLE = 1500
SECTORS = ("health", "education")


def main() -> None:
    """Ask, kill, let it come to its end, look, and tell."""
    kills, longest = int(sys.argv[1]), float(sys.argv[2])
    chance = random.Random(20261130)
    asked()
    done = 0
    while done < kills and Job.objects.exclude(state="done").exists():
        worker(after(chance.uniform(0.1, longest / 4)) if done % 2 else behind_a_step(chance.uniform(0, 0.2), longest))
        again()
        done += 1
    while Job.objects.filter(state__in=("waiting", "running")).exists():
        worker(None)
        again()
    sys.stdout.write(json.dumps({"kills": done, **found()}))


def behind_a_step(seconds: float, longest: float) -> Callable[[float], bool]:
    """Time to kill so many seconds after one more step of the work is done, or after the longest time."""
    steps = steps_done()
    seen: list[float] = []

    def is_time(gone: float) -> bool:
        if not seen and steps_done() > steps:
            seen.append(gone)
        return gone >= longest or any(gone >= at + seconds for at in seen)

    return is_time


def steps_done() -> int:
    """How many steps of the runs, and of the work behind them, have their receipts."""
    of_runs = sum(1 for _ in Path(settings.SARANA_HOME).rglob("receipts/*.json"))
    return of_runs + Receipt.objects.count()


def asked() -> None:
    """A province whose files were handed over; its boundary file and its update are asked for."""
    home = Path(settings.SARANA_HOME)
    _store, settings.SARANA_KEYFILE = some_store(Path(settings.SARANA_KEYS).parent)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    with tempfile.TemporaryDirectory(dir=home.parent) as temp:
        province = Path(temp) / "province"
        invent_province(ProvinceSettings(people=PEOPLE, seed=1), province, Silent())
        centre, officer = an_office()
        give(officer, centre, "provincial-data-officer")
        handed_over(officer, centre, province, "areas")
        sources = [handed_over(officer, centre, province, sector) for sector in SECTORS]
        _bring(officer, centre, province)
        _update(officer, centre, sources)


def _bring(officer: Account, centre: Agency, province: Path) -> None:
    codes, outlines = around_villages(province / "villages.csv")
    a_list(codes, gone={})
    actor = acting(officer)
    boundaries.bring(actor, boundaries.Said("Survey of trials", actor.today), outlines, agency=centre, area="TH50")


def _update(officer: Account, centre: Agency, sources: list[Source]) -> None:
    actor = acting(officer)
    wanted = updates.Wanted("Chiang Mai 2569", sources[0].as_of, "chiang-mai-28", actor.today.replace(year=2027))
    updates.start_update(actor, wanted, agency=centre, area="TH50", sources=sources)


def found() -> dict[str, object]:
    """What is there in the end."""
    run, update, file = Run.objects.get(), Update.objects.get(), BoundaryFile.objects.get()
    at = folder_of(update.ref)
    tables = [path for path in at.rglob("*.parquet") if path.is_file()]
    pairs = list(Pair.objects.filter(run=run).order_by("place"))
    shelf = open_queue(run.ref, Actor.local(timezone.now()).today)
    columns = ("level", "code", "group", "n_people", "n_scored", "n_red", "rate", "low", "high")
    figures = list(Figure.objects.filter(run=run).order_by("level", "code", "group").values_list(*columns))
    acts = ("population.taken-in", "population.people-laid-out", "population.pairs-laid-out", "jobs.done")
    return {
        "states": sorted(Job.objects.values_list("state", flat=True)),
        "receipts": sorted(Receipt.objects.values_list("job__kind", "number")),
        "table": run.table_hash,
        "figures": hashlib.sha256(repr(figures).encode()).hexdigest(),
        "n_figures": len(figures),
        "drawings": Drawing.objects.count(),
        "is_its": update.run_ref == run.ref,
        "shelf": has_shelf(run.ref),
        "pairs": [(each.left, each.right) for each in (read_pair(shelf, pair.ref) for pair in pairs)],
        "places": [pair.place for pair in pairs],
        "tables": sorted(path.name for path in tables),
        "unsealed": [path.name for path in tables if not is_sealed(path)],
        "left": [path.name for path in folder().glob(f"{WORKING}*")],
        "boundaries": [file.state, len(file.drawing["lines"]), bytes(file.content) == b""],
        "outlines": hashlib.sha256(bytes(file.outlines)).hexdigest(),
        "acts": {act: Entry.objects.filter(action=act).count() for act in acts},
    }


if __name__ == "__main__":
    main()
