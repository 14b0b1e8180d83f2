"""What tests of sealed identities share."""

from pathlib import Path
from typing import Any

import pytest

from makers.identities import TwoHouses, keys_that_open, two_houses


@pytest.fixture
def houses(tmp_path: Path, settings: Any, db: None) -> TwoHouses:
    """Two agencies in an installation whose keys open."""
    keys_that_open(tmp_path, settings)
    return two_houses()
