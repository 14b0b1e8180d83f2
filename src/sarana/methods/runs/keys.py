"""The keys of sealed run folders: found in the key store by their seal, and made for a folder that has none."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sarana.methods.runs.sealed import RunSeal, find_seal, write_seal
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.runkeys import make_run_key, open_run_key
from sarana.methods.sealing.store import KeyStore, check_apart

type Keys = Callable[[], OrganisationKeys]
"""Opens the organisation's keys; somebody may be asked for a passphrase, so it is called only where they are needed."""


def find_key_of(store: KeyStore, seal: RunSeal, keys: Keys, *, today: dt.date) -> StreamKeys | None:
    """The key of a run by its seal, opened; None where it is not here: whoever asks says so in words of her own.

    Raises:
        Refused: VAULT-012 its last day is over; VAULT-001 it was changed.
    """
    key = store.find_run_key(seal.run)
    return None if key is None else open_run_key(key, keys(), today=today)


def seal_anew(store: KeyStore, folder: Path, keys: Keys, *, today: dt.date, until: dt.date) -> RunSeal:
    """Give a run folder its key and its seal; where it has a seal that stays.

    Raises:
        Refused: VAULT-005 the key store lies in the folder.
        And what keeps the organisation's keys from being opened.
    """
    found = find_seal(folder)
    if found is not None:
        return found
    check_apart(store.folder, [folder])
    with store.changing():
        key = make_run_key(keys(), folder=str(folder.resolve()), made_on=today, until=until)
        store.keep_run_key(key)
    seal = RunSeal(key.run, key.organisation, key.until)
    write_seal(folder, seal)
    return seal
