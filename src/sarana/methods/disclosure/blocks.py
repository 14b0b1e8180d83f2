"""Second suppression inside one area: a table of its parts by groups, whose row and column sums others may know.

A cell is one part (row) and one group (column). Sums of rows are known. Sums of columns are known too, save those of
*free* columns, which are withheld one level up and known to lie in a range. The rows that lose cells form blocks in
which every row loses the same columns; in such a block the range of each cell is known exactly (Fréchet's bounds), and
blocks grow until all doubtful cells have a range that is wide enough. Whatever blocks do not hold is shown.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sarana.methods.disclosure.rule import Counts, Mask


@dataclass(frozen=True, slots=True)
class Ranges:
    """What can be known of counts: shape (..., columns, atoms), lowest and highest."""

    low: Counts
    high: Counts

    def are_narrow(self, doubtful: Mask, width: int) -> Mask:
        """True for doubtful counts whose range is less than `width` wide."""
        return doubtful & (self.high - self.low < width)

    def of(self, row: int) -> Self:
        """The ranges of one row."""
        return type(self)(self.low[row], self.high[row])


@dataclass(frozen=True, slots=True)
class Table:
    """The parts of one area by the groups of one partition.

    Attributes:
        cells: shape (rows, columns, atoms), true counts.
        hidden: shape (rows, columns), true where withheld for its own sake.
        doubtful: shape (rows, columns, atoms), true where the range must stay wide.
        people: shape (rows, columns), for choosing the smallest.
        free: shape (columns,), true for columns withheld one level up.
        outer: ranges of the column sums, shape (columns, atoms); used for free columns only.
        width: how wide is wide enough.
        turn: shape (columns,), second cells are taken in this order; of equals the smallest first.
    """

    cells: Counts
    hidden: Mask
    doubtful: Mask
    people: NDArray[np.int64]
    free: Mask
    outer: Ranges
    width: int
    turn: NDArray[np.int64]


def withhold_cells(table: Table) -> tuple[Mask, Ranges] | None:
    """Choose the cells that are withheld, and say what can still be known of them.

    Returns:
        Shape (rows, columns), true where withheld, and the ranges of withheld cells (of others: the count itself); or
        None when even the whole table withheld leaves a doubtful count too narrow.
    """
    return _with_free_columns(table) if table.free.any() else _without_free_columns(table)


def withhold_row(table: Table) -> tuple[Mask, Ranges]:
    """The same for a table of one row, whose sum is known but no column: the widest area of all."""
    gone = table.hidden[0].copy()
    if gone.any():
        for column in np.lexsort((table.people[0], table.turn)):
            total = table.cells[0, gone].sum(axis=0)
            narrow = table.doubtful[0, gone].any(axis=0) & (total < table.width)
            if gone.sum() >= 2 and not narrow.any():
                break
            gone[column] = True
    total = table.cells[0, gone].sum(axis=0)
    low = np.where(gone[:, None], 0, table.cells[0])
    high = np.where(gone[:, None], total, table.cells[0])
    return gone[None], Ranges(low[None], high[None])


def _with_free_columns(table: Table) -> tuple[Mask, Ranges] | None:
    """All rows lose the free columns; some rows lose all columns."""
    whole = (table.hidden & ~table.free).any(axis=1)
    while True:
        ranges = _free_ranges(table, whole)
        narrow = ranges.are_narrow(table.doubtful, table.width).any(axis=(1, 2))
        if not narrow.any():
            return whole[:, None] | table.free, ranges
        if whole.all():
            return None
        if (narrow & ~whole).any():
            whole |= narrow
        else:
            whole[_smallest(table.people.sum(axis=1), ~whole)] = True


def _free_ranges(table: Table, whole: Mask) -> Ranges:
    """Exact ranges when rows lose the free columns, and `whole` rows all columns.

    With R a row's withheld sum, T the sum of all free cells, K the other cells of whole rows and F their free cells:
    free cells of plain rows lie in [R - (T - low), high], of whole rows in [R - K - (T - low), min(high, F)]; other
    cells of whole rows follow from row and column sums alone.
    """
    cells, free = table.cells, table.free
    total = cells[:, free].sum(axis=(0, 1))
    inside = cells[whole]
    in_free, in_other = inside[:, free].sum(axis=(0, 1)), inside[:, ~free].sum(axis=(0, 1))
    row = np.where(whole[:, None], cells.sum(axis=1), cells[:, free].sum(axis=1))
    room = np.where(whole[:, None], in_other, 0)
    most = np.where(whole[:, None], in_free, total)
    free_low = (row - room - total)[:, None] + table.outer.low
    free_high = np.minimum(np.minimum(row, most)[:, None], table.outer.high)
    column = inside.sum(axis=0)
    other_low = row[:, None] + column - (in_free + in_other)
    other_high = np.minimum(row[:, None], column)
    gone = whole[:, None] | free
    low = np.where(free[:, None], free_low, other_low).clip(0)
    high = np.where(free[:, None], free_high, other_high)
    return Ranges(np.where(gone[..., None], low, cells), np.where(gone[..., None], high, cells))


def _without_free_columns(table: Table) -> tuple[Mask, Ranges] | None:
    """Two blocks: rows that lose much lose all columns; rows that lose little lose the same few."""
    n_rows, n_columns = table.hidden.shape
    losses = table.hidden.sum(axis=1)
    best: tuple[int, Mask] | None = None
    for limit in range(n_columns):
        gone = _two_blocks(table, losses > limit)
        cost = None if gone is None else int((gone * table.people).sum())
        if gone is not None and cost is not None and (best is None or cost < best[0]):
            best = (cost, gone)
    if best is None:
        best = (0, np.ones((n_rows, n_columns), dtype=bool))
        if _block_ranges(table, best[1]).are_narrow(table.doubtful, table.width).any():
            return None
    return best[1], _block_ranges(table, best[1])


def _two_blocks(table: Table, whole: Mask) -> Mask | None:
    """The cells withheld when these rows lose all columns and the others the same few, or None if that cannot be."""
    everything = np.ones(table.hidden.shape[1], dtype=bool)
    few = table.hidden.any(axis=1) & ~whole
    grown = _grow(table, whole, everything, table.hidden.any(axis=1))
    if grown is None:
        return None
    whole = grown[0]
    few &= ~whole
    rest = _grow(table, few, table.hidden[few].any(axis=0), whole)
    if rest is None:
        return None
    return (whole[:, None] & everything) | (rest[0][:, None] & rest[1])


def _grow(table: Table, rows: Mask, columns: Mask, last: Mask) -> tuple[Mask, Mask] | None:
    """Add rows and columns to a block until no doubtful count in it is narrow; rows of `last` only when no other is.

    For the block of few columns `last` holds the rows of the other block, which may not be taken at all.
    """
    rows, columns = rows.copy(), columns.copy()
    if not rows.any():
        return rows, columns
    barred = last if not columns.all() else np.zeros_like(last)
    while True:
        cells = table.cells[np.ix_(rows, columns)]
        row, column = cells.sum(axis=1)[:, None], cells.sum(axis=0)[None]
        low, high = _frechet(row, column)
        narrow = table.doubtful[np.ix_(rows, columns)] & (high - low < table.width)
        if not narrow.any():
            return rows, columns
        total = cells.sum(axis=(0, 1))
        wants_column = narrow & ((row < table.width) | (total - column < table.width))
        spare_rows, spare_columns = ~rows & ~barred, ~columns
        if spare_columns.any() and (wants_column.any() or not spare_rows.any()):
            first = spare_columns & (table.turn == table.turn[spare_columns].min())
            columns[_smallest(table.people[rows].sum(axis=0), first)] = True
        elif spare_rows.any():
            fresh = spare_rows & ~last
            rows[_smallest(table.people.sum(axis=1), fresh if fresh.any() else spare_rows)] = True
        else:
            return None


def _block_ranges(table: Table, gone: Mask) -> Ranges:
    """Ranges in a table of blocks, each block being the rows that lose the same columns."""
    low, high = table.cells.copy(), table.cells.copy()
    for columns in np.unique(gone, axis=0):
        if not columns.any():
            continue
        block = np.ix_((gone == columns).all(axis=1), columns)
        cells = table.cells[block]
        low[block], high[block] = _frechet(cells.sum(axis=1)[:, None], cells.sum(axis=0)[None])
    return Ranges(low, high)


def _frechet(row: Counts, column: Counts) -> tuple[Counts, Counts]:
    """Lowest and highest cells of a table of which only the sums of rows and of columns are known.

    Source: M. Fréchet 1940; A. Dobra and S. E. Fienberg 2000, PNAS 97, 11885-11892.
    """
    total = row.sum(axis=0, keepdims=True)
    return np.maximum(row + column - total, 0), np.minimum(row, column)


def _smallest(sizes: NDArray[np.int64], among: Mask) -> int:
    """The place of the smallest size among some, the first of equals."""
    places = np.flatnonzero(among)
    return int(places[np.argmin(sizes[places])])
