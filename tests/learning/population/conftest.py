"""A run that was taken in for its centre, somebody who reads it, and a folder for files."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makers.agencies import a_person, an_agency, local
from makers.packages import a_centre, a_nation
from makers.protected import a_run, places_in
from makers.sittings import come_in
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions
from sarana.learning.population.files import folder
from sarana.learning.population.models import Run
from sarana.methods.population.protected_tables import read_protected


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.SARANA_HOME = tmp_path / "home"
    settings.SARANA_HOME.mkdir()
    return tmp_path / "home" / folder.NAME


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def run(centre: Agency, tmp_path: Path) -> Run:
    taken, _is_new = actions.take_in(local(), read_protected(a_run(tmp_path / "run", places=places_in)))
    return taken


@pytest.fixture
def client(run: Run, centre: Agency) -> Client:
    return come_in(a_person(centre, "analyst"))


@pytest.fixture
def centres() -> dict[str, Agency]:
    """The agencies of two provinces, as the nation has them."""
    return {each: a_centre(each) for each in ("50", "51")}


@pytest.fixture
def national(centres: dict[str, Agency]) -> Client:
    """The national officer."""
    return come_in(a_person(a_nation(), "national-officer"))
