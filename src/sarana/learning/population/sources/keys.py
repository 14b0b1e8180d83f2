"""The keys of runs that are made here, opened without asking anybody where a key file lies."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from sarana.basics.errors import NotYet
from sarana.ground.vault import places
from sarana.methods.runs.erase import erase_swept
from sarana.methods.runs.keys import find_key_of, seal_anew
from sarana.methods.runs.sealed import RunSeal
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.store import STORE, KeyStore, sweep


def keys_of_runs(today: dt.date) -> Callable[[RunSeal, Path], StreamKeys]:
    """Gives the key of a run by its seal."""

    def key_of(seal: RunSeal, folder: Path) -> StreamKeys:
        found = find_key_of(_store(), seal, places.unlocked, today=today)
        if found is None:
            raise NotYet(
                "VAULT-013",
                "The key of this run is not here: it was destroyed, or the run was made elsewhere.",
                where=folder.name,
                cure="What was destroyed stays closed.",
            )
        return found

    return key_of


def seal_folder(folder: Path, *, today: dt.date, until: dt.date) -> RunSeal:
    """Give a run folder its key and its seal; where it has them they stay."""
    return seal_anew(_store(), folder, places.unlocked, today=today, until=until)


def has_key(seal: RunSeal) -> bool:
    """Whether the key of a run is here; nothing is opened."""
    return _store().find_run_key(seal.run) is not None


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
