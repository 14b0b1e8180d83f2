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
        """Newest pages are read by id downwards, within one of the four things people ask for."""

        indexes: ClassVar = [
            models.Index(fields=["agency_ref", "-id"], name="ledger_by_agency"),
            models.Index(fields=["owner_agency_ref", "-id"], name="ledger_by_owner"),
            models.Index(fields=["actor_ref", "-id"], name="ledger_by_actor"),
            models.Index(fields=["thing_ref", "-id"], name="ledger_by_thing"),
            models.Index(fields=["action", "-id"], name="ledger_by_action"),
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
