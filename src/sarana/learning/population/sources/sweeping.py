"""Taking away what nobody needs any more: files that no row knows, files and runs whose last day is over, leftovers.

A job of the machine itself: only it sees the rows of every agency, and so knows which file is nobody's.
"""

import datetime as dt
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.work import Due, Kind, Receipt, Step, Work
from sarana.ground.tasks import actions as tasks
from sarana.ground.tasks.queries import to_forget
from sarana.learning.population import policy
from sarana.learning.population import queries as maps
from sarana.learning.population.opened import shelves
from sarana.learning.population.opened.corrections.actions import sweep_words
from sarana.learning.population.opened.corrections.queries import rows_over, words_over
from sarana.learning.population.sources import actions, queries
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


def _shelves_of_nobody() -> list[UUID]:
    """Shelves whose key is gone, or whose run is not shown any more: it was withdrawn, or left with its agency."""
    lying = shelves.lying()
    shown = maps.refs_shown() if lying else frozenset()
    return [ref for ref, has_key in lying.items() if not has_key or ref not in shown]


def _to_forget(now: dt.datetime) -> bool:
    """Whether something was settled so long ago that its words, or about whom it was, go."""
    return words_over(now).exists() or rows_over(now).exists() or to_forget(now)


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
    with work.saving(0, 0):
        n_over = actions.let_go_of_those_over(work.actor)
    n_runs = sweep_runs(work.actor.now)
    with work.saving(0, 0):
        lost = _shelves_of_nobody()
    for ref in lost:
        shelves.let_go(ref)
    with work.saving(0, 0):
        n_forgotten = sweep_words(work.actor.now) + tasks.sweep(work.actor.now)
    return {
        "gone": len(files),
        "over": n_over,
        "left": len(left),
        "runs": n_runs,
        "shelves": len(lost),
        "forgotten": n_forgotten,
    }


SWEEP = Kind(
    code="population.sweep-sources",
    words=_("Take away files of sources, and runs, that are nobody's or whose last day is over"),
    check=lambda actor, _args: policy.check_may_take_in(actor),
    thing=lambda _args: "population.sources",
    steps=lambda _args: (Step(_("Take them away"), _sweep),),
    counts={
        "gone": _("Files taken away"),
        "over": _("Files whose last day was over"),
        "left": _("Folders of broken work"),
        "runs": _("Runs closed for good"),
        "shelves": _("Pages about people taken away"),
        "forgotten": _("Words and references of what was settled, let go"),
    },
)
KINDS = (SWEEP,)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now."""
    if (
        _nobodys()
        or _left()
        or queries.files_over(actor.now)
        or runs_over(actor.now)
        or _shelves_of_nobody()
        or _to_forget(actor.now)
    ):
        yield Due(SWEEP.code, AGAIN)
