"""A run of invented people that is shown, its queue filled, and two reviewers of its province."""

from pathlib import Path
from typing import Any

import pytest

from makers.agencies import a_person, an_agency, local
from makers.few import a_run_of_people
from makers.vaults import Place, a_place
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.loading import load_all_purposes
from sarana.learning.population.actions import take_in
from sarana.learning.population.models import Run
from sarana.learning.population.pairs.filling.actions import fill
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.runs.means import Means

MEANS = Means(threads=1, memory_mib=2048)
PURPOSE = "linkage"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_run_of_people(tmp_path_factory)


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Place:
    return a_place(tmp_path, settings)


@pytest.fixture
def centre() -> Agency:
    load_all_purposes(local())
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def run(place: Place, centre: Agency, folder: Path) -> Run:
    """Taken in, and its queue filled."""
    taken, _is_new = take_in(local(), read_protected(folder))
    assert fill(local(), taken.fingerprint, folder, MEANS) > 15
    return taken


@pytest.fixture
def ann(centre: Agency) -> Account:
    return a_person(centre, "linkage-reviewer", name="Ann")


@pytest.fixture
def ben(centre: Agency) -> Account:
    return a_person(centre, "linkage-reviewer", name="Ben")
