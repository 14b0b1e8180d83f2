import json
import os
import stat
from pathlib import Path

import pytest

from methods.runs.little_run import MEANS, Noted, do_little_run, file_hashes, little_steps, start, write_source
from sarana.basics.errors import BadFile, NoRoom
from sarana.methods.runs.folder import opened
from sarana.methods.runs.means import Means, check_room, needed_mib, read_means
from sarana.methods.runs.receipts import LIBRARIES
from sarana.methods.runs.runner import run_steps
from sarana.methods.runs.steps import Product, Step

FILES = {"run.toml", "work/rows.parquet", "people.parquet", "report.html"}


def test_a_run_leaves_its_files_and_nothing_half_done(tmp_path: Path) -> None:
    receipts, noted = do_little_run(write_source(tmp_path / "in.csv"), tmp_path / "run")
    assert set(file_hashes(tmp_path / "run")) == FILES
    assert noted.done == ["read", "add", "tell"]
    assert [receipt.rows_out for receipt in receipts] == [2000, 2000, 11]


def test_a_receipt_tells_rows_costs_versions_and_hashes_but_no_path(tmp_path: Path) -> None:
    do_little_run(write_source(tmp_path / "in.csv"), tmp_path / "run", least=50)
    text = (tmp_path / "run" / "receipts" / "02-add.json").read_text()
    receipt = json.loads(text)
    assert str(tmp_path) not in text
    assert receipt["rows_in"] == 2000
    assert receipt["rows_out"] + receipt["set_aside"]["TEST-001"] == 2000
    assert receipt["settings"] == {"least": 50}
    assert {"python", "sarana", "code", *LIBRARIES} == set(receipt["versions"])
    assert len(receipt["inputs"]["rows"]) == len(receipt["outputs"]["people.parquet"]) == 64
    assert receipt["cpu_seconds"] > 0
    assert receipt["seconds"] > 0
    assert receipt["peak_memory_mib"] > 10


def test_the_files_are_the_same_at_any_thread_count_memory_and_row_order(tmp_path: Path) -> None:
    wanted = None
    for number, (threads, memory, backwards) in enumerate([(1, 1500, False), (2, 900, True), (4, 1500, True)]):
        source = write_source(tmp_path / f"in-{number}.csv", 150_000, backwards=backwards)
        out = tmp_path / f"run-{number}"
        do_little_run(source, out, means=Means(threads=threads, memory_mib=memory))
        found = file_hashes(out)
        assert wanted is None or found == wanted
        wanted = found


def test_person_level_files_and_folders_are_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        do_little_run(write_source(tmp_path / "in.csv"), tmp_path / "run")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    for path in (tmp_path / "run", *(tmp_path / "run").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_finished_run_is_skipped_whole_when_resumed(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    first, _ = do_little_run(source, tmp_path / "run")
    second, noted = do_little_run(source, tmp_path / "run", resume=True, means=Means(threads=1, memory_mib=1200))
    assert noted.skipped == ["read", "add", "tell"]
    assert [receipt.to_json() for receipt in second] == [receipt.to_json() for receipt in first]


def test_a_changed_setting_does_its_step_and_what_follows_again(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    _, noted = do_little_run(source, tmp_path / "run", resume=True, least=50)
    assert (noted.skipped, noted.done) == (["read"], ["add", "tell"])
    do_little_run(source, tmp_path / "fresh", least=50)
    assert file_hashes(tmp_path / "run") == file_hashes(tmp_path / "fresh")


def test_a_changed_input_is_read_again(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    write_source(source, 2001)
    _, noted = do_little_run(source, tmp_path / "run", resume=True)
    assert noted.done == ["read", "add", "tell"]


def test_an_output_that_was_changed_or_lost_is_made_again(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    wanted = file_hashes(tmp_path / "run")
    (tmp_path / "run" / "people.parquet").write_bytes(b"not a table")
    (tmp_path / "run" / "report.html").unlink()
    _, noted = do_little_run(source, tmp_path / "run", resume=True)
    assert (noted.skipped, noted.done) == (["read"], ["add", "tell"])
    assert file_hashes(tmp_path / "run") == wanted


def test_a_receipt_that_is_not_whole_counts_as_none(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    receipt = tmp_path / "run" / "receipts" / "03-tell.json"
    receipt.write_bytes(receipt.read_bytes()[:100])
    _, noted = do_little_run(source, tmp_path / "run", resume=True)
    assert noted.done == ["tell"]


def test_other_versions_do_every_step_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    monkeypatch.setattr("sarana.methods.runs.runner.versions", lambda: {"sarana": "another"})
    _, noted = do_little_run(source, tmp_path / "run", resume=True)
    assert noted.done == ["read", "add", "tell"]


def test_intermediate_files_of_a_source_that_was_taken_out_go(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    (tmp_path / "run" / "work" / "rows-old.parquet").write_bytes(b"rows of another day")
    (tmp_path / "run" / "people.parquet.part").write_bytes(b"half")
    do_little_run(source, tmp_path / "run", resume=True)
    assert set(file_hashes(tmp_path / "run")) == FILES


def test_a_missing_input_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"RUN-006 gone\.csv: The file is not there"):
        do_little_run(tmp_path / "gone.csv", tmp_path / "run")


def test_an_input_that_changes_while_it_is_read_stops_the_run(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv")

    class Meddler(Noted):
        def report(self, done: int, total: int, what: str) -> None:
            if what == "read":
                write_source(source, 3000)

    with opened(tmp_path / "run", resume=False) as folder:
        start(folder)
        with pytest.raises(BadFile, match="RUN-005"):
            run_steps(little_steps(source), folder, MEANS, Meddler())
    assert not (tmp_path / "run" / "receipts" / "01-read.json").exists()


def test_settings_that_hold_a_path_are_a_mistake_of_ours(tmp_path: Path) -> None:
    step = Step(number=1, name="odd", work=little_steps(tmp_path)[2].work, settings={"where": tmp_path})
    with opened(tmp_path / "run", resume=False) as folder, pytest.raises(TypeError, match="may not stand in settings"):
        run_steps([step], folder, MEANS, Noted())


def test_too_little_memory_says_how_much_is_needed() -> None:
    with pytest.raises(NoRoom, match=r"RUN-004 .*Give at least \d+ MiB"):
        read_means(2, "64MiB")
    assert read_means(2, f"{needed_mib(2) + 50}MiB").threads == 2


def test_more_rows_than_the_memory_can_hold_are_refused_before_the_run_begins() -> None:
    means = Means(threads=2, memory_mib=3000)  # what this process holds counts too, and that is much after many tests
    check_room(means, 100_000)
    with pytest.raises(NoRoom, match=r"RUN-004 .*about 15,000,000 rows. Give at least \d+ MiB"):
        check_room(means, 15_000_000)


def test_memory_that_runs_out_in_python_is_said_plainly(tmp_path: Path) -> None:
    def greedy(_: object) -> bytes:
        raise MemoryError

    step = Step(number=1, name="greedy", work=little_steps(tmp_path)[2].work, products=(Product("x", greedy),))
    with pytest.raises(NoRoom, match="ENGINE-003"), opened(tmp_path / "run", resume=False) as folder:
        run_steps([step], folder, MEANS, Noted())
