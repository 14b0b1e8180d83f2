"""Sources, the files handed over for them, what these are like, what codes mean; nothing a file says of people."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.methods.population.layouts import Layout, layouts

KEPT_DAYS = 400
"""So long a file lies here of whose source no agreement says until when: of invented people, as a rule."""


class Source(models.Model):
    """A register of a sector: who keeps it, by which right it is used, from which day it is, and how it is laid out.

    `area` is the code of its province as mandates write it (TH50). `code` is its name in a run: one in a province.
    """

    class Sector(models.TextChoices):
        """What the office that keeps it is there for."""

        HEALTH = "health", _("health")
        EDUCATION = "education", _("education")
        WELFARE = "welfare", _("social development and human security")
        COMMUNITY = "community", _("community development")
        INTERIOR = "interior", _("registration and local administration")
        LABOUR = "labour", _("labour")
        OTHER = "other", _("another sector")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=12, choices=Sector.choices)
    layout = models.CharField(max_length=40)
    custodian = models.CharField(max_length=160)
    legal_basis = models.CharField(max_length=200)
    agreement = models.CharField(max_length=120, blank=True)
    agreement_until = models.DateField(null=True, blank=True)
    impact_assessment = models.CharField(max_length=120, blank=True)
    as_of = models.DateField()
    is_invented = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    registered_by_ref = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "version"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "area", "code", "name", "sector", "layout", "legal_basis", "agreement", "agreement_until"),
                *("impact_assessment", "as_of", "is_invented", "registered_at"),
            ),
            Privacy.OFFICIAL,
        ),
        **dict.fromkeys(("custodian", "registered_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """One of a name in a province."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="population_one_source_of_a_name"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def laid_out(self) -> Layout:
        """Its layout."""
        return layouts()[self.layout]

    @property
    def lying(self) -> "list[HandedFile]":
        """Its files that lie here; the reading doors bring them along."""
        return [file for file in self.files.all() if file.let_go_at is None]


class HandedFile(models.Model):
    """A file that was handed over for a source: when, how large, and its hash. It lies sealed under its reference.

    `n_lines` counts the lines of a text table as it came; of other kinds nothing is counted before they are read.
    The name that it had is not kept: it may be somebody's.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="files")
    part = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    n_bytes = models.BigIntegerField()
    n_lines = models.BigIntegerField(null=True)
    handed_at = models.DateTimeField()
    handed_by_ref = models.UUIDField()
    let_go_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "sha256"), Privacy.TECHNICAL),
        **dict.fromkeys(("part", "n_bytes", "n_lines", "handed_at", "let_go_at"), Privacy.OFFICIAL),
        "handed_by_ref": Privacy.STAFF,
    }

    class Meta:
        """A file lies here once for a part of a source; of a part one lies here at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "part"],
                condition=models.Q(let_go_at__isnull=True),
                name="population_one_file_of_a_part",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "-handed_at"], name="population_handed")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def last_day(self, source: Source) -> dt.date:
        """The last day on which it lies here; its source is given, for lists bring it along."""
        if source.agreement_until is not None and not source.is_invented:
            return source.agreement_until
        return timezone.localtime(self.handed_at).date() + dt.timedelta(days=KEPT_DAYS)


class CodeMeaning(models.Model):
    """What a code of a source's files means, where its layout does not say it; the next profile and run go by it.

    `target` is a standard code of the field, or an area of the list of villages; empty: the code means nothing is
    known. A later version takes the place of an earlier one, which stays.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="meanings")
    field = models.CharField(max_length=60)
    code = models.CharField(max_length=24)
    target = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    said_by_ref = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "version"), Privacy.TECHNICAL),
        **dict.fromkeys(("field", "code", "target", "said_at", "ended_at"), Privacy.OFFICIAL),
        "said_by_ref": Privacy.STAFF,
    }

    class Meta:
        """A code of a field means one thing at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "field", "code"],
                condition=models.Q(ended_at__isnull=True),
                name="population_one_meaning_of_a_code",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Profile(models.Model):
    """What the files of a source are like, in counts: of which files, by which meanings, and what was found.

    `told` is a `FileProfile` in plain values: counts, days, and codes that may be quoted; never a value of a person.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="profiles")
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()
    files = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    would_stop = models.BooleanField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "files"), Privacy.TECHNICAL),
        **dict.fromkeys(("made_at", "told", "would_stop"), Privacy.OFFICIAL),
        "made_by_ref": Privacy.STAFF,
    }

    class Meta:
        """The newest of a source is found by it."""

        indexes: ClassVar = [models.Index(fields=["source", "-made_at"], name="population_profiled")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Update(models.Model):
    """A yearly update that was asked for in the browser: of what, until when its folder opens, what came of it.

    Its folder lies sealed under its reference; of people nothing is here. `sources` are references of sources,
    `boundaries_ref` is the boundary file by which it draws: the one in force when it was asked for.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    as_of = models.DateField()
    indicators = models.CharField(max_length=60)
    impact_assessment = models.CharField(max_length=120, blank=True)
    sources = models.JSONField(default=list)
    until = models.DateField()
    asked_at = models.DateTimeField()
    asked_by_ref = models.UUIDField()
    job_ref = models.UUIDField(null=True)
    run_ref = models.UUIDField(null=True)
    boundaries_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "job_ref", "run_ref", "boundaries_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "area", "name", "as_of", "indicators", "impact_assessment", "sources", "until"),
                "asked_at",
            ),
            Privacy.OFFICIAL,
        ),
        "asked_by_ref": Privacy.STAFF,
    }

    class Meta:
        """The newest stand first."""

        indexes: ClassVar = [models.Index(fields=["-asked_at", "-id"], name="population_updates")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
