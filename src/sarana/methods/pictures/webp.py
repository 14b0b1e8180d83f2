"""WebP files: which chunks stay, and what is read of the others."""

from collections.abc import Iterator

from sarana.methods.pictures.bare import MOST_PARTS, MOST_PROFILE_BYTES, Bare, check_size, damaged, moving, strange
from sarana.methods.pictures.orientation import UPRIGHT, orientation

MOVING = frozenset({b"ANIM", b"ANMF"})
READ = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"EXIF", b"ICCP"})
MOST_PIXELS = 16_000_000
"""Fewer than of the others: its decoder holds every pixel three times."""
HAS_ALPHA = b"\x10\0\0\0"


def is_webp(data: bytes) -> bool:
    """Whether the first bytes are those of a WebP file."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def bare_webp(data: bytes) -> Bare:
    """The picture alone: no EXIF, no XMP, nothing after its end.

    Raises:
        BadFile: PICTURES-005 too many pixels; PICTURES-006 it moves; PICTURES-007 damaged or cut; PICTURES-008 a
            million chunks.

    Source: RFC 9649, section 2; RFC 6386, section 9.1.
    """
    met: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        if kind in MOVING:
            raise moving()
        met.setdefault(kind, body)
    is_lossy = b"VP8 " in met
    kind = b"VP8 " if is_lossy else b"VP8L"
    if kind not in met:
        raise damaged()
    width, height = _lossy_size(met[kind]) if is_lossy else _lossless_size(met[kind])
    check_size(width, height, MOST_PIXELS)
    chunks = _chunk(kind, met[kind])
    if is_lossy and b"ALPH" in met:
        canvas = HAS_ALPHA + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = _chunk(b"VP8X", canvas) + _chunk(b"ALPH", met[b"ALPH"]) + chunks
    profile = met.get(b"ICCP", b"")
    return Bare(
        "WEBP",
        width,
        height,
        b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks,
        orientation(met[b"EXIF"]) if b"EXIF" in met else UPRIGHT,
        profile if len(profile) <= MOST_PROFILE_BYTES else b"",
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk that is read, up to the length that the file gives itself."""
    whole = 8 + int.from_bytes(data[4:8], "little")
    if whole > len(data):
        raise damaged()
    at = 12
    for _ in range(MOST_PARTS):
        if at + 8 > whole:
            return
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length
        if end > whole:
            raise damaged()
        if kind in READ or kind in MOVING:
            yield kind, data[at + 8 : end]
        at = end + length % 2
    raise strange()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _lossy_size(body: bytes) -> tuple[int, int]:
    if len(body) < 10 or body[0] & 1 or body[3:6] != b"\x9d\x01\x2a":
        raise damaged()
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _lossless_size(body: bytes) -> tuple[int, int]:
    if len(body) < 5 or body[0] != 0x2F:
        raise damaged()
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
