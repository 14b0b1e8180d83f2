"""A picture file stripped to what its pixels need, before any decoder sees it; and how it is refused."""

import dataclasses

from sarana.basics.errors import BadFile

MOST_PARTS = 20_000
"""Segments or chunks of one file: a large PNG has some thousands, an attack a million."""
MOST_PIXELS = 40_000_000
"""Width times height: more than phones make as a rule, and less than half of what Pillow warns of."""
MOST_PROFILE_BYTES = 1_048_576
"""A colour profile of a camera has a few KiB, of a printer some hundreds."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bare:
    """A file made anew of the parts that pixels need.

    Attributes:
        kind: Pillow's name of the format.
        width: in pixels, as the pixels lie in the file.
        height: in pixels, as the pixels lie in the file.
        data: the file, without anything that was not asked for.
        orientation: 1 to 8 as in EXIF; 1 is upright.
        profile: the colour profile of the file, or nothing.
    """

    kind: str
    width: int
    height: int
    data: bytes = dataclasses.field(repr=False)
    orientation: int = 1
    profile: bytes = dataclasses.field(default=b"", repr=False)


def check_size(width: int, height: int, most: int = MOST_PIXELS) -> None:
    """Refuse too many pixels by what the file says of itself, before room is made for a single one.

    Raises:
        BadFile: PICTURES-005 too many pixels; PICTURES-007 none.
    """
    if width < 1 or height < 1:
        raise damaged()
    if width * height > most:
        raise BadFile(
            "PICTURES-005",
            "The picture has more pixels than are taken.",
            where=f"{width} x {height}, at most {most // 1_000_000} million",
            cure="Save it smaller in any picture program, or take it with a lower resolution of the camera.",
        )


def damaged() -> BadFile:
    """The sentence for whatever is cut or makes no sense."""
    return BadFile(
        "PICTURES-007",
        "The picture is damaged or was cut off on its way.",
        cure="Copy it from the camera or telephone again; if it opens there, save it once more as JPEG.",
    )


def moving() -> BadFile:
    """The sentence for several pictures in one."""
    return BadFile(
        "PICTURES-006",
        "The file holds a moving picture, or several pictures in one.",
        cure="Save the one picture that is meant as JPEG or PNG.",
    )


def strange() -> BadFile:
    """The sentence for what no camera makes, and would keep the machine busy."""
    return BadFile(
        "PICTURES-008",
        "The picture is built in a way that no camera and no usual program builds one.",
        cure="Open it in a picture program and save it once more as JPEG.",
    )
