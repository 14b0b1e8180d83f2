"""A finished run of a little invented province, for the tests of questions; made once for all that ask."""

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from methods.population.little_province import MEANS, make_province, run_chain
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import AskedRun, asked


@functools.cache
def finished_run() -> Path:
    """A run of 2,500 people; whoever changes it copies it first."""
    folder = Path(tempfile.mkdtemp(prefix="sarana-asked-"))
    run_chain(make_province(folder / "data", people=2500), folder / "run")
    return folder / "run"


def copied_run(folder: Path) -> Path:
    """The same run in a folder of one's own."""
    return Path(shutil.copytree(finished_run(), folder / "run"))


@contextmanager
def opened_run() -> Iterator[tuple[Engine, AskedRun]]:
    """The run, ready to be asked."""
    with asked(finished_run(), MEANS) as found:
        yield found
