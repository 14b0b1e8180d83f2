"""Whether the files of an update are older than those of the run, by the youngest people who stand in them.

The day that SOURCES.toml says is a word of whoever wrote it. A register of an earlier year lacks who was born since.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sarana.basics.errors import BadTable
from sarana.methods.doors import Door

LEAST = 2_000
"""Births that a source must have, before and now, to be judged by them."""

_TOP, _PART = 20, 1_000
"""The youngest are one in so many, and at least so many: a wrong birth or two does not count, nor who moved away."""

_APART = dt.timedelta(days=90)
"""By how much the youngest of a source must be older than those of the run."""


def refuse_older(standardised: pa.Table, run: Path, door: Door) -> None:
    """Stop an update by files that are older than those of the run, though they are said to date from later.

    Args:
        standardised: the rows of now, with `source` and `birth`.
        run: the folder of the earlier run; without its rows nothing is judged.
        door: the door through which its files go.

    Raises:
        BadTable: UPDATE-004 the youngest people of a source are older than those of the run by three months.
    """
    path = run / "standardised.parquet"
    if not path.is_file():
        return
    before = youngest(pq.read_table(door.opened(path), columns=["source", "birth"]))
    now = youngest(standardised.select(["source", "birth"]))
    for source, day in now.items():
        if source in before and day + _APART < before[source]:
            raise BadTable(
                "UPDATE-004",
                f"The youngest people in {source} were born about {day:%Y-%m}, those of the run about "
                f"{before[source]:%Y-%m}: these files are older.",
                where=f"[sources.{source}]",
                cure="Hand over the later files. If they are right, make a full run with sarana population run.",
            )


def youngest(rows: pa.Table) -> Mapping[str, dt.date]:
    """By source of so many births: the day since which one in a thousand were born, or twenty."""
    found = {}
    for name in pc.unique(rows["source"]).to_pylist():
        births = pc.drop_null(rows.filter(pc.equal(rows["source"], name))["birth"])
        days = np.asarray(births.combine_chunks().cast(pa.int32()))
        if len(days) >= LEAST:
            at = len(days) - max(_TOP, len(days) // _PART)
            found[str(name)] = dt.date(1970, 1, 1) + dt.timedelta(days=int(np.partition(days, at)[at]))
    return found
