"""Stations that are trusted: whose key may sign for which province, who was told of it, and when it was taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.methods.sealing.signing import digits_of


class Station(models.Model):
    """The installation of a province, by the public half of its key; its runs belong to `agency` here.

    A row is never deleted: whoever signed what was taken in stays to be told. Nobody stands as the one who told it
    where the operator did, at the machine.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    public = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "public"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency", "area", "told_at", "taken_back_at"), Privacy.OFFICIAL),
        **dict.fromkeys(("told_by", "taken_back_by"), Privacy.STAFF),
    }

    class Meta:
        """One key signs for a province at a time, and a key for one province."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(taken_back_at__isnull=True),
                name="population_one_station_a_province",
            ),
            models.UniqueConstraint(
                fields=["public"],
                condition=models.Q(taken_back_at__isnull=True),
                name="population_one_province_a_key",
            ),
        ]

    def __str__(self) -> str:
        """Of which province."""
        return self.area

    @property
    def digits(self) -> str:
        """How its key is read out."""
        return digits_of(self.public)
