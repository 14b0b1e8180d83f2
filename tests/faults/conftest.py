"""Installations to be hurt: on SQLite, and on a PostgreSQL of the tests' own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from makers.cluster import Cluster, a_cluster, find_programs
from makers.installed import Installed


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this session of tests."""
    if find_programs() is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    made = a_cluster()
    yield made
    made.stop()
    shutil.rmtree(made.folder.parent)


def place(folder: Path) -> Installed:
    """Folders for an installation that is not set up yet."""
    home, keys = folder / "home", folder / "keys"
    home.mkdir(mode=0o700, parents=True)
    return Installed(home, keys)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Installed:
    """Folders and an empty database."""
    bare = place(tmp_path)
    if request.param == "sqlite":
        return bare
    cluster: Cluster = request.getfixturevalue("cluster")
    return Installed(bare.home, bare.keys, cluster.address(cluster.new_database()))


@pytest.fixture
def installed(bare: Installed) -> Installed:
    """An installation that was set up."""
    bare.sarana("setup")
    return bare


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Installed:
    """An installation that was set up on SQLite."""
    made = place(tmp_path)
    made.sarana("setup")
    return made
