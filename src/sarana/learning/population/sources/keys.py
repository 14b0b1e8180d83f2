"""The keys of runs that are made here, opened without asking anybody where a key file lies."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from sarana.basics.errors import NotYet
from sarana.ground.vault import places
from sarana.methods.runs.erase import erase_swept
from sarana.methods.runs.sealed import RunSeal, find_seal, write_seal
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.runkeys import make_run_key, open_run_key
from sarana.methods.sealing.store import STORE, KeyStore, check_apart, sweep


def keys_of_runs(today: dt.date) -> Callable[[RunSeal, Path], StreamKeys]:
    """Gives the key of a run by its seal."""

    def key_of(seal: RunSeal, folder: Path) -> StreamKeys:
        key = _store().find_run_key(seal.run)
        if key is None:
            raise NotYet(
                "VAULT-013",
                "The key of this run is not here: it was destroyed, or the run was made elsewhere.",
                where=folder.name,
                cure="What was destroyed stays closed.",
            )
        return open_run_key(key, places.unlocked(), today=today)

    return key_of


def seal_folder(folder: Path, *, today: dt.date, until: dt.date) -> RunSeal:
    """Give a run folder its key and its seal; where it has them they stay."""
    found = find_seal(folder)
    if found is not None:
        return found
    store = _store()
    check_apart(store.folder, [folder])
    with store.changing():
        key = make_run_key(places.unlocked(), folder=str(folder.resolve()), made_on=today, until=until)
        store.keep_run_key(key)
    seal = RunSeal(key.run, key.organisation, key.until)
    write_seal(folder, seal)
    return seal


def runs_over(now: dt.datetime) -> bool:
    """Whether the last day of any run is over whose key lies here still."""
    return any(key.until < now.date() for key in _store().run_keys())


def sweep_runs(now: dt.datetime) -> int:
    """Destroy the keys of runs whose last day is over, then erase their files on people; gives how many runs that were.

    Raises:
        BadFile: VAULT-008 the key store cannot be written.
    """
    store = _store()
    if not runs_over(now):
        return 0
    with store.changing():
        swept = sweep(store, now=now)
    for key in swept:
        erase_swept(Path(key.folder), key.run)
    return len(swept)


def _store() -> KeyStore:
    return KeyStore(Path(settings.SARANA_KEYS) / STORE)
