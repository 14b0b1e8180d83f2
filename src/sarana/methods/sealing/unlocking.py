"""Opens an organisation's keys with whatever is brought: key file, key ring, key server, shares, last a passphrase."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import NotYet, Refused, SaranaError
from sarana.methods.sealing.locks import (
    KEY_FILE,
    KEY_SERVER,
    KEYRING,
    PASSPHRASE,
    SHARES,
    Lock,
    open_lock,
    phrase_bytes,
    read_key_file,
    server_place,
)
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys, open_keys
from sarana.methods.sealing.shares import join_shares


def nobody(_lock: str) -> str | None:
    """Nobody can be asked for a passphrase."""
    return None


def no_ring(_lock_id: str) -> bytes | None:
    """There is no key ring."""
    return None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody brings to open keys.

    Args:
        key_file: where a key file should be, or None.
        passphrase: asks for the passphrase of a lock, by the lock's name; only when nothing else opens.
        keyring: gives the secret that the system's key ring keeps for a lock, by its id.
        shares: recovery shares, if any.
        key_server: opens what a key server sealed in a place; None where no server is named.
    """

    key_file: Path | None = None
    passphrase: Callable[[str], str | None] = nobody
    keyring: Callable[[str], bytes | None] = no_ring
    shares: Sequence[str] = ()
    key_server: Callable[[str, bytes], bytes] | None = None


def unlock(file: KeysetFile, given: Given, where: str = "") -> OrganisationKeys:
    """Open keys by the first lock that opens; a passphrase is asked for last.

    Raises:
        NotYet: VAULT-003 no lock opens with what was given.
        Refused: VAULT-004 what was given is wrong.
        BadFile: VAULT-006 the key file is missing; VAULT-007 the keyset was changed.
        BadSetting: VAULT-009 the shares do not fit.
        And what a key server raises, where one is asked.
    """
    told: list[SaranaError] = []
    for lock in sorted(file.locks, key=_asks_last):
        try:
            secrets = _secrets(lock, given, file.organisation)
            if secrets is not None:
                return open_keys(file, open_lock(lock, secrets, file.organisation), where)
        except SaranaError as err:
            if err.code == "VAULT-007":
                raise
            told.append(err)
    wrong = [err for err in told if isinstance(err, Refused)]
    if told:
        raise (wrong or told)[0]
    ways = "; ".join(f"{lock.name} ({' and '.join(lock.needs)})" for lock in file.locks)
    raise NotYet(
        "VAULT-003",
        f"Nothing was given that opens the keys. They open with: {ways}.",
        where=where,
        cure="Set SARANA_KEYFILE, or call from a terminal, which can ask for the passphrase.",
    )


def _asks_last(lock: Lock) -> tuple[bool, bool]:
    """What lies here is tried first, then a server, then a person."""
    return PASSPHRASE in lock.needs, KEY_SERVER in lock.needs


def _secrets(lock: Lock, given: Given, organisation: str) -> dict[str, bytes] | None:
    """The secrets that a lock needs, or None where one of them is not given."""
    found: dict[str, bytes] = {}
    for way in sorted(lock.needs, key=lambda way: (way == PASSPHRASE, way == KEY_SERVER)):
        secret = _SECRETS[way](lock, given, organisation)
        if secret is None:
            return None
        found[way] = secret
    return found


def _from_file(_lock: Lock, given: Given, _organisation: str) -> bytes | None:
    return read_key_file(given.key_file) if given.key_file else None


def _from_ring(lock: Lock, given: Given, _organisation: str) -> bytes | None:
    return given.keyring(lock.id)


def _from_shares(_lock: Lock, given: Given, _organisation: str) -> bytes | None:
    return join_shares(given.shares) if given.shares else None


def _from_server(lock: Lock, given: Given, organisation: str) -> bytes | None:
    if given.key_server is None or not lock.served:
        return None
    return given.key_server(lock.served, server_place(organisation, lock.id))


def _from_person(lock: Lock, given: Given, _organisation: str) -> bytes | None:
    phrase = given.passphrase(lock.name)
    return phrase_bytes(phrase) if phrase else None


_SECRETS: dict[str, Callable[[Lock, Given, str], bytes | None]] = {
    KEY_FILE: _from_file,
    KEYRING: _from_ring,
    SHARES: _from_shares,
    KEY_SERVER: _from_server,
    PASSPHRASE: _from_person,
}
