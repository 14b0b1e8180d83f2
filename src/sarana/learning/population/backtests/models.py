"""What a back-test let out: its verdict, and protected counts; nothing about a case stands here."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class BackTest(models.Model):
    """One back-test of a run that is shown, as `sarana population validate` gave it out.

    `told` is a `Validation`. Of a later test of the same run it holds the verdict alone: two tables over nearly the
    same cases would tell of the few by which they differ. `told_hash` is of the whole answer, so that the same test
    taken in again changes nothing.
    """

    class Verdict(models.TextChoices):
        """What it says of the index."""

        PASSED = "passed", _("passed")
        NOT_PASSED = "not-passed", _("not passed")
        NOT_JUDGED = "not-judged", _("not judged")

    class Cases(models.TextChoices):
        """Which cases became known."""

        PRESUMED = "presumed", _("presumed trafficking")
        CONFIRMED = "confirmed", _("confirmed trafficking")
        OTHER = "other", _("other harm")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="back_tests")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    cases = models.CharField(max_length=12, choices=Cases.choices)
    has_tables = models.BooleanField()
    told = models.JSONField()
    told_hash = models.CharField(max_length=64)
    taken_in_at = models.DateTimeField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run", "told_hash"), Privacy.TECHNICAL),
        **dict.fromkeys(("verdict", "cases", "has_tables", "told", "taken_in_at"), Privacy.OFFICIAL),
    }

    class Meta:
        """Each test once; one of a run has tables."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "told_hash"], name="population_back_test_once"),
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(has_tables=True), name="population_one_back_test_with_tables"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "-taken_in_at"], name="population_back_tests")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
