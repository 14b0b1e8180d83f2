import json
import re
from pathlib import Path

import pytest

from methods.population.little_province import SOURCES, make_province, read_csv, shuffled, write_csv
from sarana.config.commands.entry import run


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("profile") / "data")


def with_codes(province: Path, folder: Path, *codes: str) -> Path:
    """The same province, with other codes of sex on the first rows of the health file."""
    data = shuffled(province, folder, seed=5)
    head, *rows = read_csv(data / "health.csv")
    for row, code in zip(rows, codes, strict=False):
        row[[name.lower() for name in head].index("sex")] = code
    write_csv(data / "health.csv", [head, *rows])
    return data


def test_a_profile_tells_every_file_and_no_person(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(province.rglob("*"))
    assert run(["population", "profile", str(SOURCES), "--data", str(province)]) == 0
    told = capsys.readouterr()
    for said in ("health: health.csv", "READ-031", "Buddhist era", "check digit wrong", "thai", "IDs in both"):
        assert said in told.out
    assert "unvalidated, for planning only" in told.out
    assert "would stop" not in told.out
    assert "\x1b" not in told.out + told.err
    head, *rows = read_csv(province / "health.csv")
    ids = head.index("CID")
    assert any(row[ids] for row in rows)
    assert not any(row[ids] and row[ids] in told.out for row in rows)
    assert sorted(province.rglob("*")) == before


def test_unknown_codes_are_listed_and_stop_nothing(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = with_codes(province, tmp_path / "data", "7", "7", "Malee Rakdee")
    assert run(["population", "profile", str(SOURCES), "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert "2 unknown codes on 3 rows; a run would stop" in told
    assert "'7' on 2 rows" in told
    assert "1 on 1 rows are not quoted" in told
    assert "Malee" not in told
    assert "A run would stop at the unknown codes above" in told


def test_json_is_all_that_stands_on_standard_output(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = with_codes(province, tmp_path / "data", "7", "Malee Rakdee")
    assert run(["population", "profile", str(SOURCES), "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "unvalidated, for planning only"
    assert told["would_stop"]
    health = told["files"][0]
    assert health["n_rows"] == len(read_csv(data / "health.csv")) - 1
    assert health["set_aside"] == {"READ-030": 1, "READ-031": 2}
    assert [code["code"] for column in health["unknown"] for code in column["codes"]] == ["7"]
    assert sum(health["ids"].values()) == health["n_rows"] - 3
    assert "Malee" not in json.dumps(told)


def test_bad_files_are_one_sentence(province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = shuffled(province, tmp_path / "data", seed=3)
    (data / "education.csv").unlink()
    assert run(["population", "profile", str(SOURCES), "--data", str(data)]) == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("RUN-006 education.csv:")
    (data / "education.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(["population", "profile", str(SOURCES), "--data", str(data), "--json"]) == 6
    told = capsys.readouterr()
    assert told.out == ""
    assert "READ-006" in told.err
    assert "Traceback" not in told.err


def test_real_people_are_not_profiled_without_papers(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SOURCES.read_text(encoding="utf-8").replace("invented = true", "invented = false")
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    assert run(["population", "profile", str(tmp_path / "sources.toml"), "--data", str(province)]) == 4
    assert "SOURCES-011" in capsys.readouterr().err


def test_what_the_how_to_page_says_can_be_typed(
    province: Path, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (house / "docs/how-to/profile-files.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    sarana (.+)$", page, re.MULTILINE)
    assert len(commands) >= 2
    for command in commands:
        words = {"SOURCES.toml": str(SOURCES), "DATA": str(province), "PROFILE.html": str(tmp_path / "profile.html")}
        assert run([words.get(word, word) for word in command.split()]) == 0
        assert capsys.readouterr().out
