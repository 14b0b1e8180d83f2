"""Taking away what nobody needs any more: files without a row, what a killed process left, runs whose last day is over.

A job of the machine itself: only it sees the rows of every agency, and so knows which file is nobody's.
"""

import datetime as dt
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.work import Due, Kind, Receipt, Step, Work
from sarana.learning.population import policy
from sarana.learning.population.sources import queries
from sarana.learning.population.sources.describing import WORKING, held
from sarana.learning.population.sources.incoming import folder
from sarana.learning.population.sources.keys import runs_over, sweep_runs

AGAIN = dt.timedelta(hours=1)
"""So often the schedule asks at most."""

LEFT_BEHIND_SECONDS = 3600
"""A file without a row is nobody's only after that: its row may be about to stand."""


def _nobodys() -> list[Path]:
    """Files that no row knows; read before the rows, so that one that comes meanwhile is known."""
    lying = [path for path in folder().glob("*.sealed") if _is_old(path)]
    known = queries.refs_lying() if lying else frozenset()
    return [path for path in lying if path.stem not in known]


def _left() -> list[Path]:
    """Folders of work that no process holds any more."""
    found = []
    for work in folder().glob(f"{WORKING}*"):
        try:
            with held(work) as is_free:
                found += [work] if is_free else []
        except OSError:
            continue  # it ended just now
    return found


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS
    except FileNotFoundError:
        return False


def _sweep(work: Work) -> Receipt:
    with work.saving(0, 0):
        files = _nobodys()
    for path in files:
        path.unlink(missing_ok=True)
    left = _left()
    for place in left:
        shutil.rmtree(place, ignore_errors=True)
    return {"gone": len(files), "left": len(left), "runs": sweep_runs(work.actor.now)}


SWEEP = Kind(
    code="population.sweep-sources",
    words=_("Take away files of sources that are nobody's, and runs whose last day is over"),
    check=lambda actor, _args: policy.check_may_take_in(actor),
    thing=lambda _args: "population.sources",
    steps=lambda _args: (Step(_("Take them away"), _sweep),),
    counts={"gone": _("Files taken away"), "left": _("Folders of broken work"), "runs": _("Runs closed for good")},
)
KINDS = (SWEEP,)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now."""
    if _nobodys() or _left() or runs_over(actor.now):
        yield Due(SWEEP.code, AGAIN)
