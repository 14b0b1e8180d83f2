"""The nation's side: agencies of provinces, stations that are trusted, and forms by which files come in."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makers.agencies import local
from makers.provinces import Somewhere
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Agency
from sarana.learning.population.models import Station


def a_nation() -> Agency:
    """The national body, with the whole country as its mandate."""
    return accounts.make_agency(
        local(), name="Nation", kind=Agency.Kind.NATIONAL_BODY, country="TH", areas=["TH"], parent=None
    )


def a_centre(province: str) -> Agency:
    """The agency of a province, as the nation has it."""
    accounts.load_roles(local())
    return accounts.make_agency(
        local(),
        name=f"Centre {province}",
        kind=Agency.Kind.PROVINCIAL_CENTRE,
        country="TH",
        areas=[f"TH{province}"],
        parent=None,
    )


def trust_form(agency: Agency, where: Somewhere) -> dict[str, Any]:
    """The form by which the key of a station is entered."""
    key = SimpleUploadedFile("key.json", where.key_file())
    return {"station": f"{agency.ref}:{where.area}", "key": key, "heard": where.digits}


def trust(client: Client, agency: Agency, where: Somewhere, **more: Any) -> Any:
    """Send it, as the national officer does."""
    return client.post(reverse("population:trust-station"), trust_form(agency, where) | more)


def trusted(agency: Agency, where: Somewhere) -> Station:
    """A station that the operator trusts."""
    return Station.objects.create(agency=agency, area=where.area, public=where.key.public, told_at=agency.made_at)


def send(client: Client, content: bytes, year: int = 2026) -> Any:
    """Send a file with the form that takes it in."""
    sent: Mapping[str, Any] = {"file": SimpleUploadedFile("handed.zip", content), "year": str(year)}
    return client.post(reverse("population:take-in"), sent)
