"""That an agency, or an account of one's own, has a conflict of interest about a person; and that it was lifted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Conflict(models.Model):
    """One person, and who is kept out: another agency (`against_ref`), or an account (`account_ref`) of her agency.

    Records that are joined as one person have a row each, so that taking the joining back opens nothing.
    """

    class Reason(models.TextChoices):
        """Why."""

        INVOLVED = "involved", _("may be involved in what happened to the person")
        NEAR = "near", _("is close to the person, or to a suspect")
        PARTY = "party", _("has something to gain or to lose")
        FEARED = "feared", _("the person is afraid of them")
        OTHER = "other", _("something else")

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="conflicts")
    agency_ref = models.UUIDField()
    against_ref = models.UUIDField(null=True)
    account_ref = models.UUIDField(null=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words_sealed = models.BinaryField()
    flagged_at = models.DateTimeField()
    flagged_by_ref = models.UUIDField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by_ref = models.UUIDField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "person", "agency_ref"), Privacy.TECHNICAL),
        **dict.fromkeys(("against_ref", "reason", "flagged_at", "lifted_at"), Privacy.SENSITIVE),
        "words_sealed": Privacy.IDENTIFYING,
        **dict.fromkeys(("account_ref", "flagged_by_ref", "lifted_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """Of an agency or of an account, once at a time; another agency than one's own; lifted by another person."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(against_ref__isnull=False, account_ref__isnull=True)
                | models.Q(against_ref__isnull=True, account_ref__isnull=False),
                name="people_conflict_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(against_ref__isnull=True) | ~models.Q(against_ref=models.F("agency_ref")),
                name="people_conflict_of_another_agency",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by_ref__isnull=True)
                | (
                    models.Q(lifted_at__isnull=False, lifted_by_ref__isnull=False)
                    & ~models.Q(lifted_by_ref=models.F("flagged_by_ref"))
                ),
                name="people_conflict_lifted_by_another",
            ),
            models.UniqueConstraint(
                fields=["person", "against_ref"],
                condition=models.Q(lifted_at__isnull=True),
                name="people_conflict_once_an_agency",
            ),
            models.UniqueConstraint(
                fields=["person", "account_ref"],
                condition=models.Q(lifted_at__isnull=True),
                name="people_conflict_once_an_account",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_ref", "lifted_at"], name="people_conflict_account"),
            models.Index(fields=["agency_ref", "-flagged_at"], name="people_conflict_newest"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
