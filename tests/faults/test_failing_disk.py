"""F-02: one call to the disk after another fails, once or for good: told in words, no damage, later saves work."""

import errno
import json
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from makers.counted import SCALE, Counted
from makers.installed import TESTS, Installed

SOURCE = TESTS / "faults/failing_io.c"
IN_WORDS = {"FAULT-001", "FAULT-003", "FAULT-004", "LEDGER-002"}
"""The disk is full; it is busy; it cannot be read or written; it could not be written down, so it was not done."""

ALL_WAYS = [*product(("EIO", "ENOSPC"), ("once", "for good"), ("open", "opening"))]
WAYS = ALL_WAYS if SCALE >= 1 else [ALL_WAYS[at] for at in (0, 3, 5, 6)]
"""Each of the six words in two ways or more; every way of all by `./dev scale checks`."""


@pytest.fixture(scope="session")
def failing_io(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that lets calls fail, compiled on this machine."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("no C compiler is here to make the disk fail with")
    made = tmp_path_factory.mktemp("failing") / "failing_io.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", made, SOURCE, "-ldl"], check=True)
    return made


@pytest.mark.check("F-02")
@pytest.mark.parametrize("way", WAYS, ids=["-".join(way) for way in WAYS])
def test_f_02_a_call_to_the_disk_that_fails_is_told_and_breaks_nothing(
    on_sqlite: Installed, failing_io: Path, counted: Counted, tmp_path: Path, way: tuple[str, str, str]
) -> None:
    error, sticky, fresh = way
    control = tmp_path / "control"
    control.write_bytes(bytes(32))
    failing = {
        "LD_PRELOAD": str(failing_io),
        "FAILING_IO_CONTROL": str(control),
        "FAILING_IO_PATH": "sarana.sqlite3",
    }
    hurt = Installed(on_sqlite.home, on_sqlite.keys, more=failing)
    done = hurt.python(
        str(TESTS / "faults/stepping.py"),
        str(control),
        str(getattr(errno, error)),
        str(int(sticky == "for good")),
        str(int(fresh == "opening")),
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["steps"] > 5, "too few calls were seen, so little was proved"
    assert told["refused"] > 0, "no call that failed was noticed, so nothing was proved"
    assert (told["troubles"], told["sound"]) == ([], True)
    assert set(told["said"]) <= IN_WORDS
    counted("failing calls", told["steps"], exact=True)
