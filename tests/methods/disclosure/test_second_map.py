"""The second map by class: an attack that knows classes, limits and rules finds nothing, and finds it where it may."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.attack import disclosed_by_classes
from makers.people import Place, make_people
from sarana.basics.progress import Silent
from sarana.basics.reports import StepReport
from sarana.methods.areas.classes import MapClasses, split_rates
from sarana.methods.areas.rollup import GROUPS, AreaSettings, roll_up
from sarana.methods.disclosure.forest import Forest
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import COLUMNS, DisclosureSettings
from sarana.methods.disclosure.second_map import choose_classes, unspoken
from sarana.methods.engine import Engine

TOWN = Place(2, 6, 1, uneven=0.4, share_unknown=0.02, shares=(0.05, 0.2, 0.5, 0.1), share_status=0.08)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def publish(engine: Engine, n_people: int, place: Place, seed: int = 0) -> StepReport:
    make_people(engine, n_people, place, seed)
    roll_up(engine, AreaSettings(), Silent())
    return protect(engine, DisclosureSettings(), Silent())


def limits_of(engine: Engine, level: str) -> MapClasses:
    rows = engine.rows(
        "SELECT rate FROM areas WHERE level = ? AND \"group\" = 'all' AND NOT ends_with(code, 'unknown')", [level]
    )
    return split_rates(rate for (rate,) in rows)


def test_classes_are_shown_where_exact_figures_are_not(engine: Engine) -> None:
    report = publish(engine, 20_000, TOWN)
    assert int(report.counts["second_map_by_class_subdistrict"]) >= 6
    assert engine.row(
        "SELECT count(*) FROM areas WHERE class_without_status IS NOT NULL AND n_red_without_status IS NULL"
        " AND (rate_without_status IS NOT NULL OR n_scored_without_status IS NOT NULL OR NOT protected)"
    ) == (0,)


def test_a_class_that_is_shown_is_true_and_follows_the_limits_of_the_first_map(engine: Engine) -> None:
    publish(engine, 20_000, TOWN)
    for level in ("district", "subdistrict"):
        limits = limits_of(engine, level)
        rows = engine.rows(
            """SELECT a.rate, a.class, i.rate_without_status, a.class_without_status
            FROM areas a JOIN areas_internal i USING (level, code, "group") WHERE level = ? AND class IS NOT NULL""",
            [level],
        )
        assert rows
        for rate, first, rate2, second in rows:
            assert first == limits.of(rate)
            assert second in {None, limits.of(rate2)}


def test_only_mapped_areas_with_figures_on_the_first_map_have_a_class(engine: Engine) -> None:
    publish(engine, 20_000, TOWN)
    assert engine.row(
        """SELECT count(*) FROM areas WHERE (class IS NOT NULL OR class_without_status IS NOT NULL)
        AND (n_red IS NULL OR "group" <> 'all' OR level IN ('village', 'province') OR ends_with(code, 'unknown'))"""
    ) == (0,)
    assert engine.row(
        """SELECT count(*) FROM areas WHERE class_without_status IS NULL AND rate_without_status IS NOT NULL
        AND "group" = 'all' AND level IN ('district', 'subdistrict') AND NOT ends_with(code, 'unknown')"""
    ) == (0,)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n_people=st.sampled_from([2000, 8000, 20_000, 40_000]),
    place=st.builds(
        Place,
        n_districts=st.integers(1, 3),
        n_subdistricts=st.integers(1, 4),
        n_villages=st.integers(1, 2),
        uneven=st.floats(0, 1.5),
        share_unknown=st.sampled_from([0.0, 0.02, 0.2]),
        shares=st.sampled_from([(r, 0.2, 0.5, 0.1) for r in (0.005, 0.02, 0.05, 0.2)]),
        share_status=st.sampled_from([0.02, 0.2, 0.6]),
    ),
    seed=st.integers(0, 99),
)
def test_no_class_tells_how_many_move_between_the_maps(engine: Engine, n_people: int, place: Place, seed: int) -> None:
    report = publish(engine, n_people, place, seed)
    assert disclosed_by_classes(engine, strong=False, most=4, seed=seed) == []
    if not report.counts["classes_withdrawn_for_sums"]:
        assert disclosed_by_classes(engine, strong=True, most=4, seed=seed) == []


def test_the_attack_does_find_counts_when_limits_are_so_narrow_that_a_class_pins_them(engine: Engine) -> None:
    publish(engine, 20_000, TOWN)
    rate, rate2 = engine.row(
        """SELECT a.rate, i.rate_without_status FROM areas a JOIN areas_internal i USING (level, code, "group")
        WHERE level = 'subdistrict' AND class_without_status IS NOT NULL AND a.n_red_without_status IS NULL
        AND i.n_red - i.n_red_without_status BETWEEN 1 AND 10 ORDER BY code LIMIT 1"""
    )
    assert rate is not None
    narrow = MapClasses(rate2, round(rate2 + 1, 1))
    engine.run(
        """CREATE OR REPLACE TABLE areas AS SELECT a.* EXCLUDE (class_without_status),
        CASE WHEN level = 'subdistrict' AND class IS NOT NULL THEN CASE WHEN i.rate_without_status >= ? THEN 'high'
            WHEN i.rate_without_status >= ? THEN 'mid' ELSE 'low' END END AS class_without_status
        FROM areas a JOIN areas_internal i USING (level, code, "group")""",
        [narrow.high_from, narrow.mid_from],
    )
    found = disclosed_by_classes(engine, strong=True, limits={"subdistrict": narrow})
    assert "n_red - n_red_without_status" in {f.column for f in found}


def test_silence_is_as_wide_as_what_is_said() -> None:
    limits = MapClasses(24.2, 53.7)
    assert unspoken(limits, 600, 11) == frozenset()
    assert unspoken(limits, 400, 11) == {"low", "mid"}, "lower means 0 to 9: silence would say it"
    assert unspoken(limits, 280, 11) == {"low", "mid"}
    assert unspoken(limits, 40, 11) == {"low", "mid", "high"}


def test_a_narrow_class_in_the_middle_is_hidden_among_lower_ones() -> None:
    assert unspoken(MapClasses(100.0, 102.0), 500, 11) == {"low", "mid"}


def lined_up(red: list[int], red_without: list[int]) -> Forest:
    """A province with one district and its subdistricts, 500 scored in each, and none who are not red or green."""
    rows = [
        [first, 0, 500 - first, 20, second, 500, 0, 0, 0, 0] for first, second in zip(red, red_without, strict=True)
    ]
    whole = np.array(rows).sum(axis=0)
    counts = np.zeros((2 + len(rows), len(GROUPS), len(COLUMNS)), dtype=np.int64)
    counts[:, 0] = np.array([whole, whole, *rows])
    places = list(range(2, 2 + len(rows)))
    return Forest(
        level=np.array([0, 1, *[2] * len(rows)]),
        code=np.array(["50", "5001", *(f"5001{place:02}" for place in places)]),
        parent=np.array([-1, 0, *[1] * len(rows)]),
        counts=counts,
        children=(np.array([1]), np.array(places), *[np.array([], dtype=np.int64)] * len(rows)),
    )


@pytest.mark.parametrize(
    ("red_without", "classes", "withdrawn"),
    [([10, 9, 12], ["low", "low", "low"], 0), ([19, 18, 19], ["", "low", "low"], 1)],
)
def test_where_sums_pin_a_count_a_class_is_taken_back(
    red_without: list[int], classes: list[str], withdrawn: int
) -> None:
    """Lower means 0 to 19 here; 56 in three areas leave each of them but one person's room below that."""
    forest = lined_up([12, 20, 60], red_without)
    shown = np.zeros(forest.people.shape, dtype=bool)
    second = shown.copy()
    second[2:] = True
    found = choose_classes(forest, {"bands": shown, "without_status": second}, DisclosureSettings())
    assert found.first[2:].tolist() == ["low", "mid", "high"]
    assert found.second[2:].tolist() == classes
    assert found.withdrawn == withdrawn
