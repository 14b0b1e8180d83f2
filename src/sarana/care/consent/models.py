"""What a person agreed to: how it was explained and proved, and on which basis another agency reads. No name."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.ground.vault.identities.models import Basis


class Consent(models.Model):
    """One thing that a person agreed to; its basis says who reads what until when, and whether it ended."""

    class Explained(models.TextChoices):
        """How it was explained to her."""

        FACE_TO_FACE = "face-to-face", _("face to face")
        INTERPRETER = "interpreter", _("through an interpreter")
        TELEPHONE = "telephone", _("by telephone")
        WRITTEN = "written", _("on paper that the person read")

    class Evidence(models.TextChoices):
        """What proves it."""

        SIGNED = "signed", _("signed")
        RECORDED = "recorded", _("it was recorded")
        WITNESS = "witness", _("a witness was there")
        SPOKEN = "spoken", _("spoken only")

    class Speaker(models.TextChoices):
        """Who agreed."""

        SELF = "self", _("the person")
        GUARDIAN = "guardian", _("the guardian")

    class Way(models.TextChoices):
        """How it was taken back."""

        SPOKEN = "spoken", _("the person said so")
        WRITTEN = "written", _("the person wrote so")
        GUARDIAN = "guardian", _("the guardian said so")
        AGENCY = "agency", _("the agency ended it, for the person's safety")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    basis = models.OneToOneField(Basis, on_delete=models.CASCADE, related_name="consent")
    agency_ref = models.UUIDField()
    language = models.CharField(max_length=12)
    explained = models.CharField(max_length=20, choices=Explained.choices)
    explained_by_ref = models.UUIDField()
    agreed_by = models.CharField(max_length=20, choices=Speaker.choices)
    evidence = models.CharField(max_length=20, choices=Evidence.choices)
    given_at = models.DateTimeField()
    recorded_by_ref = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_ref = models.UUIDField(null=True)
    withdrawn_how = models.CharField(max_length=20, blank=True, choices=Way.choices)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "basis"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency_ref", "language", "explained", "agreed_by", "evidence", "given_at", "withdrawn_at",
             "withdrawn_how"), Privacy.SENSITIVE
        ),
        **dict.fromkeys(("explained_by_ref", "recorded_by_ref", "withdrawn_by_ref"), Privacy.STAFF),
    }  # fmt: skip

    class Meta:
        """What was taken back was taken back by somebody, at a moment, in a way; it says how it was explained."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by_ref__isnull=True, withdrawn_how="")
                | (models.Q(withdrawn_at__isnull=False, withdrawn_by_ref__isnull=False) & ~models.Q(withdrawn_how="")),
                name="consent_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(language="") & ~models.Q(explained="") & ~models.Q(evidence=""),
                name="consent_says_how",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency_ref", "-given_at"], name="consent_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def state(self, day: dt.date) -> "State":
        """How it stands on a day; the basis is the one truth."""
        if self.basis.ended_at is not None and self.withdrawn_at is not None:
            return State.WITHDRAWN
        if self.basis.until < day:
            return State.LAPSED
        return State.LIVING if self.basis.lives(day) else State.ENDED


class State(models.TextChoices):
    """How a consent stands."""

    LIVING = "living", _("living")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("over: its last day is past")
    ENDED = "ended", _("ended before its last day")
