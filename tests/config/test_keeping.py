"""The keeper: one of several seals and works, the others wait for the seat; trouble with it is told and waited out."""

import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from makers.installed import until
from sarana.config.web import keeping
from sarana.ground.seats import FOLDER


@pytest.fixture
def kept(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the threads of the house did, which here do nothing but wait for the end."""
    settings.SARANA_HOME = tmp_path
    done = list[str]()

    def begin(stop: threading.Event) -> threading.Thread:
        done.append("began")
        thread = threading.Thread(target=stop.wait)
        thread.start()
        return thread

    monkeypatch.setattr(keeping, "start_sealing", begin)
    monkeypatch.setattr(keeping, "start_working", begin)
    monkeypatch.setattr(keeping, "seal_what_waits", lambda: done.append("sealed"))
    monkeypatch.setattr(keeping, "LOOKS_SECONDS", 0.02)
    return done


def wait_until_done(done: list[str], n: int) -> None:
    """Until so much was done."""
    assert any(len(done) >= n for _ in until(20)), done


def test_one_keeps_the_house_and_the_next_one_when_it_ends(kept: list[str]) -> None:
    ends = [threading.Event(), threading.Event()]
    threads = [keeping.start_keeping(ends[0])]
    wait_until_done(kept, 2)
    threads.append(keeping.start_keeping(ends[1]))
    with keeping.KEEPER.taken(waits_seconds=0.2) as is_ours:
        assert not is_ours
    assert kept == ["began", "began"], "the second waits"
    ends[0].set()
    wait_until_done(kept, 5)
    ends[1].set()
    for thread in threads:
        thread.join()
    assert sorted(kept) == ["began"] * 4 + ["sealed"] * 2
    assert kept[-1] == "sealed", "each seals what it may have written last"


def test_trouble_with_the_seat_is_told_and_waited_out(
    kept: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FOLDER).write_text("a file lies where the folder should be")
    stop = threading.Event()
    with caplog.at_level(logging.ERROR):
        thread = keeping.start_keeping(stop)
        assert any("WEB-017" in caplog.text for _ in until(20))
    (tmp_path / FOLDER).unlink()
    wait_until_done(kept, 2)
    stop.set()
    thread.join()
    assert kept[:2] == ["began", "began"]
