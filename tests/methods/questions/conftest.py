"""An invented province with its truth, run once for all questions."""

from pathlib import Path

import pytest

from methods.population.little_province import run_chain
from methods.questions.hidden import Town
from sarana.basics.progress import Silent
from sarana.methods.invented import ProvinceSettings, invent_province


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A province of 6,000 people whose hidden need the truth tells."""
    folder = tmp_path_factory.mktemp("town")
    data, run = folder / "data", folder / "run"
    invent_province(ProvinceSettings(people=6000, seed=11, defects=1.0), data, Silent())
    run_chain(data, run)
    return Town(data, run)


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """Where an engine may spill."""
    return tmp_path / "temp"
