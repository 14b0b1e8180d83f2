"""How Thai names sound: examples worked by hand after the Royal Institute's general system, without tones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.names.thai_sounds import thai_sounds

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), max_size=14)


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("มา", "ma"),
        ("ดี", "di"),
        ("หนู", "nu"),  # h that only leads
        ("แสง", "saeng"),
        ("ไพร", "phrai"),  # a cluster
        ("ใจดี", "chaidi"),
        ("บุญมี", "bunmi"),
        ("วิไล", "wilai"),
        ("สมชาย", "somchai"),  # an unwritten o
        ("สมพร", "somphon"),  # r at the end is n
        ("สมศักดิ์", "somsak"),  # silenced
        ("จันทร์", "chan"),
        ("ทองคำ", "thongkham"),
        ("เพชร", "phet"),
        ("สมัคร", "samak"),  # r after the end of a syllable is silent
        ("ภัทร", "phat"),
        ("ภัทรา", "phatra"),
        ("นคร", "nakhon"),
        ("พรหมมา", "phromma"),
        ("ประเสริฐ", "prasoet"),
        ("อารีย์", "ari"),
        ("สุริยา", "suriya"),
        ("มณีรัตน์", "manirat"),
        ("อัจฉรา", "atchara"),
        ("ก้อย", "koi"),  # tones are dropped
        ("", ""),
        ("Somchai", ""),
    ],
)
def test_a_name_sounds_as_it_is_said(name: str, sounds: str) -> None:
    assert thai_sounds(name) == sounds


@settings(deadline=None)
@given(THAI)
def test_any_thai_text_gives_small_latin_letters_only(text: str) -> None:
    assert thai_sounds(text) == "".join(c for c in thai_sounds(text) if "a" <= c <= "z")


@settings(deadline=None)
@given(THAI)
def test_tone_marks_change_nothing(text: str) -> None:
    bare = text.translate(dict.fromkeys(map(ord, "่้๊๋")))
    assert thai_sounds(text) == thai_sounds(bare)
