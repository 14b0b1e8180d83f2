"""People to search for, and a file with them that tests only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from methods.search.people import AGENCY, KEY, crowd, person
from sarana.methods.search.building import build_search
from sarana.methods.search.entry import Name
from sarana.methods.search.searchfile import SearchFile, open_search

KNOWN = {
    1: ("สมชาย ใจดี", Name("นก", "nickname")),
    2: ("นางสาวสุพรรณี ทองสุข", Name("Mali Thongsuk", "alias")),
    3: ("Nguyễn Thị Hương",),
    4: ("អ៊ូច ដារា",),
    5: ("ນາງ ຄຳພອນ ວົງສາ",),
    6: ("အောင်ဆန်းစုကြည်",),
    7: ("ေအာင္ ဝင္း",),
    8: ("欧阳小明",),
    9: ("Jean-Baptiste O'Brien",),
}


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a crowd and with those who are looked for."""
    path = tmp_path_factory.mktemp("search") / "shelter.sealed"
    build_search(path, KEY, AGENCY, [*(person(at, *names) for at, names in KNOWN.items()), *crowd()])
    return path


@pytest.fixture(scope="session")
def everybody(filed: Path) -> Iterator[SearchFile]:
    """The same, open; tests that write make a file of their own."""
    with open_search(filed, KEY, AGENCY) as opened:
        yield opened


@pytest.fixture
def few(tmp_path: Path) -> Iterator[SearchFile]:
    """A file of a test's own, with nobody in it."""
    path = tmp_path / "few.sealed"
    build_search(path, KEY, AGENCY, [])
    with open_search(path, KEY, AGENCY) as opened:
        yield opened
