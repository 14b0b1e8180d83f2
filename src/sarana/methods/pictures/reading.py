"""Reading a photograph: known by its content, bounded before it is opened, and nothing left of it but pixels."""

import dataclasses
import hashlib
import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from sarana.basics.errors import BadFile, NoRoom, SaranaError
from sarana.methods.pictures.bare import Bare, damaged
from sarana.methods.pictures.jpeg import bare_jpeg
from sarana.methods.pictures.png import START as PNG_START
from sarana.methods.pictures.png import bare_png
from sarana.methods.pictures.webp import bare_webp, is_webp

MOST_BYTES = 20 * 1_048_576
"""A JPEG of 40 million pixels has about 15 MiB."""
SHOWN_SIDE = 2_048
"""The longest side that is ever shown; twice as much is kept for a moment, to shrink well."""
STRIP_PIXELS = 2_000_000
"""What is brought into colours at a time, so that two whole large pictures never stand side by side."""
KINDS = {
    "JPEG": JpegImagePlugin.JpegImageFile.format,
    "PNG": PngImagePlugin.PngImageFile.format,
    "WEBP": WebPImagePlugin.WebPImageFile.format,
}
"""The only decoders that are ever asked; importing them here keeps Pillow from loading all others."""
APPLE = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photograph, upright, in memory only: its pixels and nothing else that the file carried.

    Attributes:
        kind: `JPEG`, `PNG` or `WEBP`, by what the file was.
        original_sha256: of the bytes as they came, in hex; it proves later which original this was.
        width: of the original, upright, in pixels.
        height: of the original, upright, in pixels.
        pixels: sRGB, 8 bits a colour; the longest side has less than twice `SHOWN_SIDE`.
    """

    kind: str
    original_sha256: str
    width: int
    height: int
    pixels: Image.Image = dataclasses.field(repr=False)


def read_picture(data: bytes) -> Picture:
    """Read a photograph that anybody may have sent; the bytes themselves are not changed.

    The name and type that a sender gives are not asked. The decoder gets a file made anew of the few parts that pixels
    need, so it never sees what else was in it. Nothing is written to a disk.

    Raises:
        BadFile: PICTURES-001 empty; PICTURES-002 no JPEG, PNG or WebP; PICTURES-003 HEIC or AVIF; PICTURES-004 too many
            bytes; PICTURES-005 too many pixels; PICTURES-006 it moves; PICTURES-007 damaged or cut; PICTURES-008 built
            strangely.
        NoRoom: PICTURES-011 the machine has too little memory at this moment.
    """
    return picture_of(strip_picture(data), hashlib.sha256(data).hexdigest())


def picture_of(bare: Bare, original_sha256: str) -> Picture:
    """The picture in a file that was stripped before, as `strip_picture` gave it.

    Raises:
        BadFile: PICTURES-007 damaged or cut. NoRoom: PICTURES-011 as `read_picture`.
    """
    try:
        pixels = _upright(_in_srgb(_small_enough(bare), bare.profile), bare.orientation)
    except MemoryError as err:
        raise _no_memory() from err
    except SaranaError:
        raise
    except Exception as err:  # Decoders fail in many ways of their own; whatever it was, this is no picture.
        raise damaged() from err
    is_turned = bare.orientation >= 5
    width, height = (bare.height, bare.width) if is_turned else (bare.width, bare.height)
    return Picture(bare.kind, original_sha256, width, height, pixels)


def strip_picture(data: bytes) -> Bare:
    """The file without anything but what its pixels need; which way up it is, and its colours, stand beside it.

    No decoder sees it here: whoever keeps it proves with `picture_of` that it is a picture.

    Raises:
        BadFile: PICTURES-001 to PICTURES-008 as `read_picture`.
    """
    if not data:
        raise BadFile("PICTURES-001", "The file is empty.", cure="Copy the picture from the camera or telephone again.")
    if len(data) > MOST_BYTES:
        raise too_large()
    return _maker(data)(data)


def too_large() -> BadFile:
    """The sentence for too many bytes."""
    return BadFile(
        "PICTURES-004",
        "The file is larger than a photograph may be.",
        where=f"{MOST_BYTES // 1_048_576} MiB",
        cure="Save the picture smaller, or as JPEG, in any picture program.",
    )


def _maker(data: bytes) -> Callable[[bytes], Bare]:
    """Who reads it, by its first bytes alone."""
    if data.startswith(b"\xff\xd8\xff"):
        return bare_jpeg
    if data.startswith(PNG_START):
        return bare_png
    if is_webp(data):
        return bare_webp
    if data[4:8] == b"ftyp" and data[8:12] in APPLE:
        raise BadFile(
            "PICTURES-003",
            "The picture is a HEIC or AVIF file, which Sarana does not read.",
            cure="On the telephone, choose the most compatible format in the settings of the camera, or share the "
            "picture as JPEG. Do not use a web page or a chat to change it: they keep it.",
        )
    raise BadFile(
        "PICTURES-002",
        "The file is no JPEG, PNG or WebP picture, whatever its name says.",
        cure="Choose a photograph, or save this one as JPEG.",
    )


def _small_enough(bare: Bare) -> Image.Image:
    """The decoded picture, shrunk by a whole number, in RGB or CMYK, without the info that Pillow hands on.

    Each pixel of it comes of one square of the original alone, which is what masking needs.
    """
    with Image.open(io.BytesIO(bare.data), formats=(bare.kind,)) as image:
        if image.size != (bare.width, bare.height) or getattr(image, "n_frames", 1) != 1:
            raise damaged()
        times = max(1, max(image.size) // SHOWN_SIDE)
        image.draft(None, (image.width // times, image.height // times))
        times = max(1, max(image.size) // SHOWN_SIDE)
        image.load()
        width, height = image.size
        mode = "CMYK" if image.mode == "CMYK" else "RGB"
        small = Image.new(mode, (-(-width // times), -(-height // times)))
        rows = max(1, STRIP_PIXELS // width // times) * times
        for top in range(0, height, rows):
            strip = _flat(image.crop((0, top, width, min(top + rows, height))), mode)
            small.paste(strip.reduce(times) if times > 1 else strip, (0, top // times))
        return small


def _flat(strip: Image.Image, mode: str) -> Image.Image:
    """8 bits a colour on white ground: what lies under a transparent place is not shown, and not kept."""
    if strip.mode == mode:
        return strip
    if strip.mode.startswith("I"):
        return Image.fromarray((np.asarray(strip).astype(np.uint32) >> 8).astype(np.uint8)).convert(mode)
    if strip.has_transparency_data:
        seen = strip.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert(mode)
    return strip.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture in the colours of screens; a profile that makes no sense is left out of account."""
    if profile:
        try:
            of_file = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if of_file.profile.xcolor_space.strip() == image.mode:
                screen = ImageCms.createProfile("sRGB")
                turned = ImageCms.profileToProfile(image, of_file, screen, outputMode="RGB")
                image = turned or image
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    clean = Image.new("RGB", image.size)
    clean.paste(image.convert("RGB"))
    return clean


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def _no_memory() -> NoRoom:
    return NoRoom(
        "PICTURES-011",
        "The machine has too little memory for this picture at the moment.",
        cure="Try again in a minute, or with a smaller picture.",
    )
