from pathlib import Path

import pytest

from sarana.methods.population.chain_steps import STEP_NAMES
from sarana.methods.runs.forecast import Cost, Pace, forecast_run, keep_pace, probe_seconds, read_costs, read_paces
from sarana.methods.runs.means import Means

MEANS = Means(threads=2, memory_mib=3000)
COSTS = {"read": Cost(fixed=1.0, per_million_rows=10.0), "link": Cost(fixed=2.0, per_million_rows=100.0)}


def pace(n_rows: int, read: float, link: float, *, threads: int = 2, memory_mib: int = 3000) -> Pace:
    return Pace(n_rows=n_rows, threads=threads, memory_mib=memory_mib, seconds={"read": read, "link": link})


def test_an_earlier_run_is_scaled_by_what_each_step_costs(tmp_path: Path) -> None:
    found = forecast_run(
        ["read", "link"], 1_000_000, MEANS, paces=[pace(100_000, 4.0, 6.0)], costs=COSTS, temp=tmp_path / "temp"
    )
    assert found.seconds == pytest.approx({"read": 4 * 11 / 2, "link": 6 * 102 / 12})
    assert found.total_seconds == pytest.approx(73)
    assert "100,000 rows" in found.basis


def test_the_nearest_earlier_run_with_the_same_threads_is_asked(tmp_path: Path) -> None:
    paces = [
        pace(50_000, 1.0, 1.0),
        pace(100_000, 2.0, 2.0),
        pace(99_000, 9.0, 9.0, threads=1),
        pace(100_000, 5.0, 5.0, memory_mib=1500),
    ]
    found = forecast_run(["read", "link"], 100_000, MEANS, paces=paces, costs=COSTS, temp=tmp_path / "temp")
    assert found.seconds == {"read": 2.0, "link": 2.0}


@pytest.mark.parametrize("paces", [[], [pace(10, 1.0, 1.0)], [pace(100_000, 1.0, 1.0, threads=8)]])
def test_without_a_run_like_it_the_machine_is_probed(tmp_path: Path, paces: list[Pace]) -> None:
    found = forecast_run(["read", "link"], 100_000, MEANS, paces=paces, costs=COSTS, temp=tmp_path / "temp")
    assert found.seconds["link"] == pytest.approx(found.seconds["read"] * 12 / 2)
    assert found.total_seconds > 0
    assert "a probe of this machine" in found.basis


def test_the_probe_takes_a_moment_and_no_more(tmp_path: Path) -> None:
    assert 0.01 < probe_seconds(MEANS, tmp_path / "temp") < 30


def test_paces_are_kept_and_read_again_the_oldest_lost_first(tmp_path: Path) -> None:
    path = tmp_path / "state" / "paces.json"
    for n_rows in range(1, 35):
        keep_pace(path, [], n_rows, MEANS)
    found = read_paces(path)
    assert [kept.n_rows for kept in found] == list(range(5, 35))
    assert read_paces(None) == []


@pytest.mark.parametrize("content", [b"", b"{", b'[{"n_rows": "many"}]'])
def test_a_broken_file_of_paces_is_no_hindrance(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "paces.json"
    path.write_bytes(content)
    assert read_paces(path) == []
    keep_pace(path, [], 7, MEANS)
    assert [kept.n_rows for kept in read_paces(path)] == [7]


def test_a_state_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    keep_pace(tmp_path / "state" / "paces.json", [], 7, MEANS)
    keep_pace(None, [], 7, MEANS)


def test_every_step_of_the_chain_has_a_cost() -> None:
    assert set(read_costs()) == set(STEP_NAMES)
