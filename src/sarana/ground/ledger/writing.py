"""What the program adds to an entry so that a row written by anybody else is known: a signature, a sealed list.

The writer's key lies in the key folder, outside the database: whoever can only write to the database cannot make a row
that this program would have made.
"""

import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from sarana.basics.errors import NotYet
from sarana.ground.ledger.models import Entry

WRITER_KEY = "ledger-writer.key"
KEY_BYTES = 32
NONCE_BYTES = 12

COLUMNS = (
    "id",
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
    "things_sealed",
    "writer_mac",
)
"""A row in the order in which it is signed and sealed. The signature leaves out the first and the last."""

type Row = tuple[int | str | None, ...]
"""An entry as plain values in the order of COLUMNS: references and bytes as hex, the time as UTC text."""


def canonical(values: Sequence[int | str | None]) -> bytes:
    """Plain values as bytes: a JSON array without blanks, so that no two rows share their bytes."""
    return msgspec.json.encode(values)


def row_of(entry: Entry) -> Row:
    """An entry that was just made, or read back, as the row that stands in the database."""
    return tuple(_plain(getattr(entry, name)) for name in COLUMNS)


def _plain(value: object) -> int | str | None:
    """A value as it stands in a row."""
    match value:
        case UUID():
            return value.hex
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case bytes() | memoryview():
            return bytes(value).hex()
        case int() | None:
            return value
        case _:
            return str(value)


def sign_row(row: Row) -> bytes:
    """The writer's signature under a row."""
    return hmac.digest(_derived("sign"), canonical(row[1:-1]), hashlib.sha256)


def is_ours_row(row: Row) -> bool:
    """True where a row is as this program wrote it."""
    return hmac.compare_digest(sign_row(row).hex().encode(), str(row[-1]).encode(errors="replace"))


def sign(entry: Entry) -> bytes:
    """The writer's signature under an entry."""
    return sign_row(row_of(entry))


def is_ours(entry: Entry) -> bool:
    """True where an entry is as this program wrote it."""
    return is_ours_row(row_of(entry))


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
            "The key with which acts are written down (ledger-writer.key) is missing or cut short.",
            cure="Nothing can be done without it: bring back the key folder, or run `sarana setup` on a new system.",
        )
    return key
