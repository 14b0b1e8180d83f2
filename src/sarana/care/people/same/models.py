"""Records that may be of one person, what was judged of them, and how far people were compared. No name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref

PERSON = "people.Person"


class Verdict(models.TextChoices):
    """What was judged; whoever cannot say has said something too."""

    SAME = "same", _("the same person")
    OTHER = "other", _("not the same person")
    CANNOT_SAY = "cannot-say", _("cannot say")


class Likeness(models.Model):
    """Two people of one agency who are alike: how much, in parts of a hundred, and why, by codes."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    first = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="alike_as_first")
    second = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="alike_as_second")
    per_cent = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agency_ref", "first", "second", "is_open"), Privacy.TECHNICAL),
        **dict.fromkeys(("per_cent", "reasons", "found_at"), Privacy.SENSITIVE),
    }

    class Meta:
        """Two people stand there once, the one who was entered first before the other."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="people_alike_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="people_alike_in_order"),
            models.CheckConstraint(condition=models.Q(per_cent__lte=100), name="people_alike_per_cent"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency_ref", "is_open", "-per_cent"], name="people_alike_queue"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class SameJudgement(models.Model):
    """What somebody judged of two people; where they are one, `leads` is the one of the two that was chosen to lead."""

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    likeness = models.ForeignKey(Likeness, on_delete=models.CASCADE, related_name="judgements")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    leads = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="+")
    follows = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="+")
    judged_at = models.DateTimeField()
    judged_by_ref = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agency_ref", "likeness", "leads", "follows"), Privacy.TECHNICAL),
        **dict.fromkeys(("verdict", "judged_at", "undone_at"), Privacy.SENSITIVE),
        **dict.fromkeys(("judged_by_ref", "undone_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """One stands for two people; one that joins says who leads whom; taken back whole."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["likeness"], condition=models.Q(undone_at__isnull=True), name="people_judged_once"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="same", leads__isnull=False, follows__isnull=False)
                | (~models.Q(verdict="same") & models.Q(leads__isnull=True, follows__isnull=True)),
                name="people_joined_says_who_leads",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by_ref__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by_ref__isnull=False),
                name="people_undone_whole",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Compared(models.Model):
    """Up to which revision somebody was compared with the others of her agency."""

    person = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="compared")
    agency_ref = models.UUIDField()
    revision = models.PositiveIntegerField()

    PRIVACY: ClassVar = dict.fromkeys(("id", "person", "agency_ref", "revision"), Privacy.TECHNICAL)

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)
