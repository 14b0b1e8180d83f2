import subprocess
import sys
from pathlib import Path

import pytest

from methods.runs.little_run import do_little_run, start, write_source
from sarana.basics.errors import BadFile, BadSetting, BadTable, NoRoom, NotYet, Refused, SaranaError
from sarana.methods.runs.erase import erase_run
from sarana.methods.runs.folder import LOCK, RunFolder, find_card, locked, opened


def test_a_folder_that_holds_a_run_is_refused_without_resume(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    with pytest.raises(BadSetting, match=r"RUN-001 .*--resume"):
        do_little_run(source, tmp_path / "run")


@pytest.mark.parametrize("resume", [True, False])
def test_a_folder_of_other_files_is_refused_and_left_as_it_was(tmp_path: Path, resume: bool) -> None:
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(BadFile, match="RUN-002"), opened(tmp_path, resume=resume):
        pass
    assert [item.name for item in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("text", ["", "kind = 'another tool'", "\x00\x01", "kind = ["])
def test_a_card_that_is_not_ours_makes_no_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.toml").write_text(text, encoding="utf-8")
    assert find_card(tmp_path) is None
    with pytest.raises(BadFile, match="RUN-002"), opened(tmp_path, resume=True):
        pass


def test_a_run_killed_before_its_card_was_written_begins_anew_without_asking(tmp_path: Path) -> None:
    (tmp_path / "run.toml.part").write_text("ki", encoding="utf-8")
    (tmp_path / LOCK).touch()
    with opened(tmp_path, resume=False) as folder:
        start(folder)
    assert [item.name for item in tmp_path.iterdir()] == ["run.toml"]


def test_a_run_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(BadFile, match="RUN-008"), opened(tmp_path / "run", resume=False):
        pass


def test_a_run_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadFile, match="RUN-008"), opened(tmp_path / "file" / "run", resume=False):
        pass


def test_two_runs_do_not_write_one_folder(tmp_path: Path) -> None:
    with opened(tmp_path / "run", resume=False), pytest.raises(NotYet, match="RUN-003"), locked(tmp_path / "run"):
        pass
    with locked(tmp_path / "run"):
        pass


def test_the_lock_of_a_killed_run_holds_nobody_up(tmp_path: Path) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from sarana.methods.runs.folder import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE, env=_env()) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(NotYet, match="RUN-003"), locked(tmp_path):
            pass
        process.kill()
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        pass
    assert not (tmp_path / LOCK).exists()


def test_a_run_is_not_erased_while_it_is_written(tmp_path: Path) -> None:
    do_little_run(write_source(tmp_path / "in.csv"), tmp_path / "run")
    with locked(tmp_path / "run"), pytest.raises(NotYet, match="RUN-003"):
        erase_run(tmp_path / "run")
    assert (tmp_path / "run" / "people.parquet").exists()


def test_erasing_takes_what_is_about_people_and_keeps_the_rest(tmp_path: Path) -> None:
    out = tmp_path / "run"
    do_little_run(write_source(tmp_path / "in.csv"), out)
    (out / "areas.parquet").touch()
    (out / "areas-internal.parquet").touch()
    (out / "scores.parquet.part").touch()
    (out / "my notes.txt").touch()
    erased = erase_run(out)
    kept = {str(file.relative_to(out)) for file in out.rglob("*") if file.is_file()}
    receipts = {f"receipts/{name}.json" for name in ("01-read", "02-add", "03-tell")}
    assert kept == {"run.toml", "report.html", "areas.parquet", "my notes.txt"} | receipts
    assert erased.n_files == 4
    assert erased.foreign == ("my notes.txt",)
    assert not (out / "work").exists()


def test_an_erased_run_says_so_and_cannot_go_on(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    erase_run(tmp_path / "run")
    card = find_card(tmp_path / "run")
    assert card is not None
    assert card["erased"] is True
    with pytest.raises(Refused, match="RUN-007"):
        do_little_run(source, tmp_path / "run", resume=True)
    assert erase_run(tmp_path / "run").n_files == 0


def test_a_folder_that_is_no_run_is_not_erased(tmp_path: Path) -> None:
    (tmp_path / "people.parquet").touch()
    with pytest.raises(BadFile, match="RUN-002"):
        erase_run(tmp_path)
    assert (tmp_path / "people.parquet").exists()


def test_erasing_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "precious.txt").touch()
    out = tmp_path / "run"
    do_little_run(write_source(tmp_path / "in.csv"), out)
    (out / "work" / "more").symlink_to(outside)
    erase_run(out)
    assert (outside / "precious.txt").exists()


def _env() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}


@pytest.mark.parametrize(("err", "n_done", "is_kept"), [
    (BadTable("X-001", "These files are older."), 0, False),
    (BadTable("X-001", "These files are older."), 1, False),
    (BadTable("X-001", "These files are older."), 2, True),
    (NoRoom("X-001", "The disk is full."), 1, True),
])  # fmt: skip
def test_what_was_only_read_of_the_wrong_files_is_not_left_behind(
    tmp_path: Path, err: SaranaError, n_done: int, is_kept: bool
) -> None:
    def begin(folder: RunFolder) -> None:
        folder.prepare()
        for number in range(n_done):
            folder.write(f"receipts/0{number + 1}-step.json", b"{}")
        folder.write("work/rows-health.arrow", b"rows")
        raise err

    out = tmp_path / "run"
    with pytest.raises(type(err)), opened(out, resume=False, forget=str) as folder:
        begin(folder)
    assert out.exists() == is_kept
