"""The organisation's keys as a command finds them: where they lie, and who may be asked to open them."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import typer

from sarana.basics.errors import BadSetting, NotYet, Refused
from sarana.config.oskeyring import find_secret
from sarana.config.settings import Settings
from sarana.ground.vault.keyserver import KeyServer, key_server
from sarana.methods.doors import PLAIN, Door
from sarana.methods.runs.folder import SEAL, RunFolder
from sarana.methods.runs.keys import find_key_of, seal_anew
from sarana.methods.runs.sealed import RunSeal, SealedDoor, find_seal
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.locks import KEY_FILE, make_key_file, make_lock
from sarana.methods.sealing.organisation import OrganisationKeys, make_keys, new_organisation
from sarana.methods.sealing.store import OPEN_FILE, STORE, KeyStore, check_apart
from sarana.methods.sealing.unlocking import Given, unlock

TRIES = 3


def store_of(settings: Settings) -> KeyStore:
    """The key store.

    Raises:
        Refused: VAULT-005 it lies in the folder of data.
    """
    check_apart(settings.keys, [settings.home])
    return KeyStore(settings.keys / STORE)


def usual_key_file(settings: Settings) -> Path:
    """Where the key file lies that was made without a word."""
    return settings.keys / STORE / OPEN_FILE


def given(settings: Settings, *, data: Sequence[Path] = (), shares: Sequence[str] = ()) -> Given:
    """What opens keys here without asking, and who may be asked.

    Raises:
        Refused: VAULT-005 the key file lies in a folder of data.
    """
    usual = usual_key_file(settings)
    file = settings.keyfile or (usual if usual.is_file() else None)
    if file is not None:
        check_apart(file, [settings.home, *data])
    server = find_server(settings, data=data)
    return Given(
        key_file=file,
        passphrase=asked_passphrase,
        keyring=find_secret,
        shares=shares,
        key_server=server.open if server else None,
    )


def find_server(settings: Settings, *, data: Sequence[Path] = ()) -> KeyServer | None:
    """The key server that the settings name, or None.

    Raises:
        BadSetting: VAULT-093 no file with a token is named.
        Refused: VAULT-005 that file lies in a folder of data.
    """
    found = key_server(settings.keyserver, settings.keyserver_key, settings.keyserver_token, settings.keyserver_ca)
    if found is not None:
        check_apart(found.token, [settings.home, *data])
    return found


def get_server(settings: Settings) -> KeyServer:
    """The key server that the settings name.

    Raises:
        BadSetting: VAULT-093 none is named, or no file with a token.
        Refused: VAULT-005 as `find_server`.
    """
    found = find_server(settings)
    if found is None:
        raise BadSetting(
            "VAULT-093",
            "No key server is named.",
            where="SARANA_KEYSERVER",
            cure="Set SARANA_KEYSERVER to its address, and SARANA_KEYSERVER_TOKEN to the file with a token.",
        )
    return found


def unlocked(settings: Settings, *, data: Sequence[Path] = (), shares: Sequence[str] = ()) -> OrganisationKeys:
    """The organisation's keys; a wrong passphrase may be tried again on a terminal.

    Raises:
        NotYet: VAULT-002 there are none; VAULT-003 nobody can be asked.
        And the faults of `unlock`.
    """
    store = store_of(settings)
    file, means, where = store.get_keyset(), given(settings, data=data, shares=shares), str(store.folder)
    for _again in range(TRIES - 1):
        try:
            return unlock(file, means, where)
        except Refused as err:
            if err.code != "VAULT-004" or not is_terminal():
                raise
            typer.echo(str(err), err=True)
            means = replace(means, key_file=None)
    return unlock(file, means, where)


@dataclass(slots=True)
class RunKeys:
    """Gives the keys of runs to a door; the organisation's keys are opened when the first sealed file is met."""

    settings: Settings
    today: dt.date
    opened: OrganisationKeys | None = field(default=None, repr=False)

    def organisation(self, folder: Path) -> OrganisationKeys:
        """The organisation's keys as they are now."""
        store = store_of(self.settings)
        check_apart(store.folder, [folder])
        if self.opened is None or self.opened.file != store.get_keyset():
            self.opened = unlocked(self.settings, data=[folder])
        return self.opened

    def __call__(self, seal: RunSeal, folder: Path) -> StreamKeys:
        """The key of a run.

        Raises:
            NotYet: VAULT-013 it is not here.
            Refused: VAULT-012 its last day is over; VAULT-001 it was changed.
        """
        store = store_of(self.settings)
        found = find_key_of(store, seal, partial(self.organisation, folder), today=self.today)
        if found is None:
            raise NotYet(
                "VAULT-013",
                "The key of this run is not here: it was destroyed, or the run was made elsewhere.",
                where=str(folder),
                cure="What was destroyed stays closed. Else set SARANA_KEYS to the key folder it was made with.",
            )
        return found

    def seal_folder(self, folder: Path, until: dt.date) -> RunSeal:
        """Give a run folder its key and its seal; where it has them, see that the key opens.

        Raises:
            NotYet: VAULT-003 the organisation's keys cannot be opened; VAULT-013 the key of the folder is not here.
        """
        found = find_seal(folder)
        if found is not None:
            self(found, folder)
            return found
        keys = partial(self.organisation, folder)
        return seal_anew(store_of(self.settings), folder, keys, today=self.today, until=until)

    def forget(self, folder: Path) -> None:
        """Destroy the key of a run folder in which nothing is kept; without a seal there is none."""
        found = find_seal(folder)
        if found is not None:
            store_of(self.settings).destroy_run_key(found.run, now=dt.datetime.now(dt.UTC))


