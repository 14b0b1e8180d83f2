"""A step's tables are written while the next begins on them; whatever happens then, nothing is lost or half done."""

import contextlib
import errno
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from methods.runs.little_run import MEANS, Noted, file_hashes, little_steps, start, write_source
from sarana.basics.errors import NoRoom
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.doors import PLAIN, Door, PlainDoor
from sarana.methods.engine import Engine
from sarana.methods.runs import runner
from sarana.methods.runs.behind import Kept
from sarana.methods.runs.earlier import Earlier
from sarana.methods.runs.folder import opened
from sarana.methods.runs.means import Means
from sarana.methods.runs.runner import run_steps
from sarana.methods.runs.steps import Output

ONE = Means(threads=1, memory_mib=1500)
LONG = 20.0


class Waiting(PlainDoor):
    """A door that lets the rows be written only when the next step is at work."""

    def __init__(self) -> None:
        self.next_is_at_work = threading.Event()
        self.waited_for_it = False

    @contextlib.contextmanager
    def written(self, path: Path) -> Iterator[Path]:
        if path.name == "rows.parquet":
            self.waited_for_it = self.next_is_at_work.wait(LONG)
        with super().written(path) as part:
            yield part


class AtWork(Noted):
    """A watcher that lets the door go on when the second step writes."""

    def __init__(self, door: Waiting) -> None:
        super().__init__()
        self._door = door

    def report(self, done: int, total: int, what: str) -> None:
        if "people" in what:
            self._door.next_is_at_work.set()


class Slow(PlainDoor):
    """A door that takes its time when it lets the rows be written."""

    @contextlib.contextmanager
    def written(self, path: Path) -> Iterator[Path]:
        if path.name == "rows.parquet":
            time.sleep(0.4)
        with super().written(path) as part:
            yield part


class Full(PlainDoor):
    """A door to a disk on which the rows have no room."""

    @contextlib.contextmanager
    def written(self, path: Path) -> Iterator[Path]:
        if path.name == "rows.parquet":
            raise OSError(errno.ENOSPC, "No space left on device")
        with super().written(path) as part:
            yield part


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "in.csv", 5000)


def _run(source: Path, out: Path, means: Means = MEANS, door: Door = PLAIN) -> dict[str, bytes]:
    with opened(out, resume=False, door=door) as folder:
        start(folder)
        run_steps(little_steps(source), folder, means, Noted())
    return file_hashes(out)


@pytest.mark.parametrize("means", [ONE, replace(MEANS, memory_mib=0)], ids=["one thread", "no room"])
def test_what_a_step_writes_is_its_own_time_where_no_other_step_works_meanwhile(
    source: Path, tmp_path: Path, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "engine_memory_mib", lambda _: 500)
    with opened(tmp_path / "run", resume=False, door=Slow()) as folder:
        start(folder)
        [read, *_] = run_steps(little_steps(source), folder, means, noted := Noted())
    assert read.step == noted.done[0] == "read"
    assert read.seconds >= 0.4
    assert read.outputs


def test_the_next_step_begins_before_the_tables_are_written(source: Path, tmp_path: Path) -> None:
    door = Waiting()
    with opened(tmp_path / "run", resume=False, door=door) as folder:
        start(folder)
        receipts = run_steps(little_steps(source), folder, MEANS, AtWork(door))
    assert door.waited_for_it
    assert [receipt.step for receipt in receipts] == ["read", "add", "tell"]
    assert all(receipt.outputs and receipt.inputs for receipt in receipts)
    assert file_hashes(tmp_path / "run") == _run(source, tmp_path / "one", ONE)


def test_with_one_thread_a_step_is_written_before_the_next_begins(source: Path, tmp_path: Path) -> None:
    class Looks(Noted):
        def began(self, step: str, number: int, n_steps: int) -> None:
            there.append((step, (tmp_path / "run" / "receipts" / "01-read.json").exists()))

    there: list[tuple[str, bool]] = []
    with opened(tmp_path / "run", resume=False) as folder:
        start(folder)
        run_steps(little_steps(source), folder, ONE, Looks())
    assert there == [("read", False), ("add", True), ("tell", True)]


def test_a_disk_that_is_full_when_a_table_is_written_behind_stops_the_run_in_words(
    source: Path, tmp_path: Path
) -> None:
    with pytest.raises(NoRoom, match=r"ENGINE-004 .*--resume"):
        _run(source, tmp_path / "run", door=Full())
    assert not list((tmp_path / "run" / "receipts").iterdir())
    noted = Noted()
    with opened(tmp_path / "run", resume=True) as folder:
        run_steps(little_steps(source), folder, MEANS, noted)
    assert noted.done == ["read", "add", "tell"]
    assert file_hashes(tmp_path / "run") == _run(source, tmp_path / "whole")


