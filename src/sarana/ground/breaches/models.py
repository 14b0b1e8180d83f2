"""Incidents, how many people they touch, and who has to be told. No field takes a word: nothing here names anybody."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Incident(models.Model):
    """Something was readable to somebody who may not read it. What happened in words lies in the agency's own file."""

    class What(models.TextChoices):
        """What was readable."""

        ACCOUNT = "account", _("what one account may open")
        DATABASE = "database", _("the database, or a copy of it")
        BACKUP = "backup", _("a backup")
        RUN = "run", _("the folder of a run")
        KEYS = "keys", _("the key folder, or a key")
        DEVICE = "device", _("a computer or a telephone")
        PAPER = "paper", _("paper, or something printed")
        SENT = "sent", _("something sent to the wrong one")

    class Found(models.TextChoices):
        """How it was found."""

        LEDGER = "ledger", _("by reading who looked")
        STAFF = "staff", _("by somebody who works here")
        PERSON = "person", _("by somebody whom it touches")
        OUTSIDE = "outside", _("by somebody outside")
        CHECK = "check", _("by a check of the system")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    found = models.CharField(max_length=10, choices=Found.choices)
    since_at = models.DateTimeField()
    known_at = models.DateTimeField()
    file_number = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_ref = models.UUIDField()
    closed_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency", "what", "found", "since_at", "known_at", "file_number"), Privacy.OFFICIAL),
        **dict.fromkeys(("recorded_at", "recorded_by_ref", "closed_at"), Privacy.STAFF),
    }

    class Meta:
        """It is known after it began."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(since_at__lte=models.F("known_at")), name="breaches_known_after_it_began"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-known_at", "-id"], name="breaches_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Affected(models.Model):
    """How many people of one agency it touches, by how close the data is to them."""

    class Tier(models.TextChoices):
        """What could be read of them."""

        NAMES = "names", _("names, numbers, dates of birth")
        CONTACT = "contact", _("ways to reach them, where they are")
        STORY = "story", _("what happened to them, health")
        PICTURES = "pictures", _("pictures, fingerprints")
        STAFF = "staff", _("people who work here")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="affected")
    agency_ref = models.UUIDField()
    tier = models.CharField(max_length=10, choices=Tier.choices)
    n_people = models.PositiveIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "incident"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency_ref", "tier", "n_people"), Privacy.OFFICIAL),
    }

    class Meta:
        """One number for each agency and tier."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "agency_ref", "tier"], name="breaches_counted_once"),
        ]

    def __str__(self) -> str:
        """Its tier."""
        return self.tier


class Duty(models.Model):
    """Somebody has to be told by a deadline; it is kept as it was when the incident was recorded."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="duties")
    country = models.CharField(max_length=5)
    code = models.CharField(max_length=20)
    is_law = models.BooleanField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "incident"), Privacy.TECHNICAL),
        **dict.fromkeys(("country", "code", "is_law", "due_at", "told_at"), Privacy.OFFICIAL),
        "told_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Each is told once; whoever was told was told by somebody."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "code"], name="breaches_each_duty_once"),
            models.CheckConstraint(
                condition=models.Q(told_at__isnull=True, told_by_ref__isnull=True)
                | models.Q(told_at__isnull=False, told_by_ref__isnull=False),
                name="breaches_told_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Whom."""
        return self.code

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether nobody was told and the deadline is over."""
        return self.told_at is None and self.due_at < now

    def was_late(self) -> bool:
        """Whether it was told after the deadline."""
        return self.told_at is not None and self.told_at > self.due_at
