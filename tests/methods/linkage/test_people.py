"""From rows to people: what must hold for any rows, and the hard cases of the field."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from methods.linkage.making import SETTINGS, Row, are_one, link, make_town, persons, shuffled
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings

TOWN, TRUTH = make_town(300)


def tables(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that linkage leaves behind, in the order in which it is saved."""
    return {name: engine.rows(f"SELECT * FROM {name}") for name in ("people", "links", "review")}


def test_every_row_is_in_people_once(engine: Engine) -> None:
    report = link(engine, TOWN)
    assert sorted(persons(engine)) == sorted(f"{row.source}:{row.row_id}" for row in TOWN)
    assert engine.row("SELECT count(*) FROM people")[0] == len(TOWN) == report.rows_in == report.rows_out
    assert report.counts["people"] == len(set(persons(engine).values()))


def test_a_town_is_linked_well(engine: Engine) -> None:
    link(engine, TOWN)
    found = persons(engine)
    refs = sorted(found)
    said = {(x, y) for at, x in enumerate(refs) for y in refs[at + 1 :] if found[x] == found[y]}
    true = {(x, y) for at, x in enumerate(refs) for y in refs[at + 1 :] if TRUTH[x] == TRUTH[y]}
    assert len(true) > 100
    assert len(said & true) / len(said) >= 0.95
    assert len(said & true) / len(true) >= 0.9


def test_certainty_is_1_alone_and_the_probability_of_a_link_otherwise(engine: Engine) -> None:
    alone = Row(
        row_id="9", given="มณี", family="ประเสริฐ", birth="1955-02-03", village="50020101", house="9", id="3500000000017"
    )
    one = Row(row_id="1", id="3500000000025")
    two = replace(one, source="school")
    link(engine, [alone, one, two])
    certain = dict(engine.rows("SELECT source || row_id, certainty FROM people"))
    [(probability,)] = engine.rows("SELECT probability FROM links")
    assert certain["health9"] == 1.0
    assert certain["health1"] == certain["school1"] == probability
    assert 0.9 < probability <= 1.0
    assert probability == round(probability, 4)


def test_certainty_is_the_weakest_probability_that_holds_the_row(engine: Engine) -> None:
    one = Row(row_id="1", id="3500000000025")
    near = replace(one, source="school")
    far = replace(one, row_id="2", id=None, birth="1980-01-01", precise="year", house=None)
    link(engine, [one, near, far])
    links = engine.rows('SELECT "left", "right", probability FROM links')
    assert len({probability for _, _, probability in links}) > 1
    weakest: dict[str, float] = {}
    for left, right, probability in links:
        for row in (left, right):
            weakest[row] = min(weakest.get(row, 1.0), probability)
    assert dict(engine.rows("SELECT source || ':' || row_id, certainty FROM people")) == weakest


def test_a_person_keeps_the_id_when_other_rows_come(engine: Engine) -> None:
    one = Row(row_id="1", id="3500000000025")
    rows = [one, replace(one, source="school")]
    link(engine, rows)
    before = persons(engine)
    other = Row(given="มณี", family="ประเสริฐ", birth="1955-02-03", village="50020101", house="9")
    more = [replace(other, row_id=row_id, source=source) for row_id, source in (("0", "health"), ("5", "cases"))]
    link(engine, [*more, *rows, replace(one, source="cases", row_id="8")])
    after = persons(engine)
    assert {row: after[row] for row in before} == before
    assert after["cases:8"] == after["health:1"]
    assert after["health:0"] != after["health:1"]


def test_a_person_id_is_made_from_the_smallest_row_and_nothing_else(engine: Engine) -> None:
    link(engine, [Row(row_id="1"), Row(row_id="2", source="cases"), Row(row_id="0", source="school")])
    assert set(persons(engine).values()) == {hashlib.md5(b"person:health:1", usedforsecurity=False).hexdigest()[:16]}


def test_links_and_review_stand_by_the_letters_of_their_references(engine: Engine) -> None:
    """The sources do not stand in the order of their letters, and one is the beginning of another."""
    names = dict(zip(SETTINGS.sources, ("b", "a_b", "a"), strict=True))
    rows = [replace(row, source=names[row.source]) for row in TOWN]
    rows += [replace(row, source=source, row_id=f"{row.row_id}{at}") for at, row in enumerate(rows) for source in "ab"]
    link(engine, rows, LinkSettings(tuple(names.values()), review_until=0.9999))
    for table in ("links", "review"):
        found = engine.rows(f'SELECT "left", "right" FROM {table}')
        assert len({left.split(":")[0] for left, _ in found}) > 1
        assert found == sorted(found)


def test_a_person_id_tells_nothing_of_the_row(engine: Engine) -> None:
    link(engine, TOWN[:50])
    for person in persons(engine).values():
        assert len(person) == 16
        assert set(person) <= set("0123456789abcdef")


