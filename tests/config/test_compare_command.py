"""`sarana population compare` from the command line, as docs/how-to/compare-two-runs.md shows it."""

import json
import shutil
from pathlib import Path

import pytest

from methods.population.little_province import make_province, run_chain
from sarana.config.commands.asking import tell_table
from sarana.config.commands.entry import run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    run_chain(make_province(folder / "data", people=400), folder / "run")
    return folder / "run"


def test_the_tables_come_with_the_notice(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "compare", str(done), str(done)]) == 0
    told = capsys.readouterr()
    assert "What the change is made of" in told.out
    assert "100 % of the later run's rows" in told.out.replace("\xa0", " ")
    assert "Unvalidated, for planning only" in told.out
    assert "<" not in told.out
    assert told.err == ""


def test_a_figure_that_is_not_said_reads_withheld_and_no_word_is_cut(
    done: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["population", "compare", str(done), str(done)]) == 0
    told = capsys.readouterr().out
    lines = told[told.index("By indicator") : told.index("By district")].splitlines()
    assert next(line for line in lines if line.startswith("h03")).split()[-1] == "withheld"
    assert max(map(len, told[told.index("By indicator") : told.index("Figures that")].splitlines())) <= 80


def test_an_area_may_bear_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    tell_table("Areas [/]", ["area", "n"], [["[/b] Old town [bold]", "1"]])
    assert "[/b] Old town [bold]" in capsys.readouterr().out


def test_a_table_without_a_row_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    tell_table("Strengths of published districts", ["district", "Citizenship"], [])
    assert capsys.readouterr().out == "Strengths of published districts\n  None.\n"


def test_a_word_is_cut_only_where_there_is_no_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = [
        "subdistrict",
        "highest band per 1,000",
        "Citizenship",
        "In school",
        "Regular attendance",
        "Savings, or no",
    ]
    monkeypatch.setenv("COLUMNS", "72")
    tell_table("Strengths", heads, [["Pa Khaomai", *["71 % of 1,234"] * 5]])
    told = capsys.readouterr().out
    assert all(word in told for word in ("Citizenship", "attendance", "subdistrict", "Savings,"))
    assert max(map(len, told.splitlines())) <= 72
    monkeypatch.setenv("COLUMNS", "30")
    tell_table("Strengths", heads, [["Pa Khaomai", *["71 % of 1,234"] * 5]])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 30


def test_json_and_page(done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = shutil.copytree(done, tmp_path / "later")
    assert run(["population", "compare", str(done), str(later), "--json", "--page"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "unvalidated, for planning only"
    assert [part["key"] for part in said["parts"]] == ["data", "linkage", "people"]
    page = (later / "report-compare.html").read_text("utf-8")
    assert "สิ่งที่เปลี่ยนระหว่างการคำนวณสองครั้ง" in page
    assert "What changed between two runs" in page
    assert "<script" not in page
    assert not (done / "report-compare.html").exists()


def test_other_provinces_are_refused_and_nothing_is_written(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shutil.copytree(done, tmp_path / "other")
    card = other / "run.toml"
    card.write_text(card.read_text("utf-8").replace('province = "50"', 'province = "57"'), "utf-8")
    assert run(["population", "compare", str(done), str(other), "--page"]) == 7
    told = capsys.readouterr()
    assert told.err.startswith("COMPARE-002")
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert not (other / "report-compare.html").exists()
