"""Photographs of nobody: drawn, with all that cameras and senders put beside the pixels, byte by byte."""

import io
import random
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageDraw, ImageFilter

MARKS = (b"SECRET-PLACE", b"SECRET-MAKER", b"SECRET-THUMB", b"SECRET-WORDS", b"<script>", b"SECRET-ZIP")
"""Words that stand beside the pixels; none may be in a copy."""


def drawn(width: int = 400, height: int = 300, seed: int = 1) -> Image.Image:
    """Soft colours, some shapes and noise: nearer to a photograph than a plain area."""
    draws = random.Random(seed)
    image = Image.frombytes("RGB", (40, 30), draws.randbytes(3_600)).resize((width, height))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = draws.randrange(width), draws.randrange(height)
        draw.ellipse((x, y, x + width // 6, y + height // 5), tuple(draws.randbytes(3)))
    noise = np.random.default_rng(seed).integers(0, 20, (height, width, 1), dtype=np.uint8)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1)))
    return Image.fromarray((soft * 0.9).astype(np.uint8) + noise)


def packed(image: Image.Image, kind: str = "JPEG", **said: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **said)
    return out.getvalue()


def exif(turned: int = 1) -> bytes:
    """EXIF by hand: orientation, maker notes, a place by GPS, a thumbnail of its own."""
    thumbnail = packed(drawn(64, 48)) + b"SECRET-THUMB"
    maker = b"SECRET-MAKER serial 4711"
    place = b"SECRET-PLACE\0"
    at_sub, at_gps, at_first = 60, 200, 400
    data = bytearray(420 + len(thumbnail))
    struct.pack_into("<4sI", data, 0, b"II*\0", 8)
    struct.pack_into("<H", data, 8, 3)
    for number, entry in enumerate(((0x112, 3, 1, turned), (0x8769, 4, 1, at_sub), (0x8825, 4, 1, at_gps))):
        struct.pack_into("<HHII", data, 10 + 12 * number, *entry)
    struct.pack_into("<I", data, 46, at_first)
    struct.pack_into("<HHHII", data, at_sub, 1, 0x927C, 7, len(maker), 100)
    data[100 : 100 + len(maker)] = maker
    struct.pack_into("<HHHII", data, at_gps, 3, 1, 2, 2, ord("N"))
    struct.pack_into("<HHII", data, at_gps + 14, 2, 5, 3, 260)
    struct.pack_into("<6I", data, 260, 18, 1, 47, 1, 23, 1)
    struct.pack_into("<HHII", data, at_gps + 26, 0x1B, 7, len(place), 300)
    data[300 : 300 + len(place)] = place
    struct.pack_into("<HHHII", data, at_first, 2, 0x201, 4, 1, 420)
    struct.pack_into("<HHII", data, at_first + 14, 0x202, 4, 1, len(thumbnail))
    data[420:] = thumbnail
    return b"Exif\0\0" + bytes(data)


def a_zip() -> bytes:
    """An archive, as it is hung behind a picture."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("SECRET-ZIP", "<script>alert(1)</script>")
    return out.getvalue()


def profile() -> bytes:
    """A colour profile that is a real one, with words in it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def summed_anew(data: bytes) -> bytes:
    """A changed PNG with sums that are right again, so that the change is met further in; others as they are."""
    mended, at = bytearray(data), 8
    while data.startswith(b"\x89PNG") and at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if end + 4 > len(data):
            break
        mended[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4)
        at = end + 4
    return bytes(mended)


def riff(kind: bytes, body: bytes) -> bytes:
    """One chunk of a WebP."""
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def laden_jpeg(image: Image.Image | None = None, turned: int = 1, **said: object) -> bytes:
    """A JPEG with everything beside its pixels that there is."""
    plain = packed(image or drawn(), **said)
    beside = (
        segment(0xE1, exif(turned))
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>SECRET-WORDS</x>")
        + segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile())
        + segment(0xE2, b"MPF\0II*\0SECRET-WORDS")
        + segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0cSECRET-WORDS")
        + segment(0xEF, b"SECRET-MAKER")
        + segment(0xFE, b"SECRET-WORDS <script>")
    )
    return plain[:2] + beside + plain[2:] + packed(drawn(80, 60)) + a_zip()


def laden_png(image: Image.Image | None = None, turned: int = 1) -> bytes:
    """A PNG with words, a time, EXIF and a page behind its end."""
    plain = packed(image or drawn(), "PNG")
    beside = (
        chunk(b"iCCP", b"SECRET-WORDS\0\0" + zlib.compress(profile()))
        + chunk(b"tEXt", b"Comment\0SECRET-WORDS <script>")
        + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"SECRET-WORDS" * 9))
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET-WORDS")
        + chunk(b"eXIf", exif(turned)[6:])
        + chunk(b"tIME", bytes(7))
        + chunk(b"prVt", b"SECRET-MAKER")
    )
    return plain[:33] + beside + plain[33:] + b"<html><script>SECRET-WORDS</script>"


def laden_webp(image: Image.Image | None = None, turned: int = 1, **said: object) -> bytes:
    """A WebP with EXIF and XMP."""
    image = image or drawn()
    pixels = packed(image, "WEBP", **said)[12:]
    if not pixels.startswith(b"VP8X"):
        size = (image.width - 1).to_bytes(3, "little") + (image.height - 1).to_bytes(3, "little")
        pixels = riff(b"VP8X", b"\x2c\0\0\0" + size) + pixels
    body = pixels + riff(b"EXIF", exif(turned)[6:]) + riff(b"XMP ", b"<x>SECRET-WORDS</x>") + riff(b"prVt", b"<script>")
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body + a_zip()
