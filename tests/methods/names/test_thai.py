"""One way to write a Thai word."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.names.thai import UNUSUAL, normal_thai

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), max_size=12)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("\u0e40\u0e40ดง", "\u0e41ดง"),  # two e for ae
        ("น้\u0e4d\u0e32", "น้ำ"),  # tone, nikhahit, aa
        ("น\u0e4d้\u0e32", "น้ำ"),  # nikhahit, tone, aa
        ("นำ้", "น้ำ"),  # tone after am
        ("ก่ิง", "กิ่ง"),  # tone before the vowel above
        ("ศรีี", "ศรี"),  # a vowel twice
        ("ก้่อง", "ก่อง"),  # of two tones the last
        ("ิสม", "สม"),  # a mark on nothing
        ("สิทธิ์", "สิทธิ์"),  # the silent mark stays
        ("ศักดิ์", "ศักดิ์"),
    ],
)
def test_a_word_gets_its_one_spelling(written: str, normal: str) -> None:
    assert normal_thai(written) == normal


@settings(deadline=None)
@given(THAI)
def test_doing_it_twice_changes_nothing_more(word: str) -> None:
    assert normal_thai(normal_thai(word)) == normal_thai(word)


@settings(deadline=None)
@given(THAI)
def test_what_the_quick_look_lets_pass_needs_no_change(word: str) -> None:
    if not re.search(UNUSUAL, word):
        assert normal_thai(word) == word
