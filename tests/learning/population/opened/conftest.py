"""A run of invented people that is shown, its few people laid out on a shelf, and keys that a key file opens."""

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pytest
from django.test import Client

from makers.agencies import a_person, an_agency, local
from makers.few import a_run_of_people
from makers.sittings import come_in
from makers.vaults import Place, a_place
from sarana.ground.accounts import actions
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.loading import load_all_purposes
from sarana.learning.population.actions import take_in
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.opened import shelves
from sarana.learning.population.opened.actions import lay_out
from sarana.learning.population.opened.laying import PEOPLE
from sarana.learning.population.opened.shelves import Shelf
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.runs.means import Means

MEANS = Means(threads=1, memory_mib=2048)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_run_of_people(tmp_path_factory)


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Place:
    return a_place(tmp_path, settings)


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def run(place: Place, centre: Agency, folder: Path) -> Run:
    """Taken in, and its few people laid out."""
    taken, _is_new = take_in(local(), read_protected(folder))
    lay_out(local(), taken.fingerprint, folder, MEANS)
    return taken


@pytest.fixture
def shelf(run: Run) -> Shelf:
    return shelves.open_shelf(run.ref, today=local().today)


@pytest.fixture
def people(shelf: Shelf) -> list[dict[str, Any]]:
    """Everybody who was laid out."""
    tables = [shelf.find_table(name) for name in sorted(shelf.names(PEOPLE))]
    lines: list[dict[str, Any]] = pa.concat_tables([table for table in tables if table is not None]).to_pylist()
    return lines


@pytest.fixture
def area(run: Run, people: list[dict[str, Any]]) -> Figure:
    """The subdistrict where most of them live."""
    code, _n = Counter(line["place"] for line in people).most_common(1)[0]
    return Figure.objects.get(run=run, level="subdistrict", group="all", code=code)


@pytest.fixture
def person(area: Figure, people: list[dict[str, Any]]) -> dict[str, Any]:
    """One of them, of whom something is protected and who is not the one to be referred now."""
    return next(line for line in people if line["place"] == area.code and not line["refer_now"])


@pytest.fixture
def worker(area: Figure) -> Account:
    """An outreach worker whose agency has that subdistrict, and nothing else, in its mandate."""
    return a_person(an_office(area.area), "outreach-worker")


@pytest.fixture
def client(worker: Account) -> Client:
    """Her browser, in which she said that she invites people to services."""
    return inviting(worker)


def an_office(*areas: str, kind: Agency.Kind = Agency.Kind.NGO) -> Agency:
    """An agency with a mandate of these areas."""
    actions.load_roles(local())
    return actions.make_agency(local(), name=f"Office {uuid4().hex[:6]}", kind=kind, country="TH", areas=areas)


def inviting(account: Account, purpose: str = "prevention") -> Client:
    """A browser in which somebody signed in and stated a purpose."""
    load_all_purposes(local())
    return come_in(account, purpose=purpose)
