"""Backups that were made and drills of them: a row each, written once, about files and never about what is in them."""

import datetime as dt
from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy
from sarana.ground.vault.identities.models import Basis, Erased, Sealed, Shared, Subject

__all__ = ["Backup", "Basis", "Drill", "Erased", "LetGo", "Sealed", "Shared", "Subject"]


class Backup(models.Model):
    """A backup that was made, or one that could not be (`code`). `opens_with` names locks, and holds no key."""

    ref = models.UUIDField(unique=True, editable=False)
    made_at = models.DateTimeField()
    where = models.CharField(max_length=400)
    n_bytes = models.BigIntegerField(default=0)
    n_rows = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_to = models.CharField(max_length=200, blank=True)
    opens_with = models.CharField(max_length=400, blank=True)
    code = models.CharField(max_length=20, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "sha256"), Privacy.TECHNICAL),
        **dict.fromkeys(("made_at", "where", "n_bytes", "n_rows", "sealed_to", "code"), Privacy.OFFICIAL),
        "opens_with": Privacy.STAFF,
    }

    class Meta:
        """What was made has a size and a digest; what was not has a code."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(code="") | (models.Q(n_bytes__gt=0) & ~models.Q(sha256="")),
                name="vault_backup_has_a_digest",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="vault_backup_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def let_go_at(self) -> dt.datetime | None:
        """When its file had served its time and was taken away."""
        let_go: LetGo | None = getattr(self, "let_go", None)
        return let_go.at if let_go else None


class LetGo(models.Model):
    """That the file of a backup had served its time, and was taken away; until then it should lie where it was put."""

    backup = models.OneToOneField(Backup, on_delete=models.PROTECT, related_name="let_go")
    at = models.DateTimeField()

    PRIVACY: ClassVar = {"id": Privacy.TECHNICAL, "backup": Privacy.TECHNICAL, "at": Privacy.OFFICIAL}

    def __str__(self) -> str:
        """The reference of the backup."""
        return str(self.backup)


class Drill(models.Model):
    """A backup that was opened and proved: tried only, or put in place (`is_restore`); `code` says what it failed."""

    ref = models.UUIDField(unique=True, editable=False)
    at = models.DateTimeField()
    file = models.CharField(max_length=200)
    backup_ref = models.UUIDField(null=True)
    n_rows = models.BigIntegerField(default=0)
    is_restore = models.BooleanField(default=False)
    code = models.CharField(max_length=20, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "backup_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("at", "file", "n_rows", "is_restore", "code"), Privacy.OFFICIAL),
    }

    class Meta:
        """What passed is known to be of one backup."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(code="") | models.Q(backup_ref__isnull=False), name="vault_drill_is_of_a_backup"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="vault_drill_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
