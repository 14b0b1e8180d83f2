"""One row for each act, and the seals that chain the rows in order.

No foreign key leaves this room: agencies, people and things are known by reference, so that nothing that is deleted
elsewhere takes its traces along.
"""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Entry(models.Model):
    """One act: who did what, to what, for which purpose, with which result, and when."""

    class Result(models.TextChoices):
        """How the act ended."""

        DONE = "done", "done"
        REFUSED = "refused", "refused"
        FAILED = "failed", "failed"

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    at = models.DateTimeField()
    actor_ref = models.UUIDField()
    roles = models.CharField(max_length=200, blank=True)
    agency_ref = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=40, blank=True)
    thing_ref = models.UUIDField(null=True)
    owner_agency_ref = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=8, choices=Result.choices)
    code = models.CharField(max_length=20, blank=True)
    n_things = models.PositiveIntegerField(default=1)
    things_sealed = models.BinaryField(null=True)
    request_ref = models.UUIDField(null=True)
    writer_mac = models.BinaryField()

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "at": Privacy.STAFF,
        "actor_ref": Privacy.STAFF,
        "roles": Privacy.STAFF,
        "agency_ref": Privacy.OFFICIAL,
        "action": Privacy.STAFF,
        "thing_kind": Privacy.OFFICIAL,
        "thing_ref": Privacy.SENSITIVE,
        "owner_agency_ref": Privacy.OFFICIAL,
        "purpose": Privacy.STAFF,
        "result": Privacy.STAFF,
        "code": Privacy.TECHNICAL,
        "n_things": Privacy.STAFF,
        "things_sealed": Privacy.SENSITIVE,
        "request_ref": Privacy.TECHNICAL,
        "writer_mac": Privacy.TECHNICAL,
    }

    class Meta:
        """Newest pages are read by id downwards, within what people ask for."""

        indexes: ClassVar = [
            models.Index(fields=["agency_ref", "-id"], name="ledger_by_agency"),
            models.Index(fields=["owner_agency_ref", "-id"], name="ledger_by_owner"),
            models.Index(fields=["actor_ref", "-id"], name="ledger_by_actor"),
            models.Index(fields=["thing_ref", "-id"], name="ledger_by_thing"),
            models.Index(fields=["agency_ref", "action", "-id"], name="ledger_by_act"),
            models.Index(fields=["agency_ref", "-id"], condition=~models.Q(result="done"), name="ledger_bad_ends"),
            models.Index(
                fields=["owner_agency_ref", "-id"],
                condition=models.Q(things_sealed__isnull=False),
                name="ledger_lists",
            ),
            models.Index(
                fields=["agency_ref", "-id"],
                condition=models.Q(things_sealed__isnull=False),
                name="ledger_lists_by_agency",
            ),
            models.Index(fields=["at"], name="ledger_by_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result__in=("done", "refused", "failed")), name="ledger_entry_result_known"
            ),
        ]

    def __str__(self) -> str:
        """The act's own reference, nothing more."""
        return str(self.ref)


class Waiting(models.Model):
    """An entry that is written down and not sealed yet; the database itself puts it here when the entry is added."""

    entry_id = models.BigIntegerField(primary_key=True)

    PRIVACY: ClassVar = {"entry_id": Privacy.TECHNICAL}

    def __str__(self) -> str:
        """The number of the entry's row."""
        return str(self.entry_id)


class Seal(models.Model):
    """One link of the chain: which entries were sealed, in which order, after which seal.

    `members` has 41 bytes for each entry: its id (8), a mark (1) and the SHA-256 of the whole row (32). `hash` is the
    SHA-256 of the seal's own fields and of the hash before it; `mac` is what only the key of this number can make.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    n_entries = models.PositiveIntegerField()
    n_before = models.BigIntegerField()
    members = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    mac = models.BinaryField()

    PRIVACY: ClassVar = {
        "number": Privacy.TECHNICAL,
        "sealed_at": Privacy.TECHNICAL,
        "n_entries": Privacy.TECHNICAL,
        "n_before": Privacy.TECHNICAL,
        "members": Privacy.TECHNICAL,
        "previous_hash": Privacy.TECHNICAL,
        "hash": Privacy.TECHNICAL,
        "mac": Privacy.TECHNICAL,
    }

    class Meta:
        """Seals count from one, and none is empty."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="ledger_seals_count_from_one"),
            models.CheckConstraint(condition=models.Q(n_entries__gte=1), name="ledger_seal_is_not_empty"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return str(self.number)
