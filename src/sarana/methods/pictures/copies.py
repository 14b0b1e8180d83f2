"""Copies of a photograph, made of pixels alone: for looking at, for lists, and masked for others."""

import dataclasses
import io
import math
from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageDraw

from sarana.basics.errors import BadSetting, NotYet
from sarana.methods.pictures.reading import SHOWN_SIDE, Picture

SMALL_SIDE = 320
MASKED_SIDE = 1_024
MASKED_SHARE = 2 / 3
"""A masked copy has at most this share of the original's width and height: no pixel of it is one of the original."""
MARGIN = 40
"""Pixels of the original around each box that are hidden too. JPEG keeps blocks of up to 32 pixels together, and
smooths colours over their edges: so far what is inside of a box may be seen outside of it."""
MOST_BOXES = 100
FILL = (0, 0, 0)
MEDIA_TYPE = "image/jpeg"
"""What every copy is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """A part of an upright picture that is to be hidden; 0 is its left or top edge, 1 its right or bottom edge."""

    left: float
    top: float
    right: float
    bottom: float
    shape: Literal["rectangle", "ellipse"] = "rectangle"


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """A JPEG file of its own, with no word about where it came from."""

    data: bytes = dataclasses.field(repr=False)
    width: int
    height: int


def shown(picture: Picture, side: int = SHOWN_SIDE) -> Copy:
    """The copy that those look at who may see the photograph; its longest side has at most so many pixels."""
    return _copy(picture.pixels, _within(picture.pixels.size, min(side, SHOWN_SIDE)), quality=85)


def small(picture: Picture) -> Copy:
    """The copy for lists, of those who may see the photograph; it shows a face just as well."""
    return _copy(picture.pixels, _within(picture.pixels.size, SMALL_SIDE), quality=80)


def masked(picture: Picture, boxes: Sequence[Box]) -> Copy:
    """The copy that may leave: the boxes, and a margin around them, are filled with black, then it is made smaller.

    Filled, never blurred or made of large squares: from both, programs tell whose face it was. What is outside of the
    boxes is shown: whether a place, a uniform or a tattoo there tells who it is, only a person can judge.

    Args:
        picture: as `read_picture` gave it.
        boxes: what a person drew and looked at; at least one.

    Raises:
        NotYet: PICTURES-009 there is no box.
        BadSetting: PICTURES-010 a box is not inside of the picture, holds nothing, or there are too many.

    Source: McPherson, Shokri, Shmatikov, Defeating Image Obfuscation with Deep Learning, 2016, arXiv:1609.00408.
    """
    if not boxes:
        raise NotYet(
            "PICTURES-009",
            "Nothing in the picture is hidden yet.",
            cure="Draw a box over each face and each mark that tells who somebody is.",
        )
    if len(boxes) > MOST_BOXES or not all(_is_inside(box) for box in boxes):
        raise BadSetting(
            "PICTURES-010",
            "A box does not lie inside of the picture or has no size, or there are too many boxes.",
            where=f"at most {MOST_BOXES}",
            cure="Draw the boxes again, each inside of the picture.",
        )
    covered = picture.pixels.copy()
    draw = ImageDraw.Draw(covered)
    times = max(picture.width, picture.height) / max(covered.size)
    margin = math.ceil(MARGIN / times) + 2
    for box in boxes:
        _fill(draw, box, covered.size, margin)
    side = max(1, min(MASKED_SIDE, int(max(picture.width, picture.height) * MASKED_SHARE)))
    return _copy(covered, _within(covered.size, side), quality=75)


def _is_inside(box: Box) -> bool:
    sides = (box.left, box.top, box.right, box.bottom)
    return (
        all(isinstance(side, int | float) and math.isfinite(side) and 0 <= side <= 1 for side in sides)
        and box.left < box.right
        and box.top < box.bottom
        and box.shape in {"rectangle", "ellipse"}
    )


def _fill(draw: ImageDraw.ImageDraw, box: Box, size: tuple[int, int], margin: int) -> None:
    """Every pixel that is nearer to the box than the margin, across or down; too much rather than too little."""
    left, right = math.floor(box.left * size[0]), math.ceil(box.right * size[0])
    top, bottom = math.floor(box.top * size[1]), math.ceil(box.bottom * size[1])
    if box.shape == "rectangle":
        draw.rectangle((left - margin, top - margin, right + margin, bottom + margin), FILL)
        return
    # An ellipse moved over a square: itself at the four corners, and the two beams between them.
    for across in (-margin, margin):
        for down in (-margin, margin):
            draw.ellipse((left + across, top + down, right + across, bottom + down), FILL)
    middle, level = (left + right) // 2, (top + bottom) // 2
    draw.rectangle((middle - margin, top - margin, middle + margin + 1, bottom + margin), FILL)
    draw.rectangle((left - margin, level - margin, right + margin, level + margin + 1), FILL)


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size with this longest side; never larger than it is."""
    share = min(1.0, side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _copy(image: Image.Image, size: tuple[int, int], *, quality: int) -> Copy:
    made = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    made.save(out, "JPEG", quality=quality, subsampling="4:2:0", progressive=False)
    return Copy(out.getvalue(), *size)
