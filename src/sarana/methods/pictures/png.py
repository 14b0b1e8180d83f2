"""PNG files: which chunks stay, and what is read of the others."""

import zlib
from collections.abc import Iterator

from sarana.methods.pictures.bare import MOST_PARTS, MOST_PROFILE_BYTES, Bare, check_size, damaged, moving, strange
from sarana.methods.pictures.orientation import UPRIGHT, orientation

START = b"\x89PNG\r\n\x1a\n"
MOVING = frozenset({b"acTL", b"fcTL", b"fdAT"})
BESIDE = frozenset({b"eXIf", b"iCCP"})
"""Without these there still is a picture."""
READ = BESIDE | {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def bare_png(data: bytes) -> Bare:
    """The picture alone: no words, no times, no places, nothing after its end.

    Raises:
        BadFile: PICTURES-005 too many pixels; PICTURES-006 it moves; PICTURES-007 damaged or cut; PICTURES-008 a
            million chunks.

    Source: W3C, Portable Network Graphics (third edition), sections 5 and 11.
    """
    met: dict[bytes, list[bytes]] = {}
    for kind, body in _chunks(data):
        if kind in MOVING:
            raise moving()
        if not met and kind == b"IHDR" and len(body) == 13:
            check_size(int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        elif not met:
            raise damaged()
        met.setdefault(kind, []).append(body)
    if b"IDAT" not in met:
        raise damaged()
    head = met[b"IHDR"][0]
    parts = [(kind, met[kind][0]) for kind in (b"PLTE", b"tRNS") if kind in met]
    made = [(b"IHDR", head), *parts, (b"IDAT", b"".join(met[b"IDAT"])), (b"IEND", b"")]
    return Bare(
        "PNG",
        int.from_bytes(head[:4]),
        int.from_bytes(head[4:8]),
        START + b"".join(_chunk(kind, body) for kind, body in made),
        orientation(met[b"eXIf"][0]) if b"eXIf" in met else UPRIGHT,
        _profile(met[b"iCCP"][0]) if b"iCCP" in met else b"",
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk that is read, up to the end of the picture; what follows is nobody's."""
    at = len(START)
    for _ in range(MOST_PARTS):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if end + 4 > len(data):
            raise damaged()
        kind = data[at + 4 : at + 8]
        if kind in READ or kind in MOVING:
            is_whole = zlib.crc32(memoryview(data)[at + 4 : end]) == int.from_bytes(data[end : end + 4])
            if is_whole:
                yield kind, data[at + 8 : end]
            elif kind not in BESIDE:
                raise damaged()
        if kind == b"IEND":
            return
        at = end + 4
    raise strange()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def _profile(body: bytes) -> bytes:
    """The colour profile, if it opens and is none of absurd length; a bomb is opened no further than that."""
    _, _, packed = body.partition(b"\0")
    opening = zlib.decompressobj()
    try:
        profile = opening.decompress(packed[1:], MOST_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if opening.eof else b""
