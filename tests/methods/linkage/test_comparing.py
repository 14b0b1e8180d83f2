"""Every level of every comparison, by examples worked by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from methods.linkage.making import SETTINGS, Row, load_rows, make_town
from sarana.methods.engine import Engine
from sarana.methods.linkage import comparing
from sarana.methods.linkage.blocks import Pairs, block_pairs
from sarana.methods.linkage.comparing import compare_pairs
from sarana.methods.linkage.heard import hear_rows, name_rarities
from sarana.methods.linkage.names_alike import ALIKE, FAR, HEARD, NEAR, OTHER, SAME, SOUNDS, Ear
from sarana.methods.linkage.rows import Rows, prepare_rows

PLAIN = Row()

GIVEN_NAMES = {
    "the same letters": ("มณีรัตน์", "มณีรัตน์", SAME),
    "one sound, written in two ways": ("ศักดิ์ชัยพร", "สักชัยพร", SOUNDS),
    "one sound, in two scripts": ("สมพร", "Somphon", SOUNDS),
    "one sound, in Lao": ("ຄຳມະນີ", "Khammani", SOUNDS),
    "one long key, in Lao": ("ສຸພານຸວົງ", "Souphanouvong", SOUNDS),
    "one long key, in Lao and Thai": ("ສຸພານຸວົງ", "สุภานุวงศ์", HEARD),
    "one long key, in Khmer": ("សុគន្ធា", "Sokunthea", HEARD),
    "one sound, in Burmese": ("အောင်ဆန်း", "Aung San", SOUNDS),
    "one short sound, in Burmese": ("ထွန်း", "Tun", SOUNDS),
    "one long key, in Vietnamese": ("Hoàng Thị Phương", "Hoang Thi Phuong", SOUNDS),
    "nothing in common, in Lao": ("ບຸນມີ", "Prasert", OTHER),
    "nothing in common, in Burmese": ("ထွန်းမောင်", "Khin Swe", OTHER),
    "one long key, in two romanisations": ("Somporn", "Somphon", HEARD),
    "one short sound, with its vowels": ("ใจดี", "Jaidee", SOUNDS),
    "one short key, with nearly its vowels": ("Lodoe", "Lode", HEARD),
    "one short key alone, Jaro-Winkler .667": ("Lodi", "Lada", OTHER),
    "Jaro-Winkler .956, keys differ": ("nichleson", "nichulson", NEAR),
    "Jaro-Winkler .926, keys differ": ("jeraldine", "geraldine", NEAR),
    "Jaro-Winkler .867, and .89 by sound": ("Bounmi", "Bounsy", ALIKE),
    "Jaro-Winkler .813, and .90 by sound": ("dixon", "dicksonx", ALIKE),
    "Jaro-Winkler .832": ("jones", "johnson", ALIKE),
    "Jaro-Winkler .667, and .74 by sound": ("waldir", "wadham", FAR),
    "in Thai letters .48, in bytes .81": ("สุดา", "ปราณี", OTHER),
    "in Thai letters .89, in bytes .97": ("วิชัย", "วินัย", ALIKE),
    "in Thai letters .68, in bytes .88": ("เจนจิรา", "เจริญ", FAR),
    "nothing in common": ("บุญมี", "ประเสริฐ", OTHER),
    "two names in a script that is not heard": ("李", "张伟", OTHER),
    "two names in two scripts that are not heard": ("Иван", "محمد", OTHER),
    "one name in a script that is not heard": ("张伟", "张伟", SAME),
    "one is missing": ("วิไล", None, 0),
    "both are missing": (None, None, 0),
}

BIRTHS = {
    "same day": ("1980-05-17", "day", "1980-05-17", "day", 1),
    "same 1 January": ("1980-01-01", "first", "1980-01-01", "first", 2),
    "day and month swapped": ("1980-05-07", "day", "1980-07-05", "day", 3),
    "one year off": ("1980-05-17", "day", "1981-05-17", "day", 4),
    "ten years off": ("1980-05-17", "day", "1970-05-17", "day", 4),
    "another day": ("1980-05-17", "day", "1980-05-18", "day", 5),
    "another month": ("1980-05-17", "day", "1980-06-17", "day", 5),
    "1 January against a day of that year": ("1980-01-01", "first", "1980-05-17", "day", 6),
    "the year alone": ("1980-01-01", "year", "1980-05-17", "day", 7),
    "the year alone against 1 January": ("1980-01-01", "year", "1980-01-01", "first", 7),
    "the year alone, one off": ("1979-01-01", "year", "1980-05-17", "day", 8),
    "1 January, one year off": ("1981-01-01", "first", "1980-05-17", "day", 8),
    "the year alone, five off": ("1975-01-01", "year", "1980-05-17", "day", 9),
    "1 January, ten years off": ("1970-01-01", "first", "1980-05-17", "day", 9),
    "same day, three years off": ("1980-05-17", "day", "1983-05-17", "day", 10),
    "same year, another day and month": ("1980-05-17", "day", "1980-08-03", "day", 11),
    "nothing alike": ("1980-05-17", "day", "1992-08-03", "day", 12),
    "the year alone, ten off": ("1970-01-01", "year", "1980-05-17", "day", 13),
    "missing": ("1980-05-17", "day", None, None, 0),
}

PLACES = {
    "village": ("50010101", "50010101", 1),
    "subdistrict, village unknown": ("50010101", "500101", 2),
    "subdistrict, another village": ("50010101", "50010102", 3),
    "district": ("50010101", "50010201", 4),
    "another district": ("50010101", "50020101", 5),
    "district, subdistrict unknown": ("50010101", "5001", 6),
    "another district, subdistrict unknown": ("50010101", "5002", 5),
    "unknown": ("50010101", None, 0),
}

IDS = {
    "equal": ("3500000000017", "valid", "3500000000017", "valid", 1),
    "two digits swapped in one": ("3500000000017", "valid", "3500000000071", "check", 2),
    "a digit dropped": ("3500000000017", "valid", "350000000017", "length", 2),
    "another, one not valid": ("3500000000017", "valid", "8211934457120", "check", 3),
    "two valid that differ by one digit": ("3500000000017", "valid", "3500000000018", "valid", 4),
    "shared by too many": ("3500000000017", "valid", "3500000000017", "shared", 0),
    "none": ("3500000000017", "valid", None, None, 0),
}


def ear_of(engine: Engine, rows: Rows) -> Ear:
    heard = hear_rows(engine, rows)
    return Ear.of(engine, rows, heard, name_rarities(rows, heard))


def compared(folder: Path, pairs: list[tuple[Row, Row]]) -> list[dict[str, int]]:
    """What is said of each pair, one line a pair, all compared in one go."""
    rows = [
        replace(row, row_id=f"{at:04}{side}")
        for at, pair in enumerate(pairs)
        for side, row in zip("ab", pair, strict=True)
    ]
    with Engine(threads=1, memory="500MB", temp=folder) as engine:
        load_rows(engine, rows)
        ready = prepare_rows(engine, SETTINGS)
        number = {name: at for at, name in enumerate(ready.row_id.to_pylist())}
        ends = [sorted((number[f"{at:04}a"], number[f"{at:04}b"])) for at in range(len(pairs))]
        a, b = (np.array([end[side] for end in ends], dtype=np.int64) for side in (0, 1))
        found = compare_pairs(ready, ear_of(engine, ready), Pairs(a << 32 | b))
    said = found.levels | {"teaches": found.teaches}
    return [{name: int(level[at]) for name, level in said.items()} for at in range(len(pairs))]


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """What is said of every example of this page."""
    pairs = {}
    for name, (one, other, _) in GIVEN_NAMES.items():
        pairs[f"given {name}"] = (replace(PLAIN, given=one), replace(PLAIN, given=other))
        pairs[f"family {name}"] = (replace(PLAIN, family=one), replace(PLAIN, family=other))
    for name, (one, precise, other, other_precise, _) in BIRTHS.items():
        pairs[f"birth {name}"] = (
            replace(PLAIN, birth=one, precise=precise),
            replace(PLAIN, birth=other, precise=other_precise),
        )
    for name, (one, other, _) in PLACES.items():
        pairs[f"place {name}"] = (replace(PLAIN, village=one), replace(PLAIN, village=other))
    for name, (one, state, other, other_state, _) in IDS.items():
        pairs[f"id {name}"] = (replace(PLAIN, id=one, id_state=state), replace(PLAIN, id=other, id_state=other_state))
    found = compared(tmp_path_factory.mktemp("levels"), list(pairs.values()))
    return dict(zip(pairs, found, strict=True))


@pytest.mark.parametrize("name", GIVEN_NAMES)
def test_a_given_name_has_its_level(levels: dict[str, dict[str, int]], name: str) -> None:
    assert levels[f"given {name}"]["given"] // 10 == GIVEN_NAMES[name][2]


@pytest.mark.parametrize("name", GIVEN_NAMES)
def test_a_family_name_has_its_level(levels: dict[str, dict[str, int]], name: str) -> None:
    assert levels[f"family {name}"]["family"] // 10 == GIVEN_NAMES[name][2]


@pytest.mark.parametrize("name", BIRTHS)
def test_a_birth_has_its_level(levels: dict[str, dict[str, int]], name: str) -> None:
    assert levels[f"birth {name}"]["birth"] == BIRTHS[name][4]


@pytest.mark.parametrize("name", PLACES)
def test_a_place_has_its_level(levels: dict[str, dict[str, int]], name: str) -> None:
    assert levels[f"place {name}"]["place"] == PLACES[name][2]


@pytest.mark.parametrize("name", IDS)
def test_an_id_has_its_level(levels: dict[str, dict[str, int]], name: str) -> None:
    assert levels[f"id {name}"]["id"] == IDS[name][4]


def test_levels_do_not_hang_on_which_row_comes_first(tmp_path: Path) -> None:
    pairs = [
        (replace(PLAIN, birth=x, precise=p), replace(PLAIN, birth=y, precise=q)) for x, p, y, q, _ in BIRTHS.values()
    ]
    pairs += [(replace(PLAIN, given=x), replace(PLAIN, given=y)) for x, y, _ in GIVEN_NAMES.values()]
    pairs += [(replace(PLAIN, village=x), replace(PLAIN, village=y)) for x, y, _ in PLACES.values()]
    straight = compared(tmp_path, pairs)
    turned = compared(tmp_path, [(other, one) for one, other in pairs])
    for one, other in zip(straight, turned, strict=True):
        assert one == other


def test_pairs_have_the_same_levels_when_they_are_compared_a_few_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rows(engine, make_town(200)[0])
    rows = prepare_rows(engine, SETTINGS)
    pairs, _ = block_pairs(rows, SETTINGS)
    whole = compare_pairs(rows, ear_of(engine, rows), pairs)
    monkeypatch.setattr(comparing, "_SLICE", 5)
    cut = compare_pairs(rows, ear_of(engine, rows), pairs)
    assert len(pairs) % 5
    assert {name: level.tolist() for name, level in cut.levels.items()} == {
        name: level.tolist() for name, level in whole.levels.items()
    }


def test_sex_house_and_household_have_their_levels(tmp_path: Path) -> None:
    school = replace(PLAIN, source="school")
    pairs = [
        (PLAIN, PLAIN),
        (replace(PLAIN, sex="female"), PLAIN),
        (replace(PLAIN, sex=None), PLAIN),
        (replace(PLAIN, house="12", village="50010102"), PLAIN),
        (replace(PLAIN, house="13"), PLAIN),
        (replace(PLAIN, house=None), PLAIN),
        (replace(PLAIN, household="7"), replace(PLAIN, household="7")),
        (replace(PLAIN, household="7"), replace(PLAIN, household="8")),
        (replace(PLAIN, household="7"), replace(school, household="7")),  # another file's numbers mean nothing here
    ]
    found = compared(tmp_path, pairs)
    assert [line["sex"] for line in found[:3]] == [1, 2, 0]
    assert [line["house"] for line in (found[0], *found[3:6])] == [1, 2, 3, 0]
    assert [line["household"] for line in (found[0], *found[6:])] == [0, 1, 2, 0]


def test_names_in_the_other_order_are_seen(tmp_path: Path) -> None:
    straight = replace(PLAIN, given="มณีรัตน์", family="ประเสริฐ")
    turned = replace(PLAIN, given="ประเสริฐ", family="มณีรัตน์")
    other = replace(PLAIN, given="ประเสริฐ", family="ทองคำ")
    found = compared(tmp_path, [(straight, turned), (straight, other)])
    assert (found[0]["given"] // 100, found[0]["given"] % 100 // 10, found[0]["family"] // 10) == (1, SAME, SAME)
    assert (found[1]["given"] // 100, found[1]["given"] // 10, found[1]["family"] // 10) == (0, OTHER, OTHER)


def test_names_are_looked_at_together_by_the_letters_both_stand_in(tmp_path: Path) -> None:
    """Five for the given name and one for the family name that are the same, more by their letters."""
    thai, latin = replace(PLAIN, given="สมพร", family="ทองคำ"), replace(PLAIN, given="Somphon", family="Thongkham")
    marked = replace(PLAIN, given="Phương", family="Hoàng")
    alone = replace(latin, given=None)
    pairs = [(thai, thai), (thai, latin), (latin, latin), (marked, marked), (alone, alone)]
    found = compared(tmp_path, pairs)
    assert [line["names"] for line in found] == [6, 6 + 25, 6 + 50, 6, 1]


def test_a_common_name_is_worth_less_than_a_rare_one(tmp_path: Path) -> None:
    """Rarity is the last digit: up to 3, 8, 20, 60, 200, 600 rows in 100,000, and more."""
    common = replace(PLAIN, given="บุญมี", family="ทองคำ")
    rare = replace(PLAIN, given="มณีรัตน์", family="ทองคำ")
    found = compared(tmp_path, [(common, common)] * 40 + [(rare, rare)])
    assert found[0]["given"] == SAME * 10 + 4  # 80 rows
    assert found[-1]["given"] == SAME * 10  # 2 rows
    assert found[0]["family"] == SAME * 10 + 4  # 82 rows


def test_one_sound_is_as_rare_as_the_sound_and_not_as_its_consonants(tmp_path: Path) -> None:
    """โลดี has the consonants of the common ลาดา, and yet nobody else is called so."""
    common = replace(PLAIN, given="ลาดา")
    rare = (replace(PLAIN, given="โลดี"), replace(PLAIN, given="Lodee"))
    found = compared(tmp_path, [(common, common)] * 40 + [rare])
    assert found[0]["given"] == SAME * 10 + 4
    assert found[-1]["given"] == SOUNDS * 10


def test_only_pairs_that_both_show_a_valid_id_teach(tmp_path: Path) -> None:
    with_id = replace(PLAIN, id="3500000000017")
    pairs = [
        (with_id, with_id),
        (with_id, replace(PLAIN, id="3500000000025")),
        (with_id, replace(PLAIN, id="3500000000017", id_state="check")),
        (with_id, PLAIN),
    ]
    assert [line["teaches"] for line in compared(tmp_path, pairs)] == [True, True, False, False]
