"""Names taken apart: titles, nicknames, order, scripts; every example worked by hand."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.names.parts import read_full_name, read_part, read_title
from sarana.methods.names.scripts import script_of, tidy

WORDS = st.text(st.sampled_from("กขคนมสรชยาิุ่ัเแโabcdeéNM .-()นายงดช"), max_size=16)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("นาย", "mr"), ("Mr. ", "mr"), ("MR", "mr"), ("น.ส.", "miss"), ("นส", "miss"), ("Ms. ", "miss"),
        ("ด.ญ.", "girl"),
        ("เด็กชาย", "boy"), ("ร.ต.อ.", "police"), ("พระ", "monk"), ("", None), ("xyz", None),
    ],
)  # fmt: skip
def test_a_declared_title_has_one_code(raw: str, code: str | None) -> None:
    assert read_title(raw) == code


@pytest.mark.parametrize(
    ("raw", "text", "title", "rest"),
    [
        ("ด.ช.กิตติ", "กิตติ", "boy", None),
        ("นางสาวพร", "พร", "miss", None),
        ("นายทูต่อ", "นายทูต่อ", "mr", "ทูต่อ"),  # may be a title: the row decides
        ("นายิกา", "นายิกา", None, None),  # what would stay begins with a vowel sign
        ("นายก", "นายก", None, None),  # what would stay is one letter
        ("นางสาวิตรี", "นางสาวิตรี", "mrs", "สาวิตรี"),  # not miss: ิตรี is no word
        ("นายนายสมชาย", "สมชาย", "mr", None),
        ("พระสมชาย", "พระสมชาย", None, None),  # many names begin so
        ("พระ สมชาย", "สมชาย", "monk", None),
        ("หญิงณัฐ", "หญิงณัฐ", None, None),
        ("Mr.Somchai", "Somchai", "mr", None),
        ("MASTER SOMCHAI", "Somchai", "boy", None),
        ("A-Sa", "A-Sa", None, None),
        ("CHA-HAE", "Cha-Hae", None, None),
        ("แซ่ ลี", "แซ่ลี", None, None),
        ("=SUM(A1)", "Sum", None, None),
    ],
)
def test_a_part_is_read(raw: str, text: str, title: str | None, rest: str | None) -> None:
    found = read_part(raw)
    assert (found.text, found.title, found.rest) == (text, title, rest)


@pytest.mark.parametrize("blank", ["-", "--", " - ", ".", "ไม่มี", "ไม่มีนามสกุล", "UNKNOWN", "n/a", "No surname"])
def test_a_word_for_no_name_is_no_name(blank: str) -> None:
    found = read_part(blank)
    assert found.text is None
    assert found.flags == ("NAME-003",)


@pytest.mark.parametrize(
    ("raw", "given_name", "family", "title", "nickname"),
    [
        ("นางสาวเกษร ทองพันธุ์ (บีม)", "เกษร", "ทองพันธุ์", "miss", "บีม"),
        ("ด.ช. ชาย  บุญหาญ", "ชาย", "บุญหาญ", "boy", None),
        ("นายราช - (มิ้น)", "ราช", None, "mr", "มิ้น"),
        ("Rinson, Latanu", "Latanu", "Rinson", None, None),
        ("-, Mr. Detphon", "Detphon", None, "mr", None),
        ("Majoe, Mr. Laohe", "Laohe", "Majoe", "mr", None),
        ("MR. KHAMYI DOINGAM", "Khamyi", "Doingam", "mr", None),
        ("Doingam Mr. Khamyi", "Khamyi", "Doingam", "mr", None),
        ("Ms. Laohae", "Laohae", None, "miss", None),
        ("สมศักดิ์ ณ เชียงใหม่", "สมศักดิ์", "ณ เชียงใหม่", None, None),
        ("สมชาย แซ่ ลี", "สมชาย", "แซ่ลี", None, None),
        ("นางสาวิตรี สุขใจ", "สาวิตรี", "สุขใจ", "mrs", None),
        ("นายก สุขใจ", "นายก", "สุขใจ", None, None),
        ("ร.ต.อ.หญิง สมใจ", "หญิง", "สมใจ", "police", None),
        # Vietnamese, Khmer and Burmese keep their own order
        ("Nguyễn Văn An", "Văn An", "Nguyễn", None, None),
        ("TRẦN THỊ HOA", "Thị Hoa", "Trần", None, None),
        ("សុង សុជាតិ", "សុជាតិ", "សុង", None, None),
        ("ဦးအောင်ဆန်း", "အောင်ဆန်း", None, "mr", None),
        ("ဒေါ် ခင် ကြည်", "ခင် ကြည်", None, "mrs", None),
        ("ທ້າວ ບຸນມີ ສີສຸກ", "ບຸນມີ", "ສີສຸກ", "mr", None),
        ("ນາງບຸນມີ ສີສຸກ", "ບຸນມີ", "ສີສຸກ", "mrs", None),
    ],
)
def test_a_whole_name_is_taken_apart(
    raw: str, given_name: str | None, family: str | None, title: str | None, nickname: str | None
) -> None:
    found = read_full_name(raw, "either")
    assert (found.given, found.family, found.title, found.nickname) == (given_name, family, title, nickname)


def test_only_two_words_without_a_sign_leave_the_order_open() -> None:
    open_order = {
        raw: not read_full_name(raw, "either").is_order_sure for raw in ("Ka Joemue", "Joemue, Ka", "Ka Mr. Jo")
    }
    assert open_order == {"Ka Joemue": True, "Joemue, Ka": False, "Ka Mr. Jo": False}
    assert read_full_name("Ka Joemue", "given-first").is_order_sure
    assert read_full_name("Joemue Ka", "family-first").family == "Joemue"


def test_zawgyi_is_converted_and_said() -> None:
    found = read_full_name("\u1031\u1021\u102c\u1004\u1039")
    assert found.given == tidy("\u1021\u1031\u102c\u1004\u103a")
    assert found.script == "burmese"
    assert "NAME-009" in found.flags


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("สมชาย", "thai"), ("Somchai", "latin"), ("ບຸນມີ", "lao"), ("សុជាតិ", "khmer"), ("အောင်", "burmese"),
        ("Nguyễn", "latin"), ("สมชาย Lee", "mixed"), ("123", None), ("Ω", "other"), ("王", "chinese"),
    ],
)  # fmt: skip
def test_the_script_is_told(text: str, script: str | None) -> None:
    assert script_of(text) == script


@settings(deadline=None)
@given(WORDS)
def test_reading_a_part_again_changes_nothing(raw: str) -> None:
    once = read_part(raw).text
    assert once is None or read_part(once).text == once


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(raw: str) -> None:
    read_part(raw)
    found = read_full_name(raw, "either")
    assert found.given is None or found.given == tidy(found.given)


@settings(deadline=None)
@given(st.sampled_from(["สมชาย", "บุญมี", "Somchai", "Lahu", "ทูต่อ"]), st.sampled_from(["แซ่ลี", "ใจดี", "Doingam"]))
def test_a_title_before_a_name_changes_only_the_title(first: str, last: str) -> None:
    plain = read_full_name(f"{first} {last}")
    for title, code in (("นาย", "mr"), ("น.ส. ", "miss"), ("Mr. ", "mr"), ("เด็กหญิง", "girl")):
        titled = read_full_name(f"{title}{first} {last}")
        assert (titled.given, titled.family, titled.title) == (plain.given, plain.family, code)


@pytest.mark.shared
def test_no_real_thai_name_is_lost_or_taken_for_a_title(shared: Path) -> None:
    files = ("person_names_female_th.txt", "person_names_male_th.txt", "family_names_th.txt")
    names = [name for file in files for name in (shared / "data" / "names" / file).read_text("utf-8").split()]
    found = [read_part(name) for name in names]
    assert len(names) > 20_000
    assert all(part.text is not None for part in found)
    assert not [part.text for part in found if part.title and part.rest is None]
    assert sum(part.rest is not None for part in found) <= 3  # the row must decide on these
    assert sum(part.text != name for part, name in zip(found, names, strict=True)) <= 15  # doubled and misplaced marks


def test_a_title_typed_twice_and_a_name_of_one_word_are_flagged() -> None:
    twice = read_full_name("นาย นายสมชาย ใจดี")
    assert (twice.title, twice.given, twice.family) == ("mr", "สมชาย", "ใจดี")
    assert "NAME-002" in twice.flags
    one = read_full_name("Somchai")
    assert (one.given, one.family, one.flags) == ("Somchai", None, ("NAME-008",))
