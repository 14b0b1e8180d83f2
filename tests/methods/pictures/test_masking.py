"""What is hidden in a masked copy is nowhere in it, whatever it was."""

import io
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from methods.pictures import making, markers
from sarana.basics.errors import BadSetting, NotYet
from sarana.methods.pictures.copies import Box, masked
from sarana.methods.pictures.reading import read_picture

BOXES = [Box(0.2, 0.25, 0.45, 0.6), Box(0.55, 0.4, 0.9, 0.8, "ellipse")]
WAYS = {
    "PNG": ("PNG", {"compress_level": 1}),
    "JPEG, colours of four": ("JPEG", {"quality": 35, "subsampling": "4:2:0"}),
    "JPEG, progressive": ("JPEG", {"quality": 80, "progressive": True}),
    "WebP without loss": ("WEBP", {"lossless": True, "quality": 0, "method": 0}),
}


def two_that_differ_inside(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Two pictures, alike but for what lies inside of the boxes, and there as unlike as can be."""
    one = making.drawn(*size)
    inside = Image.new("L", size)
    draw = ImageDraw.Draw(inside)
    for box in BOXES:
        sides = (box.left * size[0], box.top * size[1], box.right * size[0] - 1, box.bottom * size[1] - 1)
        (draw.rectangle if box.shape == "rectangle" else draw.ellipse)(sides, 255)
    other = one.copy()
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    other.paste(Image.fromarray(noise), mask=inside)
    return one, other


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [(700, 500), (4_200, 600)])
def test_pictures_that_differ_only_inside_of_the_boxes_have_the_same_masked_copy(
    way: str, size: tuple[int, int]
) -> None:
    kind, said = WAYS[way]
    one, other = (read_picture(making.packed(image, kind, **said)) for image in two_that_differ_inside(size))
    assert one.pixels.tobytes() != other.pixels.tobytes()
    assert masked(one, BOXES).data == masked(other, BOXES).data


def test_a_turned_picture_is_masked_where_its_boxes_were_drawn() -> None:
    upright = Image.new("RGB", (600, 400), "white")
    upright.paste("red", (60, 40, 180, 120))
    data = making.laden_jpeg(upright.transpose(Image.Transpose.ROTATE_90), turned=6)
    copy = masked(read_picture(data), [Box(0.1, 0.1, 0.3, 0.3)])
    seen = np.asarray(Image.open(io.BytesIO(copy.data))).astype(int)
    assert (copy.width, copy.height) == (400, 267)
    assert seen[53, 80].max() < 20, "the box is not where it was drawn"
    assert not ((seen[:, :, 0] > 150) & (seen[:, :, 1] < 100)).any(), "red is seen"
    assert seen[200, 300].min() > 240, "all was hidden"


def test_no_pixel_of_a_masked_copy_is_one_of_the_original() -> None:
    for size in ((90, 60), (640, 480), (1_600, 1_200)):
        copy = masked(read_picture(making.packed(making.drawn(*size), "PNG")), [Box(0, 0, 0.1, 0.1)])
        assert copy.width <= min(1_024, size[0] * 2 / 3 + 1)
        assert markers.foreign(copy.data) == []


def test_without_a_box_there_is_no_masked_copy() -> None:
    with pytest.raises(NotYet, match="PICTURES-009"):
        masked(read_picture(making.packed(making.drawn())), [])


@pytest.mark.parametrize(
    "box",
    [
        Box(-0.01, 0, 0.5, 0.5),
        Box(0, 0, 1.01, 1),
        Box(0.5, 0.5, 0.5, 0.9),
        Box(0.6, 0.1, 0.4, 0.9),
        Box(math.nan, 0, 1, 1),
        Box(0, 0, math.inf, 1),
        Box("0", 0, 1, 1),  # type: ignore[arg-type]
        Box(0, 0, 1, 1, "star"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_box_that_cannot_be_meant_is_refused(box: Box) -> None:
    picture = read_picture(making.packed(making.drawn()))
    with pytest.raises(BadSetting, match="PICTURES-010"):
        masked(picture, [BOXES[0], box])


def test_the_whole_picture_may_be_hidden_and_too_many_boxes_may_not() -> None:
    picture = read_picture(making.packed(making.drawn()))
    hidden = np.asarray(Image.open(io.BytesIO(masked(picture, [Box(0, 0, 1, 1)]).data)))
    assert hidden.max() < 3
    with pytest.raises(BadSetting, match="PICTURES-010"):
        masked(picture, [Box(0, 0, 1, 1)] * 101)
