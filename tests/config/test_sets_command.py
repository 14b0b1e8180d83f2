"""`sarana population sets diff`: a table, JSON alone on standard output, one sentence for what cannot be compared."""

import json
from pathlib import Path

import pytest

from methods.questions.asked_province import finished_run
from sarana.config.commands.entry import run
from sarana.methods.reference import find_reference

NAME = "chiang-mai-28"


def own_set(folder: Path) -> Path:
    """A file of one's own in which three grave findings are enough."""
    text = find_reference(f"indicators/{NAME}.toml").read_text("utf-8")
    path = folder / "own.toml"
    path.write_text(text.replace('"threes >= 4 or', '"threes >= 3 or'), "utf-8")
    return path


def test_the_table_and_the_json_say_who_changes_band_and_that_it_is_unvalidated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    command = ["population", "sets", "diff", str(finished_run()), NAME, str(own_set(tmp_path))]
    assert run(command) == 0
    told = capsys.readouterr().out
    assert "Parts of the set that differ: bandings." in told
    assert "with the second" in told
    assert "unvalidated, for planning only" in told
    assert run([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["parts"] == ["bandings"]
    assert said["status"] == "unvalidated, for planning only"
    assert all(f["n"] is None or f["n"] == 0 or f["n"] >= 11 for f in said["flows"])


def test_a_set_for_other_registers_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "sets", "diff", str(finished_run()), NAME, "th-north-28", "--json"]) == 7
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("SETS-001 th-north-28:")
    assert len(told.err.strip().splitlines()) == 1
