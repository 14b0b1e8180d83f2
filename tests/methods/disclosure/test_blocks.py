"""Tables of parts by groups: what is withheld leaves every doubtful count in doubt, and ranges are true."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sarana.methods.disclosure.blocks import Ranges, Table, withhold_cells, withhold_row
from sarana.methods.disclosure.rule import Counts, Mask

WIDTH = 11


def table_of(
    cells: Counts, free: Mask | None = None, outer: Ranges | None = None, turn: list[int] | None = None
) -> Table:
    """A table with one atom a cell; cells of 1 to 10 are hidden and doubtful."""
    values = np.asarray(cells, dtype=np.int64)[..., None]
    small = (values > 0) & (values < WIDTH)
    none = np.zeros((values.shape[1], 1), dtype=np.int64)
    return Table(
        cells=values,
        hidden=small[..., 0],
        doubtful=small,
        people=values[..., 0],
        free=np.zeros(values.shape[1], dtype=bool) if free is None else free,
        outer=outer or Ranges(none, none),
        width=WIDTH,
        turn=np.zeros(values.shape[1], dtype=np.int64) if turn is None else np.array(turn),
    )


def true_range(table: Table, gone: Mask, row: int, column: int) -> tuple[float, float]:
    """By linear programming: the range of one cell, from sums of rows and of columns that are not free."""
    cells = table.cells[..., 0]
    places = [tuple(p) for p in np.argwhere(gone)]
    equations, values = [], []
    for i in range(cells.shape[0]):
        equations.append([float(p[0] == i) for p in places])
        values.append(cells[i, gone[i]].sum())
    for j in np.flatnonzero(~table.free):
        equations.append([float(p[1] == j) for p in places])
        values.append(cells[gone[:, j], j].sum())
    goal = np.array([float(p == (row, column)) for p in places])
    low, high = (
        linprog(s * goal, A_eq=np.array(equations), b_eq=values, bounds=(0, None), method="highs").fun for s in (1, -1)
    )
    return round(low, 6), round(-high, 6)


@st.composite
def safe_tables(draw: st.DrawFn) -> Table:
    """Tables whose row and column sums are 0 or large, as they are when the wider lines are shown."""
    n_rows, n_columns = draw(st.integers(2, 5)), draw(st.sampled_from([3, 7]))
    size = st.sampled_from([0, 0, 1, 3, 7, 10, 11, 15, 40, 200])
    cells = np.array(
        draw(st.lists(st.lists(size, min_size=n_columns, max_size=n_columns), min_size=n_rows, max_size=n_rows))
    )
    for i in range(n_rows):
        if 0 < cells[i].sum() < WIDTH:
            cells[i, -1] += WIDTH
    for j in range(n_columns):
        if 0 < cells[:, j].sum() < WIDTH:
            cells[-1, j] += WIDTH
    return table_of(cells)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(safe_tables())
def test_no_small_cell_can_be_known_nearly(table: Table) -> None:
    settled = withhold_cells(table)
    assert settled is not None, "with everything withheld such a table is always safe"
    gone, ranges = settled
    assert (gone | ~table.hidden).all()
    for row, column in np.argwhere(table.hidden):
        low, high = true_range(table, gone, row, column)
        assert high - low >= WIDTH
        assert low <= ranges.low[row, column, 0]
        assert ranges.high[row, column, 0] <= high


def test_one_small_cell_takes_three_more_with_it() -> None:
    settled = withhold_cells(table_of(np.array([[5, 100, 300], [60, 90, 200], [70, 80, 250]])))
    assert settled is not None
    assert settled[0].tolist() == [[True, True, False], [True, True, False], [False, False, False]]


def test_a_table_without_small_cells_is_shown_whole() -> None:
    settled = withhold_cells(table_of(np.array([[0, 100], [60, 90]])))
    assert settled is not None
    assert not settled[0].any()


def test_two_small_cells_in_one_column_need_no_third_row_when_their_sum_is_large() -> None:
    settled = withhold_cells(table_of(np.array([[6, 100, 300], [8, 90, 200], [70, 80, 250]])))
    assert settled is not None
    assert settled[0][2].tolist() == [False, False, False]


def test_the_widest_area_withholds_a_second_group() -> None:
    gone, ranges = withhold_row(table_of(np.array([[4, 500, 300]])))
    assert gone.tolist() == [[True, False, True]]
    assert ranges.high[0, :, 0].tolist() == [304, 500, 304]


def test_the_group_that_is_missed_least_is_the_second_cell_even_where_it_is_large() -> None:
    gone, _ = withhold_row(table_of(np.array([[4, 200, 900]]), turn=[0, 2, 1]))
    assert gone.tolist() == [[True, False, True]]
    settled = withhold_cells(table_of(np.array([[5, 100, 300], [60, 90, 200], [70, 80, 250]]), turn=[0, 2, 1]))
    assert settled is not None
    assert settled[0].tolist() == [[True, False, True], [True, False, True], [False, False, False]]


def test_columns_withheld_above_are_withheld_in_every_part() -> None:
    free = np.array([True, True, False])
    outer = Ranges(np.zeros((3, 1), dtype=np.int64), np.array([[304], [304], [500]]))
    table = table_of(np.array([[1, 150, 300], [3, 150, 200]]), free, outer)
    settled = withhold_cells(table)
    assert settled is not None
    assert settled[0].tolist() == [[True, True, False], [True, True, False]]
    assert settled[1].high[0, 0, 0] == 151
