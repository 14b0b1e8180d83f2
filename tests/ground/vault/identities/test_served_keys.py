"""Keys of agencies open with a key server as with a key file, for as long as it says yes."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from makers.identities import ALL, TwoHouses, somebody
from makers.keyservers import SEALED, StandIn, a_token, serving
from sarana.basics.errors import NotYet, Refused, SaranaError
from sarana.ground.vault import places
from sarana.ground.vault.identities.actions.sealing import open_tiers
from sarana.ground.vault.keyserver import KeyServer
from sarana.methods.sealing.identities import Tier
from sarana.methods.sealing.locks import KEY_FILE, KEY_SERVER, make_key_file, make_lock, server_place, with_served
from sarana.methods.sealing.organisation import make_keys, new_organisation, new_secret
from sarana.methods.sealing.store import KeyStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with serving() as found:
        yield found


@pytest.fixture
def server(standin: StandIn, tmp_path: Path) -> KeyServer:
    return KeyServer(standin.address, "transit/sarana", a_token(tmp_path / "run"), seconds=1.0)


def served_keys(store: KeyStore, server: KeyServer, *, stick: Path | None = None) -> None:
    """Keys that the server opens, together with a stick where one is named."""
    organisation, secret = new_organisation(), new_secret()
    given = {KEY_SERVER: secret} | ({KEY_FILE: make_key_file(stick)} if stick else {})
    lock = make_lock("the server", given, organisation)
    lock = with_served(lock, server.seal(secret, server_place(organisation, lock.id)))
    today = places.store().get_keyset().epochs[-1].began_on
    with store.changing():
        store.keep_keyset(make_keys("Invented House", [lock], organisation=organisation, today=today).file)


@pytest.fixture
def served(houses: TwoHouses, settings: Any, standin: StandIn, server: KeyServer) -> TwoHouses:
    """Two agencies in an installation whose keys the server opens, and no key file."""
    settings.SARANA_KEYSERVER, settings.SARANA_KEYSERVER_KEY = standin.address, server.key
    settings.SARANA_KEYSERVER_TOKEN, settings.SARANA_KEYSERVER_CA = server.token, None
    Path(settings.SARANA_KEYFILE).unlink()
    assert not places.opens_by_itself(), "no lock makes use of the server yet"
    with pytest.raises(NotYet, match="VAULT-031"):
        places.unlocked()
    served_keys(places.store(), server)
    assert places.opens_by_itself()
    return houses


def test_people_are_sealed_and_opened_with_a_key_server_and_not_without(
    served: TwoHouses, standin: StandIn, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = somebody(served)
    assert set(open_tiers(served.worker, ref, Tier)) == set(ALL)
    n_asked = len(standin.asked)
    assert set(open_tiers(served.worker, ref, Tier)) == set(ALL)
    assert len(standin.asked) == n_asked, "what was opened is kept for a while"
    standin.says = SEALED
    later = time.monotonic() + places.SERVED_SECONDS
    monkeypatch.setattr(places.time, "monotonic", lambda: later)
    with pytest.raises(NotYet, match="VAULT-085"):
        open_tiers(served.worker, ref, Tier)
    standin.says = None
    assert set(open_tiers(served.worker, ref, Tier)) == set(ALL)
    server.token.unlink()
    with pytest.raises(SaranaError, match="VAULT-087"):
        open_tiers(served.worker, ref, Tier)


def test_a_server_and_a_stick_together_open_only_together(
    served: TwoHouses, settings: Any, server: KeyServer, tmp_path: Path
) -> None:
    stick = tmp_path / "another" / "stick.key"
    served_keys(places.store(), server, stick=stick)
    assert not places.opens_by_itself()
    settings.SARANA_KEYFILE = stick
    assert places.opens_by_itself()
    assert places.unlocked().organisation
    settings.SARANA_KEYSERVER = ""
    with pytest.raises(NotYet, match="VAULT-003"):
        places.unlocked()


def test_the_token_never_lies_among_the_data(served: TwoHouses, settings: Any, tmp_path: Path) -> None:
    settings.SARANA_HOME = tmp_path
    with pytest.raises(Refused, match="VAULT-005"):
        places.unlocked()
