"""Flags of rows kept as numbered sets."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.coded import Coded
from sarana.methods.population.flag_sets import FlagSets

CODES = ("B-002", "A-001", "C-003")


@settings(deadline=None)
@given(st.lists(st.lists(st.none() | st.sampled_from([*CODES, "B-002,A-001", ""]), min_size=5, max_size=5), max_size=6))
def test_every_row_bears_what_was_added_once_and_sorted(columns: list[list[str | None]]) -> None:
    flags = FlagSets(5)
    expected: list[set[str]] = [set() for _ in range(5)]
    for values in columns:
        flags.add(Coded.of(pa.array(values, pa.string())))
        for held, value in zip(expected, values, strict=True):
            held.update(code for code in (value or "").split(",") if code)
    assert flags.to_coded().plain().to_pylist() == [sorted(held) for held in expected]
    assert flags.counts() == {c: n for c in CODES if (n := sum(c in held for held in expected))}


def test_rows_are_marked_by_a_mask() -> None:
    flags = FlagSets(3)
    flags.mark(np.array([True, False, True]), "Z-001")
    flags.mark(np.array([False, False, False]), "Z-002")
    assert flags.to_coded().plain().to_pylist() == [["Z-001"], [], ["Z-001"]]
