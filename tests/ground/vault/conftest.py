"""What tests of backups share: an installation with keys and a disk for backups, and its operator."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency
from makers.vaults import Place, a_place
from sarana.basics.actors import Actor
from sarana.ground.vault import jobs


@pytest.fixture
def place(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An installation; the ledger of its small database is not proved, which has tests of its own."""
    monkeypatch.setattr(jobs, "prove_ledger", lambda _folder, beat: beat())
    return a_place(tmp_path, settings)


@pytest.fixture
def operator(place: Place) -> Actor:
    """Who keeps it running."""
    return acting(a_person(an_agency(), "system-operator", name="Op"), now=timezone.localtime())
