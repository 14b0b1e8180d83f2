"""Outlines on the grid: neighbours keep their shared borders, and nothing is lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.population.report.makers import Outline
from sarana.methods.population.report import shapes
from sarana.methods.population.report.shapes import draw_areas

SQUARES = {"A": (0.0, 0.0), "B": (1.0, 0.0), "C": (2.0, 0.0)}


def square(code: str, west: float, south: float, side: float = 1.0) -> Outline:
    ring = ((west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south))
    return Outline(code, "subdistrict", (ring,))


def three() -> list[Outline]:
    return [square(code, *at) for code, at in SQUARES.items()]


def points(path: str) -> set[tuple[int, int]]:
    """The corners that an SVG path of whole, relative steps runs through."""
    found = set()
    for start, steps in re.findall(r"M([-\d ]+)(?:l([-\d ]+))?", path):
        x, y = map(int, start.split())
        found.add((x, y))
        numbers = list(map(int, steps.split()))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.add((x, y))
    return found


def test_neighbours_share_their_border_to_the_unit() -> None:
    drawing = draw_areas(three(), {})
    a, b, c = (points(area.path) for area in drawing.areas)
    assert len(a & b) == len(b & c) == 2
    assert not a & c


def test_the_map_keeps_its_proportions_and_fits_its_frame() -> None:
    drawing = draw_areas(three(), {})
    assert drawing.width == 1200
    assert 390 < drawing.height < 430
    everything = {p for area in drawing.areas for p in points(area.path)}
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in everything)


def test_the_north_is_up_and_a_degree_of_longitude_shrinks_towards_the_pole() -> None:
    drawing = draw_areas([square("S", 0.0, 59.5), square("N", 0.0, 60.5)], {})
    north, south = drawing.areas
    assert (north.code, south.code) == ("N", "S")
    assert north.y < south.y
    assert drawing.width < drawing.height * 0.3


def test_only_the_outline_of_a_group_is_its_border() -> None:
    drawing = draw_areas(three(), {"A": "1", "B": "1", "C": "2"})
    lengths = 0
    for line in re.findall(r"M[^M]+", drawing.borders):
        numbers = list(map(int, re.split(r"[Ml ]", line)[3:]))
        lengths += sum(abs(dx) + abs(dy) for dx, dy in zip(numbers[::2], numbers[1::2], strict=True))
    side = (drawing.width - 20) / 3
    assert lengths == pytest.approx(9 * side, rel=0.01)  # 8 outside, 1 between the groups, none inside group 1
    assert [name for name, _, _ in drawing.labels] == ["1", "2"]


def test_an_area_too_small_for_the_grid_is_still_there() -> None:
    drawing = draw_areas([*three(), square("D", 5.0, 0.0, 0.00001)], {})
    assert [area.code for area in drawing.areas] == ["A", "B", "C", "D"]
    assert len(points(drawing.areas[3].path)) == 4


def test_a_hole_stays_and_a_ring_of_two_points_goes() -> None:
    hole = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.4))
    ring = square("A", 0, 0).rings[0]
    drawing = draw_areas([Outline("A", "subdistrict", (ring, hole, ((9.0, 9.0), (9.1, 9.1))))], {})
    assert drawing.areas[0].path.count("z") == 2
    assert drawing.width < 1.2 * drawing.height


def test_nothing_to_draw_gives_an_empty_frame() -> None:
    assert draw_areas([], {}) == shapes.Drawing(0, 0)
    assert draw_areas([Outline("A", "subdistrict", ())], {}) == shapes.Drawing(0, 0)


def test_outlines_too_fine_for_a_page_are_put_on_a_coarser_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    wave = tuple((t / 500, (t % 7) / 700) for t in range(1000))
    fine = Outline("A", "subdistrict", ((*wave, (2.0, 1.0), (0.0, 1.0)),))
    whole = len(draw_areas([fine], {}).areas[0].path)
    monkeypatch.setattr(shapes, "SHAPE_BUDGET", whole // 2)
    assert len(draw_areas([fine], {}).areas[0].path) <= whole // 2


ring = st.lists(st.tuples(st.floats(97, 106), st.floats(5, 21)), min_size=0, max_size=9).map(tuple)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.lists(ring, max_size=3).map(tuple)), unique_by=lambda s: s[0]))
def test_any_rings_are_drawn_and_every_area_with_a_ring_has_a_place(given_shapes: list[tuple[str, tuple]]) -> None:  # type: ignore[type-arg]
    outlines = [Outline(code, "subdistrict", rings) for code, rings in given_shapes]
    drawing = draw_areas(outlines, {"A": "1", "B": "1"})
    assert [a.code for a in drawing.areas] == sorted(o.code for o in outlines if any(len(r) >= 3 for r in o.rings))
    assert all(0 <= a.x <= drawing.width and 0 <= a.y <= drawing.height for a in drawing.areas)
    assert draw_areas(outlines[::-1], {"A": "1", "B": "1"}) == drawing
    assert all(a < b for a, b in pairwise([area.code for area in drawing.areas]))
