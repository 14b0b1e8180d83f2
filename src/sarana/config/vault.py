"""The organisation's keys as a command finds them: where they lie, and who may be asked to open them."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from sarana.basics.errors import Refused
from sarana.config.oskeyring import find_secret
from sarana.config.settings import Settings
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.store import KeyStore, check_apart
from sarana.methods.sealing.unlocking import Given, unlock

VAULT, OPEN_FILE = "vault", "open.key"

TRIES = 3


def store_of(settings: Settings) -> KeyStore:
    """The key store.

    Raises:
        Refused: VAULT-005 it lies in the folder of data.
    """
    check_apart(settings.keys, [settings.home])
    return KeyStore(settings.keys / VAULT)


def usual_key_file(settings: Settings) -> Path:
    """Where the key file lies that was made without a word."""
    return settings.keys / VAULT / OPEN_FILE


def given(settings: Settings, *, data: Sequence[Path] = (), shares: Sequence[str] = ()) -> Given:
    """What opens keys here without asking, and who may be asked.

    Raises:
        Refused: VAULT-005 the key file lies in a folder of data.
    """
    usual = usual_key_file(settings)
    file = settings.keyfile or (usual if usual.is_file() else None)
    if file is not None:
        check_apart(file, [settings.home, *data])
    return Given(key_file=file, passphrase=asked_passphrase, keyring=find_secret, shares=shares)


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


def asked_passphrase(lock: str) -> str | None:
    """Ask on the terminal; None where there is none."""
    if not is_terminal():
        return None
    return str(typer.prompt(f"Passphrase of {lock}", hide_input=True, default="", show_default=False, err=True)) or None


def is_terminal() -> bool:
    """Whether a person sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
