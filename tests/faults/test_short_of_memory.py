"""F-14: memory is short. What needs too much of it fails alone and in words, and the server lives."""

import contextlib
import os
import resource
import shutil
import signal
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from faults.conftest import copied
from makers.counted import SCALE, Counted
from makers.installed import Installed, until
from makers.serving import Answer, Browser, child_of, served

ROLE = "system-operator"
AGAIN_SECONDS = 30.0
NOT_AT_ONCE = 6.0
"""A child that ends again within 5.5 seconds ends the server: then it would not help to begin once more."""
MIB = 1 << 20


@pytest.mark.check("F-14")
@pytest.mark.check("D-10")
def test_f_14_a_database_larger_than_memory_is_backed_up_drilled_and_restored(
    set_up_on_sqlite: Installed, tmp_path: Path, counted: Counted
) -> None:
    size, left = counted("MiB of database", 1_024, least=96), max(64, round(512 * SCALE))
    told = set_up_on_sqlite.script("short_of_memory", str(tmp_path), str(size), str(left))
    assert told["short"], "there was memory for all of it, so nothing was proved"
    assert told["rows"] == [size * 4] * 2
    assert told["bytes"] > size * MIB
    for name in ("home", "new", "out"):
        shutil.rmtree(tmp_path / name)


def asked(browser: Browser, path: str) -> Iterator[Answer]:
    """What is answered, or nothing where nobody does."""
    with contextlib.suppress(OSError, HTTPException):
        yield browser.get(path)


def back_again(browser: Browser) -> float:
    """How many seconds it took until the server answered."""
    for passed in until(AGAIN_SECONDS):
        if any(answer.text == "ok" for answer in asked(browser, "/health/")):
            return passed
    raise AssertionError(f"nobody answered for {AGAIN_SECONDS} seconds")


@pytest.mark.check("F-14")
def test_f_14_a_server_without_memory_answers_in_words_or_begins_anew_and_loses_nothing(
    set_up_on_sqlite: Installed, tmp_path: Path, counted: Counted
) -> None:
    """What the one process that answers may have is cut down to a little more than it holds, again and again."""
    made = copied(set_up_on_sqlite, tmp_path)
    installed = Installed(made.home, made.keys, more={"SARANA_WORKERS": "1"})
    rounds, answers = counted("times without memory", 20), 0
    with served(installed, told=tmp_path / "said") as (browser, server):
        browser.cookies.update(installed.script("coming_in", "1", ROLE)[ROLE][0])
        assert browser.get("/system/backups/").status == 200
        for number in range(rounds):
            time.sleep(NOT_AT_ONCE if number else 0)
            child = child_of(server.pid)
            held = int(Path(f"/proc/{child}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
            resource.prlimit(child, resource.RLIMIT_AS, (held + (number % 4) * MIB, resource.RLIM_INFINITY))
            for path in ("/system/backups/", "/settings/lists/", "/me/", "/system/activity/") * 3:
                for answer in asked(browser, path):
                    answers += 1
                    assert answer.status in (200, 503), answer.text
            if Path(f"/proc/{child}").exists():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)  # as the system does when others ask for the memory
            assert back_again(browser) < AGAIN_SECONDS
            assert server.poll() is None
            assert browser.get("/system/backups/").status == 200, "her sitting is there as before"
    counted("answers without memory", answers, exact=True)
