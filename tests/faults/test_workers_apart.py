"""Workers beside the web (`sarana work`): several at once, and nothing is done twice."""

import subprocess
import sys

import pytest

from makers.counted import SCALE
from makers.installed import COMMAND, Installed

COUNTRIES = ("LA", "MM") if SCALE >= 1 else ("LA",)
ASK = f"""
from sarana.config.web import start
start.start()
from django.utils import timezone
from sarana.basics.actors import Actor
from sarana.ground.jobs import actions
actions.ask(Actor.local(timezone.now()), "codelists.load-areas", {{"countries": "{",".join(COUNTRIES)}"}})
"""
IN_FORCE = "SELECT count(*) FROM codelists_edition WHERE state = 'in-force' AND list_code LIKE 'areas.%'"
WRITTEN_DOWN = "SELECT count(*) FROM ledger_entry WHERE action = 'codelists.areas-loaded'"


@pytest.mark.parametrize("kind", ["sqlite", *(["postgresql"] if SCALE >= 1 else [])])
def test_of_two_workers_in_processes_of_their_own_one_does_the_work_and_all_end_well(
    request: pytest.FixtureRequest, kind: str
) -> None:
    installed: Installed = request.getfixturevalue(f"on_{kind}")
    installed.python("-c", ASK)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", COMMAND, "work", "--once"],
            env=installed.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert installed.rows("SELECT state, fence FROM jobs_job") == [("done", 1)], "nobody took it over"
    assert installed.rows(IN_FORCE) == installed.rows(WRITTEN_DOWN) == [(len(COUNTRIES),)]
