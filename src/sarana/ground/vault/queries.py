"""The reading doors of backups."""

import itertools
from pathlib import Path

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.ground.vault import policy
from sarana.ground.vault.models import Backup, Drill

AT_ONCE = 500
"""So many files are looked up at a time: whoever can write to the folder may have flooded it."""


def backups_for(actor: Actor) -> QuerySet[Backup]:
    """The backups that an actor may see, and those that could not be made, the newest first."""
    rows = Backup.objects.filter(policy.openable_by(actor)).select_related("let_go")
    return rows.order_by("-made_at", "-id").fetch_mode(models.FETCH_RAISE)


def drills_for(actor: Actor) -> QuerySet[Drill]:
    """The drills and restores that an actor may see, the newest first."""
    rows = Drill.objects.filter(policy.openable_by(actor))
    return rows.order_by("-at", "-id").fetch_mode(models.FETCH_RAISE)


def lying_for(actor: Actor, folder: Path) -> list[Backup]:
    """The backups of which a file lies in a folder."""
    files = (str(path.resolve()) for path in folder.glob("sarana-*.backup"))
    made = backups_for(actor).filter(code="")
    return [row for some in itertools.batched(files, AT_ONCE, strict=False) for row in made.filter(where__in=some)]


def find_last_backup(actor: Actor) -> Backup | None:
    """The newest backup that was made."""
    return backups_for(actor).filter(code="").first()


def find_last_drill(actor: Actor) -> Drill | None:
    """The newest drill that passed."""
    return drills_for(actor).filter(code="", is_restore=False).first()
