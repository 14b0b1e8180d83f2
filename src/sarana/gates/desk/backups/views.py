"""Backups: where, when, how large, sealed to whom, when a drill last passed, and the buttons for both."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.jobs import queries as jobs
from sarana.ground.lengths import length_words
from sarana.ground.vault import places, policy, queries, waiting
from sarana.ground.vault.jobs import BACK_UP, DRILL, THING
from sarana.ground.vault.journal import LATE_DAYS, RED_DAYS
from sarana.ground.vault.models import Backup

SHOWN = 30


@require_safe
def backups(request: HttpRequest) -> HttpResponse:
    """Everything about backups of this installation. Not written down: it tells of files, and shows nobody."""
    actor = as_asked(request).actor
    policy.check_may_see(actor)
    last = queries.find_last_backup(actor)
    made = columns.Column("made", _("Made"), "made_at", natural=True, falling=True)
    page = columns.listing(queries.backups_for(actor), [made], request.GET, shown=SHOWN)
    words = {
        "faults": _faults(actor),
        "last": last,
        "lies_there": _lies_there(last),
        "drill": queries.find_last_drill(actor),
        "folder": places.folder(),
        "every": length_words(dt.timedelta(hours=settings.SARANA_SCHEDULE)) if settings.SARANA_SCHEDULE else "",
        "next_at": _next_at(last),
        "keyset": _keyset(),
        "opens_by_itself": places.opens_by_itself(),
        "drills_by_itself": places.drills_by_itself(),
        "may_make": policy.may_make(actor),
        "kinds": (BACK_UP, DRILL),
        "running": jobs.find_under_way(actor, THING),
        "page": page,
        "backups": [{"row": row, "lies_there": _lies_there(row)} for row in page.rows],
        "drills": queries.drills_for(actor)[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "desk/backups/backups.html", words)


def _faults(actor: Actor) -> list[str]:
    """What is wrong, in words."""
    found = []
    if _keyset() is None:
        found.append(_("There are no keys yet, so nothing can be sealed. At the machine: sarana keys make."))
    if waiting.is_late(actor):
        found.append(_("No backup was made for %(days)s days") % {"days": LATE_DAYS})
    if waiting.is_untried(actor):
        found.append(_("No backup was tried for %(days)s days") % {"days": RED_DAYS})
    return found


def _keyset() -> Any:
    """Whose keys seal; None where there are none, or they cannot be read."""
    try:
        return places.find_keyset()
    except SaranaError:
        return None


def _lies_there(backup: Backup | None) -> bool:
    """Whether the file of a backup lies where it was put, in its length."""
    if backup is None or backup.code:
        return False
    try:
        return Path(backup.where).stat().st_size == backup.n_bytes
    except OSError:
        return False


def _next_at(last: Backup | None) -> dt.datetime | None:
    """When the schedule makes the next one; None where it does so as soon as a worker looks, or never."""
    if last is None or not settings.SARANA_SCHEDULE:
        return None
    return last.made_at + dt.timedelta(hours=settings.SARANA_SCHEDULE)
