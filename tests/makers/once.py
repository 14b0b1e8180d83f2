"""What many tests begin with is made once for all workers of a run: who comes first makes it, the others take it."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A copy, for this worker alone, of the folder that one of them made; the same name stands for the same content."""
    own = factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "made-once"
    shared.mkdir(mode=0o700, exist_ok=True)
    made = shared / name
    with (shared / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not made.is_dir():
            half = shared / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(mode=0o700)
            make(half)
            half.rename(made)
    return shutil.copytree(made, factory.mktemp(name) / name, symlinks=True)
