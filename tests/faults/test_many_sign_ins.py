"""L-06: many people sign in at the same moment, by the passphrase hash of the house: all are answered, memory stays."""

import json
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from makers.agencies import PASSPHRASE
from makers.counted import SCALE, Counted
from makers.installed import TESTS, Installed
from makers.serving import Browser, served

REAL = {"DJANGO_SETTINGS_MODULE": "sarana.config.web.settings"}
SIGN_IN = "/sign-in/"
MOST_MIB_MORE = 256
"""Two hashes of 64 MiB at a time, and what so many threads and pages need."""

BAR_SECONDS = 30.0


def memory_mib(group: int) -> float:
    """The most that the processes of a group have held, together."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            is_ours = int((status.parent / "stat").read_text().rpartition(")")[2].split()[2]) == group
        except OSError:
            continue
        found += int(lines.get("VmHWM", "0 kB").split()[0]) if is_ours else 0
    return found / 1024


@pytest.mark.check("L-06")
def test_l_06_many_who_sign_in_at_once_are_all_answered_and_memory_stays(
    installed: Installed, counted: Counted, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["installed"] == "postgresql" and SCALE < 1:
        pytest.skip("on PostgreSQL by ./dev scale checks L-06")
    n_people = counted("people at once", 200, least=8)
    names = json.loads(installed.python(str(TESTS / "faults/many_people.py"), str(n_people)).stdout)
    real = Installed(installed.home, installed.keys, installed.database_url, more=REAL)
    statuses: Counter[int] = Counter()
    seconds: list[float] = []
    wrong: list[str] = []

    def come_in(browser: Browser, name: str) -> None:
        """From the form that lies open to the answer."""
        form = {**browser.words_of(SIGN_IN), "login": name, "password": PASSPHRASE}
        together.wait()
        began = time.monotonic()
        try:
            said = browser.send(SIGN_IN, form)
        except OSError as err:
            wrong.append(f"{name}: {err}")
            return
        statuses[said.status] += 1
        seconds.append(time.monotonic() - began)

    together = threading.Barrier(n_people)
    with served(real) as (at_the_door, process):
        people = [Browser(at_the_door.port) for _ in names]
        people[0].get(SIGN_IN)
        before = memory_mib(process.pid)
        threads = [threading.Thread(target=come_in, args=each) for each in zip(people, names, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        more = memory_mib(process.pid) - before
        assert Browser(at_the_door.port).get("/health/").text == "ok"
    assert wrong == []
    assert sum(statuses.values()) == n_people
    assert [status for status in statuses if status >= 500] == []
    assert more < MOST_MIB_MORE
    counted("MiB more", round(more), exact=True)
    if SCALE >= 1:
        slowest = sorted(seconds)[int(0.95 * n_people) - 1]
        counted("19 of 20 within tenths of a second", round(slowest * 10), exact=True)
        assert slowest < BAR_SECONDS
