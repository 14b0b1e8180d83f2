"""The acts of the pages of maps, each prepared in a house that has a map and somebody who reads it."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from makers.acts import Act, House, by
from makers.agencies import a_person, local
from makers.protected import a_run
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


ACTS = (
    Act("population:ask-file", _by_amy(_asked), ("jobs.asked",), again=0),
    Act("population:take-file-away", _by_amy(_file), ("population.file-taken-away",)),
)
