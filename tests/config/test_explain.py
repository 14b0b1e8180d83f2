import json
import re
import shutil
from pathlib import Path

import pytest

from methods.population.little_province import make_province, run_chain, table
from sarana.config.commands.entry import run
from sarana.methods.runs.erase import erase_run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    run_chain(make_province(folder / "data", people=400), folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def person(done: Path) -> str:
    """Somebody with rows in two registers that may be shown."""
    sources: dict[str, set[object]] = {}
    for row in table(done, "people.parquet"):
        sources.setdefault(str(row["person_id"]), set()).add(row["source"])
    return min(name for name, found in sources.items() if {"health", "family_welfare"} <= found)


def test_an_explanation_shows_no_name_and_no_identity_number(
    done: Path, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["population", "explain", str(done), "--person", person]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "Unvalidated, for planning only." in told.out
    assert "a protected reason" in told.out
    assert "health:" in told.out
    rows = {row["row_id"] for row in table(done, "people.parquet") if row["person_id"] == person}
    for row in table(done, "standardised.parquet"):
        if row["row_id"] in rows:
            assert not any(row[part] and str(row[part]) in told.out for part in ("given", "family", "national_id"))


def test_an_explanation_is_given_in_thai(done: Path, person: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "explain", str(done), "--person", person, "--lang", "th"]) == 0
    told = capsys.readouterr().out
    assert "เหตุผลที่ได้รับการคุ้มครอง" in told
    assert "วัยที่เสี่ยงต่อการถูกชักชวนมากที่สุด" in told
    assert run(["population", "explain", str(done), "--person", person, "--lang", "fr"]) == 2


def test_json_holds_the_same_and_is_protected_alike(
    done: Path, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["population", "explain", str(done), "--person", person, "--json"]
    assert run(command) == 0
    plain = json.loads(capsys.readouterr().out)
    assert run([*command, "--custodian"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert plain["status"] == "unvalidated, for planning only"
    parts = sum(reason["part"] for reason in plain["reasons"]) + plain["protected_part"]
    assert parts == plain["index"] == sum(reason["part"] for reason in whole["reasons"])
    assert {"band_without_status", "refer_now"} <= set(whole)
    assert not {"band_without_status", "refer_now"} & set(plain)
    assert "h02" not in json.dumps(plain)
    assert "h02" in {reason["indicator"] for reason in whole["reasons"]} | {m["indicator"] for m in whole["missing"]}
    assert all(link["evidence_said"] and "-" not in link["evidence_said"][0] for link in plain["links"])
    line = next(row for row in table(done, "scores.parquet") if row["person_id"] == person)
    assert (plain["index"], plain["low"], plain["high"]) == (line["index"], line["low"], line["high"])


def test_what_the_how_to_page_says_can_be_typed(
    done: Path, person: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (house / "docs/how-to/explain-a-person.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    sarana (.+)$", page, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        assert run(command.replace("RUN", str(done)).replace("PERSON_ID", person).split()) == 0
        assert capsys.readouterr().out


def changed(done: Path, folder: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(done, folder)
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def refused(out: Path, person: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(["population", "explain", str(out), "--person", person])
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return code, told.err.split()[0]


def test_a_run_that_cannot_be_asked_says_why_in_one_sentence(
    done: Path, person: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(done, "0" * 16, capsys) == (7, "EXPLAIN-002")
    assert refused(tmp_path, person, capsys) == (5, "RUN-002")
    open_run = changed(done, tmp_path / "open", "run.toml", "complete = true", "complete = false")
    assert refused(open_run, person, capsys) == (4, "ASKED-001")
    rules = changed(done, tmp_path / "rules", "receipts/04-index.json", "indicators/chiang-mai-28.toml", "other.toml")
    assert refused(rules, person, capsys) == (5, "ASKED-003")
    torn = changed(done, tmp_path / "torn", "receipts/04-index.json", "{", "")
    assert refused(torn, person, capsys) == (5, "ASKED-002")
    short = changed(done, tmp_path / "short", "run.toml", "complete = true", "complete = true")
    (short / "work" / "links.parquet").unlink()
    assert refused(short, person, capsys) == (5, "ASKED-002")
    (short / "work" / "links.parquet").write_bytes(b"no parquet")
    assert refused(short, person, capsys)[0] == 5
    erase_run(short)
    assert refused(short, person, capsys) == (3, "RUN-007")


def test_asking_changes_nothing_in_the_run(done: Path, person: str) -> None:
    before = {file: file.read_bytes() for file in done.rglob("*") if file.is_file()}
    assert run(["population", "explain", str(done), "--person", person]) == 0
    assert before == {file: file.read_bytes() for file in done.rglob("*") if file.is_file()}
