"""Signing in by a ministry's own service: which agency allows it, and whose account is tied to whom there."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Allowance(models.Model):
    """An agency lets its people sign in by a service, and says which of its signs stand for a second factor."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="allowances")
    issuer = models.CharField(max_length=200)
    signs = models.JSONField(default=list, blank=True)
    allowed_at = models.DateTimeField()

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "agency": Privacy.OFFICIAL,
        "issuer": Privacy.OFFICIAL,
        "signs": Privacy.OFFICIAL,
        "allowed_at": Privacy.OFFICIAL,
    }

    class Meta:
        """An agency allows a service once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "issuer"], name="allowance_is_one_for_each_service"),
        ]

    def __str__(self) -> str:
        """The reference."""
        return str(self.ref)


class Tie(models.Model):
    """An account is tied to one person of a service: found by the service and its own name for her, and nothing else.

    `subject_mark` is a keyed mark of both, made with a key that lies outside the database. Neither her name there nor
    an e-mail address is ever stored.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ties")
    issuer = models.CharField(max_length=200)
    subject_mark = models.CharField(max_length=64, unique=True)
    tied_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "account": Privacy.STAFF,
        "issuer": Privacy.STAFF,
        "subject_mark": Privacy.SECRET,
        "tied_at": Privacy.STAFF,
        "used_at": Privacy.STAFF,
    }

    class Meta:
        """One tie for each account and service."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "issuer"], name="tie_is_one_for_each_service"),
        ]

    def __str__(self) -> str:
        """The reference."""
        return str(self.ref)
