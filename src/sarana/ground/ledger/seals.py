"""What a seal is made of: its members as bytes, its hash, and the words in which it is taken off the machine."""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import msgspec

from sarana.ground.ledger.rows import SealRow
from sarana.ground.ledger.writing import Row, canonical

MEMBER = struct.Struct(">qB32s")
NO_HASH = bytes(32)
"""What stands in the first seal for the hash of the one before."""


class Mark(IntEnum):
    """What the sealer saw when it sealed an entry."""

    OURS = 0
    """Written by this program."""

    NOT_OURS = 1
    """In the table, but not signed by this program, or changed since."""

    GONE = 2
    """It had been written down and was taken away before it could be sealed."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry in a seal."""

    entry_id: int
    mark: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal in few words: kept elsewhere, they tell later whether the ledger was cut or rewritten."""

    number: int
    hash: str
    sealed_at: str
    n_entries: int


def digest(row: Row) -> bytes:
    """The SHA-256 of a whole row, its id and its signature with it."""
    return hashlib.sha256(canonical(row)).digest()


def packed(members: Iterable[Member]) -> bytes:
    """Members as the bytes that a seal keeps."""
    return b"".join(MEMBER.pack(each.entry_id, each.mark, each.digest) for each in members)


def unpacked(members: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Id, mark and digest of every member; what is left over at the end is left out, and the hash tells of it."""
    whole = len(members) - len(members) % MEMBER.size
    return MEMBER.iter_unpack(members[:whole])


def hash_of(seal: SealRow) -> bytes:
    """The hash that a seal must have: of its own fields and of the hash before it. Anybody can reckon it."""
    fields = (
        seal.number,
        seal.sealed_at,
        seal.n_entries,
        seal.n_before,
        hashlib.sha256(seal.members).hexdigest(),
        seal.previous_hash.hex(),
    )
    return hashlib.sha256(msgspec.json.encode(fields)).digest()


def head_of(seal: SealRow | None) -> Head | None:
    """The head of a chain that ends with this seal."""
    if seal is None:
        return None
    return Head(seal.number, seal.hash.hex(), f"{seal.sealed_at}Z", seal.n_before + seal.n_entries)
