"""An area divided among its villages: nothing of it is lost, each has its own point, and what is not known says so."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sarana.methods.areas.parts import divide, roomiest

SQUARE = shapely.box(0, 0, 100, 100)
THIN = shapely.box(0, 0, 100, 0.2)
TWO = shapely.union_all([shapely.box(0, 0, 40, 40), shapely.box(60, 60, 100, 100)])
HOLED = SQUARE.difference(shapely.box(20, 20, 80, 80))

points = st.tuples(st.integers(-20, 120).map(float), st.integers(-20, 120).map(float))


def test_each_point_of_an_area_belongs_to_the_village_that_is_nearest() -> None:
    parts = divide(SQUARE, ["a", "b"], {"a": (25.0, 50.0), "b": (75.0, 50.0)}, 5.0)
    assert parts["a"].shape.equals(shapely.box(0, 0, 50, 100))
    assert parts["b"].shape.equals(shapely.box(50, 0, 100, 100))
    assert [part.is_placed for part in parts.values()] == [True, True]


@pytest.mark.parametrize("area", [SQUARE, TWO, HOLED, THIN])
@pytest.mark.parametrize("n", [1, 2, 9])
def test_villages_of_which_no_place_is_known_stand_apart_in_their_area(area: shapely.Geometry, n: int) -> None:
    codes = [f"{each:02}" for each in range(n)]
    parts = divide(area, codes, {}, 5.0)
    assert list(parts) == codes
    assert not any(part.is_placed for part in parts.values())
    assert len({part.point for part in parts.values()}) == n
    assert all(shapely.covers(area, shapely.Point(part.point)) for part in parts.values())
    assert sum(part.shape.area for part in parts.values()) == pytest.approx(area.area)
    if area is SQUARE and n == 9:
        assert min(part.shape.area for part in parts.values()) > 400, "none is squeezed into a corner"


def test_a_point_that_others_share_or_that_lies_far_away_is_no_place_and_one_beside_the_rim_is() -> None:
    places = {"a": (50.0, 50.0), "b": (50.0, 50.0), "c": (500.0, 50.0), "d": (103.0, 50.0)}
    parts = divide(SQUARE, ["a", "b", "c", "d", "e"], places, 5.0)
    assert {code: part.is_placed for code, part in parts.items()} == {
        **dict.fromkeys("abce", False),
        "d": True,
    }
    assert parts["d"].point == (100.0, 50.0)


@given(st.dictionaries(st.sampled_from("abcdefgh"), points))
def test_whatever_the_points_are_nothing_is_lost_and_no_two_parts_overlap(
    places: dict[str, tuple[float, float]],
) -> None:
    parts = divide(SQUARE, list("abcdefgh"), places, 10.0)
    assert sum(part.shape.area for part in parts.values()) == pytest.approx(SQUARE.area)
    assert shapely.union_all([part.shape for part in parts.values()]).area == pytest.approx(SQUARE.area)
    for code, part in parts.items():
        assert shapely.distance(part.shape, shapely.Point(part.point)) < 0.01
        if part.is_placed:
            assert code in places


def test_nothing_is_divided_where_there_is_nothing() -> None:
    assert divide(shapely.Polygon(), ["a"], {}, 1.0) == {}
    assert divide(SQUARE, [], {}, 1.0) == {}
    assert roomiest(SQUARE, [], 0) == []
