"""`sarana population strengths`: a table, JSON alone on standard output, and a page in both languages."""

import json
from pathlib import Path

import pytest

from methods.questions.asked_province import copied_run
from sarana.config.commands.entry import run
from sarana.methods.runs.erase import erase_run


def test_the_table_and_the_page_are_unvalidated_and_without_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    folder = copied_run(tmp_path)
    assert run(["population", "strengths", str(folder), "--page"]) == 0
    told = capsys.readouterr().out
    assert "Strengths of published districts" in told
    assert "Too few subdistricts are published" in told
    assert "unvalidated, for planning only" in told
    page = folder / "report-strengths.html"
    text = page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    assert "<script" not in text
    for words in ("What areas can build on", "สิ่งที่พื้นที่มีเป็นทุน", "Unvalidated, for planning only"):
        assert words in text
    assert erase_run(folder).foreign == ()
    assert page.exists(), "a page of protected figures stays when a run is erased"


def test_json_stands_alone_and_holds_no_small_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Even where the run itself would publish every area."""
    folder = copied_run(tmp_path)
    (folder / "areas-internal.parquet").replace(folder / "areas.parquet")
    assert run(["population", "strengths", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "unvalidated, for planning only"
    assert [s["key"] for s in said["strengths"]] == ["citizenship", "school", "attendance", "savings", "services"]
    assert len(said["areas"]) == 7
    shares = [s for area in said["areas"] for s in area["shares"].values() if s is not None]
    assert all(n == 0 or n >= 11 for s in shares for n in (s["n_good"], s["n_known"] - s["n_good"]))


def test_a_folder_without_a_run_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "strengths", str(tmp_path), "--page"]) == 5
    assert "RUN-002" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
