"""Columns of handed files as they may be told, and what was said of a column whose header changed."""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.learning.population.sources.models import HandedFile, Source

MOST_OF_A_HEADER = 120
"""A longer header cannot be pointed at."""


class FileColumns(models.Model):
    """The columns of a file that was handed over: headers, masked shapes, codes of short lists; nobody's value.

    `told` is a list of `SeenColumn` in plain values. It stays when the file is let go: next year's is held against it.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(HandedFile, on_delete=models.PROTECT, related_name="columns")
    part = models.CharField(max_length=120)
    told = models.JSONField(default=list)
    seen_at = models.DateTimeField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "file"), Privacy.TECHNICAL),
        **dict.fromkeys(("part", "told", "seen_at"), Privacy.OFFICIAL),
    }

    class Meta:
        """The newest of a part is found by it."""

        indexes: ClassVar = [models.Index(fields=["source", "part", "-seen_at"], name="population_columns_seen")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def headers(self) -> list[str]:
        """The headers, in the order of the file."""
        return [each["header"] for each in self.told]


class ColumnSaid(models.Model):
    """That a column of a layout bears another header in a source's files, or is not in them (`header` empty).

    The next profile and run go by it. A later version takes the place of an earlier one, which stays.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="columns_said")
    part = models.CharField(max_length=120)
    column = models.CharField(max_length=120)
    header = models.CharField(max_length=MOST_OF_A_HEADER, blank=True)
    version = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    said_by_ref = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "source", "version"), Privacy.TECHNICAL),
        **dict.fromkeys(("part", "column", "header", "said_at", "ended_at"), Privacy.OFFICIAL),
        "said_by_ref": Privacy.STAFF,
    }

    class Meta:
        """A column of a file of a layout bears one header at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "part", "column"],
                condition=models.Q(ended_at__isnull=True),
                name="population_one_header_of_a_column",
            ),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
