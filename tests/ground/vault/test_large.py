"""D-10 at the size of the field: `./dev scale checks D-10` measures it; in `.ci/run` it is not run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makers.counted import SCALE, Counted


@pytest.mark.check("D-10")
@pytest.mark.slow
def test_d_10_a_hundred_thousand_records_are_back_within_half_an_hour(
    house: Path, counted: Counted, tmp_path: Path
) -> None:
    if SCALE < 1 or os.environ.get("DATABASE_URL"):
        pytest.skip("a hundred thousand records are measured by `./dev scale checks D-10`")
    n_rows = counted("records", 100_000)
    found = tmp_path / "found.json"
    command = [sys.executable, "-m", "bench", "restore", "--rows", str(n_rows), "--json", str(found)]
    subprocess.run(command, cwd=house, env={**os.environ, "PYTHONPATH": ".:tests"}, check=True)
    told = json.loads(found.read_text("utf-8"))
    assert told["rows"] == n_rows
    assert told["restored_seconds"] + told["drilled_seconds"] < 1_800
