"""What tests of people share: two agencies whose keys open, browsers of those with a purpose, and a filled form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makers.identities import TwoHouses, keys_that_open, two_houses
from makers.purposes import a_purpose
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.care.people.finding import files
from sarana.care.people.finding.actions import searching
from sarana.ground.accounts.models import Account
from sarana.ground.codelists.models import Purpose
from sarana.ground.vault.identities.policy import CUSTODIAN, HELPERS


@pytest.fixture
def houses(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwoHouses]:
    """Two agencies whose keys open; answers come as soon as they are there."""
    keys_that_open(tmp_path, settings)
    settings.SARANA_HOME = tmp_path / "home"
    settings.SARANA_HOME.mkdir()
    monkeypatch.setattr(searching, "STEP_SECONDS", 0.001)
    yield two_houses()
    files.forget()


def comes(actor: Actor) -> Client:
    """The browser of somebody who stated her purpose."""
    if not Purpose.objects.filter(code=actor.purpose).exists():
        a_purpose(*HELPERS, *CUSTODIAN, code=actor.purpose)
    return come_in(Account.objects.get(ref=actor.account_ref), purpose=actor.purpose)


def typed(**more: Any) -> dict[str, Any]:
    """A form in which one name is written; `names__0__text` stands for the field `names-0-text`."""
    form = {
        "names-n": "2",
        "names-0-text": "มาลี ใจดี",
        "names-0-kind": "legal",
        "papers-n": "1",
        "ways-n": "1",
        "facts-sex": "female",
        "facts-stateless": "unknown",
        "facts-level": "audited",
    }
    return {**form, **{name.replace("__", "-"): value for name, value in more.items()}}
