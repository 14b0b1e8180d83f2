"""A file while it comes: whoever is killed in the middle leaves nothing of it."""

import os
import signal
from pathlib import Path
from typing import Any

from makers.handed import ROWS
from makers.vaults import a_place
from sarana.learning.population.sources import incoming


def test_a_process_that_is_killed_while_a_file_comes_leaves_nothing(tmp_path: Path, settings: Any) -> None:
    a_place(tmp_path, settings)
    incoming.folder().mkdir(parents=True, exist_ok=True)
    child = os.fork()
    if not child:
        came = incoming.Incoming()
        came.take(ROWS * 50_000)
        os.kill(os.getpid(), signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert (os.WIFSIGNALED(status), os.WTERMSIG(status)) == (True, signal.SIGKILL)
    assert [path for path in incoming.folder().rglob("*") if path.is_file()] == []
