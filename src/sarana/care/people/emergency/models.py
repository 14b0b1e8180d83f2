"""That somebody was opened in an emergency: by whom, why, when, who confirmed it, and when it ended."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref

LASTS, ALONE = dt.timedelta(minutes=60), dt.timedelta(minutes=15)
"""So long it lasts at most, and so long while nobody confirmed it; counted from its beginning, never prolonged."""
CLOCK_MAY_BE_OFF = dt.timedelta(minutes=2)


class Emergency(models.Model):
    """One person, opened by one account. When it ends follows from when it began, and from nothing that is stored."""

    class Reason(models.TextChoices):
        """What happens; each is a reason that cannot wait for whoever works with her."""

        DANGER = "danger", _("life or health is in danger now")
        GONE = "gone", _("the person is missing, or was taken away")
        HERE = "here", _("the person stands before us and needs help now")
        DEADLINE = "deadline", _("a court or an authority asks within the hour")
        OTHER = "other", _("something else that cannot wait")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="emergencies")
    agency_ref = models.UUIDField()
    account_ref = models.UUIDField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words_sealed = models.BinaryField()
    """What happens, in her own words, under the key of the key folder: the officer who reads it has no other."""
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_ref = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "person", "agency_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("reason", "opened_at", "confirmed_at", "ended_at"), Privacy.SENSITIVE),
        "words_sealed": Privacy.IDENTIFYING,
        **dict.fromkeys(("account_ref", "confirmed_by_ref", "ended_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """Confirmed and ended whole; nobody confirms her own."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by_ref__isnull=True)
                | (
                    models.Q(confirmed_at__isnull=False, confirmed_by_ref__isnull=False)
                    & ~models.Q(confirmed_by_ref=models.F("account_ref"))
                ),
                name="people_emergency_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by_ref__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by_ref__isnull=False),
                name="people_emergency_ended_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_ref", "-opened_at"], name="people_emergency_of_one"),
            models.Index(fields=["agency_ref", "-opened_at"], name="people_emergency_newest"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def until_at(self) -> dt.datetime:
        """When it ends by itself."""
        return self.opened_at + (ALONE if self.confirmed_at is None else LASTS)

    def lasts(self, now: dt.datetime) -> bool:
        """Whether the person is open in this moment; a clock that was set back prolongs nothing."""
        return self.ended_at is None and self.opened_at - CLOCK_MAY_BE_OFF <= now < self.until_at

    def waits(self, now: dt.datetime) -> bool:
        """Whether a second person may confirm it in this moment."""
        return self.lasts(now) and self.confirmed_at is None
