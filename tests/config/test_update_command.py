"""`sarana population update` from the command line, as docs/how-to/update-a-run.md shows it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from methods.population.little_province import SOURCES, make_province, read_csv, run_chain, write_csv
from sarana.config.commands.entry import run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "update-a-run.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An earlier run, and the same files a little later: one row went, one came, one was changed."""
    folder = tmp_path_factory.mktemp("update")
    run_chain(make_province(folder / "files", people=300), folder / "run-2026")
    later = shutil.copytree(folder / "files", folder / "later-files")
    head, first, second, *rows = read_csv(later / "education.csv")
    second[head.index("row_id") + 1 :] = rows[-1][head.index("row_id") + 1 :]
    came = ["came-later", *rows[0][1:]]
    assert head[0] == "row_id"
    write_csv(later / "education.csv", [head, second, *rows, came])
    assert first not in (second, came)
    shutil.copyfile(SOURCES, folder / "SOURCES.toml")
    return folder


def arguments(folder: Path, out: str) -> list[str]:
    """The command of the page, its folders put where they are."""
    [line] = re.findall(r"^sarana (population update .*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    words = [out if word == "run-2027" else word for word in line.split(" ")]
    return [str(folder / w) if w in ("run-2026", "SOURCES.toml", "later-files", out) else w for w in words]


def test_the_example_of_the_page_counts_rows_and_steps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(folder, "one")) == 0
    told = capsys.readouterr()
    lines = [line.split() for line in told.out.splitlines()]
    n_rows = len(read_csv(folder / "files" / "education.csv")) - 1
    assert ["education", str(n_rows - 2), "1", "1", "1", "read", "anew"] in lines
    assert [line[2:] for line in lines if line[:1] == ["standardise"]] == [["done", "anew"]]
    [health] = [line for line in lines if line[:1] == ["health"]]
    assert health[2:] == ["0", "0", "0", "taken", "over"]
    assert "This is unvalidated, for planning only." in told.out
    assert "A full run would take about" in told.err
    receipt = json.loads((folder / "one" / "receipts" / "08-update.json").read_text("utf-8"))
    assert {key: n for key, n in receipt["counts"].items() if key.endswith("education")} == {
        "same education": n_rows - 2, "new education": 1, "changed education": 1, "gone education": 1,
    }  # fmt: skip


def test_the_same_is_said_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments(folder, "two"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "unvalidated, for planning only"
    assert said["updated"] == "run-2026"
    assert said["made_by_this_version"] is True
    assert [source["source"] for source in said["sources"]] == [
        "education", "family_welfare", "health", "human_security",
    ]  # fmt: skip
    assert [source["source"] for source in said["sources"] if not source["is_taken_over"]] == ["education"]
    assert [step["step"] for step in said["steps"]][-2:] == ["report", "update"]
    assert 0 < sum(step["seconds"] for step in said["steps"]) <= said["seconds"]


def test_a_run_of_another_version_is_said_to_give_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = shutil.copytree(folder / "run-2026", folder / "old")
    for file in (old / "receipts").iterdir():
        file.write_text(file.read_text("utf-8").replace('"code": "', '"code": "0'), "utf-8")
    words = [str(old) if word.endswith("run-2026") else word for word in arguments(folder, "of-old")]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert "made by another version of Sarana or its libraries: nothing was taken over." in " ".join(told.split())
    assert "taken over" not in told.split("made by another version")[0]


def test_a_run_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in sorted((folder / "run-2026").rglob("*"))}
    for more in ([], ["--resume"]):
        assert run([*arguments(folder, "run-2026"), *more]) == 7
        told = capsys.readouterr()
        assert told.err.startswith("RUN-001")
        assert told.err.count("\n") == 1
    assert {file: file.stat().st_mtime_ns for file in sorted((folder / "run-2026").rglob("*"))} == before


def test_a_refused_update_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = folder / "erased"
    shutil.copytree(folder / "run-2026", earlier)
    assert run(["population", "erase", str(earlier), "--yes"]) == 0
    capsys.readouterr()
    words = [str(earlier) if word.endswith("run-2026") else word for word in arguments(folder, "three")]
    assert run(words) == 4
    told = capsys.readouterr()
    assert told.err.startswith("UPDATE-001")
    assert "Make a full run" in told.err
    assert not (folder / "three").exists()
