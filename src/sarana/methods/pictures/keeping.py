"""A stripped photograph as the bytes that are sealed and kept: its pixels at full size, and how to read them."""

import msgspec

from sarana.methods.pictures.bare import Bare, damaged
from sarana.methods.pictures.reading import Picture, picture_of


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of a photograph; `sha256` is that of the file as it came, with all that was taken out of it."""

    kind: str
    width: int
    height: int
    orientation: int
    profile: bytes
    sha256: str
    data: bytes


def packed(bare: Bare, sha256: str) -> bytes:
    """A stripped photograph as bytes, to be sealed."""
    kept = Kept(bare.kind, bare.width, bare.height, bare.orientation, bare.profile, sha256, bare.data)
    return msgspec.msgpack.encode(kept)


def unpacked(content: bytes) -> Picture:
    """The picture in such bytes.

    Raises:
        BadFile: PICTURES-007 they are none. NoRoom: PICTURES-011 too little memory at this moment.
    """
    try:
        kept = msgspec.msgpack.decode(content, type=Kept)
    except msgspec.MsgspecError as err:
        raise damaged() from err
    bare = Bare(kept.kind, kept.width, kept.height, kept.data, kept.orientation, kept.profile)
    return picture_of(bare, kept.sha256)
