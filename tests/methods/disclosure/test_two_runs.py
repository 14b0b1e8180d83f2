"""Two years of one province: what both published tables together tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.attack import Found
from makers.attack_rounded import Tables, disclosed_by_rounded
from makers.attack_runs import BEFORE, NOW, disclosed_by_two
from makers.people import Place, make_people
from makers.years import let_a_year_pass, publish_again, put_by
from sarana.basics.errors import BadTable
from sarana.methods.disclosure import later
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


def found_together(engine: Engine, *tables: Tables, most: int = 2, seed: int = 0) -> list[Found]:
    return [
        one
        for told in (False, True)
        for one in disclosed_by_rounded(engine, tables or (BEFORE, NOW), told=told, most=most, seed=seed)
    ]


@pytest.mark.parametrize("share", [0.002, 0.05, 0.3])
def test_two_years_together_tell_of_no_small_change_but_do_when_each_was_protected_alone(
    engine: Engine, share: float
) -> None:
    release = two_years(engine, 60_000, Place(3, 4, 2, shares=SHARES), share)
    publish_again(engine)
    assert len(disclosed_by_two(engine, most=5)) > 5, "the attack does not bite"
    publish_again(engine, (release,))
    assert found_together(engine) == []
    assert n_shown(engine) > n_shown(engine, "areas_before") / 2 > 30


def test_the_attack_on_rounded_tables_bites_where_the_step_is_too_small(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0.05)
    monkeypatch.setattr(later, "_step", lambda threshold: threshold - 3)
    publish_again(engine, (release,))
    assert found_together(engine) != []


def test_a_run_of_the_same_people_shows_the_same_counts(engine: Engine) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0)
    publish_again(engine, (release,))
    assert n_shown(engine) > 20
    counts = ("n_red", "n_yellow", "n_green", "n_scored", "n_grey", "n_people", "n_red_without_status")
    other = " OR ".join(f"a.{count} <> b.{count}" for count in counts)
    joined = 'FROM areas a JOIN areas_before b USING (level, code, "group")'
    assert engine.row(f"SELECT count(*) {joined} WHERE {other}") == (0,)


def test_a_later_table_shows_no_line_that_was_withheld_adds_up_and_is_near_the_truth(engine: Engine) -> None:
    release = two_years(engine, 60_000, Place(3, 4, 3, shares=SHARES), 0.3, 1)
    publish_again(engine, (release,))
    joined = 'FROM areas a JOIN {} b USING (level, code, "group")'
    assert engine.row(f"SELECT count(*) {joined.format('areas_before')} WHERE b.n_red IS NULL AND a.n_red >= 0") == (0,)
    far, least = engine.row(
        f"""SELECT max(abs(a.n_red - b.n_red)) FILTER ("group" = 'all'), min(a.n_red) FILTER (a.n_red > 0)
        {joined.format("areas_internal")}"""
    )
    assert 0 < far <= 12 <= least
    assert engine.row(
        "SELECT count(*), count(rate), count(mean) FROM areas WHERE n_scored > 0 AND rounded_to = 13"
    ) == (
        n_shown(engine),
        n_shown(engine),
        0,
    )
    off = engine.row(
        """SELECT count(*) FROM areas p, (SELECT parent, "group", sum(n_red) AS red,
                bool_and(n_red IS NOT NULL) AS whole
            FROM areas WHERE level = 'district' GROUP BY ALL) s
        WHERE p.level = 'province' AND p.code = s.parent AND p."group" = s."group" AND whole AND p.n_red <> s.red"""
    )
    assert off == (0,)


def test_a_table_after_an_erased_one_is_the_same_unless_that_was_rounded(engine: Engine) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0.1)
    publish_again(engine, (release,))
    order = 'ORDER BY level, code, "group"'
    rows = engine.rows(f"SELECT * FROM areas {order}")
    publish_again(engine, (Release(release.areas),))
    assert engine.rows(f"SELECT * FROM areas {order}") == rows
    put_by(engine, "second")
    with pytest.raises(BadTable, match=r"rounded, and the counts behind it are gone") as stopped:
        publish_again(engine, (release, Release("areas_second")))
    assert stopped.value.code == "DISC-004"


def test_a_third_year_is_protected_against_both_before(engine: Engine) -> None:
    first = two_years(engine, 20_000, Place(2, 3, 2, shares=SHARES), 0.2, 1)
    publish_again(engine, (first,))
    second = put_by(engine, "second")
    let_a_year_pass(engine, 0.02, 2)
    publish_again(engine, (first, second))
    assert n_shown(engine) > 20
    assert found_together(engine, BEFORE, Tables("areas_second", "areas_internal_second"), NOW, most=1) == []


def test_a_table_of_another_province_is_not_looked_at(engine: Engine) -> None:
    release = two_years(engine, 20_000, Place(2, 4, 3, shares=SHARES), 0.1)
    engine.run(f"UPDATE {release.areas} SET code = 'x' || code")
    publish_again(engine)
    alone = n_shown(engine)
    publish_again(engine, (release,))
    assert n_shown(engine) == alone
    assert engine.row("SELECT count(rounded_to) FROM areas") == (0,)


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
    assert found_together(engine, most=1, seed=seed) == []
