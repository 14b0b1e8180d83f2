"""Two years of one province: what both published tables together tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.attack import disclosed
from makers.attack_runs import disclosed_by_two
from makers.people import Place, make_people
from makers.years import let_a_year_pass, publish_again, put_by
from sarana.methods.disclosure.earlier import Release
from sarana.methods.engine import Engine

SHARES = (0.06, 0.2, 0.5, 0.24)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def n_shown(engine: Engine, table: str = "areas") -> int:
    return int(engine.row(f"SELECT count(n_red) FROM {table} WHERE n_people > 0")[0])


def two_years(engine: Engine, n_people: int, place: Place, share: float, seed: int = 0) -> Release:
    """A first year that is out already, and the people of the second."""
    make_people(engine, n_people, place, seed)
    publish_again(engine)
    release = put_by(engine)
    let_a_year_pass(engine, share, seed)
    return release


@pytest.mark.parametrize("share", [0.002, 0.05, 0.3])
def test_two_years_together_tell_of_no_small_change_but_do_when_each_was_protected_alone(
    engine: Engine, share: float
) -> None:
    release = two_years(engine, 60_000, Place(3, 4, 2, shares=SHARES), share)
    publish_again(engine)
    assert n_shown(engine) > 20
    assert len(disclosed_by_two(engine, most=5)) > 5, "the attack does not bite"
    publish_again(engine, (release,))
    assert disclosed_by_two(engine, most=20) == []
    assert disclosed(engine, second_map=False, most=20) == []
    assert disclosed(engine, second_map=True, most=1) == []


def test_a_run_of_the_same_people_shows_the_same_table(engine: Engine) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0)
    publish_again(engine, (release,))
    assert n_shown(engine) == n_shown(engine, "areas_before") > 20
    order = 'ORDER BY level, code, "group"'
    assert engine.rows(f"SELECT * FROM areas {order}") == engine.rows(f"SELECT * FROM areas_before {order}")
    assert disclosed_by_two(engine, most=5) == []


def test_after_a_year_of_much_change_a_province_shows_much_again(engine: Engine) -> None:
    release = two_years(engine, 60_000, Place(3, 4, 3, shares=SHARES), 0.45, 1)
    publish_again(engine, (release,))
    assert engine.row("SELECT n_red IS NOT NULL FROM areas WHERE level = 'province' AND \"group\" = 'all'") == (True,)
    assert n_shown(engine) > 10


def test_what_an_erased_run_withheld_stays_withheld(engine: Engine) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0.4)
    publish_again(engine, (Release(release.areas),))
    shown = """SELECT count(*) FROM areas a JOIN areas_before b USING (level, code, "group")
        WHERE a.n_red IS NOT NULL AND b.n_red IS NULL"""
    assert engine.row(shown) == (0,)
    assert disclosed_by_two(engine, most=10) == []


def test_a_third_year_is_protected_against_both_before(engine: Engine) -> None:
    first = two_years(engine, 60_000, Place(2, 3, 2, shares=SHARES), 0.2, 1)
    publish_again(engine, (first,))
    for name in ("areas", "areas_internal"):
        engine.run(f"CREATE TABLE {name}_first AS SELECT * FROM {name}_before")
    first = Release("areas_first", "areas_internal_first")
    second = put_by(engine)
    let_a_year_pass(engine, 0.2, 2)
    publish_again(engine, (first, second))
    assert disclosed_by_two(engine, most=10) == []
    for name in ("areas", "areas_internal"):
        engine.run(f"CREATE OR REPLACE TABLE {name}_before AS SELECT * FROM {name}_first")
    assert disclosed_by_two(engine, most=10) == []


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
    share=st.sampled_from([0.001, 0.01, 0.1, 0.4]),
    seed=st.integers(0, 99),
)
def test_no_two_years_however_odd_give_small_changes_away(
    engine: Engine, n_people: int, place: Place, share: float, seed: int
) -> None:
    release = two_years(engine, n_people, place, share, seed)
    publish_again(engine, (release,))
    assert disclosed_by_two(engine, most=6, seed=seed) == []
    assert disclosed(engine, second_map=False, most=6, seed=seed) == []