def door_for(settings: Settings, *runs: Path, today: dt.date) -> Door:
    """The door for questions to finished runs: through it sealed files are opened, and spills are sealed."""
    if not any((run / SEAL).is_file() for run in runs):
        return PLAIN
    return SealedDoor(RunKeys(settings, today))


def find_until(keys: RunKeys, run: Path) -> dt.date | None:
    """How long an update of a run is kept: as long from today as that run from its day; None where it lies open."""
    seal = find_seal(run)
    key = store_of(keys.settings).find_run_key(seal.run) if seal else None
    if seal is None or key is None:
        return None if seal is None else seal.until
    return keys.today + (key.until - key.made_on)


def check_unsealed(folder: RunFolder, *, is_unsealed: bool) -> None:
    """A run that was begun one way goes on that way.

    Raises:
        BadSetting: VAULT-020 it was begun unsealed, and this was not said again.
    """
    if not is_unsealed and folder.card() is not None and find_seal(folder.path) is None:
        raise BadSetting(
            "VAULT-020",
            "This run was begun unsealed.",
            where=str(folder.path),
            cure="Go on with --unsealed, or begin anew in another folder.",
        )


def check_may_stay_open(*, is_invented: bool) -> None:
    """Only what is about nobody may lie unsealed.

    Raises:
        Refused: VAULT-014 the people are not said to be invented.
    """
    if not is_invented:
        raise Refused(
            "VAULT-014",
            "Only runs on invented people may stay unsealed.",
            where="--unsealed",
            cure="Leave it out. Where all people are invented, SOURCES.toml says invented = true.",
        )


def make_first_keys(settings: Settings, today: dt.date) -> bool:
    """Make keys under a key file where there are none yet; gives whether it did."""
    store = store_of(settings)
    if store.find_keyset() is not None:
        return False
    with store.changing():
        if store.find_keyset() is not None:
            return False
        organisation = new_organisation()
        file = usual_key_file(settings)
        lock = make_lock("first lock", {KEY_FILE: make_key_file(file)}, organisation)
        store.keep_keyset(make_keys("this organisation", [lock], organisation=organisation, today=today).file)
    return True


def asked_passphrase(lock: str) -> str | None:
    """Ask on the terminal; None where there is none."""
    if not is_terminal():
        return None
    return str(typer.prompt(f"Passphrase of {lock}", hide_input=True, default="", show_default=False, err=True)) or None


def is_terminal() -> bool:
    """Whether a person sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