@pytest.mark.parametrize("threads", [2, 4])
def test_threads_memory_and_order_of_rows_change_nothing(engine: Engine, tmp_path: Path, threads: int) -> None:
    link(engine, TOWN)
    expected = tables(engine)
    assert all(expected.values())
    with Engine(threads=threads, memory=f"{400 + 100 * threads}MB", temp=tmp_path / "other") as other:
        link(other, shuffled(TOWN, threads))
        assert tables(other) == expected


def test_saved_files_have_the_same_bytes_at_any_thread_count(tmp_path: Path) -> None:
    saved = set()
    for threads in (1, 2, 4):
        folder = tmp_path / str(threads)
        folder.mkdir()
        with Engine(threads=threads, memory="500MB", temp=folder / "spill", folders=[folder]) as engine:
            link(engine, shuffled(TOWN, threads))
            for name in ("people", "links", "review"):
                engine.save_lent(name, folder / f"{name}.parquet")
        saved.add(tuple((folder / f"{name}.parquet").read_bytes() for name in ("people", "links", "review")))
    assert len(saved) == 1


def test_no_rows_give_no_people(engine: Engine) -> None:
    report = link(engine, [])
    assert report.rows_out == 0
    assert tables(engine) == {"people": [], "links": [], "review": []}


def test_one_row_gives_one_person(engine: Engine) -> None:
    link(engine, [Row()])
    assert [certainty for _, _, _, certainty in tables(engine)["people"]] == [1.0]


def test_rows_that_say_nothing_are_people_of_their_own(engine: Engine) -> None:
    nobody = Row(given=None, family=None, birth=None, village=None, house=None, sex=None)
    link(engine, [replace(nobody, row_id=str(n)) for n in range(20)])
    assert len(set(persons(engine).values())) == 20


def test_a_province_without_any_id_is_linked_by_the_shipped_weights(engine: Engine) -> None:
    rows = [replace(row, id=None) for row in TOWN]
    report = link(engine, rows)
    assert report.counts["pairs_teaching_same"] == 0
    found = persons(engine)
    refs = [f"{row.source}:{row.row_id}" for row in rows]
    pairs = [
        (x, y) for at, x in enumerate(refs) for y in refs[at + 1 :] if found[x] == found[y] or TRUTH[x] == TRUTH[y]
    ]
    right = sum(found[x] == found[y] and TRUTH[x] == TRUTH[y] for x, y in pairs)
    assert 2 * right / (len(pairs) + right) > 0.9


def test_names_in_one_script_only_are_no_trouble(engine: Engine) -> None:
    """Nothing is heard across scripts then, and that table is empty."""
    one = Row(given="Somchai", family="Thongkham")
    link(engine, [one, replace(one, row_id="2", source="school", given="Somchay")])
    assert are_one(engine, "health:1", "school:2")


@pytest.mark.parametrize(
    ("number", "state"), [("3500000000017", "shared"), ("9999999999999", "check"), ("0", "length")]
)
def test_an_id_on_5000_rows_brings_nobody_together(engine: Engine, number: str, state: str) -> None:
    """The ID of a clinic, or any number at all, typed in for whoever had none."""
    town, _ = make_town(3500, seed=3)
    rows = [replace(row, id=number, id_state=state) for row in town[:5000]]
    assert len(rows) == 5000
    report = link(engine, rows)
    assert report.counts["pairs_by_same_ID"] == 0
    largest = engine.row("SELECT max(n) FROM (SELECT count(*) AS n FROM people GROUP BY person_id)")[0]
    assert largest <= 6
    assert report.counts["people"] > 3000


def test_a_grandmothers_id_on_a_boys_row_does_not_make_one_person_of_them(engine: Engine) -> None:
    """Equal IDs, one family name and house; given name, birth and sex differ."""
    grandmother = Row(row_id="1", given="บุญมี", sex="female", birth="1948-03-09", id="3500000000017")
    boy = Row(row_id="2", source="school", given="ธนพล", sex="male", birth="2012-11-23", id="3500000000017")
    link(engine, [*TOWN, grandmother, boy])
    assert not are_one(engine, "health:1", "school:2")


def test_equal_ids_with_nothing_else_in_common_stay_apart(engine: Engine) -> None:
    one = Row(row_id="1", given="บุญมี", family="ทองคำ", sex="female", birth="1948-03-09", id="3500000000017")
    two = Row(
        row_id="2", source="school", given="ธนพล", family="ประเสริฐ", sex="male", birth="2012-11-23",
        id="3500000000017", village="50020101", house="9",
    )  # fmt: skip
    link(engine, [*TOWN, one, two])
    assert not are_one(engine, "health:1", "school:2")


def test_twins_stay_apart_and_each_is_found(engine: Engine) -> None:
    twin = Row(row_id="1", given="กานดา", family="มณีรัตน์", sex="female", birth="2010-04-12")
    other = replace(twin, row_id="2", given="วิไลพร")
    rows = [row for one in (twin, other) for row in (one, replace(one, source="school"))]
    link(engine, [*TOWN, *rows])
    assert are_one(engine, "health:1", "school:1")
    assert are_one(engine, "health:2", "school:2")
    assert not are_one(engine, "health:1", "health:2")


