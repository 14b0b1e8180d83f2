"""Which pairs are brought together to be compared."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from methods.linkage.making import SETTINGS, Row, load_rows, make_town
from sarana.methods.engine import Engine
from sarana.methods.linkage import blocks
from sarana.methods.linkage.blocks import block_pairs
from sarana.methods.linkage.rows import prepare_rows

ONE = Row(row_id="1", given="สมศักดิ์", family="ทองคำพร")


def pairs_of(
    engine: Engine, *rows: Row, hide: bool = False, block_rows: int = 60, away_rows: int = 12
) -> set[tuple[str, str]]:
    """The pairs of row ids that are brought together, with no ID hidden unless asked."""
    load_rows(engine, rows)
    ready = prepare_rows(engine, SETTINGS)
    if not hide:
        ready = replace(ready, is_hidden=np.zeros(len(ready), dtype=np.bool_))
    pairs, _ = block_pairs(ready, replace(SETTINGS, block_rows=block_rows, away_rows=away_rows))
    found = list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    assert found == sorted(set(found))
    assert all(x < y for x, y in found)
    names = ready.row_id.to_pylist()
    return {(min(names[x], names[y]), max(names[x], names[y])) for x, y in found}


@pytest.mark.parametrize(
    "other",
    [
        Row(given="สมศักดิ์", family="ทองคำพร", birth="1980-11-02", village=None),  # names and year
        Row(given="ทองคำพร", family="สมศักดิ์", birth="1980-11-02", village=None),  # the same, in the other order
        Row(given="Somsak", family="Thongkhamphon", birth=None, village=None),  # both names by sound
        Row(given="สมศักดิ์", family=None, village=None),  # birth, given name, sex
        Row(given=None, family="ทองคำพร", village=None, sex=None),  # birth and family name
        Row(given=None, family=None, village="500101"),  # birth, subdistrict, sex
        Row(given="สมศรี", family="ใจ", birth="1980-01-01", precise="year", village="500101"),  # head of the name, year
        Row(given=None, family="ทองคำพร", birth="1980-01-01", precise="first", village="500101"),  # family name, year
        Row(given="สมศรี", family="ใจ", birth=None),  # one house, how the name begins
    ],
)
def test_rows_without_an_id_meet_by_any_one_key(engine: Engine, other: Row) -> None:
    assert pairs_of(engine, ONE, replace(other, row_id="2")) == {("1", "2")}


ONLY = {
    "house, family": Row(given="วิไล", family="ทองใจ", birth=None),
    "house, year": Row(given="มณี", family="ใจดี", birth="1980-01-01", precise="year"),
    "given, subdistrict": Row(given="สมศักดิ์", family="ใจดี", birth="1981-08-02", village="500101", house=None),
    "family, subdistrict": Row(given="มณี", family="ทองคำพร", birth=None, village="500101", house=None),
    "starts, subdistrict": Row(given="ทองใจ", family="สมัย", birth=None, village="500101", house=None),
    "given, family start, year": Row(given="สมศักดิ์", family="ทองใจ", birth="1980-11-02", village=None),
    "family, given start, year": Row(given="สมัย", family="ทองคำพร", birth="1980-11-02", village=None),
    "given head, family": Row(given="สมศรี", family="ทองคำพร", birth="1981-11-02", village=None),
    "given, family head": Row(given="สมศักดิ์", family="ทองคำดี", birth="1981-11-02", village=None),
    "birth, given start, sex": Row(given="สมัย", family="ใจดี", village=None),
}
"""What meets ONE by this key and no other."""


@pytest.mark.parametrize("key", ONLY)
def test_rows_that_only_one_key_finds(engine: Engine, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """A birth that is missing or a year off, a slip in a name, another place: each has a key that does not need it."""
    other = replace(ONLY[key], row_id="2")
    assert pairs_of(engine, ONE, other) == {("1", "2")}
    monkeypatch.setattr(blocks, "BLOCKS", [block for block in blocks.BLOCKS if block.name != key])
    assert pairs_of(engine, ONE, other) == set()


def test_only_open_rows_are_looked_for_when_some_ids_are_doubted(engine: Engine) -> None:
    rows = [replace(ONE, row_id=str(n), id=f"350000000001{n}") for n in range(4)]
    load_rows(engine, rows)
    ready = replace(prepare_rows(engine, SETTINGS), is_hidden=np.zeros(4, dtype=np.bool_))
    assert len(block_pairs(ready, SETTINGS)[0]) == 0
    pairs = blocks.open_pairs(ready, np.array([False, True, False, False]), SETTINGS)
    assert list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)) == [(0, 1), (1, 2), (1, 3)]


def test_rows_with_nothing_in_common_do_not_meet(engine: Engine) -> None:
    other = Row(row_id="2", given="มณี", family="ใจดี", birth="1955-02-03", village="50020101", house="9")
    assert pairs_of(engine, ONE, other) == set()


def test_missing_values_are_no_key(engine: Engine) -> None:
    nobody = Row(given=None, family=None, birth=None, village=None, house=None, sex=None)
    assert pairs_of(engine, replace(nobody, row_id="1"), replace(nobody, row_id="2")) == set()


def test_a_year_or_a_first_of_january_is_no_key_of_its_own(engine: Engine) -> None:
    other = Row(row_id="2", given="มณี", family="ใจดี", birth="1980-01-01", precise="first", house="9")
    first = replace(ONE, birth="1980-01-01", precise="first")
    assert pairs_of(engine, first, other) == set()


def test_two_unlike_valid_ids_are_not_brought_together(engine: Engine) -> None:
    one, two = replace(ONE, id="3500000000017"), replace(ONE, row_id="2", id="3500000000025")
    assert pairs_of(engine, one, two) == set()


def test_a_row_with_an_id_meets_an_open_one(engine: Engine) -> None:
    assert pairs_of(engine, replace(ONE, id="3500000000017"), replace(ONE, row_id="2")) == {("1", "2")}
    not_valid = replace(ONE, row_id="2", id="3500000000025", id_state="check")
    assert pairs_of(engine, replace(ONE, id="3500000000017"), not_valid) == {("1", "2")}


def test_equal_ids_meet_whatever_else_they_say(engine: Engine) -> None:
    one = replace(ONE, id="3500000000017")
    two = Row(row_id="2", given="มณี", family="ใจดี", birth=None, village=None, id="3500000000017")
    assert pairs_of(engine, one, two) == {("1", "2")}


def test_unlike_valid_ids_meet_when_one_is_hidden_to_teach(engine: Engine) -> None:
    """So few rows have an ID here that all of them are hidden."""
    one, two = replace(ONE, id="3500000000017"), replace(ONE, row_id="2", id="3500000000025")
    assert pairs_of(engine, one, two, hide=True) == {("1", "2")}


def test_a_key_wider_than_allowed_is_left_out(engine: Engine) -> None:
    """Rows that share a village house and how the name begins, and nothing else; ten of them are allowed."""
    rows = [
        replace(ONE, row_id=f"{n:02}", family=family, birth=f"{1930 + 7 * n}-03-04")
        for n, family in enumerate(("กา", "จา", "หา", "ลา", "มา", "นา", "ปา", "สา", "ตา", "วา", "อา"))
    ]
    assert len(pairs_of(engine, *rows[:10], block_rows=10)) == 45
    assert pairs_of(engine, *rows, block_rows=10) == set()
    assert len(pairs_of(engine, *rows, block_rows=11)) == 55


def _sees(x: Row, y: Row, sharing: Sequence[Row], most: int, away: int) -> bool:
    """Whether a row is brought together with another of those that share its key, as the rule has it."""
    homes = {row.row_id: (row.village or "")[:2] for row in sharing}
    mine, other = homes[x.row_id], homes[y.row_id]
    if len(sharing) <= (away if mine else most):
        return True
    at_home = sum(home in (mine, "") for home in homes.values())
    return bool(mine) and at_home <= most and other in (mine, "")


@pytest.mark.parametrize("seed", range(12))
def test_namesakes_of_other_provinces_meet_where_few_of_the_country_share_the_key(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Of three provinces and of none that is known: the widths 3, 5 and more are all met."""
    chance = np.random.default_rng(seed)
    names = chance.choice(["กา", "จา", "หา", "ลา", "มา"], 40, p=[0.4, 0.3, 0.15, 0.1, 0.05]).tolist()
    villages = chance.choice(["500101", "510101", "570203", ""], 40, p=[0.45, 0.3, 0.15, 0.1]).tolist()
    rows = [
        Row(row_id=f"{at:02}", given="สมศักดิ์", family=family, birth=None, house=None, village=village or None)
        for at, (family, village) in enumerate(zip(names, villages, strict=True))
    ]
    monkeypatch.setattr(blocks, "BLOCKS", [block for block in blocks.BLOCKS if block.name == "both names"])
    most, away = 5, 3
    wanted = set()
    for family in sorted(set(names)):
        sharing = [row for row in rows if row.family == family]
        for x, y in combinations(sharing, 2):
            if _sees(x, y, sharing, most, away) or _sees(y, x, sharing, most, away):
                wanted.add((x.row_id, y.row_id))
    assert pairs_of(engine, *rows, block_rows=most, away_rows=away) == wanted


