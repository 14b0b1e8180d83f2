"""Workbooks that are small on the disk and would unfold to gigabytes: they end in a sentence, and end nobody else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from makers.bombs import unfolds_to_a_whole_sheet, unfolds_to_long_rows
from methods.population.small_province import Province
from methods.population.test_readers import as_workbook, fault
from sarana.methods.population.workbooks import workbook_rows


def children() -> set[str]:
    """The processes that this one started and that are not gone."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("utf-8").split())


@pytest.mark.parametrize("made", [unfolds_to_long_rows, unfolds_to_a_whole_sheet])
def test_a_small_workbook_that_unfolds_to_gigabytes_ends_in_a_sentence_and_ends_no_process_but_its_own(
    province: Province, monkeypatch: pytest.MonkeyPatch, made: Callable[[Path], int]
) -> None:
    monkeypatch.setattr("sarana.methods.population.workbooks.memory_bytes", lambda: 700 * 2**20)
    assert made(province.folder / "people.xlsx") < 800_000
    province.say('"people.csv"', '"people.xlsx"')
    error = fault(province)
    assert (error.code, "unfolds to more than is given to one: 700 MiB" in error.what) == ("READ-013", True)
    assert "CSV" in error.cure


def test_nobody_who_reads_on_no_process_that_unfolds(tmp_path: Path) -> None:
    as_workbook(tmp_path / "long.xlsx", [["row_id"], *([str(n)] for n in range(3000))])
    before = children()
    headers, rows = workbook_rows(tmp_path / "long.xlsx", "data", "long.xlsx")
    assert (headers, next(rows), len(children() - before)) == (["row_id"], ["0"], 1)
    del rows
    assert children() == before
