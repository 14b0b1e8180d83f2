"""That there is a photograph, and copies in which faces and marks are hidden. What they show lies in sealed files."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.ground.vault.identities.models import Basis


class Photograph(models.Model):
    """One photograph; `sha256` is that of the file as it came, of which only the pixels were kept."""

    class Kind(models.TextChoices):
        """What it shows."""

        PORTRAIT = "portrait", _("portrait")
        DOCUMENT = "document", _("paper or document")
        INJURY = "injury", _("injury")
        EVIDENCE = "evidence", _("other evidence")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="photographs")
    agency_ref = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "person", "agency_ref", "width", "height"), Privacy.TECHNICAL),
        **dict.fromkeys(("kind", "sha256", "added_at"), Privacy.SENSITIVE),
        "added_by_ref": Privacy.STAFF,
    }

    class Meta:
        """The same file is kept once of a person."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "sha256"], name="people_photograph_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["portrait", "document", "injury", "evidence"]),
                name="people_photograph_kind_is_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-added_at"], name="people_photograph_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class MaskedCopy(models.Model):
    """A copy of a photograph in which faces and marks were filled; `sha256` proves later which one was handed over."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    photograph = models.ForeignKey(Photograph, on_delete=models.CASCADE, related_name="masked")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="masked")
    """The same as of the photograph: whoever was given a copy sees no row of the photograph itself."""
    agency_ref = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    n_boxes = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "photograph", "person", "agency_ref", "width", "height"), Privacy.TECHNICAL),
        **dict.fromkeys(("sha256", "n_boxes", "made_at"), Privacy.SENSITIVE),
        "made_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Something is hidden in it."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(n_boxes__gte=1), name="people_masked_hides_something"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Handed(models.Model):
    """That a masked copy was shown to another agency, on a basis that lets it read masked copies, while it lives."""

    masked = models.ForeignKey(MaskedCopy, on_delete=models.CASCADE, related_name="handed")
    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="+")
    agency_ref = models.UUIDField()
    recipient_ref = models.UUIDField()
    at = models.DateTimeField()
    by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "masked", "basis", "agency_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("recipient_ref", "at"), Privacy.SENSITIVE),
        "by_ref": Privacy.STAFF,
    }

    class Meta:
        """Once on a basis, and never to oneself."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["masked", "basis"], name="people_handed_once_a_basis"),
            models.CheckConstraint(
                condition=~models.Q(recipient_ref=models.F("agency_ref")), name="people_handed_to_another"
            ),
        ]

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)
