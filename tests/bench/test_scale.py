"""The table of `./dev scale population`, by figures made up; and one small size, really run."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench.provinces import invent_provinces
from bench.scale import Measured, growth, left_out, table


def measured(size: str, n_rows: int, cpu_seconds: float) -> Measured:
    f1 = {"all": 0.99, "human security": 0.9, "stateless": 0.95}
    return Measured(size, n_rows, 20.0, cpu_seconds, 1024.0, f1, {"read": (1.0, 1.0, 100.0)})


def test_growth_is_that_of_ten_times_the_rows_however_many_there_were() -> None:
    assert growth(measured("0.1", 1_000, 2.0), measured("1", 10_000, 24.0)) == pytest.approx(12.0)
    assert growth(measured("0.1", 1_000, 2.0), measured("1", 20_000, 48.0)) == pytest.approx(12.0)


def test_the_first_line_of_the_table_has_nothing_to_grow_from() -> None:
    _, _, first, second = table([measured("0.1", 1_000, 2.0), measured("1", 10_000, 24.0)]).splitlines()
    assert "x" not in first
    assert "x12.0" in second
    assert "0.9000" in second


def test_what_was_left_out_is_said_with_its_reason() -> None:
    assert left_out((), "10", "") == "Every size was run."
    assert left_out(("10",), "1", "") == "Left out: 10 times a province's rows, because --up-to 1 was asked for."
    assert "because 4 GiB" in left_out(("10",), "10", "4 GiB of disk are free and 30 are needed")


def test_two_provinces_in_one_folder_share_no_row_no_person_and_no_code(tmp_path: Path) -> None:
    out = tmp_path / "two"
    invent_provinces(400, [1, 2], out)
    rows = pq.read_table(out / "truth" / "rows.parquet")
    persons = pq.read_table(out / "truth" / "persons.parquet")
    assert len(set(rows["row_id"].to_pylist())) == rows.num_rows
    assert sorted(persons["person_id"].to_pylist()) == list(range(800))
    in_files: set[str] = set()
    for name in ("health", "education", "human_security", "family_welfare"):
        header, *lines = (out / f"{name}.csv").read_text("utf-8").splitlines()
        assert header.startswith("row_id,")
        in_files |= {line.partition(",")[0] for line in lines}
    assert in_files == set(rows["row_id"].to_pylist())
    for name in ("education", "human_security", "family_welfare", "health"):
        codes = [line.split(",")[0] for line in (out / f"crosswalk_{name}.csv").read_text("utf-8").splitlines()[1:]]
        assert len(codes) == len(set(codes))
    welfare = (out / "family_welfare.csv").read_text("utf-8").splitlines()[1:]
    households = {line.split(",")[1][:2] for line in welfare}
    assert households == {"50", "51"}
