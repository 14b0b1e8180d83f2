"""What was said of a person's page: that something is wrong, or that somebody does not want to stand on a list."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Correction(models.Model):
    """A correction or an objection, from the day on which it was said until the custodian settles it, and after.

    It holds keyed marks of the person's rows (`marks`), so that it is known again in the next run while one of these
    rows stays in its register; never a row, a name or an ID. Words are sealed. An objection hides the person from every
    list and page from the moment on which it is recorded, and for good where it is upheld. `key_check` tells with which
    key the marks were made: under another one nobody is known again, and no list is shown. Where a row is said to be of
    somebody else, `rows_sealed` names the rows for the work that lays their pairs out to be judged.
    """

    class Kind(models.TextChoices):
        """What is said."""

        OBJECTION = "objection", _("does not want to stand on any list")
        ANSWER = "answer", _("an answer is wrong or out of date")
        OTHER_PERSON = "other-person", _("a row is of somebody else")
        PLACE = "place", _("does not live there")
        DEAD = "dead", _("has died")

    class By(models.TextChoices):
        """Who said it."""

        PERSON = "person", _("the person")
        FAMILY = "family", _("a parent, guardian or relative")
        WORKER = "worker", _("the one who writes it down, who saw it")

    class Outcome(models.TextChoices):
        """How it was settled."""

        UPHELD = "upheld", _("it holds: who keeps the register was told, and an objection stands for good")
        NOT_UPHELD = "not-upheld", _("it does not hold, and the person was told why")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey("population.Run", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=32)
    place_ref = models.UUIDField()
    person_ref = models.UUIDField()
    marks = models.JSONField(default=list)
    key_check = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    said_by = models.CharField(max_length=8, choices=By.choices)
    words_sealed = models.BinaryField(null=True)
    rows_sealed = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by_ref = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run", "place_ref", "key_check"), Privacy.TECHNICAL),
        "agency": Privacy.OFFICIAL,
        **dict.fromkeys(("area", "person_ref", "marks", "kind", "said_by", "outcome"), Privacy.SENSITIVE),
        **dict.fromkeys(("words_sealed", "rows_sealed"), Privacy.IDENTIFYING),
        **dict.fromkeys(("recorded_at", "recorded_by_ref", "settled_at", "settled_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """One of a kind about a person waits at a time; what is settled says how, when and by whom."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_ref", "kind"], condition=Q(outcome=""), name="population_one_correction_waits"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by_ref__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by_ref__isnull=False)),
                name="population_settled_says_how",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "outcome"], name="population_objections"),
            models.Index(fields=["-recorded_at", "-id"], name="population_corrections"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """True until it is settled."""
        return not self.outcome
