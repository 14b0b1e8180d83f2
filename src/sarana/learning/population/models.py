"""Runs whose protected tables were taken in, their figures by area, and the outlines of their map; never a person."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.ground.accounts.models.agencies import called
from sarana.learning.population.backtests.models import BackTest
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.files.models import MapFile
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.pairs.models import AlsoAsked, Batch, Judgement, Pair
from sarana.learning.population.reasons import models as reasons
from sarana.learning.population.rollup.models import Station
from sarana.learning.population.sets.models import OwnSet, SetEffect, SetNote
from sarana.learning.population.sources.columns.models import ColumnSaid, FileColumns
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Profile, Source, Update
from sarana.learning.population.year.models import Activity, Holding

__all__ = [
    "Activity",
    "AlsoAsked",
    "AreaLevel",
    "BackTest",
    "Band",
    "Batch",
    "BoundaryFile",
    "CodeMeaning",
    "ColumnSaid",
    "Correction",
    "Drawing",
    "Figure",
    "FileColumns",
    "HandedFile",
    "Holding",
    "Judgement",
    "MapFile",
    "OwnSet",
    "Pair",
    "Profile",
    "Run",
    "SetEffect",
    "SetNote",
    "Source",
    "Station",
    "Update",
    "reasons",
]


class AreaLevel(models.TextChoices):
    """How wide an area is, the widest first."""

    PROVINCE = "province", _("province")
    DISTRICT = "district", _("district")
    SUBDISTRICT = "subdistrict", _("subdistrict")
    VILLAGE = "village", _("village")


class Band(models.TextChoices):
    """The three classes of a map; an area without one has too little that may be said."""

    HIGH = "high", _("high")
    MID = "mid", _("middle")
    LOW = "low", _("low")


class Run(models.Model):
    """A finished run: what it was made of, from which day it looks, and the hash that tells it from others.

    `area` is the code of its province as mandates write it (TH50). `limits` holds, by level, the smallest rates of the
    middle and of the highest class. `opens_at` is the narrowest level of which the map says more than half. `threshold`
    is the fewest people of whom a number is said; runs that were taken in by an earlier version do not say it. A run
    that was withdrawn stays, with the day and the reason: no page shows it, and its table still counts as one let out.
    `station` is the province's installation that handed it over; it has no villages then. `n_roundings` is how often
    its counts were rounded, as that installation says; of a run that was made here the tables are counted. `outline` is
    the province on the map of the country: rings of longitude and latitude, empty where an earlier version took it in.
    `queue_filled_at` is when its pairs to judge were last laid out: what was said of people before that is among them.
    `overlaps` holds how far its sources overlap, in steps; empty where nothing of people was laid out.
    """

    class Status(models.TextChoices):
        """What every page says of it."""

        UNVALIDATED = "unvalidated", _("Unvalidated, for planning only")
        NOT_PASSED = "not-passed", _("Back-test not passed, for planning only")
        PASSED = "back-tested", _("Back-test passed")

    class Reason(models.TextChoices):
        """Why a run was withdrawn; a list, so that no words about people come into it."""

        WRONG_FILES = "wrong-files", _("It was made of wrong files")
        WRONG_SETTINGS = "wrong-settings", _("Its codes, boundaries or indicators were wrong")
        WRONG_AGENCY = "wrong-agency", _("It was taken in for the wrong agency")
        SOURCE_ASKED = "source-asked", _("Whoever keeps a source asked for it")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=20)
    as_of = models.DateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNVALIDATED)
    is_invented = models.BooleanField()
    indicator_set = models.CharField(max_length=80)
    sources = models.JSONField(default=list)
    limits = models.JSONField(default=dict)
    opens_at = models.CharField(max_length=12, choices=AreaLevel.choices)
    rounded_to = models.PositiveSmallIntegerField(null=True)
    n_roundings = models.PositiveSmallIntegerField(null=True)
    threshold = models.PositiveSmallIntegerField(null=True)
    fingerprint = models.CharField(max_length=64)
    table_hash = models.CharField(max_length=64)
    measured_by = models.CharField(max_length=64, blank=True)
    taken_in_at = models.DateTimeField()
    station = models.ForeignKey("population.Station", null=True, on_delete=models.PROTECT, related_name="+")
    outline = models.JSONField(default=list)
    queue_filled_at = models.DateTimeField(null=True)
    overlaps = models.JSONField(default=list)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=20, choices=Reason.choices, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "fingerprint", "table_hash", "measured_by"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "name", "area", "as_of", "status", "is_invented", "indicator_set", "sources", "limits"),
                *(
                    "opens_at",
                    "rounded_to",
                    "n_roundings",
                    "threshold",
                    "taken_in_at",
                    "queue_filled_at",
                    "overlaps",
                    "station",
                    "outline",
                    "withdrawn_at",
                    "withdrawn_because",
                ),
            ),
            Privacy.OFFICIAL,
        ),
    }

    class Meta:
        """The newest stand first; a run is shown once, and one that was withdrawn has its reason."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="population_run_is_shown_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_because="")),
                name="population_withdrawn_has_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-as_of", "-id"], name="population_newest")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def told_sources(self) -> list[tuple[str, str, dt.date]]:
        """Its sources: the name in words, who keeps it, and from which day it is."""
        return [
            (each["name"].replace("_", " "), each["custodian"], dt.date.fromisoformat(each["as_of"]))
            for each in self.sources
        ]


