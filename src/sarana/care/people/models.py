"""People who are helped, as they stand in the open: a code, and what one plans with. Who they are lies sealed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.asking.models import Agreement, Askable, AskMark, Question, Reached
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.importing.models import Import
from sarana.care.people.photographs.models import Handed, MaskedCopy, Photograph
from sarana.care.people.same.models import Compared, Likeness, SameJudgement
from sarana.ground.vault.identities.models import Subject

__all__ = [
    "Agreement",
    "Alarm",
    "AskMark",
    "Askable",
    "Assigned",
    "Compared",
    "Conflict",
    "Emergency",
    "Handed",
    "Import",
    "Likeness",
    "MaskedCopy",
    "Person",
    "Photograph",
    "Question",
    "Reached",
    "Relation",
    "SameJudgement",
    "ToIndex",
]


class Person(models.Model):
    """A person of one agency; `ref` is that of her sealed identity."""

    class Level(models.TextChoices):
        """How closely she is kept."""

        AUDITED = "audited", _("everybody who helps in this agency")
        PROTECTED = "protected", _("those assigned, and supervisors")
        CLOSED = "closed", _("those assigned only")

    class Sex(models.TextChoices):
        """As she says, or as it was taken down."""

        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("not known")

    class Stateless(models.TextChoices):
        """Whether any state takes her for its own."""

        NO = "no", _("has a nationality")
        AT_RISK = "at-risk", _("nationality not proved")
        YES = "yes", _("stateless")
        UNKNOWN = "unknown", _("not known")

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="person")
    ref = models.UUIDField(unique=True, editable=False)
    agency_ref = models.UUIDField()
    code = models.CharField(max_length=12)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.AUDITED)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    stateless = models.CharField(max_length=10, choices=Stateless.choices, default=Stateless.UNKNOWN)
    nationalities = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    needs_interpreter = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by_ref = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    led_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="follows")
    is_decoy = models.BooleanField(default=False)

    emergency: Emergency | None = None
    """The emergency in which alone she is open to whoever asked for her; no column."""

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "subject", "code", "revision"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency_ref", "level", "sex", "stateless", "nationalities", "languages", "needs_interpreter",
             "entered_at", "led_by", "is_decoy"), Privacy.SENSITIVE
        ),
        "entered_by_ref": Privacy.STAFF,
    }  # fmt: skip

    class Meta:
        """A code is there once in an agency; nobody leads herself."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency_ref", "code"], name="people_code_once_an_agency"),
            models.CheckConstraint(
                condition=models.Q(led_by__isnull=True) | ~models.Q(led_by=models.F("id")),
                name="people_leads_not_herself",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["audited", "protected", "closed"]), name="people_level_is_known"
            ),
        ]
        indexes: ClassVar = [
            # A list of a million is read, and counted, from it alone: rows of one moment are in their order too.
            models.Index(fields=["agency_ref", "-entered_at", "-id", "level"], name="people_in_order"),
        ]

    def __str__(self) -> str:
        """Her code."""
        return self.code


class Assigned(models.Model):
    """Who works with a person; a person that is kept closely opens for these."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assigned")
    agency_ref = models.UUIDField()
    account_ref = models.UUIDField()
    since_at = models.DateTimeField()
    by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "person", "agency_ref"), Privacy.TECHNICAL),
        "since_at": Privacy.SENSITIVE,
        **dict.fromkeys(("account_ref", "by_ref"), Privacy.STAFF),
    }

    class Meta:
        """Somebody is assigned once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "account_ref"], name="people_assigned_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["account_ref", "person"], name="people_assigned_to")]

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)


class Relation(models.Model):
    """How one person stands to another of the same agency, read from the first: she is his mother."""

    class Kind(models.TextChoices):
        """What the first is to the second."""

        PARENT = "parent", _("parent")
        CHILD = "child", _("child")
        SIBLING = "sibling", _("brother or sister")
        PARTNER = "partner", _("husband, wife or partner")
        GUARDIAN = "guardian", _("guardian")
        WARD = "ward", _("in the care of")
        RELATIVE = "relative", _("other relative")
        FRIEND = "friend", _("friend")
        CAME_WITH = "came-with", _("came with")
        RECRUITED = "recruited", _("recruited")
        RECRUITED_BY = "recruited-by", _("was recruited by")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="related")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    may_know = models.BooleanField(default=False)
    """Whether one may be told where the other is; it is not, until somebody says that it is safe."""
    said_at = models.DateTimeField()
    said_by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agency_ref", "person", "other"), Privacy.TECHNICAL),
        **dict.fromkeys(("kind", "may_know", "said_at"), Privacy.SENSITIVE),
        "said_by_ref": Privacy.STAFF,
    }

    class Meta:
        """Between two people, each way once; nobody is related to herself."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other", "kind"], name="people_related_once"),
            models.CheckConstraint(condition=~models.Q(person=models.F("other")), name="people_related_to_another"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def turned_round(self) -> "Relation.Kind":
        """The same, read from the other."""
        return TURNED_ROUND.get(Relation.Kind(self.kind), Relation.Kind(self.kind))


_PAIRS = (
    (Relation.Kind.PARENT, Relation.Kind.CHILD),
    (Relation.Kind.GUARDIAN, Relation.Kind.WARD),
    (Relation.Kind.RECRUITED, Relation.Kind.RECRUITED_BY),
)
TURNED_ROUND = dict(_PAIRS) | {there: here for here, there in _PAIRS}


class ToIndex(models.Model):
    """What the search file of an agency has to learn yet: that a person changed, or is here no more."""

    agency_ref = models.UUIDField()
    person_ref = models.UUIDField()
    revision = models.PositiveIntegerField()
    is_gone = models.BooleanField(default=False)
    at = models.DateTimeField()

    PRIVACY: ClassVar = dict.fromkeys(
        ("id", "agency_ref", "person_ref", "revision", "is_gone", "at"), Privacy.TECHNICAL
    )

    class Meta:
        """In the order in which it was written."""

        indexes: ClassVar = [models.Index(fields=["agency_ref", "id"], name="people_to_index")]

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)
