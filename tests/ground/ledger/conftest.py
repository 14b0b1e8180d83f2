"""A ledger of one's own for each test: keys in a folder that no other test has."""

from pathlib import Path

import pytest
from pytest_django import Settings

from makers.ledger import a_key_folder


@pytest.fixture
def key_folder(tmp_path: Path, settings: Settings) -> Path:
    """A key folder for this test, which the program uses."""
    folder = a_key_folder(tmp_path / "keys")
    settings.SARANA_KEYS = folder
    settings.SARANA_HOME = tmp_path
    return folder
