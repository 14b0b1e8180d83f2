"""An engine for tests of linkage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sarana.methods.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="500MB", temp=tmp_path / "spill", folders=[tmp_path]) as engine:
        yield engine
