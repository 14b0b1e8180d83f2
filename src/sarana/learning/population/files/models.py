"""Files that were made of maps: who asked, for which choice, what came of it, and until when it can be fetched."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class MapFile(models.Model):
    """A map as a file: the choice as it stood in the address, and the file once it is made.

    The figures lie in a file of their own, not in this row. After `until` the file goes, and the row says so.
    `seen_hash` tells which figures stand in it, to lay beside what its owner may see later.
    """

    class Kind(models.TextChoices):
        """What kind of file it is."""

        CSV = "csv", _("table (CSV)")
        XLSX = "xlsx", _("workbook (XLSX)")
        GEOJSON = "geojson", _("map layer (GeoJSON)")
        KML = "kml", _("map layer (KML)")
        NATION = "nation", _("signed file for the nation (ZIP)")

    class Reason(models.TextChoices):
        """For what somebody takes figures of villages along; a list, so that no words about people come into it."""

        PROGRAMME = "plan-programme", _("To plan a programme in these villages")
        TALKS = "talk-with-villages", _("To talk with those who speak for a village about its own figures")
        SOURCES = "check-sources", _("To check the figures with those who keep the sources")
        EFFECT = "study-effect", _("To see what a programme has changed")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey("population.Run", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=12)
    within = models.CharField(max_length=30)
    group = models.CharField(max_length=12)
    which = models.CharField(max_length=20, blank=True)
    indicator = models.CharField(max_length=40, blank=True)
    sector = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    n_rows = models.PositiveIntegerField(null=True)
    n_bytes = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    seen_hash = models.CharField(max_length=64, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run", "job", "sha256", "seen_hash"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency", "kind", "level", "within", "group", "which", "language"), Privacy.OFFICIAL),
        **dict.fromkeys(("indicator", "sector", "until", "gone_at", "n_rows", "n_bytes"), Privacy.OFFICIAL),
        **dict.fromkeys(("account", "reason", "asked_at", "made_at"), Privacy.STAFF),
    }

    class Meta:
        """One file of a kind for each choice while it is there; villages only with a reason."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("account", "run", "kind", "level", "within", "group", "which", "indicator", "sector"),
                    *("language", "reason"),
                ],
                condition=models.Q(gone_at__isnull=True),
                name="population_one_file_a_choice",
            ),
            models.CheckConstraint(
                condition=~models.Q(level="village") | ~models.Q(reason=""), name="population_villages_for_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(made_at__isnull=True, until__isnull=True, sha256="")
                | (models.Q(made_at__isnull=False, until__isnull=False) & ~models.Q(sha256="")),
                name="population_made_until_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-asked_at"], name="population_files_of_one"),
            models.Index(fields=["until"], condition=models.Q(gone_at__isnull=True), name="population_files_to_go"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def is_over(self, now: dt.datetime) -> bool:
        """True where nothing can be fetched any more: it went, its day is over, or its run was withdrawn."""
        is_late = self.until is not None and self.until <= now
        return self.gone_at is not None or is_late or self.run.withdrawn_at is not None

    def as_asked(self) -> dict[str, str]:
        """The choice as the address of the page has it."""
        return {
            "level": self.level,
            "within": self.within,
            "group": self.group,
            "which": self.which,
            "indicator": self.indicator,
            "sector": self.sector,
        }
