"""Files before they are handed over: who holds each, whether it may be had, who refused and why; and activities."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.learning.population.sources.models import Source


class Holding(models.Model):
    """A register that some office holds: may its file be had, by which right, in which codes, and what comes next.

    Offices only: neither whom one spoke with nor her telephone. `source` is set once its file was handed over.
    """

    class Stands(models.TextChoices):
        """Whether the file may be had."""

        NOT_ASKED = "not-asked", _("not asked yet")
        ASKED = "asked", _("asked, no answer yet")
        YES = "yes", _("it may be had")
        NO = "no", _("refused by the office")

    class Reason(models.TextChoices):
        """Why a file was refused; a list, so that no words about people come into it."""

        NO_RIGHT = "no-right", _("they see no right to hand it over")
        NO_AGREEMENT = "no-agreement", _("an agreement is missing or has run out")
        NO_ASSESSMENT = "no-assessment", _("an impact assessment is missing")
        NO_CONSENT = "no-consent", _("those in it did not agree")
        NOT_SAFE = "not-safe", _("they doubt that it is safe here")
        NO_MEANS = "no-means", _("they have nobody or nothing to make it with")
        NOT_KEPT = "not-kept", _("they do not keep it any more")
        NO_ANSWER = "no-answer", _("no answer came")
        OTHER = "other", _("another reason, in their letter")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=12, choices=Source.Sector.choices)
    holder = models.CharField(max_length=160)
    contact = models.CharField(max_length=160, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    codes = models.CharField(max_length=200, blank=True)
    stands = models.CharField(max_length=10, choices=Stands.choices)
    refused_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=14, choices=Reason.choices, blank=True)
    next_step = models.CharField(max_length=160, blank=True)
    next_on = models.DateField(null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="holdings")
    written_at = models.DateTimeField()
    written_by_ref = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "version"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "area", "name", "sector", "holder", "contact", "legal_basis", "codes", "stands"),
                *("refused_by", "reason", "next_step", "next_on", "written_at"),
            ),
            Privacy.OFFICIAL,
        ),
        "written_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Who refused and why stand exactly where it was refused."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(stands="no") & ~models.Q(reason="") & ~models.Q(refused_by=""))
                | (~models.Q(stands="no") & models.Q(reason="", refused_by="")),
                name="population_refused_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Activity(models.Model):
    """What was done in an area, for a whole class, hamlet or age group: never a list of persons, and nobody's band.

    `place` is the code of a district or subdistrict as the map has it; empty: the whole province. `n_reached` counts
    people; it is told to others only from the fewest on of whom a number is said.
    """

    class Kind(models.TextChoices):
        """What was done."""

        PAPERS = "papers", _("papers: registration, citizenship, legal status")
        SCHOOL = "school", _("staying in school")
        WORK = "work", _("skills and decent work")
        HEALTH = "health", _("health and counselling")
        INCOME = "income", _("support in money or in kind")
        FAMILY = "family", _("families and care")
        MIGRATION = "migration", _("safe migration")
        KNOWING = "knowing", _("telling people how recruitment works")
        OTHER = "other", _("another kind")

    class Group(models.TextChoices):
        """For whom: a whole group, so that an invitation says nothing of anybody in it."""

        CLASS = "class", _("a whole class or school")
        HAMLET = "hamlet", _("a whole hamlet or village")
        AGES = "ages", _("an age group")
        ALL = "all", _("everybody in the area")
        OFFICIALS = "officials", _("those who help at work")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    place = models.CharField(max_length=30, blank=True)
    organiser = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    group = models.CharField(max_length=10, choices=Group.choices)
    from_on = models.DateField()
    until_on = models.DateField()
    n_reached = models.PositiveIntegerField()
    cost = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    source_line = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    written_by_ref = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "area", "place", "organiser", "kind", "group", "from_on", "until_on", "n_reached"),
                *("cost", "currency", "source_line", "written_at", "ended_at"),
            ),
            Privacy.OFFICIAL,
        ),
        "written_by_ref": Privacy.STAFF,
    }

    class Meta:
        """It ends after it begins, and a cost has a currency."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("until_on")), name="population_activity_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True, currency="")
                | (models.Q(cost__isnull=False) & ~models.Q(currency="")),
                name="population_cost_in_a_currency",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area", "-from_on", "-id"], name="population_activities")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
