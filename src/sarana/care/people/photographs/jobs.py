"""Taking away sealed files that no row knows: of people who were erased, and of work that was cut."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.work import Due, Kind, Receipt, Step, Work
from sarana.care.people.photographs import queries
from sarana.ground.vault.identities import files
from sarana.ground.vault.policy import check_may_make

AGAIN = dt.timedelta(hours=1)
"""So often the schedule asks at most."""


def nobodys() -> list[Path]:
    """Files that no row knows; read before the rows, so that one that comes meanwhile is known."""
    lying = files.lying()
    known = queries.refs_known(lying) if lying else frozenset()
    return [path for ref, path in lying.items() if ref not in known]


def _sweep(work: Work) -> Receipt:
    with work.saving(0, 0):
        gone = nobodys()
    for path in gone:
        path.unlink(missing_ok=True)
    return {"gone": len(gone)}


SWEEP = Kind(
    code="people.sweep-files",
    words=_("Take away sealed files of people that nobody knows any more"),
    check=lambda actor, _args: check_may_make(actor),
    thing=lambda _args: "people.files",
    steps=lambda _args: (Step(_("Take them away"), _sweep),),
    counts={"gone": _("Files taken away")},
)
KINDS = (SWEEP,)


def due(_actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now."""
    if nobodys():
        yield Due(SWEEP.code, AGAIN)
