"""How far sectors overlap is told in steps, and never of few."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarana.methods.engine import Engine
from sarana.methods.questions.sectors_overlap import FEWEST, LEAST, STEP, sectors_overlap, told_share


def test_of_a_hundred_people_of_a_sector_it_is_told_how_many_stand_in_another(tmp_path: Path) -> None:
    stands = {
        "health": range(1000),
        "school": range(600, 1000),
        "welfare": range(995, 1500),
        "farms": range(2000, 2100),
    }
    rows = [(f"{person}", source) for source, people in stands.items() for person in people]
    rows += rows[:50]  # who stands in a register twice counts once
    with Engine(threads=1, memory="256MiB", temp=tmp_path) as engine:
        columns = dict(zip(("person_id", "source"), map(pa.array, zip(*rows, strict=True)), strict=True))
        engine.lend("people", pa.table(columns))
        found = {(each.source, each.other): each.per_cent for each in sectors_overlap(engine)}
    assert len(found) == 12
    assert found["health", "school"] == 40
    assert found["school", "health"] == 100
    assert found["health", "farms"] == 0
    assert found["school", "welfare"] is None, "five people are in both"
    assert {found["farms", other] for other in ("health", "school", "welfare")} == {None}, "too few for a step"


@pytest.mark.parametrize(("n_both", "told"), [(0, 0), (1, None), (10, None), (11, 0), (24, 0), (25, 5), (990, None)])
def test_few_in_both_or_in_one_alone_are_withheld(n_both: int, told: int | None) -> None:
    assert told_share(1000, 5000, n_both) == told


@given(st.integers(0, 3000), st.integers(0, 3000), st.data())
def test_what_is_told_is_said_of_no_few_and_is_a_step(n_one: int, n_other: int, data: st.DataObject) -> None:
    n_both = data.draw(st.integers(0, min(n_one, n_other)))
    told = told_share(n_one, n_other, n_both)
    if told is None:
        return
    assert told % STEP == 0
    assert abs(told - 100 * n_both / n_one) <= STEP / 2
    assert n_one >= FEWEST
    assert not any(0 < n < LEAST for n in (n_both, n_one - n_both, n_other - n_both))
