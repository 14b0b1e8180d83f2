"""What is proposed, and who was told of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Proposal(models.Model):
    """An act that waits for a second word. `key` says what it would do, so that it is proposed once at a time."""

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", _("waits for a second word")
        AGREED = "agreed", _("agreed, not carried out yet")
        DONE = "done", _("carried out")
        REFUSED = "refused", _("refused")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    act = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("accounts.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    thing_ref = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    way = models.CharField(max_length=10, blank=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "key"), Privacy.TECHNICAL),
        **dict.fromkeys(("act", "agency", "partner", "state", "way"), Privacy.OFFICIAL),
        **dict.fromkeys(("subject", "thing_ref", "role", "proposed_by", "proposed_at"), Privacy.STAFF),
        **dict.fromkeys(("second_by", "second_at", "ended_at"), Privacy.STAFF),
    }

    class Meta:
        """Two people are two people, and one act is proposed once at a time."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("proposed_by")), name="second_word_is_another_s"
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | Q(subject__isnull=True) | ~Q(second_by=F("subject")),
                name="second_word_is_not_the_subject_s",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("agreed", "done")) | Q(second_by__isnull=False) | Q(way="told"),
                name="nothing_is_done_without_a_way",
            ),
            models.UniqueConstraint(
                fields=["agency", "key"], condition=Q(state__in=("waiting", "agreed")), name="proposed_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        """The reference."""
        return str(self.ref)


class Notice(models.Model):
    """Somebody is told of a proposal: on Today, until she has seen it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="notices")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    boot = models.CharField(max_length=40, blank=True)
    boot_seconds = models.FloatField(default=0)
    seen_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "boot", "boot_seconds"), Privacy.TECHNICAL),
        **dict.fromkeys(("proposal", "account", "told_at", "seen_at"), Privacy.STAFF),
    }

    class Meta:
        """Nobody is told twice of one thing."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "account"], name="told_once_of_each"),
        ]

    def __str__(self) -> str:
        """Its row."""
        return str(self.pk)
