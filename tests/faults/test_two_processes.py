"""Two processes serve: one keeps the house, and where the system ends it the other answers on and takes its place."""

import os
import signal
from http.client import HTTPException
from pathlib import Path

import pytest

from faults.conftest import copied
from makers.installed import Installed, until
from makers.serving import Browser, children_of, served

AGAIN_SECONDS = 30.0
TWO = {"SARANA_WORKERS": "2"}


def keeper_of(server: int, home: Path) -> int | None:
    """The child that holds the keeper's seat, as the system's own list of locks has it."""
    seat = (home / "seats" / "keeper-0").stat().st_ino
    held = [line.split() for line in Path("/proc/locks").read_text().splitlines() if "FLOCK" in line]
    owners = {int(line[4]) for line in held if line[5].endswith(f":{seat}")}
    return next((child for child in children_of(server) if child in owners), None)


def holds_base(process: int, home: Path) -> bool:
    """Whether a process has the database open."""
    handles = (Path(f"/proc/{process}/fd")).iterdir()
    return str(home / "sarana.sqlite3") in {str(handle.readlink()) for handle in handles if handle.is_symlink()}


def status_of(browser: Browser, path: str) -> int:
    """How a page was answered; 0 where nobody did."""
    try:
        return browser.get(path).status
    except (OSError, HTTPException):
        return 0


@pytest.mark.check("F-14")
def test_f_14_where_the_keeper_is_ended_the_other_answers_on_and_seals_what_is_written(
    set_up_on_sqlite: Installed, tmp_path: Path
) -> None:
    made = copied(set_up_on_sqlite, tmp_path)
    two = Installed(made.home, made.keys, more=TWO)
    with served(two, told=tmp_path / "said") as (browser, server):
        browser.cookies.update(two.script("coming_in", "1", "system-operator")["system-operator"][0])
        assert not holds_base(server.pid, two.home), "no connection goes along from the process that starts the others"
        assert len(children_of(server.pid)) == 2
        keeper = next(found for _ in until(AGAIN_SECONDS) if (found := keeper_of(server.pid, two.home)))
        (other,) = {*children_of(server.pid)} - {keeper}
        os.kill(keeper, signal.SIGKILL)
        # What had come to the killed one and was not answered yet is lost: a browser asks once more.
        assert any(status_of(browser, "/me/") == 200 for _ in until(AGAIN_SECONDS)), "her sitting is known to the other"
        keepers = (keeper_of(server.pid, two.home) for _ in until(AGAIN_SECONDS))
        assert any(found not in (None, keeper) for found in keepers), "the other, or the new one, takes the seat"
        left = next(n for _ in until(AGAIN_SECONDS) if not (n := two.rows("SELECT count(*) FROM ledger_waiting")[0][0]))
        assert left == 0
        assert next(True for _ in until(AGAIN_SECONDS) if len(children_of(server.pid)) == 2), "a new one begins"
        assert other in children_of(server.pid), "and the other never ended"
        assert server.poll() is None
