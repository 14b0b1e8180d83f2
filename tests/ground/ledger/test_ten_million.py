"""L-08: the ledger at ten million rows. At this scale it is the bench that measures; in `.ci/run` it is not run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makers.cluster import a_cluster, find_programs
from makers.counted import SCALE, Counted


@pytest.mark.check("L-08")
@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_l_08_ten_million_rows_page_and_verify_quickly(
    house: Path, counted: Counted, tmp_path: Path, database: str
) -> None:
    if SCALE < 1 or os.environ.get("DATABASE_URL"):
        pytest.skip("ten million rows are measured by `./dev scale checks L-08`, once for both databases")
    n_rows = counted("rows", 10_000_000)
    command = [sys.executable, "-m", "bench", "ledger", "--rows", str(n_rows), "--json", str(tmp_path / "found.json")]
    if database == "postgresql":
        assert find_programs() is not None, "install PostgreSQL for this check"
        cluster = a_cluster()
        command += ["--database", cluster.address(cluster.new_database())]
    subprocess.run(command, cwd=house, env={**os.environ, "PYTHONPATH": ".:tests"}, check=True)
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert found["rows"] == n_rows
    assert found["page_p95"] < 1
    assert found["verified_a_second"] >= 50_000
