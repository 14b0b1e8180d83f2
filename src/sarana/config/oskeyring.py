"""The key ring of the operating system (Keychain, Credential Manager, Secret Service): keeps a secret for a lock."""

import base64

import keyring
from keyring.errors import KeyringError

from sarana.basics.errors import NotYet

SERVICE = "sarana"


def find_secret(lock_id: str) -> bytes | None:
    """The secret that the key ring keeps for a lock; None where it keeps none, is locked or is not there."""
    try:
        found = keyring.get_password(SERVICE, lock_id)
        return base64.b64decode(found, validate=True) if found else None
    except (KeyringError, ValueError, OSError, RuntimeError):
        return None


def keep_secret(lock_id: str, secret: bytes) -> None:
    """Give a secret to the key ring.

    Raises:
        NotYet: VAULT-010 this machine has no key ring, or it is locked.
    """
    try:
        keyring.set_password(SERVICE, lock_id, base64.b64encode(secret).decode())
    except (KeyringError, OSError, RuntimeError) as err:
        raise _absent() from err
    if find_secret(lock_id) != secret:
        raise _absent()


def _absent() -> NotYet:
    return NotYet(
        "VAULT-010",
        "The system's key ring is locked, or there is none.",
        cure="Unlock it by signing in to the desktop, or make a lock with a passphrase or a key file.",
    )
