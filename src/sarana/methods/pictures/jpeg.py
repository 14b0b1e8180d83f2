"""JPEG files: which segments stay, what is read of the others, and where the picture ends."""

import dataclasses
import re
from collections.abc import Iterator

from sarana.methods.pictures.bare import MOST_PARTS, MOST_PROFILE_BYTES, Bare, check_size, damaged, strange
from sarana.methods.pictures.orientation import UPRIGHT, orientation

START = b"\xff\xd8"
END = b"\xff\xd9"
SCAN, APP0, APP1, APP2, APP14 = 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
TABLES = frozenset({0xC4, 0xDB, 0xDD})
FRAMES = frozenset({0xC0, 0xC1, 0xC2})
OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDC, 0xDE, 0xDF})
"""Lossless, hierarchical and arithmetic pictures, and heights that come later: no camera makes them."""
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""The head of a JPEG without resolution and thumbnail: it says that three colours are YCbCr."""
PROFILE = b"ICC_PROFILE\0"
MOST_SCANS = 64
MOST_SCANNED_PIXELS = 480_000_000
"""Scans times pixels: a progressive picture has about ten scans, and each asks all pixels again."""
MARKER = re.compile(rb"\xff++([^\x00\xff])", re.DOTALL)
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""Neither goes back over what it read: a file may hold twenty million bytes of FF."""


@dataclasses.dataclass(slots=True)
class _Read:
    """What was met on the way through a file."""

    kept: list[bytes]
    size: tuple[int, int] | None = None
    n_scans: int = 0
    orientation: int = 0
    profile: dict[int, bytes] = dataclasses.field(default_factory=dict)


def bare_jpeg(data: bytes) -> Bare:
    """The picture alone: no EXIF, no notes, no thumbnail, no second picture, nothing after its end.

    Raises:
        BadFile: PICTURES-005 too many pixels; PICTURES-007 damaged or cut; PICTURES-008 built strangely.

    Source: ITU-T T.81, annex B; JFIF 1.02.
    """
    read = _Read([START])
    for marker, body, scanned in _segments(data):
        _take(read, marker, body, scanned)
    if read.size is None or not read.n_scans:
        raise damaged()
    width, height = read.size
    if read.n_scans > MOST_SCANS or read.n_scans * width * height > MOST_SCANNED_PIXELS:
        raise strange()
    return Bare("JPEG", width, height, b"".join([*read.kept, END]), read.orientation or UPRIGHT, _joined(read.profile))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, body and scanned pixels of each segment up to the end of the picture; what follows is nobody's."""
    at = len(START)
    for _ in range(MOST_PARTS):
        found = MARKER.match(data, at)
        if found is None:
            raise damaged()
        marker, at = found.group(1)[0], found.end()
        if marker == END[1]:
            return
        if marker in ALONE:
            continue
        end = at + int.from_bytes(data[at : at + 2])
        if end < at + 2 or end > len(data):
            raise damaged()
        body, at = data[at + 2 : end], end
        scanned = b""
        if marker == SCAN:
            after = AFTER_SCAN.search(data, at)
            if after is None:
                raise damaged()
            scanned, at = data[at : after.start()], after.start()
        yield marker, body, scanned
    raise strange()


def _take(read: _Read, marker: int, body: bytes, scanned: bytes) -> None:
    if marker in OTHER_FRAMES:
        raise strange()
    if marker in FRAMES:
        _take_frame(read, body)
    elif marker == SCAN:
        read.n_scans += 1
    elif marker == APP0 and body.startswith(b"JFIF\0"):
        read.kept.append(JFIF)
        return
    elif marker in {APP1, APP2}:
        _note(read, marker, body)
        return
    elif marker not in TABLES and not (marker == APP14 and body.startswith(b"Adobe")):
        return
    body = body[:12] if marker == APP14 else body
    read.kept += [bytes((0xFF, marker)), (len(body) + 2).to_bytes(2), body, scanned]


def _take_frame(read: _Read, body: bytes) -> None:
    if read.size is not None or len(body) < 6 or body[0] != 8 or body[5] not in {1, 3, 4}:
        raise strange()
    read.size = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
    check_size(*read.size)


def _note(read: _Read, marker: int, body: bytes) -> None:
    if marker == APP1 and body.startswith(b"Exif\0\0") and not read.orientation:
        read.orientation = orientation(body)
    if marker == APP2 and body.startswith(PROFILE) and len(body) > len(PROFILE) + 2:
        read.profile.setdefault(body[len(PROFILE)], body[len(PROFILE) + 2 :])


def _joined(parts: dict[int, bytes]) -> bytes:
    """The colour profile, if all its parts came and it is none of absurd length."""
    if sorted(parts) != list(range(1, len(parts) + 1)) or sum(map(len, parts.values())) > MOST_PROFILE_BYTES:
        return b""
    return b"".join(parts[number] for number in sorted(parts))
