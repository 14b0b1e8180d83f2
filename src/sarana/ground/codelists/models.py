"""Editions of lists with the rows that came with them, and purposes. What is new comes beside what was, not over it."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Edition(models.Model):
    """One state of one list, as it came from one source. One edition of a list is in force at a time."""

    class State(models.TextChoices):
        """How far it came."""

        LOADING = "loading", _("being loaded")
        READY = "ready", _("loaded, not in force")
        IN_FORCE = "in-force", _("in force")
        REPLACED = "replaced", _("replaced by a later one")
        WITHDRAWN = "withdrawn", _("withdrawn before it came into force")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    list_code = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOADING)
    begun_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    brought_by_ref = models.UUIDField()
    n_rows = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_gone = models.PositiveIntegerField(default=0)
    n_renamed = models.PositiveIntegerField(default=0)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "fingerprint"), Privacy.TECHNICAL),
        **dict.fromkeys(("list_code", "version", "source", "licence", "state"), Privacy.PUBLIC),
        **dict.fromkeys(("begun_at", "in_force_at", "ended_at"), Privacy.PUBLIC),
        **dict.fromkeys(("n_rows", "n_new", "n_gone", "n_renamed"), Privacy.PUBLIC),
        "brought_by_ref": Privacy.STAFF,
    }

    class Meta:
        """One edition of a list is in force; the same state of a list is not loaded twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list_code"], condition=models.Q(state="in-force"), name="codelists_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["list_code", "fingerprint"],
                condition=models.Q(state__in=("loading", "ready", "in-force")),
                name="codelists_each_state_once",
            ),
        ]

    def __str__(self) -> str:
        """The list and its version."""
        return f"{self.list_code} {self.version}"


class Area(models.Model):
    """One area over one stretch of time. A day that is not known is empty; the last day is included."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="areas")
    line = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    pcode = models.CharField(max_length=40, blank=True)
    parent = models.CharField(max_length=40, blank=True)
    name_local = models.CharField(max_length=160)
    name_latin = models.CharField(max_length=160, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    search = models.CharField(max_length=420)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "edition", "line", "search"), Privacy.TECHNICAL),
        **dict.fromkeys(("level", "code", "pcode", "parent", "name_local", "name_latin"), Privacy.PUBLIC),
        **dict.fromkeys(("valid_from", "valid_until"), Privacy.PUBLIC),
    }

    class Meta:
        """A line of a table is stored once; areas are found by code, by what lies above, and by level."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "line"], name="codelists_each_area_once"),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="codelists_area_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "code"], name="codelists_area_by_code"),
            models.Index(fields=["edition", "parent"], name="codelists_area_by_parent"),
            models.Index(fields=["edition", "level", "code"], name="codelists_area_by_level"),
        ]

    def __str__(self) -> str:
        """Its code."""
        return self.code


class Change(models.Model):
    """One area became another, whole or in part, on a day."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changes")
    line = models.PositiveIntegerField()
    before = models.CharField(max_length=40)
    before_until = models.DateField(null=True)
    after = models.CharField(max_length=40)
    after_from = models.DateField(null=True)
    on = models.DateField(null=True)
    basis = models.CharField(max_length=160, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "edition", "line"), Privacy.TECHNICAL),
        **dict.fromkeys(("before", "before_until", "after", "after_from", "on", "basis"), Privacy.PUBLIC),
    }

    class Meta:
        """A line of a table is stored once; changes are found from both ends."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "line"], name="codelists_each_change_once")]
        indexes: ClassVar = [
            models.Index(fields=["edition", "before"], name="codelists_change_before"),
            models.Index(fields=["edition", "after"], name="codelists_change_after"),
        ]

    def __str__(self) -> str:
        """From what to what."""
        return f"{self.before} > {self.after}"


class Word(models.Model):
    """One controlled word of an edition: labels by language, and what standards call it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="words")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    labels = models.JSONField()
    also = models.JSONField(default=dict)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "edition", "line"), Privacy.TECHNICAL),
        **dict.fromkeys(("code", "labels", "also"), Privacy.PUBLIC),
    }

    class Meta:
        """A word stands in an edition once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="codelists_each_word_once"),
            models.UniqueConstraint(fields=["edition", "line"], name="codelists_each_word_line_once"),
        ]

    def __str__(self) -> str:
        """Its code."""
        return self.code


class Translation(models.Model):
    """A label that a custodian gave to a word in one language; a later one replaces it and does not overwrite it."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    list_code = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    text = models.CharField(max_length=160)
    given_by_ref = models.UUIDField()
    given_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("list_code", "code", "language", "text", "given_at", "replaced_at"), Privacy.PUBLIC),
        "given_by_ref": Privacy.STAFF,
    }

    class Meta:
        """One translation of a word into a language holds at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list_code", "code", "language"],
                condition=models.Q(replaced_at__isnull=True),
                name="codelists_one_translation_holds",
            )
        ]

    def __str__(self) -> str:
        """Which word, in which language."""
        return f"{self.list_code} {self.code} {self.language}"


class Purpose(models.Model):
    """A reason for which people are looked at: what it allows, in which roles, from when until when.

    The ledger holds its code for ever, so a code keeps its meaning: it is ended, never changed, and not given twice.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_th = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    text_th = models.CharField(max_length=300)
    roles = models.JSONField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by_ref = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("code", "name", "name_th", "text", "text_th", "roles", "from_on", "until_on"), Privacy.PUBLIC),
        **dict.fromkeys(("added_at", "added_by_ref", "ended_at", "ended_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """It ends after it begins; whatever was ended was ended by somebody."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(from_on__lte=models.F("until_on")),
                name="codelists_purpose_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by_ref__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by_ref__isnull=False),
                name="codelists_purpose_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Its code."""
        return self.code

    def called(self, language: str) -> str:
        """Its word in a language of the pages."""
        return self.name_th if language == "th" else self.name

    def says(self, language: str) -> str:
        """What it allows, in a language of the pages."""
        return self.text_th if language == "th" else self.text

    def is_in_force(self, today: dt.date) -> bool:
        """Whether people may be looked at for it on a day."""
        is_over = self.ended_at is not None or (self.until_on is not None and self.until_on < today)
        return self.from_on <= today and not is_over
