"""`sarana population sensitivity`: a table, JSON alone on standard output, and a page without a script."""

import json
from pathlib import Path

import pytest

from methods.questions.asked_province import copied_run, finished_run
from sarana.config.commands.entry import run


def test_json_stands_alone_and_holds_no_small_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "sensitivity", str(finished_run()), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "unvalidated, for planning only"
    assert len(said["changes"]) == 82
    counts = [n for c in said["changes"] for key, n in c["moves"].items() if key.startswith("n_") and n is not None]
    assert counts
    assert all(n == 0 or n >= 11 for n in counts)


def test_the_table_is_unvalidated_and_the_page_is_one_private_file_in_both_languages_without_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    folder = copied_run(tmp_path)
    assert run(["population", "sensitivity", str(folder), "--page"]) == 0
    told = capsys.readouterr().out
    for words in ("weight up by half", "weight halved", "left out", "a year older", "unvalidated, for planning only"):
        assert words in told
    page = folder / "report-sensitivity.html"
    text = page.read_text("utf-8")
    assert str(page) in told
    assert page.stat().st_mode & 0o777 == 0o600
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "How sure are the bands and ranks?" in text
    assert "ช่วงดัชนีและลำดับมั่นคงเพียงใด" in text
    assert "Unvalidated, for planning only" in text


def test_a_folder_without_a_run_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["population", "sensitivity", str(tmp_path), "--json", "--page"]) == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert "RUN-002" in told.err
    assert list(tmp_path.iterdir()) == []
