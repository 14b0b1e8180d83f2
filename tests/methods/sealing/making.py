"""Keys for tests: quick locks, one organisation of an invented name, and a store in a folder."""

import datetime as dt
from pathlib import Path

from sarana.methods.sealing.locks import KEY_FILE, PASSPHRASE, Lock, Slowness, make_key_file, make_lock
from sarana.methods.sealing.organisation import OrganisationKeys, make_keys, new_organisation
from sarana.methods.sealing.store import KeyStore

TODAY = dt.date(2026, 7, 1)
QUICK = Slowness(rounds=1, memory_kib=1024)
"""A passphrase that is no work to try: for tests only."""

PHRASE = "nine elephants cross the river"


def passphrase_lock(organisation: str, name: str = "the director", phrase: str = PHRASE) -> Lock:
    return make_lock(name, {PASSPHRASE: phrase.encode()}, organisation, QUICK)


def some_keys(*, more: tuple[Lock, ...] = (), organisation: str = "") -> OrganisationKeys:
    organisation = organisation or new_organisation()
    locks = (passphrase_lock(organisation), *more)
    return make_keys("Invented House", locks, organisation=organisation, today=TODAY)


def some_store(folder: Path) -> tuple[KeyStore, Path]:
    """A store that opens with a key file, and the file."""
    organisation = new_organisation()
    file = folder / "stick" / "open.key"
    lock = make_lock("the stick", {KEY_FILE: make_key_file(file)}, organisation)
    store = KeyStore(folder / "keys" / "vault")
    with store.changing():
        store.keep_keyset(make_keys("Invented House", [lock], organisation=organisation, today=TODAY).file)
    return store, file
