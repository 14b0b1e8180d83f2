"""Which way up a camera was held: the one thing that is read of EXIF, by our own few lines."""

import struct

UPRIGHT = 1
TAG = 0x0112
SHORT = 3
MOST_ENTRIES = 1_000


def orientation(exif: bytes) -> int:
    """1 to 8 as EXIF says it; 1 where it says nothing that can be read.

    Source: TIFF 6.0, section 2; EXIF 2.32, 4.6.4.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (n_entries,) = struct.unpack_from(f"{order}H", exif, at)
        for number in range(min(n_entries, MOST_ENTRIES)):
            tag, form, count, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * number)
            if (tag, form, count) == (TAG, SHORT, 1):
                return value if UPRIGHT <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT
