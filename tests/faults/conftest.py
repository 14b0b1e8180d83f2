"""Installations to be hurt: on SQLite, and on a PostgreSQL of the tests' own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from makers.cluster import Cluster, a_cluster, find_programs
from makers.installed import Installed, bare, set_up_once


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this session of tests."""
    if find_programs() is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    made = a_cluster()
    yield made
    made.stop()
    shutil.rmtree(made.folder.parent)


def copied(made: Installed, folder: Path, database_url: str = "") -> Installed:
    """The same installation in another folder, with its own database."""
    for name in ("home", "keys"):
        shutil.copytree(getattr(made, name), folder / name)
    return Installed(folder / "home", folder / "keys", database_url)


@pytest.fixture(scope="session")
def set_up_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Set up once for all workers; tests take copies."""
    folder = set_up_once(tmp_path_factory)
    return Installed(folder / "home", folder / "keys")


@pytest.fixture(scope="session")
def set_up_on_postgresql(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Installed:
    """Set up once; tests take copies."""
    made = bare(tmp_path_factory.mktemp("postgresql"), cluster.address(cluster.new_database()))
    made.sarana("setup")
    return made


@pytest.fixture
def on_sqlite(set_up_on_sqlite: Installed, tmp_path: Path) -> Installed:
    """An installation on SQLite."""
    return copied(set_up_on_sqlite, tmp_path)


@pytest.fixture
def on_postgresql(set_up_on_postgresql: Installed, cluster: Cluster, tmp_path: Path) -> Installed:
    """An installation on PostgreSQL."""
    name = cluster.new_database(like=set_up_on_postgresql.database_url.rpartition("/")[2])
    return copied(set_up_on_postgresql, tmp_path, cluster.address(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest) -> Installed:
    """An installation on each database."""
    made: Installed = request.getfixturevalue(f"on_{request.param}")
    return made
