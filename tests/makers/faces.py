"""A photograph of nobody, whose face is one area of colour, so that a test sees it wherever it stands."""

import io

from PIL import Image

from methods.pictures.making import drawn, exif, packed
from sarana.methods.pictures.copies import Box

FACE = Box(0.4, 0.3, 0.6, 0.6)
FACE_COLOUR = (230, 20, 60)
"""What is inside of the box, and nowhere else."""

NEAR = 60
"""So near JPEG keeps a colour; what is farther away in the three colours together is another one."""


def a_photograph(colour: tuple[int, int, int] = FACE_COLOUR, width: int = 400, height: int = 300) -> bytes:
    """A JPEG with GPS, maker, thumbnail, and a face that is one area of colour."""
    image = Image.new("RGB", (width, height), (90, 140, 170))
    image.paste(drawn(width // 8, height // 8), (4, 4))
    image.paste(colour, tuple(int(each) for each in (0.45 * width, 0.4 * height, 0.55 * width, 0.5 * height)))
    return packed(image, exif=exif())


def nearness(data: bytes, colour: tuple[int, int, int] = FACE_COLOUR) -> int:
    """How near any pixel of a picture comes to a colour: 0 is that very colour."""
    with Image.open(io.BytesIO(data)) as image:
        raw = image.convert("RGB").tobytes()
    pixels = zip(raw[::3], raw[1::3], raw[2::3], strict=True)
    return min(sum(abs(have - want) for have, want in zip(pixel, colour, strict=True)) for pixel in pixels)
