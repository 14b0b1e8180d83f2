"""Photographs are known by their content, stand upright, and lose everything but their pixels."""

import hashlib
import io
import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from methods.pictures import making, markers
from sarana.basics.errors import BadFile, NoRoom, SaranaError
from sarana.methods.pictures.copies import Box, Copy, masked, shown, small
from sarana.methods.pictures.reading import Picture, read_picture

LADEN = {"JPEG": making.laden_jpeg(), "PNG": making.laden_png(), "WEBP": making.laden_webp()}


def copies_of(picture: Picture) -> list[Copy]:
    """Every copy there is of a photograph."""
    return [shown(picture), small(picture), masked(picture, [Box(0.3, 0.3, 0.6, 0.6)])]


def opened(copy: Copy) -> np.ndarray:
    """The colours of a copy."""
    return np.asarray(Image.open(io.BytesIO(copy.data)).convert("RGB")).astype(int)


@pytest.mark.check("U-01")
@pytest.mark.check("U-02")
@pytest.mark.parametrize("kind", LADEN)
def test_nothing_but_pixels_is_in_any_copy(kind: str) -> None:
    data = LADEN[kind]
    assert sum(mark in data for mark in making.MARKS) >= 5, "the marks are not where they should be lost"
    picture = read_picture(data)
    assert (picture.kind, picture.width, picture.height) == (kind, 400, 300)
    for copy in copies_of(picture):
        assert markers.foreign(copy.data) == []
        assert [mark for mark in (*making.MARKS, b"Exif", b"ICC_PROFILE", b"PK\x03\x04") if mark in copy.data] == []
        assert Image.open(io.BytesIO(copy.data)).size == (copy.width, copy.height)


def test_the_reader_of_markers_finds_what_it_is_there_for() -> None:
    found = markers.foreign(LADEN["JPEG"])
    assert [
        name for name in ("segment e1", "segment e2", "segment ed", "segment ef", "segment fe") if name not in found
    ] == []
    assert found[-1].endswith("bytes behind the end")


def test_the_original_is_not_changed_and_has_its_fingerprint() -> None:
    data = bytearray(LADEN["JPEG"])
    before = bytes(data)
    picture = read_picture(bytes(data))
    copies_of(picture)
    assert bytes(data) == before
    assert picture.original_sha256 == hashlib.sha256(before).hexdigest()
    assert "pixels" not in repr(picture)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(turned: int) -> None:
    corners = Image.new("RGB", (120, 80), "white")
    corners.paste("red", (0, 0, 60, 40))
    corners.paste("blue", (60, 40, 120, 80))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    laid = corners.transpose(Image.Transpose(undo[turned])) if turned > 1 else corners
    for data in (making.laden_jpeg(laid, turned), making.laden_png(laid, turned), making.laden_webp(laid, turned)):
        picture = read_picture(data)
        assert (picture.width, picture.height) == (120, 80)
        seen = opened(shown(picture))
        assert abs(seen[10, 10] - (255, 0, 0)).max() < 60
        assert abs(seen[70, 110] - (0, 0, 255)).max() < 60
        assert seen[10, 110].min() > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_way_to_store_colours_comes_out_alike(mode: str) -> None:
    grey = making.drawn().convert("L")
    stored = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    data = making.packed(stored, "JPEG" if mode == "CMYK" else "PNG")
    seen = opened(shown(read_picture(data))).mean(axis=2)
    assert abs(seen.mean() - np.asarray(grey).mean()) < 6
    if mode != "1":
        assert abs(seen - np.asarray(grey)).mean() < 6


def test_what_lies_under_a_transparent_place_is_lost() -> None:
    secret = np.asarray(making.drawn(200, 200, seed=5).convert("RGBA")).copy()
    secret[:, :, 3] = 0
    for data in (
        making.packed(Image.fromarray(secret), "PNG"),
        making.packed(Image.fromarray(secret), "WEBP", exact=True),
    ):
        assert opened(shown(read_picture(data))).min() > 250


def test_a_colour_profile_is_heeded_and_a_broken_one_is_not() -> None:
    image, profile = making.drawn(), making.profile()
    exchanged = profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    alike = opened(shown(read_picture(making.packed(image, "PNG"))))
    for broken in (b"no profile at all", profile[:300], b""):
        assert (opened(shown(read_picture(making.packed(image, "PNG", icc_profile=broken)))) == alike).all()
    seen = opened(shown(read_picture(making.packed(image, "PNG", icc_profile=exchanged))))
    assert abs(seen[:, :, ::-1] - alike).mean() < 12 < abs(seen - alike).mean()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5_000), (5_000, 3), (2_047, 10), (4_100, 2_050)])
def test_copies_keep_their_longest_side_and_their_shape(width: int, height: int) -> None:
    picture = read_picture(making.packed(Image.new("RGB", (width, height), "teal")))
    for copy, side in zip(copies_of(picture), (2_048, 320, 1_024), strict=True):
        assert max(copy.width, copy.height) <= side
        assert min(copy.width, copy.height) >= 1
        assert (
            abs(copy.width / copy.height - width / height) / (width / height) < 0.05 or min(copy.width, copy.height) < 9
        )


@pytest.mark.parametrize("kind", LADEN)
def test_a_file_cut_anywhere_is_refused_in_words(kind: str) -> None:
    whole = making.packed(making.drawn(160, 120), kind)
    at_each_share = {len(whole) * share // 100 for share in range(100)}
    for at in sorted({*range(40), *at_each_share, len(whole) - 1}):
        with pytest.raises(SaranaError, match=r"PICTURES-00[127]"):
            read_picture(whole[:at])


@settings(max_examples=150)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 "]), st.binary(max_size=200)
)
def test_any_bytes_are_a_picture_or_refused_in_our_words(start: bytes, rest: bytes) -> None:
    assert not _read_or_refused(start + rest)


@pytest.mark.parametrize("kind", LADEN)
def test_any_change_of_a_picture_is_a_picture_or_refused_in_our_words(kind: str) -> None:
    draws = random.Random(7)
    small_ones = {"JPEG": making.laden_jpeg, "PNG": making.laden_png, "WEBP": making.laden_webp}
    whole = small_ones[kind](making.drawn(48, 36))
    outcomes = set()
    for number in range(200):
        changed = bytearray(whole)
        for _ in range(1 + number % 8):
            changed[draws.randrange(len(changed))] = draws.choice((0, 255, draws.randrange(256)))
        outcomes.add(_read_or_refused(making.summed_anew(bytes(changed))))
    assert {True, False} <= outcomes, "all were alike, so nothing was proved"


def _read_or_refused(data: bytes) -> bool:
    try:
        picture = read_picture(data)
    except SaranaError as err:
        return not (err.code.startswith("PICTURES-") and err.cure)
    return markers.foreign(small(picture).data) == []


def test_an_empty_file_and_a_machine_without_memory_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadFile, match="PICTURES-001"):
        read_picture(b"")
    monkeypatch.setattr(Image, "new", lambda *_: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(NoRoom, match="PICTURES-011"):
        read_picture(LADEN["JPEG"])


def test_two_readings_give_the_same_bytes() -> None:
    for first, second in itertools.pairwise([[copy.data for copy in copies_of(read_picture(LADEN["JPEG"]))]] * 2):
        assert first == second
