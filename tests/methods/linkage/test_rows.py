"""Rows made ready: in their total order, words as numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from methods.linkage.making import SETTINGS, Row, load_rows, make_town, shuffled
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings
from sarana.methods.linkage.rows import DAY, FEMALE, FIRST, NOT_FEMALE, YEAR, prepare_rows


def test_rows_stand_by_source_position_and_row_id_from_a_table_and_from_a_file(engine: Engine, tmp_path: Path) -> None:
    town, _ = make_town(100)
    wanted = sorted((SETTINGS.sources.index(row.source), row.row_id) for row in town)
    load_rows(engine, shuffled(town, 1))
    engine.save("SELECT * FROM standardised ORDER BY source, row_id", tmp_path / "sorted.parquet")
    engine.save("SELECT * FROM standardised ORDER BY hash(row_id)", tmp_path / "mixed.parquet")
    ready = [prepare_rows(engine, SETTINGS)]
    engine.run("DROP TABLE standardised")
    for name in ("sorted", "mixed"):
        engine.view("standardised", tmp_path / f"{name}.parquet")
        ready.append(prepare_rows(engine, SETTINGS))
    for rows in ready:
        assert list(zip((rows.place - 1).tolist(), rows.row_id.to_pylist(), strict=True)) == wanted
        assert [SETTINGS.sources[place - 1] for place in rows.place] == rows.source.to_pylist()
    assert len({tuple(rows.is_hidden.tolist()) for rows in ready}) == 1


def test_rows_of_a_source_that_is_not_named_are_left_out(engine: Engine) -> None:
    load_rows(engine, [Row(source="school", row_id="1"), Row(row_id="2", given="มณี")])
    rows = prepare_rows(engine, LinkSettings(("health",)))
    assert rows.row_id.to_pylist() == ["2"]
    assert rows.words[int(rows.given[0]) - 1].as_py() == "มณี"


def test_one_word_has_one_number_as_a_given_or_a_family_name(engine: Engine) -> None:
    load_rows(engine, [Row(row_id="1", given="มณี", family="ใจดี"), Row(row_id="2", given="ใจดี", family=None)])
    rows = prepare_rows(engine, SETTINGS)
    assert rows.family[0] == rows.given[1] != rows.given[0]
    assert rows.family_key[0] == rows.given_key[1] != rows.given_key[0]
    assert (rows.family[1], rows.family_key[1]) == (0, 0)


def test_births_have_their_year_month_and_day(engine: Engine) -> None:
    births = [
        ("1949-12-31", "day"),
        (None, None),
        ("1980-01-01", "first"),
        ("2012-02-29", "day"),
        ("1968-01-01", "year"),
    ]
    load_rows(engine, [Row(row_id=str(at), birth=birth, precise=how) for at, (birth, how) in enumerate(births)])
    rows = prepare_rows(engine, SETTINGS)
    told = [f"{rows.year[at]:04}-{rows.month[at]:02}-{rows.day[at]:02}" if at else None for at in rows.birth.tolist()]
    assert told == [birth for birth, _ in births]
    assert rows.precise.tolist() == [DAY, 0, FIRST, DAY, YEAR]


def test_a_shared_id_is_none_and_only_valid_ones_are_hidden(engine: Engine) -> None:
    one = Row(id="3500000000017")
    states = ["valid", "check", "shared", None]
    rows = [
        replace(one, row_id=str(at), id_state=state, id=one.id if state else None) for at, state in enumerate(states)
    ]
    load_rows(engine, rows)
    ready = prepare_rows(engine, SETTINGS)
    assert ready.id[0] == ready.id[1] != 0
    assert ready.id[2:].tolist() == [0, 0]
    assert ready.has_id.tolist() == ready.is_hidden.tolist() == [True, False, False, False]


def test_sex_is_known_or_not(engine: Engine) -> None:
    load_rows(engine, [Row(row_id=str(at), sex=sex) for at, sex in enumerate(["female", "male", None])])
    assert prepare_rows(engine, SETTINGS).sex.tolist() == [FEMALE, NOT_FEMALE, 0]


def test_no_rows_and_columns_that_say_nothing_are_rows_all_the_same(engine: Engine) -> None:
    load_rows(engine, [])
    assert len(prepare_rows(engine, SETTINGS)) == 0
    nobody = Row(given=None, family=None, birth=None, village=None, house=None, sex=None)
    load_rows(engine, [nobody])
    rows = prepare_rows(engine, SETTINGS)
    assert len(rows) == 1
    assert not np.any([rows.given, rows.family_key, rows.birth, rows.village, rows.household, rows.sex])
