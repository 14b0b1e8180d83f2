"""K-11: as soon as somebody is erased, nothing of her lies on any page of any file, also where nothing points to it."""

from pathlib import Path

import pytest
from django.db import connection

from makers.counted import Counted
from makers.scripts import of_its_own, told_by

KINDS = {"tiers", "own key", "keys given", "marks of asking", "code", "name in what finds people"}


@pytest.mark.check("K-11")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it has a file of SQLite of its own")
def test_k_11_of_who_was_erased_nothing_lies_in_any_file_when_erasing_returns(tmp_path: Path, counted: Counted) -> None:
    people = counted("people erased", 100, least=8)
    told = told_by(Path(__file__).with_name("erased_for_good.py"), tmp_path, people, environment=of_its_own(tmp_path))
    assert told["seen before"] == {**dict.fromkeys(KINDS, people), "photographs": 5}, "the search finds what is there"
    assert told["seen after"] == {}
    assert told["while somebody reads"], "what she reads is kept for her, as SQLite has it"
    assert told["once she is gone"] == {}, "the work of the next minute wipes it"
    assert told["stay"] == 10