def test_an_id_that_is_not_valid_brings_together_too_but_not_one_of_another_length(engine: Engine) -> None:
    """Leading zeros are part of an ID, and an ID may be too long for a number."""
    nobody = Row(given=None, family=None, birth=None, village=None, house=None, sex=None, id_state="length")
    ids = ["0123", "123", "0123", "1" * 40, "1" * 41, "1" * 40]
    rows = [replace(nobody, row_id=str(at), id=id_) for at, id_ in enumerate(ids)]
    assert pairs_of(engine, *rows) == {("0", "2"), ("3", "5")}


def test_pairs_are_the_same_when_they_are_looked_at_a_few_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, _ = make_town(300)
    load_rows(engine, town)
    rows = prepare_rows(engine, SETTINGS)
    whole, found = block_pairs(rows, SETTINGS)
    monkeypatch.setattr(blocks, "_SLICE", 7)
    for loose, threads in (
        (1 << 24, 1),
        (50, 1),
        (50, 3),
    ):  # what was found twice is let go of at the end, or on the way
        monkeypatch.setattr(blocks, "_LOOSE", loose)
        cut, found_too = block_pairs(rows, SETTINGS, threads=threads)
        assert found == found_too
        assert len(whole) > 300
        assert cut.key.tolist() == whole.key.tolist()


def test_a_key_of_many_wide_parts_is_one_number_all_the_same() -> None:
    """Four parts of 2^31 each do not fit into 64 bits; they are equal where all parts are."""
    chance = np.random.default_rng(1)
    parts = [chance.integers(1, 3, 500).astype(np.int32) for _ in range(4)]
    for part in parts:
        part[0] = 2**31 - 1
    key = blocks._one_number(parts)
    lines = list(zip(*(part.tolist() for part in parts), strict=True))
    assert len(set(zip(key.tolist(), lines, strict=True))) == len(set(lines)) == len(set(key.tolist()))
