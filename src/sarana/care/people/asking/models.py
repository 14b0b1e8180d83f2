"""Agreements of two agencies, who agreed to be asked about, what was asked, and whom it reached. No name, no number."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref

PERSON = "people.Person"


class Agreement(models.Model):
    """Two agencies agree that each may ask whether the other knows a person; it holds once both signed."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    partner_ref = models.UUIDField()
    until = models.DateField()
    a_day = models.PositiveSmallIntegerField()
    key_sealed = models.BinaryField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by_ref = models.UUIDField()
    signed_at = models.DateTimeField(null=True)
    signed_by_ref = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency_ref", "partner_ref", "until", "a_day", "proposed_at", "signed_at", "ended_at"), Privacy.OFFICIAL
        ),
        **dict.fromkeys(("proposed_by_ref", "signed_by_ref", "ended_by_ref"), Privacy.STAFF),
        "key_sealed": Privacy.SECRET,
    }

    class Meta:
        """Of two agencies; one that is in force at a time, whichever proposed it; its key goes when it ends."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(agency_ref=models.F("partner_ref")), name="people_agreement_of_two"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, key_sealed__isnull=False)
                | models.Q(ended_at__isnull=False, key_sealed__isnull=True),
                name="people_agreement_ends_with_its_key",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True, signed_by_ref__isnull=True)
                | models.Q(signed_at__isnull=False, signed_by_ref__isnull=False),
                name="people_agreement_signed_whole",
            ),
            models.UniqueConstraint(
                fields=["agency_ref", "partner_ref"],
                condition=models.Q(ended_at__isnull=True),
                name="people_one_agreement_of_two",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def holds(self, day: dt.date) -> bool:
        """Whether anybody may ask under it on a day."""
        return self.signed_at is not None and self.ended_at is None and day <= self.until


class Askable(models.Model):
    """That a person agreed to be asked about under an agreement, until a day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="askable")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="askable")
    agency_ref = models.UUIDField()
    until = models.DateField()
    said_at = models.DateTimeField()
    said_by_ref = models.UUIDField()
    revision = models.PositiveIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "agreement", "person", "agency_ref", "revision"), Privacy.TECHNICAL),
        **dict.fromkeys(("until", "said_at"), Privacy.SENSITIVE),
        "said_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Once for an agreement."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "person"], name="people_askable_once"),
        ]

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)


class AskMark(models.Model):
    """A mark of somebody who agreed to be asked about, under the key of the agreement."""

    askable = models.ForeignKey(Askable, on_delete=models.CASCADE, related_name="marks")
    agency_ref = models.UUIDField()
    mark = models.BinaryField(max_length=32)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "askable", "agency_ref"), Privacy.TECHNICAL),
        "mark": Privacy.SECRET,
    }

    class Meta:
        """Found by the mark."""

        indexes: ClassVar = [models.Index(fields=["mark"], name="people_ask_mark")]

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)


class Question(models.Model):
    """That an agency asked whether the other knows a person of its own; it never learns more than that it asked."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="questions")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="questions")
    """Nobody, once she was erased: that it was asked goes on counting."""
    agency_ref = models.UUIDField()
    purpose = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_by_ref = models.UUIDField()
    looked_at = models.DateTimeField(null=True)
    marks = models.JSONField(default=list)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agreement", "person", "agency_ref", "looked_at"), Privacy.TECHNICAL),
        **dict.fromkeys(("purpose", "asked_at"), Privacy.SENSITIVE),
        "asked_by_ref": Privacy.STAFF,
        "marks": Privacy.SECRET,
    }

    class Meta:
        """The newest of an agency; once looked at, its marks are gone."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(looked_at__isnull=True) | models.Q(marks=[]), name="people_question_loses_its_marks"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency_ref", "-asked_at"], name="people_questions_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Reached(models.Model):
    """That a question reached somebody; seen by the agency that was asked alone, which decides with her."""

    class Outcome(models.TextChoices):
        """What became of it; the agency that asked learns none of it."""

        CALLS = "calls", _("the person wishes it: we call the agency")
        NO = "no", _("the person does not wish it")
        OTHER = "other", _("it is somebody else")
        NOT_SAFE = "not-safe", _("it is not safe to ask the person, or to call")
        GONE = "gone", _("the person cannot be asked any more")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="reached")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.CASCADE, related_name="reached")
    asker_ref = models.UUIDField()
    question_ref = models.UUIDField()
    purpose = models.CharField(max_length=40)
    reached_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome.choices)
    decided_at = models.DateTimeField(null=True)
    decided_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agency_ref", "person", "agreement", "question_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("asker_ref", "purpose", "reached_at", "outcome", "decided_at"), Privacy.SENSITIVE),
        "decided_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Once for a question and a person; decided whole or not at all."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question_ref", "person"], name="people_reached_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True, decided_by_ref__isnull=True)
                | (~models.Q(outcome="") & models.Q(decided_at__isnull=False, decided_by_ref__isnull=False)),
                name="people_reached_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
