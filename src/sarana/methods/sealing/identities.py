"""Sealed identities: a random key for each person, one derived for each tier, and seals bound to their very row.

Nothing here invents cryptography: AES (256 bits) in GCM with a fresh nonce each, and HKDF (RFC 5869) of `cryptography`.
A keyset of Tink for each person would cost 60 µs and 144 bytes each (decision 0038).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sarana.basics.errors import Refused
from sarana.methods.sealing.fields import LENGTH, STEP
from sarana.methods.sealing.labels import Label, joined

FORMAT = b"sarana identity 1"
KEY_BYTES, NONCE_BYTES = 32, 12


class Tier(StrEnum):
    """What is sealed apart, so that somebody may be let into one and not into the others."""

    NAMES = "names"
    """Names, numbers of documents, day of birth."""

    CONTACT = "contact"
    """Ways to reach a person, and where she is."""

    STORY = "story"
    """What happened, in words, and what a doctor says."""

    IMAGES = "images"
    """Photographs, and all from which a body is known again."""

    MASKED = "masked"
    """Copies of photographs in which faces and marks are hidden for good."""


TIERS = tuple(str(tier) for tier in Tier)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; the seal is bound to all of it."""

    table: str
    ref: str
    agency: str
    what: str
    version: int

    def data(self) -> bytes:
        """The associated data: no two places have the same bytes."""
        whose = (self.table.encode(), self.ref.encode(), self.agency.encode())
        return joined(FORMAT, *whose, self.what.encode(), str(self.version).encode())

    def label(self) -> Label:
        """The same as the label of what is sealed to a public half."""
        return Label("given", self.agency, self.data().hex(), self.version)


def new_person_key() -> bytes:
    """A key for one person, drawn by chance."""
    return os.urandom(KEY_BYTES)


def tier_key(person_key: bytes, tier: Tier, version: int) -> bytes:
    """The key of a version of a tier: from it neither the person's key nor that of another tier or version is found.

    Whoever was let read a version, and is not any more, opens nothing that is sealed after it.
    """
    info = joined(FORMAT, tier.encode(), str(version).encode())
    return HKDFExpand(SHA256(), KEY_BYTES, info).derive(person_key)


def versions_said(versions: Mapping[str, int]) -> str:
    """The versions of all tiers in one spelling, to be bound into the seal of the person's key."""
    return " ".join([f"{tier}:{versions[tier]}" for tier in TIERS if versions.get(tier)])


def seal_bytes(data: bytes, key: bytes | AESGCM, place: Place) -> bytes:
    """Seal bytes in their place."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, data, place.data())


def open_bytes(sealed: bytes, key: bytes | AESGCM, place: Place) -> bytes:
    """What was sealed in this very place.

    Raises:
        Refused: VAULT-001 it was changed, moved, swapped, put back from earlier, or sealed with another key.
    """
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.data())
    except (InvalidTag, ValueError) as err:
        raise not_open(place.what) from err


def seal_padded(data: bytes, key: bytes, place: Place) -> bytes:
    """Seal bytes filled up to steps of 64, so that the length of a name does not tell the name."""
    framed = len(data).to_bytes(LENGTH, "big") + data
    return seal_bytes(framed + bytes(-len(framed) % STEP), key, place)


def open_padded(sealed: bytes, key: bytes, place: Place) -> bytes:
    """What was sealed so.

    Raises:
        Refused: VAULT-001 as `open_bytes`.
    """
    framed = open_bytes(sealed, key, place)
    length = int.from_bytes(framed[:LENGTH], "big")
    if len(framed) % STEP or length > len(framed) - LENGTH:
        raise not_open(place.what)
    return framed[LENGTH : LENGTH + length]


def _cipher(key: bytes | AESGCM) -> AESGCM:
    return AESGCM(key) if isinstance(key, bytes) else key


def not_open(what: str) -> Refused:
    """That what was sealed does not open; of its place only the tier is told, and "key" for the key of a person."""
    part = what.split("\0", maxsplit=1)[0]
    return Refused(
        "VAULT-001",
        "What was sealed does not open: it was changed, put in another's place, put back from earlier, or sealed with "
        "other keys.",
        where=part if part in TIERS else "key",
        cure="Tell the operator and the data-protection officer: somebody wrote into the database, or it is damaged.",
    )
