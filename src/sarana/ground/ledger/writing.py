"""What the program adds to an entry so that a row written by anybody else is known: a signature, a sealed list.

The writer's key lies in the key folder, outside the database: whoever can only write to the database cannot make a row
that this program would have made.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from sarana.basics.errors import NotYet
from sarana.ground.ledger.models import Entry

WRITER_KEY = "ledger-writer.key"
KEY_BYTES = 32
NONCE_BYTES = 12

SIGNED = (
    "ref",
    "at",
    "actor_ref",
    "roles",
    "agency_ref",
    "action",
    "thing_kind",
    "thing_ref",
    "owner_agency_ref",
    "purpose",
    "result",
    "code",
    "n_things",
    "request_ref",
)
"""The fields under the signature, in this order; the sealed list follows them."""


def canonical(entry: Entry) -> bytes:
    """An entry as bytes: every field by its length and its text, so that no two entries share their bytes."""
    parts = [_text(getattr(entry, name)).encode() for name in SIGNED]
    parts.append(bytes(entry.things_sealed or b""))
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _text(value: object) -> str:
    """A value as the text that stands for it whether it was just made or read back."""
    if value is None:
        return "-"
    stamp = getattr(value, "timestamp", None)
    return f"{round(stamp() * 1_000_000)}" if stamp else str(value)


def sign(entry: Entry) -> bytes:
    """The writer's signature under an entry."""
    return hmac.digest(_derived("sign"), canonical(entry), hashlib.sha256)


def is_ours(entry: Entry) -> bool:
    """True where an entry is as this program wrote it."""
    return hmac.compare_digest(sign(entry), bytes(entry.writer_mac))


def seal_list(ref: UUID, things: Sequence[UUID]) -> bytes:
    """References of many things, sealed to the entry in which they stand."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_derived("list")).encrypt(nonce, b"".join(thing.bytes for thing in things), ref.bytes)


def open_list(entry: Entry) -> list[UUID]:
    """The references of an entry's sealed list."""
    sealed = bytes(entry.things_sealed or b"")
    if not sealed:
        return []
    opened = AESGCM(_derived("list")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], entry.ref.bytes)
    return [UUID(bytes=opened[at : at + 16]) for at in range(0, len(opened), 16)]


def _derived(purpose: str) -> bytes:
    return hmac.digest(_writer_key(Path(settings.SARANA_KEYS)), purpose.encode(), hashlib.sha256)


@cache
def _writer_key(folder: Path) -> bytes:
    """The key in the key folder.

    Raises:
        NotYet: LEDGER-001 it is missing or cut short; nothing is written without it.
    """
    path = folder / WRITER_KEY
    try:
        key = path.read_bytes()
    except OSError:
        key = b""
    if len(key) != KEY_BYTES:
        raise NotYet(
            "LEDGER-001",
            f"The key with which acts are written down ({WRITER_KEY}) is missing or cut short.",
            cure="Nothing can be done without it: bring back the key folder, or run `sarana setup` on a new system.",
        )
    return key
