"""CSV files as sectors hand them over: UTF-8, a header, empty where nothing is known, quotes only where needed."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

LINES = 100_000
"""Lines joined at a time."""

type Column = NDArray[Any] | pa.Array


def write_csv(path: Path, columns: dict[str, Column], delimiter: str = ",") -> int:
    """Write equally long columns; None in a column of objects is an empty cell.

    Returns:
        The number of rows.

    Cost: 3 CPU s for 1.8 million rows of 22 columns.
    """
    n_rows = len(next(iter(columns.values())))
    with path.open("wb") as out:
        out.write((delimiter.join(columns) + "\n").encode())
        for start in range(0, n_rows, LINES):
            cells = [_cells(column[start : start + LINES]) for column in columns.values()]
            lines = pc.binary_join_element_wise(*cells, delimiter, null_handling="replace", null_replacement="")
            whole = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
            out.write(pc.binary_join(whole, "\n")[0].as_buffer())
            out.write(b"\n")
    return n_rows


def _cells(column: Column) -> pa.StringArray:
    """One column as text, with quotes around cells that hold a comma, a quote or a line end."""
    if isinstance(column, pa.Array):
        return column
    if column.dtype != object:
        return pa.array(column).cast(pa.string())
    cells = pa.array(column, pa.string(), from_pandas=True)
    special = pc.match_substring_regex(cells, '[",|\r\n]')
    if not pc.any(special).as_py():
        return cells
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    return pc.if_else(special, quoted, cells)


def with_gaps(rng: np.random.Generator, values: NDArray[Any], share: float) -> pa.Array:
    """Whole numbers as text with a share of cells left empty."""
    return pa.array(values, mask=rng.random(len(values)) < share).cast(pa.string())
