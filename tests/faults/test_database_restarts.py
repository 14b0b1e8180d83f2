"""F-09: PostgreSQL crashes and starts again while 50 people save: told in words, over soon, nothing is lost."""

import time

import pytest

from faults.saves import Told, halves, missing
from makers.cluster import Cluster, seconds_until_it_answers
from makers.counted import Counted
from makers.installed import Installed, kill, wait_for_line

PROCESSES, THREADS = 5, 10
BETWEEN_SECONDS = 1.5
LONGEST_SECONDS = 10.0
WHILE_STOPPED = {"FAULT-002", "LEDGER-002"}
"""The database does not answer; it could not be written down, so it was not done."""

HANGING = (
    "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()"
)


@pytest.mark.check("F-09")
def test_f_09_a_crash_of_postgresql_loses_nothing_acknowledged_and_is_told_in_words(
    on_postgresql: Installed, cluster: Cluster, counted: Counted
) -> None:
    restarts = counted("restarts", 10, least=2)
    told, back_at = saved_through(on_postgresql, cluster, restarts)
    assert set(told.lost) <= WHILE_STOPPED
    assert told.lost, "no save met a stopped server, so nothing was proved"
    assert max(troubles_after(told, back_at)) < LONGEST_SECONDS
    assert missing(on_postgresql, told.kept) == set()
    assert halves(on_postgresql) == {}
    assert on_postgresql.rows(HANGING) == [(0,)]
    counted("acknowledged saves", len(told.kept), exact=True)


def troubles_after(told: Told, back_at: list[float]) -> list[float]:
    """For each crash, how long after the server answered again the last save failed that had to do with it."""
    ends = [*back_at[1:], float("inf")]
    return [
        max((at - back for at in told.lost_at if back < at < end - BETWEEN_SECONDS), default=0.0)
        for back, end in zip(back_at, ends, strict=True)
    ]


def saved_through(installed: Installed, cluster: Cluster, restarts: int) -> tuple[Told, list[float]]:
    """What people were told who saved through so many crashes, and when the server answered again after each."""
    back_at = []
    out = installed.home.parent / "told"
    with installed.running("writing", str(PROCESSES), str(THREADS), "3600", out=out) as process:
        wait_for_line(out, "ready")
        for _ in range(restarts):
            time.sleep(BETWEEN_SECONDS)
            cluster.restart()
            seconds_until_it_answers(installed.database_url, LONGEST_SECONDS)
            back_at.append(time.monotonic())
        time.sleep(LONGEST_SECONDS)
        kill(process)
    told = Told.read(out.read_text().splitlines(keepends=True))
    assert max(told.kept_at) > back_at[-1], "nobody could save after the last crash"
    return told, back_at
