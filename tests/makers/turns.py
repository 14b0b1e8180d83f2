"""In which order, and in which pieces, the tests are handed to the workers that share a run.

A file stays with one worker, so that what it makes for its tests is made once. What takes long begins first: a worker
that came to it last would work on alone while the others had nothing left.
"""

from pathlib import Path

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

FIRST = (
    "tests/house/test_law_6_addresses.py",
    "tests/journeys",
    "tests/faults",
    "tests/care/people/test_twin_houses.py",
    "tests/care/people/test_time_of_answers.py",
    "tests/care/people/test_safe_contact.py",
    "tests/care/people/test_broken_pages.py",
    "tests/config",
    "tests/gates",
    "tests/learning",
    "tests/methods/population",
    "tests/methods/questions",
    "tests/bench",
    "tests/care",
    "tests/house",
)
"""Files and folders whose tests start programs, walk through all pages or run the chain; the others follow."""

APART = ("tests/care/people/test_twin_houses.py",)
"""Files whose tests share nothing and take long one by one: each is a piece of its own.

Those of law 6 are not: which methods no address has is found out by the first of them, at twice the cost of each other.
"""


def piece_of(nodeid: str) -> str:
    """The piece of work to which a test belongs: its file, or itself."""
    file = nodeid.split("::", 1)[0]
    return nodeid if file in APART else file


def turn_of(file: str) -> int:
    """How early the tests of a file begin."""
    found = (turn for turn, begins in enumerate(FIRST) if file == begins or file.startswith(f"{begins}/"))
    return next(found, len(FIRST))


def in_turn(items: list[pytest.Item], root: Path) -> None:
    """Put the tests in the order in which they are to begin; those of one file stay as they are."""
    items.sort(key=lambda item: turn_of(item.path.relative_to(root).as_posix()))


class InPieces(LoadScopeScheduling):
    """Hands out whole files, and the tests of some files one by one, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        """Keep the order: the number of tests of a file says nothing of how long they take."""
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


class Turns:
    """Lets `pytest -n` hand the tests out in pieces."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: object) -> InPieces | None:
        """In pieces, unless another way was asked for."""
        return InPieces(config, log) if config.getvalue("dist") == "loadfile" else None
