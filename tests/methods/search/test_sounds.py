"""Words that are nearly the same by their consonants, found among all of a file; and what a file tells of changes."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel, Levenshtein

from methods.search.people import AGENCY, KEY, person, ref
from sarana.methods.search import looking, near, sounds
from sarana.methods.search.entry import Query, Reason
from sarana.methods.search.heard import hear, readings_of
from sarana.methods.search.near import nearness, tokens_of
from sarana.methods.search.searchfile import SearchFile, open_search
from sarana.methods.search.sounds import MOST_CONSONANTS, Sounds, is_nearly, most_off

CONSONANTS = "ACHKLMNPSTWY"
KEYS = st.text(st.sampled_from(CONSONANTS), max_size=20)


class _Rows:
    """A file of words, as far as `Sounds` asks it."""

    def __init__(self, keys: list[str]) -> None:
        self.keys, self.dropped = keys, ""

    def execute(self, sql: str, values: tuple[int, ...] = ()) -> "_Rows":
        rows = [(at + 1, f"ear{at}", key) for at, key in enumerate(self.keys) if not values or at + 1 > values[0]]
        numbers = " ".join(str(row[0]) for row in rows)
        told = numbers, "\n".join(row[1] for row in rows), "\n".join(row[2] for row in rows)
        self.row = (len(self.keys),) if "max(id)" in sql else told if rows else (None, None, None)
        if "about" in sql:
            self.row = (self.dropped,)
        return self

    def fetchone(self) -> tuple[object, ...]:
        return self.row


@given(st.lists(KEYS, min_size=1, max_size=60), KEYS)
def test_all_words_whose_consonants_are_so_near_are_found_and_no_others(known: list[str], asked: str) -> None:
    held = Sounds()
    held.read(_Rows(known))

    words, ears = held.alike(asked)

    off = [Levenshtein.distance(asked[:MOST_CONSONANTS], key[:MOST_CONSONANTS]) for key in known]
    expected = [at + 1 for at, its in enumerate(off) if its <= most_off(asked) and most_off(asked)]
    assert words == expected
    assert ears == [f"ear{word - 1}" for word in words]
    assert [is_nearly(asked, key) for key in known] == [at + 1 in words for at in range(len(known))]


def test_words_that_come_later_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _Rows(["KTNML", "SNPTL"])
    held = Sounds()
    held.read(rows)
    monkeypatch.setattr(sounds, "sounds_of_all", None)
    rows.keys += ["KTNMT", "", "PPP"]

    held.read(rows)
    held.read(rows)

    assert held.alike("KTNML")[0] == [1, 3]


def test_after_somebody_was_dropped_nothing_of_before_is_held() -> None:
    rows = _Rows(["KTNML", "SNPTL"])
    held = Sounds()
    held.read(rows)
    rows.keys, rows.dropped = ["", "SNPTL"], "a mark"

    held.read(rows)

    assert held.alike("KTNML") == ([], [])
    assert held.alike("SNPTL") == ([2], ["ear1"])


def test_another_process_lets_go_of_how_a_dropped_name_sounds_with_its_next_search(few: SearchFile) -> None:
    few.put([person(1, "สุวรรณภูมิ เสริมกลางดง"), person(2, "พรทิพย์ ใหม่มา")])
    with open_search(few.path, KEY, AGENCY) as other:
        asked = Query("Suvannaphum Soemkalangtong")
        assert [match.ref for match in other.search(asked).matches] == [ref(1)]
        heard = hear(["เสริมกลางดง"])[0]
        assert heard.ear.encode() in other._sounds._ears

        few.drop([(ref(1), 1)])

        assert other.search(asked).matches == ()
        assert heard.ear.encode() not in other._sounds._ears
        assert ref(1).bytes not in other._numbered._refs.tobytes()


def test_many_words_are_as_far_away_as_one_by_one() -> None:
    chance = random.Random(2)
    keys = ["".join(chance.choices(CONSONANTS, k=chance.randrange(18))) for _ in range(3000)]
    packed, bags = sounds._packed(*sounds._lines("\n".join(keys).encode()))
    for asked in ("K", "SNPTLKN", "PNKCNTLMKSYWTKPN"):
        one, bag = sounds._packed(*sounds._lines(asked.encode()))
        off = [Levenshtein.distance(asked, key[:MOST_CONSONANTS]) for key in keys]
        assert sounds._distances(packed, int(one[0])).tolist() == off
        assert all(np.bitwise_count(bags ^ bag) <= 2 * np.array(off)), "the quick look would lose somebody"


def test_who_is_put_in_changed_or_dropped_is_found_so_by_a_file_that_was_searched_before(few: SearchFile) -> None:
    few.put([person(1, "สุวรรณภูมิ เสริมกลางดง")])
    asked = Query("Suvannaphum Soemkalangtong")
    assert [match.ref for match in few.search(asked).matches] == [ref(1)]

    few.put([person(2, "สุวรรณภูมิ เสริมกลางดง"), person(1, "อื่น ไปแล้ว", version=2)])
    changed = [match.ref for match in few.search(asked).matches]
    few.drop([(ref(2), 1)])
    few.put([person(3, "พรทิพย์ ใหม่มา")])

    assert changed == [ref(2)]
    assert few.search(asked).matches == ()
    assert [match.ref for match in few.search(Query("Phonthip Maima")).matches] == [ref(3)]


def test_of_those_who_share_one_name_whose_other_is_most_like_comes_first(few: SearchFile) -> None:
    others = ["บุญมี", "วัฒนา", "กิตติ", "อารยา", "มงคล", "ไพศาล", "ดวงใจ", "เจริญ", "ประภา", "ยุพิน", "อุไร", "ลำดวน"]
    few.put(person(at, f"{name} แก้วดวงมณีรัตน์") for at, name in enumerate([*others, "เบญจวรรณ"]))

    found = few.search(Query("benntwan kaeoduangmanirat"), limit=3).matches

    assert found[0].ref == ref(len(others))
    assert found[0].score > found[1].score


def test_what_only_orders_people_is_no_reason(few: SearchFile) -> None:
    few.put([person(1, "กฤษฎา แก้วดวงมณีรัตน์")])

    [match] = few.search(Query("krintn kaeoduangmanirat")).matches

    assert match.score < 0.75
    assert match.reasons == (Reason.SOUNDS_ALIKE,)


def test_a_word_that_nothing_finds_is_judged_where_the_other_word_is_somebodys(few: SearchFile) -> None:
    few.put([person(1, "นันท์ยาสาย แก้วดวงมณีรัตน์"), person(2, "ไพศาล แก้วดวงมณีรัตน์")])
    [one, other] = hear(["nandayasai", "นันท์ยาสาย"])
    assert tokens_of(one).isdisjoint(tokens_of(other))
    assert not is_nearly(one.key, other.key)

    first, second = few.search(Query("Nandayasai Kaeoduangmanirat")).matches

    assert (first.ref, second.ref) == (ref(1), ref(2))
    assert first.score > 0.9
    assert Reason.ALIKE in first.reasons
    assert second.score < 0.75


def test_nobody_is_looked_at_again_where_somebody_answers_all_that_was_asked(
    few: SearchFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    few.put([person(1, "มาลี แก้วมณี"), *(person(at, f"นาย{at} แก้วมณี") for at in range(100, 130))])
    monkeypatch.setattr(looking, "_look_again", None)

    found = few.search(Query("มาลี แก้วมณี")).matches

    assert found[0].ref == ref(1)
    with pytest.raises(TypeError):
        few.search(Query("Malinadda Kaeomani"))


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("chaknphong", "จักรพงศ์"),  # r that nobody says, written as it would close a syllable
        ("kutnsri", "กุศลศรี"),  # a vowel that is not written, left out
        ("wetnsiri", "เวศน์ศิริ"),  # a letter that is written and cancelled
    ],
)
def test_a_name_written_letter_by_letter_is_near(asked: str, known: str) -> None:
    one, other = hear([asked, known])

    how = nearness(one, other)

    assert how is not None
    assert how.score > 0.8


def test_consonants_that_close_a_syllable_alike_make_sounds_more_alike() -> None:
    one, other = hear(["kutnsri", "กุศลศรี"])

    assert near._likenesses(one.ear, [other.ear])[0] > Indel.normalized_similarity(one.ear, other.ear)
    assert near._likenesses("", ["", "mali"]).tolist() == [1.0, 0.0]
    assert near._likenesses("aui", ["aui", "mali"]).tolist() == pytest.approx([1.0, 4 / 7])


def test_letters_in_another_order_are_less_alike_than_the_same_with_some_left_out() -> None:
    one, some, turned = hear(["suwannaphumi", "suwanphum", "muphanuwasini"])

    assert (nearness(one, some) or (0.0,))[0] > 0.8
    assert nearness(one, turned) is None


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Srisawat", "ศรีสวัสดิ์"),
        ("Kaew", "แก้ว"),
        ("Kaeomani", "แก้วมณี"),
        ("Keo", "កែវ"),
        ("Htun", "ထွန်း"),
        ("Htay", "ဌေး"),
        ("จอ", "ကျော်"),
        ("ชเว", "ရွှေ"),
        ("SoemKlang", "เสริมกลาง"),
        ("Saithong", "ไทรทอง"),
        ("Sakaeo", "สระแก้ว"),
    ],
)
def test_what_is_written_otherwise_than_it_is_said_is_near(asked: str, known: str) -> None:
    one, other = hear([asked.lower(), known])

    how = nearness(one, other)

    assert how is not None
    assert how.score >= 0.85


@pytest.mark.parametrize(("text", "words"), [("Ông Thủy", ["ong", "thuy"]), ("ဦးသန့် နွယ်", ["ဦး", "သန့်", "နွယ်"])])
def test_a_title_that_others_write_as_a_part_of_the_name_is_kept_as_one(text: str, words: list[str]) -> None:
    assert words in readings_of(text)
