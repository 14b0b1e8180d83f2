"""Backing up and drilling as long work: by button, and by the schedule when the time has come."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.basics.work import Args, Due, Kind, Receipt, Step, Work
from sarana.ground.vault import actions, backups, places, policy, queries, thinning
from sarana.ground.vault.databases import Beat
from sarana.ground.vault.disks import said_plainly
from sarana.ground.vault.identities import scrubbing
from sarana.ground.vault.identities.actions import destroying, preserving
from sarana.ground.vault.journal import read_standing
from sarana.ground.vault.proving import prove_ledger

THING = "vault.backups"
"""Backups and drills are about one thing: no two of them wait or run at once."""

AGAIN_BACKUP, AGAIN_DRILL = dt.timedelta(minutes=30), dt.timedelta(days=1)
"""So long after one was asked for, the schedule does not ask for another, whatever became of it."""

DRILL_EVERY = dt.timedelta(days=7)


def _check(actor: Actor, _args: Args) -> None:
    policy.check_may_make(actor)


def _back_up(work: Work) -> Receipt:
    try:
        made = backups.make_backup(
            places.home(),
            places.folder(),
            places.get_keyset(),
            now=timezone.now(),
            database=places.database(),
            destroyed=places.destroyed(),
            beat=_beat(work),
        )
    finally:
        _write_down(work)
    return {"rows": made.n_rows, "bytes": made.n_bytes}


def _let_go(work: Work) -> Receipt:
    """Take away what had served its time; never the one that last passed a drill, nor a file nobody here made."""
    folder = places.folder()
    lying, proved = queries.lying_for(work.actor, folder), queries.find_last_drill(work.actor)
    staying = {row.ref: row.made_at for row in lying if row.let_go_at is None}
    going = [ref for ref in thinning.spare(staying, timezone.now()) if proved is None or ref != proved.backup_ref]
    if going:
        with work.saving(0, 0):
            actions.note_let_go(work.actor, going)
    with said_plainly(folder):
        for row in lying:
            if row.ref in going or row.let_go_at is not None:
                Path(row.where).unlink(missing_ok=True)
    return {"let_go": len(going)}


def _drill(work: Work) -> Receipt:
    file, keys, beat = _newest(), places.unlocked(), _beat(work)
    try:
        found, _tried = backups.drill(
            file,
            keys,
            places.home(),
            partial(prove_ledger, beat=beat),
            now=timezone.now(),
            database=places.database(),
            beat=beat,
        )
    finally:
        _write_down(work)
    return {"rows": sum(found.counts.values()), "tables": len(found.counts)}


def _newest() -> Path:
    """The newest backup that lies where it was put.

    Raises:
        NotYet: VAULT-032 there is none.
    """
    for made in reversed(read_standing(places.home()).made):
        if not made.code and Path(made.where).is_file():
            return Path(made.where)
    raise NotYet(
        "VAULT-032",
        "No backup that was made here lies where it was put.",
        cure="Make one first, or bring the disk with the backups.",
    )


def _beat(work: Work) -> Beat:
    """Says from time to time that the work goes on, so that no other worker takes it over; ends it when stopped."""
    return lambda: work.report(0, 0, "")


def _write_down(work: Work) -> None:
    """Rows and lines of what was done or failed, in the name of whoever asked for it."""
    with work.saving(0, 0):
        actions.catch_up(work.actor, places.home())


BACK_UP = Kind(
    code="vault.back-up",
    words=_("Back up now"),
    check=_check,
    thing=lambda _args: THING,
    steps=lambda _args: (
        Step(_("Copy the database and seal it"), _back_up),
        Step(_("Let go of what had served its time"), _let_go),
    ),
    counts={"rows": _("Rows"), "bytes": _("Bytes"), "let_go": _("Backups let go")},
)
DRILL = Kind(
    code="vault.drill",
    words=_("Drill a restore"),
    check=_check,
    thing=lambda _args: THING,
    steps=lambda _args: (Step(_("Open the newest backup and prove it"), _drill),),
    counts={"rows": _("Rows"), "tables": _("Tables")},
)
KINDS = (BACK_UP, DRILL)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now; a backup that was missed while the machine was off is due at once.

    What the journal tells and the tables lack is written down first. Nothing is due before there are keys. Whoever was
    erased while somebody read is wiped from SQLite's log as soon as nobody does.
    """
    scrubbing.scrub(seconds=scrubbing.GLANCE_SECONDS)
    actions.catch_up(actor, places.home())
    _destroy_over(actor)
    if not settings.SARANA_SCHEDULE or places.find_keyset() is None:
        return
    every = dt.timedelta(hours=settings.SARANA_SCHEDULE)
    made = queries.find_last_backup(actor)
    if made is None or actor.now - made.made_at >= every:
        yield Due(BACK_UP.code, min(AGAIN_BACKUP, every))
        return
    drilled = queries.find_last_drill(actor)
    if (drilled is None or actor.now - drilled.at >= DRILL_EVERY) and places.drills_by_itself():
        yield Due(DRILL.code, AGAIN_DRILL)


def _destroy_over(actor: Actor) -> None:
    """Once a day, destroy keys of agencies that are over; keys that open only for a person wait for keys sweep.

    What was kept for holds that are over goes, and what was deleted of people is taken out of the tables in which it
    may still stand.
    """
    told = (str(places.store().folder), actor.today)
    if _LOOKED.get(told[0]) == told[1]:
        return
    _LOOKED[told[0]] = told[1]
    preserving.let_earlier_go(actor)
    with contextlib.suppress(BadFile):  # the next day, or the server by itself
        scrubbing.vacuum()
    with contextlib.suppress(NotYet, BadFile):  # it is told wherever keys are opened; backups go on
        for agency in destroying.agencies_over(actor.today):
            with contextlib.suppress(NotYet, BadFile):
                destroying.destroy_over(actor, agency)


_LOOKED: dict[str, dt.date] = {}
