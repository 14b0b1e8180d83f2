"""Who has which number: held in memory, and read again only where it changed."""

from typing import Any

import pytest

from methods.search.people import AGENCY, KEY, person, ref
from sarana.methods.search.entry import Query
from sarana.methods.search.numbered import Numbered
from sarana.methods.search.searchfile import SearchFile, open_search
from sarana.methods.search.tables import TOGETHER, Known, unpack


class _Counted:
    """A connection that counts the parts that are read through it."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.parts = connection, 0

    def execute(self, sql: str, values: Any = ()) -> Any:
        self.parts += len(values)
        return self.connection.execute(sql, values)


def test_only_parts_that_changed_are_read_again(few: SearchFile) -> None:
    few.put(person(at, f"Somchai{at}") for at in range(3 * TOGETHER))
    held = Numbered()
    with few.guarded() as connection:
        counted = _Counted(connection)
        held.read(counted)
        assert counted.parts == 4
        held.read(counted)
        assert counted.parts == 4
    few.put([person(9, "Malee", version=2)])
    with few.guarded() as connection:
        counted = _Counted(connection)
        held.read(counted)
        there = held.refs_of(range(len(held)))
        in_file = dict(connection.execute("SELECT ref, id FROM person"))

    assert counted.parts == 2, "where she stood, and where she stands"
    assert {each.bytes: number for each, number in there.items()} == in_file
    assert [int(held.turns[number]) for number in there.values()] == [int.from_bytes(each.bytes[:4]) for each in there]


def test_what_is_known_of_people_is_read_of_those_alone_whom_the_asker_may_know_of(
    few: SearchFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    few.put(person(at, "Somchai") for at in range(900))
    shown = [ref(at) for at in range(0, 900, 7)]
    read: list[bytes] = []

    def counting(data: bytes) -> Known:
        read.append(data)
        return unpack(data)

    monkeypatch.setattr("sarana.methods.search.looking.unpack", counting)

    found = few.search(Query("Somchai"), limit=20, may=lambda refs: set(refs) & set(shown))

    assert {match.ref for match in found.matches} <= set(shown)
    assert len(found.matches) == 20
    assert len(read) == len(shown)


def test_a_file_opened_anew_holds_the_same(few: SearchFile) -> None:
    few.put(person(at, f"Somchai{at}") for at in range(50))
    few.drop([(ref(7), 1)])
    with open_search(few.path, KEY, AGENCY) as other:
        assert next(match.ref for match in other.search(Query("Somchai33")).matches) == ref(33)
        assert ref(7) not in other._numbered.refs_of(range(len(other._numbered)))
