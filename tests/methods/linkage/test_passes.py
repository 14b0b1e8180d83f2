"""What weighing again adds: false IDs, groups, and who else fits."""

from dataclasses import replace

import numpy as np
import pytest

from methods.linkage.making import SETTINGS, Row, load_rows, make_town
from sarana.methods.engine import Engine
from sarana.methods.linkage import passes
from sarana.methods.linkage.comparing import RIVALS, Compared
from sarana.methods.linkage.passes import Weighed, weigh_rows
from sarana.methods.linkage.rivals import rival_levels
from sarana.methods.linkage.rows import prepare_rows

TOWN, _ = make_town(300)
ONE = Row(row_id="1", given="ประเสริฐ", family="มณีรัตน์", birth="1985-03-12")


def weighed(engine: Engine, *rows: Row) -> tuple[Weighed, dict[tuple[str, str], int]]:
    """The pairs of rows beside a town, and the points of each by its references."""
    load_rows(engine, [*TOWN, *rows])
    found = weigh_rows(engine, prepare_rows(engine, SETTINGS), SETTINGS, None)
    sources, ids = found.rows.source.to_pylist(), found.rows.row_id.to_pylist()
    names = [f"{source}:{row_id}" for source, row_id in zip(sources, ids, strict=True)]
    pairs = zip(found.compared.a.tolist(), found.compared.b.tolist(), found.points.tolist(), strict=True)
    return found, {(names[a], names[b]): points for a, b, points in pairs}


def test_rows_of_a_group_that_no_key_brings_together_are_compared(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second agrees with the first in all, and has the ID of the third, which has a given name and nothing else."""
    second = replace(ONE, source="school", row_id="2", id="3500000000017")
    third = replace(second, source="cases", row_id="3", family=None, birth=None, sex=None, village=None, house=None)
    _, found = weighed(engine, ONE, second, third)
    assert {("health:1", "school:2"), ("school:2", "cases:3"), ("health:1", "cases:3")} <= set(found)
    monkeypatch.setattr(passes, "_LARGEST", 2)
    _, found = weighed(engine, ONE, second, third)
    assert ("health:1", "cases:3") not in found
    assert ("health:1", "school:2") in found


def test_an_id_is_doubted_where_its_rows_disagree_and_nowhere_else(engine: Engine) -> None:
    mine = replace(ONE, id="3500000000017")
    other = Row(source="cases", row_id="2", given="วิไลพร", family="ทองคำ", sex="female", birth="1951-01-28",
                village="50020101", house="9", id=mine.id)  # fmt: skip
    found, _ = weighed(engine, mine, other)
    doubted = {found.rows.row_id[int(at)].as_py() for at in np.flatnonzero(found.rows.is_doubted)}
    assert {"1", "2"} <= doubted
    assert not np.any(found.rows.has_id & found.rows.is_doubted)
    found, _ = weighed(engine, mine, replace(mine, source="cases", row_id="2"))
    assert not {"1", "2"} & {found.rows.row_id[int(at)].as_py() for at in np.flatnonzero(found.rows.is_doubted)}


def test_a_pair_is_worth_less_when_another_person_of_the_register_fits_as_well(engine: Engine) -> None:
    """A namesake of the same year and village, in the register in which the row is looked for."""
    row = replace(ONE, source="cases", row_id="2", birth="1985-01-01", precise="year", house=None)
    _, alone = weighed(engine, ONE, row)
    namesake = replace(ONE, row_id="3", birth="1985-11-30", house="99")
    _, crowded = weighed(engine, ONE, row, namesake)
    assert crowded["health:1", "cases:2"] < alone["health:1", "cases:2"] - 100
    elsewhere = replace(namesake, source="school")
    _, other_register = weighed(engine, ONE, row, elsewhere)
    assert other_register["health:1", "cases:2"] > crowded["health:1", "cases:2"]


def levels_of(pairs: list[tuple[int, int, int]], person: list[int], place: list[int], engine: Engine) -> list[int]:
    """The levels of made pairs (a, b, points) of made rows."""
    load_rows(engine, [replace(ONE, row_id=str(at)) for at in range(len(place))])
    rows = replace(prepare_rows(engine, SETTINGS), place=np.array(place, dtype=np.int32))
    a, b, points = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in range(3))
    compared = Compared(a, b, {}, np.zeros(len(a), dtype=np.bool_))
    asked = np.arange(len(a))
    return rival_levels(rows, compared, points, np.array(person, dtype=np.int64), asked).tolist()


def test_a_rival_is_another_person_of_the_same_register(engine: Engine) -> None:
    """Row 0 of register 1 meets rows 1, 2 and 3; by hand."""
    pairs = [(0, 1, 500), (0, 2, 450), (0, 3, 480)]
    # All others in register 2, three people: the first is 20 ahead, the others 50 and 20 behind.
    assert levels_of(pairs, [0, 1, 2, 3], [1, 2, 2, 2], engine) == [4, 3, 3]
    # The third is in a register of its own, and has nobody beside it.
    assert levels_of(pairs, [0, 1, 2, 3], [1, 2, 2, 3], engine) == [4, 3, 10]
    # The first and second are one person already: either is ahead of the third, or behind it, alone.
    assert levels_of(pairs, [0, 1, 1, 3], [1, 2, 2, 2], engine) == [4, 3, 3]
    assert levels_of([(0, 1, 500), (0, 2, 450)], [0, 1, 1], [1, 2, 2], engine) == [10, 10]
    # Who is level with another is not behind.
    assert levels_of([(0, 1, 500), (0, 2, 500)], [0, 1, 2], [1, 2, 2], engine) == [4, 4]
    # What is hopeless is nobody's rival.
    assert levels_of([(0, 1, 500), (0, 2, -1000)], [0, 1, 2], [1, 2, 2], engine)[0] == 10
    assert levels_of([(0, 1, 500), (0, 2, -800)], [0, 1, 2], [1, 2, 2], engine)[0] == 9


def test_no_pairs_have_no_rivals(engine: Engine) -> None:
    assert levels_of([], [0], [1], engine) == []


def test_every_kept_pair_that_may_matter_is_told_of_its_rivals(engine: Engine) -> None:
    found, _ = weighed(engine)
    level = found.compared.levels[RIVALS]
    assert level.min() >= 0
    assert level.max() == 10
    assert np.count_nonzero(level) > 100
