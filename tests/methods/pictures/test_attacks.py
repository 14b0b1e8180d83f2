"""Pictures made to keep the machine busy, to fill it, or to be something else, cost little and are refused."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from makers.counted import Counted
from methods.pictures import making
from sarana.basics.errors import BadFile
from sarana.methods.pictures.copies import shown
from sarana.methods.pictures.reading import read_picture

TESTS = Path(__file__).resolve().parents[2]


def read_apart(pictures: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """What became of each picture in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "methods.pictures.attacked"],
        input=msgspec.msgpack.encode(pictures),
        cwd=TESTS,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    told: dict[str, dict[str, Any]] = msgspec.msgpack.decode(ran.stdout)
    return told


def flood_png(width: int, height: int) -> bytes:
    """A PNG that says it is large, and is almost empty."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = making.chunk(b"IHDR", head) + making.chunk(b"IDAT", zlib.compress(bytes(1_000)))
    return b"\x89PNG\r\n\x1a\n" + body + making.chunk(b"IEND", b"")


def flood_jpeg(width: int, height: int) -> bytes:
    """A JPEG that says it is large."""
    plain = making.packed(making.drawn(64, 48))
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


def flood_webp() -> bytes:
    """A WebP that says it is as large as one can be."""
    body = making.riff(b"VP8L", b"\x2f" + ((16_382 << 14) | 16_382).to_bytes(4, "little") + bytes(50))
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def many_chunks(count: int) -> bytes:
    """A PNG of that many empty chunks."""
    plain = making.packed(making.drawn(48, 36), "PNG")
    return plain[:33] + making.chunk(b"teSt", b"") * count + plain[33:]


def many_segments(count: int) -> bytes:
    """A JPEG of that many empty comments."""
    plain = making.packed(making.drawn(48, 36))
    return plain[:2] + making.segment(0xFE, b"") * count + plain[2:]


def many_scans(count: int, width: int, height: int) -> bytes:
    """A progressive JPEG that goes over all its pixels that often."""
    plain = making.packed(Image.new("RGB", (width, height), "teal"), progressive=True)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    return plain[:-2] + last * count + plain[-2:]


def bombs() -> bytes:
    """A PNG whose profile and words are 200 MB once they are unpacked."""
    plain = making.packed(making.drawn(48, 36), "PNG")
    packed = zlib.compress(bytes(100_000_000), 1)
    bomb = making.chunk(b"iCCP", b"p\0\0" + packed) + making.chunk(b"zTXt", b"c\0\0" + packed)
    return plain[:33] + bomb + plain[33:]


def the_largest(kind: str) -> bytes:
    """A picture of as many pixels as are taken, with nothing on it."""
    said: dict[str, dict[str, Any]] = {
        "JPEG": {"progressive": True, "subsampling": 0},
        "PNG": {"compress_level": 1},
        "WEBP": {"lossless": True, "quality": 0, "method": 0},
    }
    return making.packed(Image.new("RGB", (5_000, 3_200) if kind == "WEBP" else (8_000, 5_000)), kind, **said[kind])


FLOODS = {
    "PNG": lambda: flood_png(50_000, 50_000),
    "PNG, one line": lambda: flood_png(2_000_000_000, 1),
    "JPEG": lambda: flood_jpeg(50_000, 50_000),
    "WebP": flood_webp,
}
BUSY = {
    "a million chunks": (lambda: many_chunks(1_000_000), "PICTURES-008"),
    "a million segments": (lambda: many_segments(1_000_000), "PICTURES-008"),
    "a thousand scans": (lambda: many_scans(1_000, 48, 36), "PICTURES-008"),
    "fifty scans of many pixels": (lambda: many_scans(50, 4_000, 3_000), "PICTURES-008"),
    "nothing but fillers": (lambda: b"\xff\xd8" + b"\xff" * 20_000_000, "PICTURES-007"),
    "a scan of fillers": (lambda: making.packed(making.drawn(48, 36))[:-2] + b"\xff" * 20_000_000, "PICTURES-007"),
    "twenty-one MiB": (lambda: making.packed(making.drawn(48, 36)) + bytes(21 * 1_048_576), "PICTURES-004"),
    "profile and words of 200 MB": (bombs, "read"),
}
LADEN = {"laden JPEG": making.laden_jpeg, "laden PNG": making.laden_png, "laden WebP": making.laden_webp}
LARGEST = ("JPEG", "PNG", "WEBP")


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What became of every picture of this file that is read apart."""
    made = {f"flood, {name}": make() for name, make in FLOODS.items()} | {
        name: make() for name, (make, _) in BUSY.items()
    }
    made |= {name: make() for name, make in LADEN.items()} | {kind: the_largest(kind) for kind in LARGEST}
    return read_apart(made)


@pytest.mark.check("U-05")
@pytest.mark.parametrize("which", FLOODS)
def test_a_flood_of_pixels_is_refused_before_room_is_made(
    which: str, told: dict[str, dict[str, Any]], counted: Counted
) -> None:
    counted("floods", 1, exact=True)
    of_it = told[f"flood, {which}"]
    assert of_it["ended"] == "PICTURES-005"
    assert of_it["seconds"] < 1
    assert of_it["mib"] < 20


@pytest.mark.check("U-03")
@pytest.mark.parametrize("which", BUSY)
def test_what_is_built_to_keep_the_machine_busy_costs_little(
    which: str, told: dict[str, dict[str, Any]], counted: Counted
) -> None:
    counted("pictures built to keep the machine busy", 1, exact=True)
    assert told[which]["ended"] == BUSY[which][1]
    assert told[which]["seconds"] < 1
    assert told[which]["mib"] < 100


@pytest.mark.check("U-10")
@pytest.mark.parametrize("which", [*LADEN, *LARGEST])
def test_nothing_is_written_to_a_disk_while_a_picture_is_read_and_masked(
    which: str, told: dict[str, dict[str, Any]]
) -> None:
    assert (told[which]["ended"], told[which]["written"]) == ("read", [])


@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_pictures_that_are_taken_need_a_bounded_room(kind: str, told: dict[str, dict[str, Any]]) -> None:
    assert told[kind]["ended"] == "read"
    assert 20 < told[kind]["mib"] < 350


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OTHERS = {
    "a virus for trials": EICAR,
    "a PDF with a script": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "an archive, as Office files are": making.a_zip(),
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a GIF": making.packed(making.drawn(20, 20), "GIF"),
    "a TIFF": making.packed(making.drawn(20, 20), "TIFF"),
    "a bitmap": making.packed(making.drawn(20, 20), "BMP"),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file",
}


@pytest.mark.check("U-01")
@pytest.mark.parametrize("which", OTHERS)
def test_what_is_no_photograph_is_refused_whatever_its_name(which: str) -> None:
    with pytest.raises(BadFile, match="PICTURES-002"):
        read_picture(OTHERS[which])


def test_what_telephones_of_one_kind_store_is_told_with_what_to_do() -> None:
    with pytest.raises(BadFile, match="PICTURES-003") as refused:
        read_picture(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    assert "Do not use a web page" in refused.value.cure


def test_a_moving_picture_is_refused() -> None:
    both = [making.drawn(40, 30, seed=seed) for seed in (1, 2)]
    for kind in ("PNG", "WEBP"):
        with pytest.raises(BadFile, match="PICTURES-006"):
            read_picture(making.packed(both[0], kind, save_all=True, append_images=both[1:]))


@pytest.mark.check("U-01")
def test_a_virus_behind_a_picture_is_in_no_copy() -> None:
    copy = shown(read_picture(making.packed(making.drawn()) + EICAR))
    assert b"EICAR" not in copy.data
