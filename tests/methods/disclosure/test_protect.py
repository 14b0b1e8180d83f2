"""The published table: an attack that knows all sums finds nothing small, and what is shown is true."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.attack import disclosed
from makers.people import Place, make_people, make_villages
from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import BANDS, PEOPLE, SECOND, DisclosureSettings
from sarana.methods.engine import Engine

SHARES = (0.06, 0.2, 0.5, 0.24)
FIGURES = (*BANDS.figures, *PEOPLE.figures, *SECOND.figures)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def publish(engine: Engine, n_people: int, place: Place, seed: int = 0) -> None:
    make_people(engine, n_people, place, seed)
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, DisclosureSettings(), Silent())


def n_shown(engine: Engine, figure: str = "n_scored") -> int:
    return int(engine.row(f"SELECT count({figure}) FROM areas")[0])


def publish_without_second_cells(engine: Engine) -> None:
    """What a careless office would do: withhold only the lines that are unsafe by themselves."""
    small = " OR ".join(f"{c} BETWEEN 1 AND 10" for c in ("n_red", "n_yellow", "n_green", "n_grey", "n_scored"))
    kept = ", ".join(f"CASE WHEN NOT ({small}) THEN {c} END AS {c}" for c in FIGURES)
    none = "NULL::VARCHAR AS class_without_status"
    engine.run(
        f'CREATE OR REPLACE TABLE areas AS SELECT level, code, parent, "group", {kept}, {none} FROM areas_internal'
    )


@pytest.mark.parametrize(
    ("n_people", "place", "seed"),
    [
        (20_000, Place(2, 4, 3, shares=SHARES), 1),
        (40_000, Place(3, 2, 3, uneven=1.5, shares=SHARES, share_status=0.3), 2),
        (6_000, Place(2, 3, 3, uneven=1.2, share_unknown=0.3, shares=SHARES), 3),
    ],
)
def test_the_attack_finds_no_small_count_in_what_is_published(
    engine: Engine, n_people: int, place: Place, seed: int
) -> None:
    publish(engine, n_people, place, seed)
    assert n_shown(engine) > 20, "nothing was shown: the attack had nothing to do"
    assert disclosed(engine, second_map=False, most=30) == []
    assert disclosed(engine, second_map=True, most=2) == []


def test_the_attack_does_find_small_counts_when_second_cells_are_left_out(engine: Engine) -> None:
    publish(engine, 30_000, Place(3, 4, 3, shares=SHARES), 1)
    publish_without_second_cells(engine)
    assert len(disclosed(engine, second_map=False, most=20)) > 5


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n_people=st.sampled_from([0, 12, 400, 3000, 20_000]),
    place=st.builds(
        Place,
        n_districts=st.integers(1, 3),
        n_subdistricts=st.integers(1, 3),
        n_villages=st.integers(1, 3),
        uneven=st.floats(0, 2),
        share_unknown=st.sampled_from([0.0, 0.02, 0.4]),
        shares=st.sampled_from([(r, 0.2, 0.4, 0.2) for r in (0.0, 0.002, 0.05, 0.5)]),
    ),
    seed=st.integers(0, 99),
)
def test_no_province_however_odd_gives_small_counts_away(
    engine: Engine, n_people: int, place: Place, seed: int
) -> None:
    publish(engine, n_people, place, seed)
    assert disclosed(engine, second_map=False, most=10, seed=seed) == []
    assert disclosed(engine, second_map=True, most=1, seed=seed) == []


def test_what_is_shown_is_as_counted_and_every_line_stays(engine: Engine) -> None:
    publish(engine, 20_000, Place(3, 4, 3, shares=SHARES))
    differs = " OR ".join(f"(a.{c} IS NOT NULL AND a.{c} IS DISTINCT FROM i.{c})" for c in FIGURES)
    joined = 'areas a JOIN areas_internal i USING (level, code, "group")'
    assert engine.row(f"SELECT count(*) FROM {joined} WHERE {differs}") == (0,)
    assert engine.row(f"SELECT count(*) FROM {joined}") == engine.row("SELECT count(*) FROM areas_internal")
    hidden = " OR ".join(f"(a.{c} IS NULL AND i.{c} IS NOT NULL)" for c in FIGURES)
    assert engine.row(f"SELECT count(*) FROM {joined} WHERE ({hidden}) AND NOT a.protected") == (0,)


def test_a_withheld_line_shows_none_of_the_figures_of_its_sheet(engine: Engine) -> None:
    publish(engine, 8000, Place(3, 4, 3, shares=SHARES))
    for sheet in (BANDS, PEOPLE, SECOND):
        some = " OR ".join(f"{c} IS NOT NULL" for c in sheet.figures)
        assert engine.row(f"SELECT count(*) FROM areas WHERE {sheet.figures[0]} IS NULL AND ({some})") == (0,)
    assert engine.row("SELECT count(*) FROM areas WHERE n_scored IS NULL AND n_people IS NOT NULL") == (0,)


def test_no_count_that_is_shown_is_small(engine: Engine) -> None:
    publish(engine, 20_000, Place(3, 4, 3, shares=SHARES))
    counts = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey", "n_red_without_status")
    small = " OR ".join(f"{c} BETWEEN 1 AND 10" for c in (*counts, "abs(n_red - n_red_without_status)"))
    assert engine.row(f"SELECT count(*) FROM areas WHERE {small}") == (0,)


def test_a_village_with_nobody_in_it_says_so(engine: Engine) -> None:
    make_people(engine, 20_000, Place(2, 2, 3, share_unknown=0, share_status=0, shares=SHARES))
    engine.run("INSERT INTO villages VALUES ('50010199', '500101', '5001', '50', 18, 98)")
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, DisclosureSettings(), Silent())
    assert engine.row("SELECT n_people, n_red, rate, protected FROM areas WHERE code = '50010199'") == (
        0,
        0,
        None,
        False,
    )


def test_a_province_of_nobody_is_a_table_of_zeros(engine: Engine) -> None:
    make_villages(engine, Place())
    make_people(engine, 0)
    roll_up(engine, AreaSettings(), Silent())
    report = protect(engine, DisclosureSettings(), Silent())
    assert engine.row("SELECT sum(n_people), bool_or(protected) FROM areas") == (0, False)
    assert report.rows_in == report.rows_out > 0


def test_a_province_too_small_for_any_figure_shows_none(engine: Engine) -> None:
    publish(engine, 9, Place(1, 1, 2))
    assert engine.row("SELECT count(n_people) FROM areas WHERE \"group\" = 'all'") == (0,)


def test_a_province_says_how_many_people_it_has_even_where_few_of_them_are_red(engine: Engine) -> None:
    publish(engine, 5000, Place(2, 2, 2, shares=(0.0005, 0.2, 0.5, 0.2)))
    truth = "SELECT n_people, n_scored, n_red FROM areas_internal WHERE level = 'province' AND \"group\" = 'all'"
    people, scored, red = engine.row(truth)
    assert 0 < red < 11
    assert engine.row(truth.replace("areas_internal", "areas")) == (people, scored, None)
    assert engine.row("SELECT count(n_people) FROM areas WHERE level = 'district' AND n_people > 0") == (0,)
    assert disclosed(engine, second_map=False) == []


def test_a_province_whose_grey_would_be_told_by_the_scored_says_neither(engine: Engine) -> None:
    publish(engine, 5000, Place(2, 2, 2, shares=(0.0005, 0.2, 0.5, 0.001)))
    truth = "SELECT n_red, n_grey FROM areas_internal WHERE level = 'province' AND \"group\" = 'all'"
    assert all(0 < n < 11 for n in engine.row(truth))
    shown = "SELECT count(n_people), count(n_scored) FROM areas WHERE level = 'province' AND \"group\" = 'all'"
    assert engine.row(shown) == (0, 0)


def test_the_smallest_sibling_is_the_one_that_is_withheld_too(engine: Engine) -> None:
    make_villages(engine, Place(1, 1, 4))
    people = np.repeat(np.array(["50010101", "50010102", "50010103", "50010104"]), [40, 300, 200, 500])
    band = np.array(["red", "yellow", "green", "grey"])[np.arange(len(people)) % 4]
    ids = [f"p{k}" for k in range(len(people))]
    nothing = pa.nulls(len(people), pa.string())
    place = {"village": people, "subdistrict": nothing, "district": nothing, "province": nothing}
    engine.load("persons", pa.table({"person_id": ids, "sex": ["female"] * len(ids), "age": [30] * len(ids), **place}))
    scores = {"person_id": ids, "index": [1500] * len(ids), "band": band, "band_without_status": band}
    engine.load("scores", pa.table(scores))
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, DisclosureSettings(), Silent())
    withheld = engine.rows("SELECT code FROM areas WHERE level = 'village' AND n_red IS NULL ORDER BY 1")
    assert withheld == [("50010101",), ("50010103",)]


def test_the_table_is_the_same_at_any_thread_count(tmp_path: Path) -> None:
    seen = []
    for threads in (1, 4):
        with Engine(threads=threads, memory="1GB", temp=tmp_path / "spill") as engine:
            publish(engine, 10_000, Place(3, 3, 3, shares=SHARES))
            seen.append(engine.rows('SELECT * FROM areas ORDER BY level, code, "group"'))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (DisclosureSettings(threshold=1), "DISC-001"),
        (DisclosureSettings(share=80.0), "DISC-002"),
        (DisclosureSettings(second_cells=("60+",)), "DISC-003"),
    ],
)
def test_settings_that_protect_nobody_are_refused(engine: Engine, wrong: DisclosureSettings, code: str) -> None:
    with pytest.raises(BadSetting, match=code):
        protect(engine, wrong, Silent())
