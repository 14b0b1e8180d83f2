"""Names in the order of the dictionary."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.basics.ordering import sort_key


def test_a_vowel_written_first_is_read_after_its_consonant() -> None:
    # By code point เ and แ would stand after every consonant.
    assert in_order("กลาง", "แกะ", "ขาว", "เขา", "โขง", "จอม", "เชียงใหม่", "ไผ่", "พร้าว", "แม่แจ่ม", "ใหม่", "อมก๋อย")


def test_tone_marks_count_only_between_words_of_equal_letters() -> None:
    assert in_order("ปา", "ป่า", "ป้า", "ปาก", "ป่าซาง", "ปาน")
    assert in_order("เก", "เก๋", "เกง", "เก่ง", "เก้ง")


def test_a_mark_further_back_comes_first() -> None:
    assert in_order("แมแตง", "แมแต่ง", "แม่แตง", "แม่แต่ง")


def test_latin_names_sort_without_regard_to_case_and_accent() -> None:
    assert in_order("Ban Aen", "Bản Don", "ban dong", "Chiang Dao", "Mae Ai")


def test_a_short_word_comes_before_the_word_it_begins() -> None:
    assert in_order("แม่", "แม่นา", "แม่นาจร")


@settings(deadline=None)
@given(st.lists(st.text(alphabet="กขคงเแโใไาิ่้์ ab1"), max_size=8))
def test_the_order_is_the_same_from_wherever_one_starts(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=sort_key) == sorted(names, key=sort_key)


def in_order(*names: str) -> bool:
    return all(sort_key(a) < sort_key(b) for a, b in pairwise(names))
