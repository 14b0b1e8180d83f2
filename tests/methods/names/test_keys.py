"""Keys by sound: what spellers confuse is one letter, in whatever script."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.engine import Engine
from sarana.methods.names.keys import keys_of, make_keys, sound_key, sounds_of


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="300MB", temp=tmp_path) as engine:
        yield engine


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("SMC", ["สมชาย", "Somchai", "SOMCHAY", "Som-chai", "Somjai"]),
        ("SMST", ["สมศักดิ์", "Somsak", "Somsag"]),
        ("CT", ["ใจดี", "Jaidee", "Chaidi", "Jaydee"]),
        ("PNM", ["บุญมี", "Boonmee", "Bunmi", "Bounmy"]),
        ("TNKM", ["ทองคำ", "Thongkham", "Tongkam", "Thongkam"]),
        ("SMPN", ["สมพร", "Somporn", "Somphon", "Sompohn"]),
        ("PLST", ["ประเสริฐ", "Prasert", "Prasoet", "Brasert"]),
        ("MNLT", ["มณีรัตน์", "Maneerat", "Manirat"]),
        ("KNK", ["กรรณิการ์", "Kannika", "Gannigar"]),
        ("L", ["ลี", "Lee", "Li", "Ly"]),
        ("ST", ["ศรีสุข", "Srisuk", "Sisook"]),  # r after s is written and not said
        ("WNS", ["วรรณศรี", "Wannasri", "Wansi"]),
        ("CT", ["จักร", "Chakr", "Chak"]),  # nor is r between consonants and at the end
        ("SMT", ["สมัคร", "Samakr", "Samak", "สมุทร", "Samutr"]),
        ("PT", ["ภัทร", "Bhadr", "Phat"]),
        ("PTLPN", ["ภัทรพล", "Phattharaphon", "Pattarapol"]),
        ("SLN", ["สุรินทร์", "Surindr", "Surint", "Surin"]),  # a syllable ends in one consonant
        ("AN", ["อนันต์", "Anant", "Anand", "Anan"]),
        ("PMPN", ["พิมพ์พร", "Pimpporn", "Phimphon"]),
        ("CNTL", ["จันทรา", "Chantra", "Janthara"]),
        ("CPN", ["ชัยบุญ", "Chybun", "Chaiboon"]),  # y may be the vowel
        ("", ["", "123", "-"]),
    ],
)
def test_spellings_of_one_name_have_one_key(key: str, spellings: list[str]) -> None:
    assert {spelling: sound_key(sounds_of(spelling)) for spelling in spellings} == dict.fromkeys(spellings, key)


@pytest.mark.parametrize(("one", "other"), [("สมชาย", "สมพร"), ("Somchai", "Somsak"), ("บุญมา", "บุญดี"), ("มณี", "ธิดา")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert sound_key(sounds_of(one)) != sound_key(sounds_of(other))


def test_latin_names_sound_as_they_are_written_in_small_letters_only() -> None:
    assert sounds_of("Na-Phat O'Brien 2") == "naphatobrien"


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_gives_a_key_of_known_letters_without_doubles(text: str) -> None:
    key = sound_key(sounds_of(text))
    assert set(key) <= set("ACHKLMNPSTWY")
    assert all(one != other for one, other in pairwise(key))


def test_keys_are_made_once_for_each_word_in_order(engine: Engine) -> None:
    engine.load("words", pa.table({"word": ["สมชาย", "Somchai", None, "สมชาย"]}))
    make_keys(engine, "words")
    assert engine.rows("SELECT * FROM word_keys") == [("Somchai", "somchai", "SMC"), ("สมชาย", "somchai", "SMC")]


def test_no_words_give_an_empty_table_of_texts(engine: Engine) -> None:
    engine.load("words", pa.table({"word": pa.array([None], pa.string())}))
    make_keys(engine, "words", "nothing")
    assert engine.rows("SELECT * FROM nothing") == []
    assert {row[1] for row in engine.rows("DESCRIBE nothing")} == {"VARCHAR"}
    assert keys_of([]).schema.names == ["word", "sounds", "key"]
