"""The process that looks a boundary file through: bounded in time and memory, ended with its work, killed safely."""

import datetime as dt
import gzip
import os
import subprocess
import time
from typing import Any

import pytest

from makers.agencies import a_person, acting
from makers.boundaries import a_list
from makers.boundary_files import a_file
from makers.work import work
from sarana.basics.errors import BadFile
from sarana.basics.progress import Silent
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs.models import Job, Receipt
from sarana.ground.ledger.models import Entry
from sarana.learning.population.boundaries import actions, apart, looking
from sarana.learning.population.boundaries.models import BoundaryFile

CODES = tuple(f"TH50010{n}" for n in range(1, 7))
BOX = (97.0, 5.0, 106.0, 21.0)


def asked(content: bytes) -> looking.Asked:
    return looking.Asked(content=gzip.compress(content), country="TH", known=CODES, within="TH50", box=BOX)


class Told:
    def __init__(self, ends: bool = False) -> None:
        self.ends, self.said = ends, list[tuple[int, int]]()

    def report(self, done: int, total: int, what: str) -> None:
        del what
        self.said.append((done, total))
        if self.ends:
            raise InterruptedError


def test_a_process_of_its_own_finds_what_this_one_would_and_says_how_far_it_is() -> None:
    told = Told()
    assert apart.look_apart(asked(a_file(CODES)), told) == looking.look(asked(a_file(CODES)), Silent())
    assert (told.said[-1], sorted(told.said)) == ((6, 12), told.said)
    with pytest.raises(BadFile, match="POPULATION-103"):
        apart.look_apart(asked(a_file(["TH500201"])), Told())


@pytest.fixture
def another_program(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The process does something else, as lines do that nobody foresaw."""
    began = subprocess.Popen

    def put(program: str) -> None:
        def popen(_line: list[str], **more: Any) -> Any:
            return began(
                [apart.sys.executable, "-c", f"from {looking.__name__} import _limit, resource\n{program}"], **more
            )

        monkeypatch.setattr(subprocess, "Popen", popen)

    return put


def test_too_much_memory_too_much_time_and_a_process_that_broke_end_in_a_sentence(
    another_program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_program("_limit(resource.RLIMIT_AS, 2**30); bytearray(2**31)")
    with pytest.raises(BadFile, match="POPULATION-061 1,024 MiB:"):
        apart.look_apart(asked(b"{}"), Silent())
    another_program("_limit(resource.RLIMIT_CPU, 1)\nwhile True: pass")
    with pytest.raises(BadFile, match="POPULATION-060 2:"):
        apart.look_apart(asked(b"{}"), Silent())
    another_program("import time; time.sleep(60)")
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.2)
    with pytest.raises(BadFile, match="POPULATION-060"):
        apart.look_apart(asked(b"{}"), Silent())


def test_work_that_is_stopped_ends_the_process_at_once(another_program: Any) -> None:
    another_program("import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(InterruptedError):
        apart.look_apart(asked(os.urandom(2**20)), Told(ends=True))
    assert time.monotonic() - began < 20


@pytest.mark.django_db
def test_a_worker_that_is_gone_leaves_the_file_waiting_and_the_next_one_looks_it_through_once(
    centre: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(CODES)
    officer = acting(a_person(centre, "provincial-data-officer"))
    said = actions.Said("Survey of trials", officer.today)
    actions.bring(officer, said, a_file(CODES), agency=centre, area="TH50")
    where = "sarana.learning.population.boundaries.jobs.look_apart"

    def gone(*_words: Any) -> None:
        raise SystemExit

    def silent() -> None:
        Job.objects.update(state="running", lease_until=officer.now - dt.timedelta(days=9999))

    monkeypatch.setattr(where, gone)
    with pytest.raises(SystemExit):
        work()
    file = BoundaryFile.objects.get()
    assert (file.state, bool(file.content), file.told) == (BoundaryFile.State.WAITING, True, {})
    silent()
    monkeypatch.setattr(where, looking.look)
    assert work()
    file = BoundaryFile.objects.get()
    assert (file.state, bytes(file.content)) == (BoundaryFile.State.LOOKED_THROUGH, b"")
    # Gone again after it was kept and before the receipt stood: nothing is looked through twice.
    Receipt.objects.all().delete()
    silent()
    monkeypatch.setattr(where, gone)
    assert work()
    assert Job.objects.get().state == "done"
    assert Receipt.objects.get().counts == {"areas": 6, "wrong": 0}
    assert Entry.objects.filter(action="population.boundaries-brought").count() == 1
