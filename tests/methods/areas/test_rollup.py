"""Counts by area: levels and groups add up, rates and intervals are right, unknown places are kept."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from makers.people import Place, make_people, make_villages
from sarana.basics.errors import BadTable
from sarana.basics.progress import Silent
from sarana.methods.areas.rollup import AGES, SEXES, AreaSettings, roll_up
from sarana.methods.engine import Engine

COUNTS = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey", "n_red_without_status", "n_red_left")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=2, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def load(engine: Engine, people: list[tuple[object, ...]]) -> None:
    """People as (sex, age, village, subdistrict, district, province, index, band, band without status)."""
    names = ("sex", "age", "village", "subdistrict", "district", "province", "index", "band", "band_without_status")
    kinds = (pa.string(), pa.int16(), *[pa.string()] * 4, pa.int16(), pa.string(), pa.string())
    table = {"person_id": [f"p{k}" for k in range(len(people))]}
    table |= {
        name: pa.array([p[k] for p in people], kind) for k, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }
    engine.load("persons", pa.table(table).drop_columns(list(names[6:])))
    engine.load("scores", pa.table(table).select(["person_id", *names[6:]]))


def line(engine: Engine, level: str, code: str, group: str = "all", *columns: str) -> tuple[object, ...]:
    return engine.row(
        f"""SELECT {", ".join(columns or ("n_people",))} FROM areas_internal
        WHERE level = ? AND code = ? AND "group" = ?""",
        [level, code, group],
    )


def someone(
    village: str | None = "50010101", band: str = "green", index: int | None = 1200, **more: object
) -> tuple[object, ...]:
    known = {
        "sex": "female",
        "age": 20,
        "subdistrict": village and village[:6],
        "district": village and village[:4],
        "province": village and village[:2],
        "second": band,
    } | more
    place = tuple(known[k] for k in ("subdistrict", "district", "province"))
    return (known["sex"], known["age"], village, *place, index, band, known["second"])


def test_levels_and_groups_add_up_to_the_province(engine: Engine) -> None:
    make_people(engine, 3000, Place(share_unknown=0.3))
    roll_up(engine, AreaSettings(), Silent())
    sums = ", ".join(f"sum({c})" for c in COUNTS)
    whole = engine.row(f"SELECT {sums} FROM areas_internal WHERE level = 'province' AND \"group\" = 'all'")
    assert whole[0] == 3000
    for level in ("district", "subdistrict", "village"):
        assert engine.row(f"SELECT {sums} FROM areas_internal WHERE level = '{level}' AND \"group\" = 'all'") == whole
    for kind in ("sex", "age"):
        for level in ("province", "district", "subdistrict"):
            assert (
                engine.row(
                    f"SELECT {sums} FROM areas_internal WHERE level = '{level}' AND starts_with(\"group\", '{kind}=')"
                )
                == whole
            )


def test_a_part_always_adds_up_to_its_own_parent(engine: Engine) -> None:
    make_people(engine, 2000, Place(share_unknown=0.4), seed=3)
    roll_up(engine, AreaSettings(), Silent())
    wrong = engine.rows(
        """SELECT p.level, p.code, p."group" FROM areas_internal p JOIN areas_internal c
        ON c.parent = p.code AND c."group" = p."group" AND (p.level, c.level) IN
        (('province', 'district'), ('district', 'subdistrict'), ('subdistrict', 'village'))
        GROUP BY p.level, p.code, p."group", p.n_people, p.n_red
        HAVING sum(c.n_people) <> p.n_people OR sum(c.n_red) <> p.n_red"""
    )
    assert wrong == []


def test_every_area_and_group_has_a_line_even_with_nobody_in_it(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=2, n_villages=3))
    load(engine, [someone()])
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "village", "50010203", "all", "n_people", "n_scored", "rate", "mean") == (0, 0, None, None)
    groups = {r[0] for r in engine.rows("SELECT \"group\" FROM areas_internal WHERE code = '500102'")}
    assert groups == {"all", *(f"sex={s}" for s in SEXES), *(f"age={a}" for a in AGES)}
    assert engine.rows("SELECT DISTINCT \"group\" FROM areas_internal WHERE level = 'village'") == [("all",)]


def test_a_person_of_unknown_village_stands_in_the_unknown_line_of_the_subdistrict(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    load(
        engine,
        [someone(None, subdistrict="500101"), someone(None, district="5001"), someone(None), someone("59999999")],
    )
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "village", "500101-unknown") == (1,)
    assert line(engine, "village", "5001-unknown") == (1,)
    assert line(engine, "subdistrict", "5001-unknown") == (1,)
    assert line(engine, "village", "50-unknown") == (2,)
    assert line(engine, "district", "50-unknown", "all", "n_people", "name") == (2, "not known")
    assert line(engine, "province", "50") == (4,)


def test_the_village_decides_where_the_wider_areas_disagree(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=2, n_subdistricts=1, n_villages=1))
    load(engine, [someone("50010101", subdistrict="500201", district="5002")])
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "subdistrict", "500101") == (1,)
    assert line(engine, "subdistrict", "500201") == (0,)


def test_with_two_provinces_people_of_unknown_province_have_a_line_of_their_own(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    engine.run("INSERT INTO villages VALUES ('51010101', '510101', '5101', '51', 18, 98)")
    load(engine, [someone(None), someone("51010101")])
    roll_up(engine, AreaSettings(), Silent())
    assert [line(engine, level, "unknown") for level in ("province", "district", "subdistrict", "village")] == [
        (1,)
    ] * 4
    assert line(engine, "province", "51") == (1,)


def test_ages_fall_into_their_bands_at_the_edges(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    ages = [0, 5, 6, 11, 12, 17, 18, 24, 25, 59, 60, 99, None, -1]
    load(engine, [someone(age=a) for a in ages])
    roll_up(engine, AreaSettings(), Silent())
    assert [line(engine, "province", "50", f"age={a}")[0] for a in AGES] == [2] * 7


def test_rate_mean_and_interval_are_as_worked_by_hand(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    people = [someone(band="red", index=2401, second="yellow")] * 3 + [someone(index=1000)] * 5
    load(engine, [*people, someone(band="grey", index=1900)])
    roll_up(engine, AreaSettings(), Silent())
    columns = ("n_people", "n_scored", "n_red", "n_grey", "rate", "mean", "low", "high")
    # Wilson for 3 of 8: (p + z2/2n ± z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n) = 0.1368 and 0.6943; 12203/8 = 1525.375
    assert line(engine, "village", "50010101", "all", *columns) == (9, 8, 3, 1, 375.0, 1525, 136.8, 694.3)
    second = ("n_red_without_status", "rate_without_status", "n_red_left", "n_red_joined", "n_scored_left", "protected")
    assert line(engine, "village", "50010101", "all", *second) == (0, 0.0, 3, 0, 0, False)


def test_a_mean_of_a_half_is_rounded_up(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    load(engine, [someone(index=1000), someone(index=1001)])
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "village", "50010101", "all", "mean") == (1001,)


def test_a_person_without_a_score_counts_as_grey(engine: Engine) -> None:
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    load(engine, [someone()])
    engine.run("DELETE FROM scores")
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "village", "50010101", "all", "n_people", "n_scored", "n_grey") == (1, 0, 1)


def test_the_same_lines_come_out_at_any_thread_count_and_row_order(tmp_path: Path) -> None:
    seen = []
    for threads, order in ((1, "ASC"), (4, "DESC")):
        with Engine(threads=threads, memory="1GB", temp=tmp_path / "spill") as engine:
            make_people(engine, 4000)
            engine.run(f"CREATE TABLE turned AS SELECT * FROM persons ORDER BY person_id {order}")
            engine.run("CREATE OR REPLACE TABLE persons AS SELECT * FROM turned")
            roll_up(engine, AreaSettings(), Silent())
            seen.append(engine.rows('SELECT * FROM areas_internal ORDER BY level, code, "group"'))
    assert seen[0] == seen[1]


def test_no_people_at_all_gives_lines_of_zeros(engine: Engine) -> None:
    make_villages(engine, Place())
    load(engine, [])
    report = roll_up(engine, AreaSettings(), Silent())
    assert report.rows_in == 0
    assert engine.row("SELECT sum(n_people), count(rate) FROM areas_internal") == (0, 0)


def test_an_empty_village_list_is_refused(engine: Engine) -> None:
    make_people(engine, 10)
    engine.run("DELETE FROM villages")
    with pytest.raises(BadTable, match="AREA-001"):
        roll_up(engine, AreaSettings(), Silent())


def test_a_village_in_two_subdistricts_is_refused(engine: Engine) -> None:
    make_people(engine, 10)
    again = "SELECT village_code, '500199', district_code, province_code, lat, lon FROM villages LIMIT 1"
    engine.run(f"INSERT INTO villages {again}")
    with pytest.raises(BadTable, match=r"AREA-002.*1 of level village"):
        roll_up(engine, AreaSettings(), Silent())


def test_age_bands_that_do_not_rise_are_refused(engine: Engine) -> None:
    with pytest.raises(BadTable, match="AREA-003"):
        roll_up(engine, AreaSettings(age_starts=(0, 6, 6, 18, 25, 60)), Silent())


def test_people_and_scores_in_another_order_or_without_a_score_count_alike(engine: Engine) -> None:
    people = [someone(band="red", index=2500), someone(sex="male", age=None), someone(None, subdistrict="500101")]
    load(engine, people)
    make_villages(engine, Place(n_districts=1, n_subdistricts=1, n_villages=1))
    found = []
    for order in ("FROM scores", "FROM scores ORDER BY person_id DESC"):
        engine.load("scores", engine.arrow(order))
        roll_up(engine, AreaSettings(), Silent())
        found.append(engine.rows("FROM areas_internal"))
    assert found[0] == found[1]
    engine.run("DELETE FROM scores WHERE person_id = 'p0'")
    roll_up(engine, AreaSettings(), Silent())
    assert line(engine, "province", "50", "all", "n_people", "n_red", "n_grey") == (3, 0, 1)
