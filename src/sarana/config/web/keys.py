"""The key folder: what `sarana setup` puts there once, and never again."""

import os
import secrets
from pathlib import Path

from sarana.basics.errors import NotYet
from sarana.ground.ledger.keys import FIRST_KEY, make_seal_keys

SIGNING = "secret.key"
WRITER = "ledger-writer.key"
VERIFYING = FIRST_KEY


def make_keys(keys: Path, home: Path) -> list[str]:
    """Make the folders and the keys that are missing; gives the names of those that were made.

    Raises:
        NotYet: WEB-001 the key folder lies inside the data folder, or the other way round.
    """
    if lie_together(keys, home):
        raise NotYet(
            "WEB-001",
            "The folder of keys and the folder of data lie in one another.",
            cure="Set SARANA_KEYS to a folder elsewhere: who takes the data must not take the keys with it.",
        )
    for folder in (home, keys):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {SIGNING: secrets.token_urlsafe(50).encode(), WRITER: secrets.token_bytes(32)}
    return [*(name for name, content in made.items() if _write_new(keys / name, content)), *make_seal_keys(keys)]


def lie_together(keys: Path, home: Path) -> bool:
    """True where one of the two folders lies in the other, or both are one."""
    return keys.resolve().is_relative_to(home.resolve()) or home.resolve().is_relative_to(keys.resolve())


def _write_new(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet, readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return True