def test_what_a_first_step_wrote_before_the_disk_was_full_is_taken_out_with_the_folder(
    source: Path, tmp_path: Path
) -> None:
    first, *_ = little_steps(source)
    tally = Output("tally", "tally.parquet", "SELECT count(*) AS n FROM rows")
    step = replace(first, writes=(tally, *first.writes))
    with pytest.raises(NoRoom), opened(tmp_path / "run", resume=False, door=Full(), forget=str) as folder:
        run_steps([step], folder, MEANS, Noted())
    assert not (tmp_path / "run").exists()


def test_what_was_made_before_a_step_that_fails_is_kept(source: Path, tmp_path: Path) -> None:
    class Fails(Noted):
        def report(self, done: int, total: int, what: str) -> None:
            if "people" in what:
                raise KeyboardInterrupt

    with opened(tmp_path / "run", resume=False) as folder:
        start(folder)
        with pytest.raises(KeyboardInterrupt):
            run_steps(little_steps(source), folder, MEANS, Fails())
    noted = Noted()
    with opened(tmp_path / "run", resume=True) as folder:
        run_steps(little_steps(source), folder, MEANS, noted)
    assert (noted.skipped, noted.done) == (["read"], ["add", "tell"])


def _update(source: Path, out: Path, earlier: Path, *, seconds: float = LONG) -> tuple[Noted, list[str]]:
    """An update whose second step is at work before the first is written; it goes on for some seconds at most.

    Returns:
        Which steps were done, and what became of the second: begun, ended.
    """
    door, noted, became = Waiting(), Noted(), list[str]()
    read, add, tell = little_steps(source)

    def work(engine: Engine, progress: Progress) -> StepReport:
        is_first = not became
        became.append("begun")
        door.next_is_at_work.set()
        until = time.monotonic() + seconds
        while is_first and time.monotonic() < until:
            time.sleep(0.01)
            progress.report(0, 1, "a word")
        became.append("ended")
        return add.work(engine, progress)

    with opened(out, resume=False, door=door) as folder:
        start(folder)
        run_steps((read, replace(add, work=work), tell), folder, MEANS, noted, Earlier(earlier))
    return noted, became


def test_a_step_that_turns_out_to_be_needless_is_given_up_at_its_next_word(source: Path, tmp_path: Path) -> None:
    whole = _run(source, tmp_path / "old")
    backwards = write_source(tmp_path / "again.csv", 5000, backwards=True)
    noted, became = _update(backwards, tmp_path / "run", tmp_path / "old")
    assert (noted.done, noted.skipped, became) == (["read"], ["add", "tell"], ["begun"])
    assert file_hashes(tmp_path / "run") == whole


def test_a_step_that_turns_out_to_be_needed_is_done_once(source: Path, tmp_path: Path) -> None:
    _run(source, tmp_path / "old")
    more = write_source(tmp_path / "more.csv", 5001)
    noted, became = _update(more, tmp_path / "run", tmp_path / "old", seconds=0.5)
    assert (noted.done, noted.skipped, became) == (["read", "add", "tell"], [], ["begun", "ended"])
    assert file_hashes(tmp_path / "run") == _run(more, tmp_path / "whole")


def test_a_step_that_was_given_up_is_done_where_what_the_earlier_run_left_was_touched(
    source: Path, tmp_path: Path
) -> None:
    whole = _run(source, tmp_path / "old")
    (tmp_path / "old" / "people.parquet").write_bytes(b"touched")
    backwards = write_source(tmp_path / "again.csv", 5000, backwards=True)
    noted, became = _update(backwards, tmp_path / "run", tmp_path / "old")
    assert (noted.done, noted.skipped, became) == (["read", "add"], ["tell"], ["begun", "begun", "ended"])
    assert file_hashes(tmp_path / "run") == whole


def test_no_more_tables_are_kept_than_an_eighth_of_the_memory_the_newest_first() -> None:
    def table(mib: float) -> pa.Table:
        return pa.table({"x": pa.array([0] * int(mib * 2**20), pa.int8())})

    kept = Kept(memory_mib=16)
    assert kept.has_room([table(2)])
    assert not kept.has_room([table(1), table(1.5)])
    kept.keep({"old": table(1), "nobody's": table(1)}, {"old", "new"})
    assert kept.find("old") is not None
    assert kept.find("nobody's") is None
    kept.keep({"new": table(1.5)}, {"old", "new"})
    assert kept.find("new") is not None
    assert kept.find("old") is None
