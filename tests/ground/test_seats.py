"""Seats: so many at a time, within a process and among processes, and none is lost when a process ends."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from sarana.ground.seats import FOLDER, Seats, give_back

HOLDING = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.SARANA_HOME = tmp_path
    return tmp_path


def test_so_many_are_taken_and_no_more_until_one_is_given_back() -> None:
    two = Seats("two", 2)
    first, second = two.take(), two.take()
    assert first is not None
    assert second is not None
    assert two.take() is None
    give_back(first)
    third = two.take()
    assert third is not None
    give_back(second)
    give_back(third)


def test_seats_of_another_name_are_others() -> None:
    with Seats("one").taken() as is_ours, Seats("other").taken() as is_ours_too:
        assert is_ours
        assert is_ours_too


def test_a_seat_that_another_process_holds_is_free_once_that_process_is_killed(home: Path) -> None:
    seats = Seats("one")
    with seats.taken():
        pass
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(home / FOLDER / "one-0")], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert seats.take() is None
        other.kill()
        other.wait()
    with seats.taken() as is_ours:
        assert is_ours


def test_a_program_that_was_started_meanwhile_does_not_keep_the_seat() -> None:
    seats = Seats("one")
    with seats.taken():
        started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with seats.taken() as is_ours:
            assert is_ours
    finally:
        started.kill()
        started.wait()


def test_whoever_waits_gets_the_seat_when_it_is_given_back_and_says_so_when_it_is_not() -> None:
    seats, got = Seats("one"), list[bool]()

    def wait() -> None:
        with seats.taken(waits_seconds=30) as is_ours:
            got.append(is_ours)

    waiting = threading.Thread(target=wait)
    with seats.taken():
        with seats.taken(waits_seconds=0.1) as is_ours:
            assert not is_ours
        waiting.start()
    waiting.join()
    assert got == [True]


def test_a_process_that_ends_waits_no_longer() -> None:
    seats, stop = Seats("one"), threading.Event()
    stop.set()
    with seats.taken(), seats.taken(waits_seconds=60, stop=stop) as is_ours:
        assert not is_ours


def test_a_link_in_the_place_of_a_seat_is_not_followed(home: Path) -> None:
    (home / FOLDER).mkdir()
    (home / FOLDER / "one-0").symlink_to(home / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        Seats("one").take()
    assert not (home / "elsewhere").exists()
