"""`sarana population validate` from the command line, as docs/how-to/validate-an-index.md shows it."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest

from methods.population.little_province import make_province, read_csv, run_chain
from sarana.config.commands.entry import run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run, and a file of known cases: every third child of the school files."""
    folder = tmp_path_factory.mktemp("validate")
    data = make_province(folder / "data", people=1500)
    run_chain(data, folder / "run")
    known = folder / "known.csv"
    rows = [row[0] for row in read_csv(data / "education.csv")[1:]]
    known.write_text("source,row_id,known_on\n" + "".join(f"education,{r},2026-08-01\n" for r in rows[::3]), "utf-8")
    return folder / "run", known


def ask(done: tuple[Path, Path], *more: str) -> list[str]:
    return ["population", "validate", str(done[0]), "--known", str(done[1]), *more]


def test_the_tables_say_the_verdict_and_the_notice(done: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ask(done)) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Back-test of the index: ")
    assert "By tenth of the index" in told.out
    assert "Unvalidated, for planning only" in told.out
    assert "e01" in told.out
    assert "<" not in told.out.replace("<0", "")
    assert told.err == ""


def test_json_is_one_document_and_the_page_needs_no_network(
    done: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file.name for file in done[0].iterdir()}
    assert run(ask(done, "--drop", "s01,s02", "--json", "--page")) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["dropped"] == ["s01", "s02"]
    assert said["status"] == "unvalidated, for planning only"
    assert said["verdict"] in ("passed", "not passed", "not judged")
    assert said["reasons"][0]["says"].endswith(".")
    assert len(said["tenths"]) == 10
    assert {file.name for file in done[0].iterdir()} - before == {"report-validate.html"}
    page = (done[0] / "report-validate.html").read_text("utf-8")
    assert "การทดสอบดัชนีย้อนหลัง" in page
    assert "Back-test of the index" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert (done[0] / "report-validate.html").stat().st_mode & 0o077 == 0


def test_cases_are_read_from_standard_input(
    done: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(done[1].read_bytes())))
    assert run(["population", "validate", str(done[0]), "--known", "-", "--json"]) == 0
    piped = capsys.readouterr().out
    assert run(ask(done, "--json")) == 0
    assert capsys.readouterr().out == piped


def test_sealed_cases_give_the_same_and_only_to_these_keys(
    done: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARANA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SARANA_KEYS", str(tmp_path / "keys"))
    sealed = tmp_path / "known.sealed"
    assert run(["keys", "make"]) == 0
    assert run(["keys", "seal", str(done[1]), str(sealed)]) == 0
    sealed.chmod(0o644)
    capsys.readouterr()
    assert run(ask(done, "--json")) == 0
    plain = capsys.readouterr().out
    assert run(ask((done[0], sealed), "--json")) == 0
    assert capsys.readouterr().out == plain
    changed = tmp_path / "changed.sealed"
    changed.write_bytes(sealed.read_bytes()[:-1] + bytes([sealed.read_bytes()[-1] ^ 1]))
    assert run(ask((done[0], changed))) != 0
    assert capsys.readouterr().err.startswith("VAULT-001")
    monkeypatch.setenv("SARANA_KEYS", str(tmp_path / "other"))
    assert run(["keys", "make"]) == 0
    capsys.readouterr()
    assert run(ask((done[0], sealed))) != 0
    assert capsys.readouterr().err.startswith("VAULT-040")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--drop", "zz9"), "VALIDATE-007"),
        (("--drop", ""), "VALIDATE-007"),
        (("--drop", " , "), "VALIDATE-007"),
        (("--ratio", "0.5"), "VALIDATE-009"),
        (("--ratio", "inf"), "VALIDATE-009"),
        (("--known", "nowhere.csv"), "VALIDATE-001"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_writes_nothing(
    done: tuple[Path, Path], capsys: pytest.CaptureFixture[str], more: tuple[str, str], code: str
) -> None:
    before = {file.name for file in done[0].iterdir()}
    assert run(ask(done, "--page", *more)) != 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(code)
    assert told.err.count("\n") == 1
    assert {file.name for file in done[0].iterdir()} == before


def test_a_run_that_is_not_complete_or_not_ours_is_refused(
    done: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["population", "validate", str(tmp_path), "--known", str(done[1])]) == 5
    assert capsys.readouterr().err.startswith("RUN-002")
    card = (done[0] / "run.toml").read_text("utf-8")
    for change, code in (
        (("complete = true", "complete = false"), "ASKED-001"),
        (("erased = false", "erased = true"), "RUN-007"),
        (("complete = true", "complete = true"), "ASKED-002"),
    ):
        (tmp_path / "run.toml").write_text(card.replace(*change), "utf-8")
        assert run(["population", "validate", str(tmp_path), "--known", str(done[1])]) != 0
        assert capsys.readouterr().err.startswith(code)


def test_a_run_whose_set_was_edited_since_is_refused(
    done: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(done[0], tmp_path / "run")
    receipt = tmp_path / "run/receipts/04-index.json"
    receipt.write_text(re.sub(r'(chiang-mai-28.toml": ")[0-9a-f]{64}', r"\g<1>0", receipt.read_text("utf-8")), "utf-8")
    assert run(["population", "validate", str(tmp_path / "run"), "--known", str(done[1])]) == 5
    assert capsys.readouterr().err.startswith("ASKED-003")


def test_erasing_leaves_the_page_and_does_not_call_it_foreign(
    done: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(done[0], tmp_path / "run")
    assert run(["population", "validate", str(tmp_path / "run"), "--known", str(done[1]), "--page", "--json"]) == 0
    capsys.readouterr()
    assert run(["population", "erase", str(tmp_path / "run"), "--yes"]) == 0
    assert "Left alone" not in capsys.readouterr().out
    assert (tmp_path / "run/report-validate.html").exists()
