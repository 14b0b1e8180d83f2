"""Putting people into a search file and taking them out; whatever comes twice or late changes nothing."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from sarana.methods.search.entry import KINDS, MOST_YEARS, Entry
from sarana.methods.search.heard import Heard, Span, hear, readings_of, spans_known
from sarana.methods.search.near import tokens_of
from sarana.methods.search.numbers import normal_number, normal_phone, plain_code
from sarana.methods.search.tables import (
    BORN,
    NAME,
    NUMBER,
    PHONE,
    PLACE,
    REF,
    Connection,
    Known,
    add_bearers,
    born_form,
    note_drop,
    numbers_in,
    pack,
    rows_in,
    set_refs,
    take_bearer,
    unpack,
)

type Word = tuple[int, str]
"""Kind and form of a word."""

MOST_NAMES = 40
MOST_OTHERS = 60
"""So many names, and other words, of one person are kept."""


@dataclass(slots=True)
class _Read:
    """An entry taken into its words."""

    entry: Entry
    names: list[tuple[int, int, list[Span]]]
    others: list[Word]

    def words(self) -> set[Word]:
        return {(NAME, span.form) for _, _, spans in self.names for span in spans}.union(self.others)


@dataclass(slots=True)
class _Words:
    """The numbers of words: those that were there, and those that are new."""

    numbers: dict[Word, int]
    new: set[int] = field(default_factory=set)


def put(connection: Connection, entries: Sequence[Entry]) -> int:
    """Put entries in, in the transaction that is open; how many changed the file.

    An entry whose version is not higher than what is there, or than what was dropped, changes nothing.
    """
    fresh = _fresh(connection, entries)
    if not fresh:
        return 0
    refs = [entry.ref.bytes for entry in fresh]
    _take_out(connection, refs)
    connection.executemany("DELETE FROM gone WHERE ref = ?", [(ref,) for ref in refs])
    read = [_read(entry) for entry in fresh]
    words = _number_words(connection, set().union(*(one.words() for one in read)))
    first = _next_person(connection)
    people, bearers = [], dict[int, list[int]]()
    for person, one in enumerate(read, start=first):
        known = _known(one, words.numbers)
        people.append((person, one.entry.ref.bytes, one.entry.version, pack(known)))
        for word in known.words():
            bearers.setdefault(word, []).append(person)
    add_bearers(connection, bearers, words.new)
    connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?)", people)
    set_refs(connection, ((row[0], row[1]) for row in people))
    return len(fresh)


def drop(connection: Connection, pairs: Iterable[tuple[UUID, int]]) -> int:
    """Take people out, in the transaction that is open, and let no such version or older one in again."""
    gone = {ref.bytes: version for ref, version in pairs}
    there = dict(rows_in(connection, "SELECT ref, version FROM person WHERE ref IN ({})", gone))
    out = [ref for ref, version in there.items() if version <= gone[ref]]
    _take_out(connection, out)
    if out:
        note_drop(connection)
    connection.executemany(
        "INSERT INTO gone VALUES (?, ?) ON CONFLICT (ref) DO UPDATE SET version = max(version, excluded.version)",
        [(ref, version) for ref, version in gone.items() if there.get(ref, version) <= version],
    )
    return len(out)


def _fresh(connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
    """The newest entry of each person, where it is newer than what is known."""
    newest: dict[bytes, Entry] = {}
    for entry in entries:
        kept = newest.get(entry.ref.bytes)
        if kept is None or kept.version < entry.version:
            newest[entry.ref.bytes] = entry
    for table in ("person", "gone"):
        known = rows_in(connection, f"SELECT ref, version FROM {table} WHERE ref IN ({{}})", list(newest))
        for ref, version in known:
            if newest[ref].version <= version:
                del newest[ref]
    return list(newest.values())


def _take_out(connection: Connection, refs: Sequence[bytes]) -> None:
    """People out of every list, and the words that nobody bears any more."""
    people = list(rows_in(connection, "SELECT id, known FROM person WHERE ref IN ({})", refs))
    touched: set[int] = set()
    for person, data in people:
        for word in unpack(data).words():
            take_bearer(connection, word, person)
            touched.add(word)
    connection.execute(f"DELETE FROM person WHERE id IN ({numbers_in(person for person, _ in people)})")
    set_refs(connection, ((person, bytes(REF)) for person, _ in people))
    _forget_words(connection, touched)


def _forget_words(connection: Connection, words: Iterable[int]) -> None:
    left = f"SELECT id, form, ear, key FROM word WHERE id IN ({numbers_in(words)})"
    rows = connection.execute(f"{left} AND NOT EXISTS (SELECT 1 FROM bearer WHERE word = id)").fetchall()
    for number, form, ear, key in rows:
        connection.executemany(
            "DELETE FROM near WHERE token = ? AND word = ?",
            [(token, number) for token in tokens_of(Heard(form, ear, key))],
        )
    connection.execute(f"DELETE FROM word WHERE id IN ({numbers_in(row[0] for row in rows)})")


def _read(entry: Entry) -> _Read:
    names = []
    for name in entry.names[:MOST_NAMES]:
        kind = KINDS.index(name.kind)
        names += [(kind, len(units), spans_known(units)) for units in readings_of(name.text) if units]
    others = [
        (BORN, born_form(_born(entry))),
        *((NUMBER, normal_number(identifier.value)) for identifier in entry.identifiers),
        *((PHONE, normal_phone(phone)) for phone in entry.phones),
        *((PLACE, plain_code(place)) for place in entry.places),
    ]
    return _Read(entry, names, [word for word in dict.fromkeys(others) if word[1]][:MOST_OTHERS])


def _known(read: _Read, numbers: dict[Word, int]) -> Known:
    names = [
        (kind, n, [(numbers[NAME, span.form], span.first, span.end) for span in spans]) for kind, n, spans in read.names
    ]
    return Known(names, [numbers[word] for word in read.others], _born(read.entry), plain_code(read.entry.sex or ""))


def _born(entry: Entry) -> tuple[int, int] | None:
    return (entry.birth.year, min(entry.birth.give_or_take, MOST_YEARS)) if entry.birth else None


def _number_words(connection: Connection, words: set[Word]) -> _Words:
    """The numbers of words; those that the file does not know yet are heard and entered."""
    found: dict[Word, int] = {}
    for kind in range(PLACE + 1):
        forms = [form for its, form in words if its == kind]
        sql = f"SELECT form, id FROM word WHERE kind = {kind} AND form IN ({{}})"
        found.update({(kind, form): number for form, number in rows_in(connection, sql, forms)})
    new = sorted(words - found.keys())
    numbers = dict(zip(new, range(first := _next_word(connection), first + len(new)), strict=True))
    heard = dict(zip(names := [form for kind, form in new if kind == NAME], hear(names), strict=True))
    rows = []
    for (kind, form), number in numbers.items():
        its = heard[form] if kind == NAME else Heard(form, "", "")
        rows.append((number, kind, form, its.ear, its.key))
    connection.executemany("INSERT INTO word VALUES (?, ?, ?, ?, ?)", rows)
    connection.executemany("INSERT INTO near VALUES (?, ?)", _near(heard, numbers))
    return _Words(found | numbers, set(numbers.values()))


def _near(heard: Mapping[str, Heard], numbers: Mapping[Word, int]) -> Iterator[tuple[int, int]]:
    """What finds words, with their numbers, in the order in which the file keeps them."""
    tokens, words = array("Q"), array("Q")
    for form, its in heard.items():
        found = tokens_of(its)
        tokens.extend(found)
        words.extend([numbers[NAME, form]] * len(found))
    pairs = np.frombuffer(tokens, np.uint64) << np.uint64(32) | np.frombuffer(words, np.uint64)
    pairs.sort()
    return zip((pairs >> np.uint64(32)).tolist(), (pairs & np.uint64(0xFFFFFFFF)).tolist(), strict=True)


def _next_person(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM person").fetchone()[0])


def _next_word(connection: Connection) -> int:
    """A number that no word had before: those who hold sounds in memory know words by their numbers."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence").fetchone()[0])
