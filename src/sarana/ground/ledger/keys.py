"""The key that seals the ledger: used once for each seal and then destroyed, and the first of them, kept elsewhere.

Key `n + 1` is a hash of key `n`, so whoever steals the key of today cannot seal anything of yesterday anew; whoever
holds the first key can reckon all the others and so prove every seal. This file knows nothing of Django: `sarana setup`
makes the keys before anything is started.
"""

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile, NotYet

SEAL_KEY = "ledger-seal.key"
FIRST_KEY = "ledger-verify.key"
LOCK = "ledger-seal.lock"
PART = ".part"
KEY_BYTES = 32
FARTHEST = 50_000_000
"""More steps than any ledger takes in ten years; a number beyond it is a forged one, not a long way to reckon."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """The key for one seal, and the number of the seal for which it is."""

    number: int
    key: bytes

    def at(self, number: int) -> "SealKey":
        """The key of this or a later seal; the way back does not exist.

        Raises:
            ValueError: the number lies before this key, or out of all reach.
        """
        if not self.number <= number <= self.number + FARTHEST:
            raise ValueError(number)
        key = self.key
        for _step in range(number - self.number):
            key = hashlib.sha256(b"sarana ledger next\0" + key).digest()
        return SealKey(number, key)

    def mac(self, seal_hash: bytes) -> bytes:
        """What only the holder of this key, or of an earlier one, can put under a seal."""
        return hmac.digest(hashlib.sha256(b"sarana ledger seal\0" + self.key).digest(), seal_hash, hashlib.sha256)


def make_seal_keys(folder: Path) -> list[str]:
    """Make the first key twice: the one that will change with each seal, and the copy that proves, to be taken away.

    Where only the copy that proves is there (the making was cut short, or the other was lost), the other is made from
    it. Where the sealing key is there nothing is made: a second first key would prove nothing of what is sealed.
    """
    if (folder / SEAL_KEY).exists():
        return []
    if (folder / FIRST_KEY).exists():
        write_seal_key(folder, read_first_key(folder / FIRST_KEY))
        return [SEAL_KEY]
    first = SealKey(1, secrets.token_bytes(KEY_BYTES))
    write_first_key(folder, first)
    write_seal_key(folder, first)
    return [SEAL_KEY, FIRST_KEY]


def read_seal_key(folder: Path) -> SealKey:
    """The key for the next seal.

    Raises:
        NotYet: LEDGER-004 it is missing or not whole.
    """
    try:
        kept = msgspec.json.decode((folder / SEAL_KEY).read_bytes())
        found = SealKey(int(kept["number"]), bytes.fromhex(kept["key"]))
        whole = len(found.key) == KEY_BYTES and found.number >= 1 and kept["check"] == _check(found)
    except (OSError, ValueError, KeyError, TypeError, msgspec.DecodeError):
        whole = False
    if not whole:
        raise NotYet(
            "LEDGER-004",
            "The key that seals the ledger (ledger-seal.key) is missing or not whole.",
            cure="Bring back the key folder from its own backup; until then acts are written down but not sealed.",
        )
    return found


def write_seal_key(folder: Path, key: SealKey) -> None:
    """Put a key in the place of the one before it, whole or not at all, and overwrite the one before.

    The overwriting is a courtesy (a disk may keep old blocks); what counts is that no file holds the old key.
    """
    target = folder / SEAL_KEY
    content = msgspec.json.encode({"number": key.number, "key": key.key.hex(), "check": _check(key)})
    old = os.open(target, os.O_WRONLY) if target.exists() else None
    try:
        _write_whole(target, content)
        if old is not None:
            os.write(old, bytes(len(content)))
            os.fsync(old)
    finally:
        if old is not None:
            os.close(old)


def write_first_key(folder: Path, first: SealKey) -> Path:
    """Write the key that proves, in words for the officer who takes it away."""
    path = folder / FIRST_KEY
    words = (
        "# This key proves the ledger of one Sarana: `sarana ledger verify --key FILE` reads it.\n"
        "# The data-protection officer takes this file away, to a stick or on paper, and deletes it here:\n"
        "# while it lies beside the data, whoever takes over the machine can seal a false past.\n"
        f'from = {first.number}\nkey = "{first.key.hex()}"\ncheck = "{_check(first)}"\n'
    )
    _write_whole(path, words.encode())
    return path


def read_first_key(path: Path) -> SealKey:
    """The key that proves, from wherever the officer keeps it.

    Raises:
        BadFile: LEDGER-005 it cannot be read or was copied wrongly.
    """
    try:
        kept = tomllib.loads(path.read_text("utf-8"))
        first = SealKey(int(kept["from"]), bytes.fromhex(kept["key"]))
        whole = len(first.key) == KEY_BYTES and kept["check"] == _check(first)
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise BadFile(
            "LEDGER-005",
            "The verification key cannot be read, or was copied wrongly.",
            where=str(path),
            cure="It has three lines: from, key (64 signs) and check (8 signs), as `sarana setup` wrote them.",
        )
    return first


def first_key_lies_here(folder: Path) -> bool:
    """True while the key that proves still lies beside the data."""
    return (folder / FIRST_KEY).exists()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold the one lock of the sealing key; gives False where another process holds it. A dead holder lets go."""
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def _check(key: SealKey) -> str:
    """Eight signs by which a slip of the pen is seen; they tell nothing of the key."""
    return hashlib.sha256(f"sarana ledger check {key.number} ".encode() + key.key).hexdigest()[:8]


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside, bring to the disk, and put in place in one move."""
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
