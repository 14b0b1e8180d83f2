"""New locks as commands make them: by which ways, with the secrets asked, made and put where they belong."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sarana.basics.errors import BadSetting, NotYet
from sarana.config import oskeyring, vault
from sarana.config.settings import Settings
from sarana.methods.sealing.locks import (
    KEY_FILE,
    KEY_SERVER,
    KEYRING,
    PASSPHRASE,
    Lock,
    check_passphrase,
    make_key_file,
    make_lock,
    server_place,
    with_served,
)
from sarana.methods.sealing.organisation import new_secret
from sarana.methods.sealing.shares import new_passphrase
from sarana.methods.sealing.store import check_apart

WithPassphrase = Annotated[bool, typer.Option("--passphrase", help="The lock needs a passphrase, asked for now.")]
WithKeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The lock needs a key file, written now to this place.")
]
WithKeyring = Annotated[bool, typer.Option("--keyring", help="The lock needs the key ring of this user's desktop.")]
WithServer = Annotated[
    bool, typer.Option("--key-server", help="The lock needs the key server that SARANA_KEYSERVER names.")
]


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways a new lock opens; several together make one that needs them all."""

    passphrase: bool = False
    key_file: Path | None = None
    keyring: bool = False
    key_server: bool = False

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self.passphrase or self.key_file or self.keyring or self.key_server)

    def check(self) -> None:
        """Make sure that there is one.

        Raises:
            BadSetting: VAULT-019 there is none.
        """
        if not self:
            raise BadSetting(
                "VAULT-019",
                "A lock needs something.",
                cure="Give --passphrase, --key-file, --keyring or --key-server.",
            )


def new_lock(settings: Settings, name: str, organisation: str, ways: Ways) -> Lock:
    """A lock of the ways asked for, its secrets asked, made and put where they belong.

    The key server is tried first: where it says no, nothing is made that would be in the way of the next try.

    Raises:
        BadFile: VAULT-006 there is a key file already. Refused: VAULT-005 it would lie among the data.
        NotYet: VAULT-003 nobody can choose a passphrase; VAULT-010 there is no key ring.
        And what the key server says, VAULT-083 to VAULT-093.
    """
    server = vault.get_server(settings) if ways.key_server else None
    if server:
        server.try_it()
    secrets: dict[str, bytes] = {}
    if ways.passphrase:
        secrets[PASSPHRASE] = new_passphrase_asked(name)
    if ways.key_file:
        check_apart(ways.key_file, [settings.home])
        secrets[KEY_FILE] = make_key_file(ways.key_file)
    if ways.keyring:
        secrets[KEYRING] = new_secret()
    if server:
        secrets[KEY_SERVER] = new_secret()
    lock = make_lock(name, secrets, organisation)
    if ways.keyring:
        oskeyring.keep_secret(lock.id, secrets[KEYRING])
    if server:
        return with_served(lock, server.seal(secrets[KEY_SERVER], server_place(organisation, lock.id)))
    return lock


def new_passphrase_asked(lock: str) -> bytes:
    """A passphrase typed twice, or one that is made and shown once."""
    if not vault.is_terminal():
        raise NotYet(
            "VAULT-003", "A passphrase can only be chosen on a terminal.", where=lock, cure="Take --key-file instead."
        )
    phrase = str(
        typer.prompt(
            "New passphrase (empty: make one for me)", hide_input=True, default="", show_default=False, err=True
        )
    )
    if phrase:
        chosen = check_passphrase(phrase)
        typer.prompt("Again", hide_input=True, value_proc=lambda again: _same(again, phrase), err=True)
        return chosen
    made = new_passphrase()
    typer.echo(f"The passphrase, shown this once: {made}", err=True)
    return check_passphrase(made)


def _same(again: str, phrase: str) -> str:
    if again != phrase:
        raise typer.BadParameter("this is not what was typed before")
    return again
