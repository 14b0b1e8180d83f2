"""What raised an alarm: who, when, how often, for which purpose, by which act; never what was looked for or seen."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Alarm(models.Model):
    """One alarm for what somebody did on one day; what she does again that day is counted in it."""

    class Kind(models.TextChoices):
        """Why it was raised."""

        LURE = "lure", _("A record that lures was opened")
        USED_UP = "used-up", _("A day's number was used up")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=60)
    """The act, or the code of what was refused."""
    account_ref = models.UUIDField()
    day = models.DateField()
    purpose = models.CharField(max_length=40, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    n = models.PositiveIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        "agency_ref": Privacy.OFFICIAL,
        **dict.fromkeys(("kind", "what", "account_ref", "day", "purpose", "first_at", "last_at", "n"), Privacy.STAFF),
    }

    class Meta:
        """One for what somebody did on one day."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency_ref", "account_ref", "day", "kind", "what"], name="people_alarm_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["lure", "used-up"]), name="people_alarm_kind_is_known"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
