"""Roles are data; a membership gives one of them to a person in an agency, for a time."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Role(models.Model):
    """What somebody may be in an agency; rows come from `reference/roles.toml`, and rooms add theirs there."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_th = models.CharField(max_length=80)
    about = models.CharField(max_length=300)
    about_th = models.CharField(max_length=300)
    sees_persons = models.BooleanField()
    needs_second_factor = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=0)

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "code": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "name_th": Privacy.PUBLIC,
        "about": Privacy.PUBLIC,
        "about_th": Privacy.PUBLIC,
        "sees_persons": Privacy.PUBLIC,
        "needs_second_factor": Privacy.PUBLIC,
        "rank": Privacy.TECHNICAL,
    }

    class Meta:
        """Whoever sees persons needs a second factor, whatever the data says."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sees_persons=False) | models.Q(needs_second_factor=True),
                name="role_that_sees_persons_needs_a_second_factor",
            )
        ]

    def __str__(self) -> str:
        """Its code."""
        return self.code

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.name_th if language == "th" else self.name


class Membership(models.Model):
    """A person holds a role in an agency from a day on, until a day or until it is ended."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    given_by_ref = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "account": Privacy.STAFF,
        "agency": Privacy.STAFF,
        "role": Privacy.STAFF,
        "starts_on": Privacy.STAFF,
        "until": Privacy.STAFF,
        "ended_at": Privacy.STAFF,
        "given_by_ref": Privacy.STAFF,
        "version": Privacy.TECHNICAL,
    }

    class Meta:
        """One running membership for each person, agency and role; it ends after it starts."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "agency", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_runs_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        """The reference."""
        return str(self.ref)
