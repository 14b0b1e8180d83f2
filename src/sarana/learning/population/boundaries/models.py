"""Boundary files that were brought for a province: what was found in each, its outlines, and which one is in force."""

from typing import ClassVar

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.learning.population.boundaries.reading import Told
from sarana.learning.population.boundaries.sketching import Sketch


class BoundaryFile(models.Model):
    """One boundary file of subdistricts of a province. One of a province is in force at a time.

    `area` is the code of the province as mandates write it (TH50). `content` is the file as it came, packed, until the
    work that looks through it has come to its end. `told` is a `Told`; `outlines` are the areas with their codes and
    nothing else, packed; `drawing` is a `Sketch` of them: lines on a map are about no person, so they lie in the
    database. `fault` says why a file is of no use.
    """

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", _("being looked through")
        UNFIT = "unfit", _("cannot be used")
        LOOKED_THROUGH = "looked-through", _("looked through, not in force")
        IN_FORCE = "in-force", _("in force")
        REPLACED = "replaced", _("replaced by a later one")
        ASIDE = "put-aside", _("put aside")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    drawn_by = models.CharField(max_length=200)
    as_of = models.DateField()
    sha256 = models.CharField(max_length=64)
    n_bytes = models.PositiveIntegerField()
    content = models.BinaryField(default=bytes)
    told = models.JSONField(default=dict)
    outlines = models.BinaryField(default=bytes)
    drawing = models.JSONField(default=dict)
    fault = models.JSONField(default=dict)
    job_ref = models.UUIDField(null=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    brought_at = models.DateTimeField()
    brought_by_ref = models.UUIDField()
    in_force_at = models.DateTimeField(null=True)
    in_force_by_ref = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "sha256", "content", "outlines", "drawing", "job_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency", "area", "drawn_by", "as_of", "n_bytes", "told", "state", "brought_at", "in_force_at"),
            Privacy.OFFICIAL,
        ),
        **dict.fromkeys(("ended_at", "fault"), Privacy.OFFICIAL),
        **dict.fromkeys(("brought_by_ref", "in_force_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """One of a province is in force; a file that waits or is in force stands there once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(state="in-force"), name="population_one_boundary_in_force"
            ),
            models.UniqueConstraint(
                fields=["area", "sha256"],
                condition=models.Q(state__in=("waiting", "looked-through", "in-force")),
                name="population_each_boundary_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area", "-brought_at"], name="population_boundaries")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def found(self) -> Told:
        """What was found in it, once it was looked through."""
        return msgspec.convert(self.told, Told)

    def drawn(self) -> Sketch | None:
        """The small map that was made when it was looked through; None where nothing could be drawn."""
        return msgspec.convert(self.drawing, Sketch) if self.drawing else None
