"""Agencies: who works in the system, where, under whom."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref

LOCAL = {"TH": "th", "LA": "lo", "KH": "km", "MM": "my", "VN": "vi", "ID": "id", "PH": "fil"}
"""In which language the local name of an agency is, by its country."""


class Agency(models.Model):
    """An agency, with its kind, its country, the areas of its mandate and the agency above it.

    `path` is the chain of agencies from the topmost down to this one, as "/<hex of its ref>/…/<own hex>/".
    """

    class Kind(models.TextChoices):
        """What an agency is there for."""

        SHELTER = "shelter", _("shelter")
        SOCIAL_WELFARE = "social-welfare", _("social welfare")
        POLICE = "police", _("police")
        PROSECUTION = "prosecution", _("prosecution")
        COURT = "court", _("court")
        HEALTH = "health", _("health")
        EDUCATION = "education", _("education")
        LABOUR = "labour", _("labour")
        IMMIGRATION = "immigration", _("immigration")
        LOCAL_GOVERNMENT = "local-government", _("local government")
        PROVINCIAL_CENTRE = "provincial-centre", _("provincial centre")
        NATIONAL_BODY = "national-body", _("national body")
        REGIONAL_BODY = "regional-body", _("regional body")
        NGO = "ngo", _("non-governmental organisation")
        INTERNATIONAL = "international", _("international organisation")
        RESEARCH = "research", _("research")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    country = models.CharField(max_length=2)
    areas = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    partner = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    path = models.CharField(max_length=400, unique=True)
    made_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "name": Privacy.OFFICIAL,
        "name_local": Privacy.OFFICIAL,
        "kind": Privacy.OFFICIAL,
        "country": Privacy.OFFICIAL,
        "areas": Privacy.OFFICIAL,
        "parent": Privacy.OFFICIAL,
        "partner": Privacy.OFFICIAL,
        "path": Privacy.TECHNICAL,
        "made_at": Privacy.OFFICIAL,
        "closed_on": Privacy.OFFICIAL,
        "version": Privacy.TECHNICAL,
    }

    class Meta:
        """A country is a code of two letters; an agency does not stand beside itself."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.lookups.Exact(Length("country"), 2), name="agency_country_is_a_code"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="agency_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(partner__isnull=True) | ~models.Q(partner=models.F("id")),
                name="agency_is_not_its_own_partner",
            ),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    def called(self, language: str) -> str:
        """Its name for somebody who reads this language: the local one where it is of that language."""
        return called(self.name, self.name_local, self.country, language)


def called(name: str, name_local: str, country: str, language: str) -> str:
    """The one of an agency's two names that is in the language, or the first."""
    return name_local if name_local and LOCAL.get(country) == language else name
