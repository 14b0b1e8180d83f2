"""The acts of the pages of maps, each prepared in a house that has a map and somebody who reads it."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makers.acts import Act, House, Ready, by
from makers.agencies import a_person, local
from makers.browsers import sign_in
from makers.packages import a_centre, a_nation, trust_form, trusted
from makers.protected import a_run
from makers.provinces import Somewhere
from sarana.ground.accounts.models import Agency
from sarana.learning.population.actions import take_in
from sarana.learning.population.files.actions import ask_for_file
from sarana.learning.population.looking import look
from sarana.learning.population.models import Run
from sarana.methods.population.protected_tables import read_protected

CHOSEN = {"level": "district", "within": "all", "group": "all", "which": ""}


def _map(house: House) -> Run:
    house.people["amy"] = a_person(house.ours, "analyst", name="amy")
    with tempfile.TemporaryDirectory() as folder:
        return take_in(local(), read_protected(a_run(Path(folder, "run"))), agency="Ours")[0]


def _asked(house: House) -> tuple[UUID, dict[str, Any]]:
    return _map(house).ref, {"kind": "csv", **CHOSEN}


def _file(house: House) -> tuple[UUID, dict[str, Any]]:
    run, actor = _map(house), house.acts("amy")
    return ask_for_file(actor, look(actor, run, CHOSEN, "en"), kind="csv").ref, {}


def _by_amy(about: Any) -> Any:
    """Amy works there only once there is a map."""

    def prepare(house: House, address: str) -> Any:
        told = about(house)
        return by("amy", lambda _house: told)(house, address)

    return prepare


def _officer(house: House, address: str) -> Ready:
    run = _map(house)
    person = a_person(house.ours, "provincial-data-officer", name="off")
    client = sign_in(Client(raise_request_exception=False), person)
    return Ready(client, reverse(address, args=[run.ref]), {})


def _national(house: House) -> tuple[Client, Agency]:
    """Somebody of a national body, and the agency of a province."""
    del house
    person = a_person(a_nation(), "national-officer", name="nat")
    return sign_in(Client(raise_request_exception=False), person), a_centre("51")


def _trusts(house: House, address: str) -> Ready:
    client, agency = _national(house)
    return Ready(client, reverse(address), trust_form(agency, Somewhere("51")))


def _takes_back(house: House, address: str) -> Ready:
    client, agency = _national(house)
    return Ready(client, reverse(address, args=[trusted(agency, Somewhere("51")).ref]), {})


def _takes_in(house: House, address: str) -> Ready:
    client, agency = _national(house)
    where = Somewhere("51")
    trusted(agency, where)
    with tempfile.TemporaryDirectory() as folder:
        content = where.file(where.run(Path(folder, "run")))
    return Ready(client, reverse(address), {"file": SimpleUploadedFile("handed.zip", content), "year": "2026"})


ACTS = (
    Act("population:to-nation", _officer, ("jobs.asked",), again=0),
    Act("population:trust-station", _trusts, ("population.station-trusted",)),
    Act("population:station-take-back", _takes_back, ("population.station-taken-back",)),
    Act("population:take-in", _takes_in, ("population.handed-in",)),
    Act("population:ask-file", _by_amy(_asked), ("jobs.asked",), again=0),
    Act("population:take-file-away", _by_amy(_file), ("population.file-taken-away",)),
)