class Figure(models.Model):
    """What the protected table says of one group of people in one area; what is withheld is empty."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="figures")
    level = models.CharField(max_length=12, choices=AreaLevel.choices)
    code = models.CharField(max_length=30)
    area = models.CharField(max_length=32)
    parent = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    group = models.CharField(max_length=12)
    n_people = models.PositiveIntegerField(null=True)
    n_scored = models.PositiveIntegerField(null=True)
    n_red = models.PositiveIntegerField(null=True)
    n_yellow = models.PositiveIntegerField(null=True)
    n_green = models.PositiveIntegerField(null=True)
    n_grey = models.PositiveIntegerField(null=True)
    rate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    band = models.CharField(max_length=4, choices=Band.choices, blank=True)
    n_scored_without_status = models.PositiveIntegerField(null=True)
    n_red_without_status = models.PositiveIntegerField(null=True)
    rate_without_status = models.FloatField(null=True)
    low_without_status = models.FloatField(null=True)
    high_without_status = models.FloatField(null=True)
    band_without_status = models.CharField(max_length=4, choices=Band.choices, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("level", "code", "area", "parent", "name", "name_local", "group"),
                *("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey", "rate", "low", "high", "band"),
                *("n_scored_without_status", "n_red_without_status", "rate_without_status", "low_without_status"),
                *("high_without_status", "band_without_status"),
            ),
            Privacy.OFFICIAL,
        ),
    }

    class Meta:
        """One line for each group of an area."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "level", "group", "code"], name="population_one_line_a_group"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "level", "parent"], name="population_within")]

    def __str__(self) -> str:
        """Its code."""
        return self.code

    def called(self, language: str) -> str:
        """The name of its area for somebody who reads this language."""
        return called(self.name, self.name_local, self.area[:2], language)


class Drawing(models.Model):
    """The outlines of the subdistricts of a run on a flat grid, with the borders of its districts.

    `areas` are `[code, district, path, x, y, size of a sign]`, `labels` are `[district, x, y]`. `on_earth` is where the
    grid lies: longitude and latitude of its corner, degrees of one step to the right and of one down; empty where an
    earlier version took the run in. `drawn_from` says whether a boundary file was in force; empty where an
    earlier version made the run, which did not say. `drawn_by` says who drew that file and under which licence,
    `drawn_as_of` from which day it is, `drawn_sha256` is its hash; empty where nobody said. `villages` holds longitude
    and latitude by code of village, as the list of villages has them; empty where an earlier version took the run in,
    and where the list has none.
    """

    class From(models.TextChoices):
        """Where the outlines come from."""

        FILE = "file", _("a boundary file")
        CELLS = "cells", _("patches around the villages")

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="drawing")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    areas = models.JSONField(default=list)
    borders = models.TextField(blank=True)
    labels = models.JSONField(default=list)
    on_earth = models.JSONField(default=list)
    drawn_from = models.CharField(max_length=5, choices=From.choices, blank=True)
    drawn_by = models.CharField(max_length=200, blank=True)
    drawn_as_of = models.DateField(null=True)
    drawn_sha256 = models.CharField(max_length=64, blank=True)
    villages = models.JSONField(default=dict)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run", "drawn_sha256"), Privacy.TECHNICAL),
        **dict.fromkeys(("width", "height", "areas", "borders", "labels", "on_earth", "villages"), Privacy.OFFICIAL),
        **dict.fromkeys(("drawn_from", "drawn_by", "drawn_as_of"), Privacy.OFFICIAL),
    }

    def __str__(self) -> str:
        """Whose it is."""
        return str(self.run_id)
