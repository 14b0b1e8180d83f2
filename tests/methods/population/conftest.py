"""The small province that the tests of reading change to their needs."""

from pathlib import Path

import pytest

from methods.population.small_province import Province


@pytest.fixture
def province(tmp_path: Path) -> Province:
    """Three villages, one crosswalk, two people."""
    return Province(tmp_path)
