"""How far a table was taken in: kept with the people themselves, so that nobody comes in twice after a stop."""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Import(models.Model):
    """One table: known again by the digest of its bytes and of what its columns mean."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    begun_by_ref = models.UUIDField()
    n_read = models.PositiveBigIntegerField(default=0)
    n_entered = models.PositiveBigIntegerField(default=0)
    n_aside = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    order_sealed = models.BinaryField(null=True)
    """The key of the order in which its lines come in, sealed with the key folder; none once it has ended."""

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "digest"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency_ref", "begun_at", "n_read", "n_entered", "n_aside", "ended_at"), Privacy.OFFICIAL),
        "begun_by_ref": Privacy.STAFF,
        "order_sealed": Privacy.SECRET,
    }

    class Meta:
        """A table is taken in once by an agency."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency_ref", "digest"], name="people_table_once_an_agency"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
