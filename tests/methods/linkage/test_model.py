"""A saved model judges as the run did that learnt it, whatever the rows of the new run would teach."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from methods.linkage.making import SETTINGS, load_rows, make_town
from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings, link_rows
from sarana.methods.linkage.model import GIVEN, RELATION
from sarana.methods.linkage.passes import EFFORT


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    with (
        Engine(threads=1, memory="300MB", temp=tmp_path / "a", folders=[tmp_path]) as first,
        Engine(threads=2, memory="300MB", temp=tmp_path / "b", folders=[tmp_path]) as second,
    ):
        yield first, second


def test_the_same_rows_give_the_same_people_by_the_saved_model(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    first, second = engines
    town, _ = make_town(600)
    for engine in engines:
        load_rows(engine, town)
    report = link_rows(first, SETTINGS, Silent())
    first.save_lent(RELATION, tmp_path / "model.parquet")
    second.view(GIVEN, tmp_path / "model.parquet")
    again = link_rows(second, SETTINGS, Silent())
    for name in ("people", "review", "links", RELATION):
        assert second.table(name).equals(first.table(name)), name
    came_of_it = [{k: n for k, n in told.counts.items() if not k.startswith(EFFORT)} for told in (again, report)]
    assert came_of_it[0] == came_of_it[1]
    assert again.counts["pairs_compared"] < report.counts["pairs_compared"], "no ID is hidden where nothing is learnt"


def test_a_run_by_a_saved_model_learns_nothing_of_its_own(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    first, second = engines
    load_rows(first, make_town(600)[0])
    link_rows(first, SETTINGS, Silent())
    first.save_lent(RELATION, tmp_path / "model.parquet")
    other = [replace(row, given="สมชาย") for row in make_town(400, seed=9)[0]]
    load_rows(second, other)
    link_rows(second, SETTINGS, Silent())
    own = second.table(RELATION)
    second.view(GIVEN, tmp_path / "model.parquet")
    link_rows(second, SETTINGS, Silent())
    points = "SELECT * FROM {} WHERE part IN ('base', 'points') ORDER BY ALL"
    assert second.rows(points.format(RELATION)) == first.rows(points.format(RELATION))
    assert not second.table(RELATION).equals(own)


def test_a_model_of_other_sources_is_refused(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    first, second = engines
    town, _ = make_town(50)
    load_rows(first, town)
    link_rows(first, SETTINGS, Silent())
    first.save_lent(RELATION, tmp_path / "model.parquet")
    load_rows(second, town)
    second.view(GIVEN, tmp_path / "model.parquet")
    with pytest.raises(BadSetting, match="LINK-001"):
        link_rows(second, LinkSettings(tuple(reversed(SETTINGS.sources))), Silent())


@pytest.mark.parametrize(
    "spoiled",
    ["SELECT * FROM {} WHERE part <> 'made'", "SELECT * REPLACE (if(part = 'made', 1, value) AS value) FROM {}"],
)
def test_a_model_of_another_linkage_is_refused(engines: tuple[Engine, Engine], spoiled: str) -> None:
    """Those that were saved before pairs were weighed again do not say by what they were made."""
    first, second = engines
    town, _ = make_town(50)
    load_rows(first, town)
    link_rows(first, SETTINGS, Silent())
    load_rows(second, town)
    second.lend(GIVEN, first.arrow(spoiled.format(RELATION)))
    with pytest.raises(BadSetting, match="LINK-004"):
        link_rows(second, SETTINGS, Silent())