def test_two_valid_ids_are_never_one_person(engine: Engine) -> None:
    """Even where all else is equal, and where a third row without an ID stands between them."""
    one = Row(row_id="1", id="3500000000017")
    two = Row(row_id="2", id="3500000000025")
    link(engine, [*TOWN, one, two, Row(row_id="3", source="school")])
    assert not are_one(engine, "health:1", "health:2")
    carried = engine.row(
        """WITH shown AS (SELECT p.person_id, s.national_id FROM people p
            JOIN standardised s USING (source, row_id) WHERE id_state = 'valid'),
        proved AS (SELECT national_id FROM shown GROUP BY ALL HAVING count(DISTINCT person_id) = 1)
        SELECT max(n) FROM (SELECT count(DISTINCT national_id) AS n FROM shown SEMI JOIN proved USING (national_id)
            GROUP BY person_id)"""
    )
    assert carried == (1,)


def test_an_id_that_stands_on_two_people_is_no_proof_and_its_rows_are_found_by_all_else(engine: Engine) -> None:
    """A boy's school row bears his grandmother's ID: he is found all the same, and she keeps her own rows."""
    boy = Row(row_id="1", given="ธนพล", family="มณีศรี", birth="2012-11-23", id="3500000000017")
    grandmother = Row(row_id="2", given="บุญมี", family="มณีศรี", sex="female", birth="1948-03-09", id="3500000000025")
    rows = [boy, replace(boy, source="school", row_id="3", id=grandmother.id), grandmother]
    rows += [replace(grandmother, source="cases", row_id="4")]
    report = link(engine, [*TOWN, *rows])
    assert report.counts["rows_of_doubted_ids"] >= 3
    assert are_one(engine, "health:1", "school:3")
    assert are_one(engine, "health:2", "cases:4")
    assert not are_one(engine, "health:1", "health:2")
    said = engine.rows("SELECT evidence FROM links WHERE \"right\" = 'school:3'")
    assert ["id-differs-one-doubted" in evidence for (evidence,) in said] == [True]
    link(engine, [*TOWN, *rows[:2]])  # nobody else shows hers: it is believed
    assert not are_one(engine, "health:1", "school:3")


@pytest.mark.parametrize(
    "again",
    [
        Row(given="Prasoet", family="Manirat"),  # romanised
        Row(birth="1985-12-03"),  # day and month swapped
        Row(birth="1985-01-01", precise="first"),
        Row(birth="1985-01-01", precise="year"),
        Row(village="50010102", house=None),  # moved within the subdistrict
        Row(given="มณีรัตน์", family="ประเสริฐ"),  # names in the other order
        Row(sex=None, house=None),
    ],
)
def test_a_stateless_person_is_found_again_in_spite_of(engine: Engine, again: Row) -> None:
    one = Row(row_id="1", given="ประเสริฐ", family="มณีรัตน์", birth="1985-03-12", house="77")
    usual = Row()
    changed = {name: getattr(again, name) for name in Row.__slots__ if getattr(again, name) != getattr(usual, name)}
    link(engine, [*TOWN, one, replace(one, source="cases", row_id="2", **changed)])
    assert are_one(engine, "health:1", "cases:2")


def test_what_is_accepted_hangs_on_the_setting(engine: Engine) -> None:
    link(engine, TOWN)
    usual = len(set(persons(engine).values()))
    link(engine, TOWN, LinkSettings(SETTINGS.sources, accept=0.99999))
    assert len(set(persons(engine).values())) > usual


ABROAD = {
    "Lao": ("ສົມພອນ", "ສຸພານຸວົງ", "Somphone", "Souphanouvong"),
    "Burmese": ("အောင်ဆန်း", "မင်းထွန်း", "Aung San", "Min Htun"),
    "Khmer": ("សុគន្ធា", "ចាន់ថា", "Sokunthea", "Chantha"),
    "Vietnamese": ("Đức", "Phạm", "Duc", "Pham"),
}


@pytest.mark.parametrize("language", ABROAD)
def test_a_name_in_its_own_script_finds_its_romanised_row(engine: Engine, language: str) -> None:
    given, family, latin_given, latin_family = ABROAD[language]
    own = Row(row_id="a1", given=given, family=family, birth="1991-06-14", house=None)
    romanised = replace(own, source="cases", row_id="a2", given=latin_given, family=latin_family)
    cousin = replace(romanised, row_id="a3", given="Wilai", birth="1988-02-03")
    link(engine, [*TOWN, own, romanised, cousin])
    assert are_one(engine, "health:a1", "cases:a2")
    assert not are_one(engine, "health:a1", "cases:a3")
    said = engine.rows(
        'SELECT evidence FROM links WHERE \'health:a1\' IN ("left", "right") AND \'cases:a2\' IN ("left", "right")'
    )
    assert len(said) == 1
