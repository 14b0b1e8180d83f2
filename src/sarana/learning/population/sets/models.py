"""A province's own indicator sets with their versions, what was said of sets, and what a set would change."""

from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.methods.risk.shapes import IndicatorSet


class OwnSet(models.Model):
    """One version of a province's own set: a draft, proposed, adopted, or put aside.

    `content` is an `IndicatorSet` in plain values; `content_hash` is of its file. `area` is the code of the province as
    mandates write it (TH50). `set_id` with `number` names it on maps. `version` counts its changes while it is a draft.
    """

    class State(models.TextChoices):
        """How far it came."""

        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed, waits for a second person")
        ADOPTED = "adopted", _("adopted")
        ASIDE = "put-aside", _("put aside")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    set_id = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    copied_from = models.CharField(max_length=80)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()
    changed_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by_ref = models.UUIDField(null=True)
    second_at = models.DateTimeField(null=True)
    second_by_ref = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "content_hash", "version"), Privacy.TECHNICAL),
        **dict.fromkeys(
            (
                *("agency", "area", "set_id", "number", "title", "copied_from", "content", "state", "made_at"),
                *("changed_at", "proposed_at", "second_at"),
            ),
            Privacy.OFFICIAL,
        ),
        **dict.fromkeys(("made_by_ref", "proposed_by_ref", "second_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """One of a number; what is adopted was agreed by two people."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["set_id", "number"], name="population_one_version_of_a_set"),
            models.CheckConstraint(
                condition=Q(second_by_ref__isnull=True) | ~Q(second_by_ref=F("proposed_by_ref")),
                name="population_set_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(proposed_by_ref__isnull=False, second_by_ref__isnull=False),
                name="population_set_adopted_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(proposed_by_ref__isnull=False, second_by_ref__isnull=True),
                name="population_set_proposed_by_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area", "-made_at"], name="population_own_sets")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def called(self) -> str:
        """Its id with its version, as maps say it."""
        return f"{self.set_id} {self.number}"

    def held(self) -> IndicatorSet:
        """The set itself."""
        return msgspec.convert(self.content, IndicatorSet)


class SetNote(models.Model):
    """What somebody said of a set or of one of its indicators, and where that is written; only ever taken back.

    `about` is the name of a set that comes with Sarana, or the reference of an own one. `indicator` is empty where
    it is about the set as a whole.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40)
    indicator = models.CharField(max_length=16, blank=True)
    text = models.CharField(max_length=1000)
    source = models.CharField(max_length=300)
    said_at = models.DateTimeField()
    said_by_ref = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency", "about", "indicator", "text", "source", "said_at", "taken_back_at"), Privacy.OFFICIAL
        ),
        "said_by_ref": Privacy.STAFF,
    }

    class Meta:
        """The notes of a set are found by it."""

        indexes: ClassVar = [models.Index(fields=["about", "said_at"], name="population_set_notes")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class SetEffect(models.Model):
    """What a version would change if it took the place of the set of a run; no count in it is exact.

    `content_hash` is of the version as it was then: a draft that was changed since has no effect that is known. `told`
    is a `SetsDiff`, with the name and the day of the run: not everyone who reads it may read the update.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    own = models.ForeignKey(OwnSet, on_delete=models.PROTECT, related_name="effects")
    update = models.ForeignKey("population.Update", on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    told = models.JSONField()
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "own", "update", "content_hash"), Privacy.TECHNICAL),
        **dict.fromkeys(("told", "made_at"), Privacy.OFFICIAL),
        "made_by_ref": Privacy.STAFF,
    }

    class Meta:
        """The same content on the same run has one."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["own", "update", "content_hash"], name="population_one_effect"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def tells_ranks(self) -> bool:
        """Whether it says which districts change rank; earlier versions of the program did not."""
        return bool(self.told.get("n_areas"))
