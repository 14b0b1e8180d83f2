"""The tables of a search file: words, what finds them, who bears them, and what is known of each person."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import batched
from secrets import randbits
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sarana.methods.search.heard import Heard

LAYOUT = 4
"""The number of this layout; a file of another one is built anew."""

NAME, NUMBER, PHONE, BORN, PLACE = range(5)
"""Kinds of words."""

CHUNK = 240
"""People in one piece of a word's list: a piece stays inside a page."""

TOGETHER = 1024
"""People whose references are kept together."""

REF = 16
"""Bytes of a reference."""

SCHEMA = """
CREATE TABLE about (what TEXT PRIMARY KEY, said TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, form TEXT NOT NULL, ear TEXT NOT NULL,
    key TEXT NOT NULL, UNIQUE (kind, form)
);
CREATE INDEX word_ear ON word (ear, key) WHERE ear <> '';
CREATE TABLE near (token INTEGER NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (token, word)) WITHOUT ROWID;
CREATE TABLE bearer (
    word INTEGER NOT NULL, first INTEGER NOT NULL, people BLOB NOT NULL, PRIMARY KEY (word, first)
) WITHOUT ROWID;
CREATE TABLE person (
    id INTEGER PRIMARY KEY, ref BLOB NOT NULL UNIQUE, version INTEGER NOT NULL, known BLOB NOT NULL
);
CREATE TABLE gone (ref BLOB PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE refs (part INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, refs BLOB NOT NULL);
CREATE INDEX refs_stamp ON refs (part, stamp);
"""

type Ids = NDArray[np.uint32]
type Connection = Any
"""A connection of sqlcipher3, which has no types."""


class Known(msgspec.Struct, array_like=True, frozen=True):
    """What is known of a person beside the lists of the words: enough to rank, and to take them out again."""

    names: list[tuple[int, int, list[tuple[int, int, int]]]]
    """Each name: number of its kind, of its words, and its spans as (word, first, end)."""
    others: list[int]
    """The words of numbers, telephones, birth and places."""
    born: tuple[int, int] | None = None
    sex: str = ""

    def words(self) -> set[int]:
        """Every word that leads to this person."""
        return {word for _, _, spans in self.names for word, _, _ in spans}.union(self.others)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Known)


def pack(known: Known) -> bytes:
    """What is known, as bytes."""
    return _ENCODER.encode(known)


def unpack(data: bytes) -> Known:
    """What is known, from bytes."""
    return _DECODER.decode(data)


def born_form(born: tuple[int, int] | None) -> str:
    """A birth (year, and so many either way) as a word of the file; that none is known is a word too."""
    return "?" if born is None else f"{born[0]}~{born[1]}"


def read_born(form: str) -> tuple[int, int] | None:
    """A birth from its word."""
    year, mark, give_or_take = form.partition("~")
    return (int(year), int(give_or_take)) if mark else None


def numbers_in(values: Iterable[int]) -> str:
    """Whole numbers as the inside of SQL's `IN (…)`."""
    return ",".join(str(int(value)) for value in values)


def rows_in(connection: Connection, sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement whose `{}` takes as many values as there are, some hundreds at a time."""
    for part in batched(values, 500, strict=False):
        yield from connection.execute(sql.format(",".join("?" * len(part))), part)


def bearers_of(connection: Connection, words: Sequence[int]) -> dict[int, list[bytes]]:
    """Who bears each word, in rising order, in pieces of numbers; words that nobody bears are absent."""
    pieces: dict[int, list[bytes]] = {}
    for part in batched(words, 2000, strict=False):
        rows = connection.execute(
            f"SELECT word, people FROM bearer WHERE word IN ({numbers_in(part)}) ORDER BY word, first"
        )
        for word, people in rows:
            if word in pieces:
                pieces[word].append(people)
            else:
                pieces[word] = [people]
    return pieces


def numbers_of(pieces: Iterable[bytes]) -> Ids:
    """The numbers of pieces, one behind the other."""
    return np.frombuffer(b"".join(pieces), "<u4")


def add_bearers(connection: Connection, bearers: Mapping[int, Sequence[int]], new: Set[int]) -> None:
    """Add people, whose numbers are higher than those before, to the lists of words, of which some are new."""
    rows: list[tuple[int, int, bytes]] = []
    for word in sorted(bearers):
        people = bearers[word]
        added = struct.pack(f"<{len(people)}I", *people)
        if word not in new:
            last = connection.execute(
                "SELECT people FROM bearer WHERE word = ? ORDER BY first DESC LIMIT 1", (word,)
            ).fetchone()
            if last is not None and len(last[0]) < CHUNK * 4:
                added = last[0] + added
        pieces = (added[at : at + CHUNK * 4] for at in range(0, len(added), CHUNK * 4))
        rows += [(word, int.from_bytes(piece[:4], "little"), piece) for piece in pieces]
    connection.executemany("INSERT OR REPLACE INTO bearer VALUES (?, ?, ?)", rows)


def take_bearer(connection: Connection, word: int, person: int) -> None:
    """Take a person out of the list of a word; a word that nobody bears any more goes with all that finds it."""
    row = connection.execute(
        "SELECT first, people FROM bearer WHERE word = ? AND first <= ? ORDER BY first DESC LIMIT 1", (word, person)
    ).fetchone()
    if row is None:
        return
    people = np.frombuffer(row[1], "<u4")
    left = people[people != person]
    connection.execute("DELETE FROM bearer WHERE word = ? AND first = ?", (word, row[0]))
    if len(left):
        connection.execute("INSERT INTO bearer VALUES (?, ?, ?)", (word, int(left[0]), left.tobytes()))


def heard_words(connection: Connection, where: str, values: Sequence[Any] = ()) -> dict[int, Heard]:
    """Words of names by their numbers, as they are heard."""
    rows = connection.execute(f"SELECT w.id, w.form, w.ear, w.key FROM {where}", values)
    return {number: Heard(form, ear, key) for number, form, ear, key in rows}


def sounds_of_all(connection: Connection) -> tuple[NDArray[np.int64], bytes, bytes]:
    """Every word that sounds: its number, and the ears and the keys, one a line; read from the index alone."""
    return _sounds(connection.execute(f"{_SOUNDS} INDEXED BY word_ear WHERE ear <> ''").fetchone())


def sounds_behind(connection: Connection, last: int) -> tuple[NDArray[np.int64], bytes, bytes]:
    """The same of the words whose numbers are higher."""
    return _sounds(connection.execute(f"{_SOUNDS} WHERE ear <> '' AND id > ?", (last,)).fetchone())


_SOUNDS = "SELECT group_concat(id, ' '), group_concat(ear, char(10)), group_concat(key, char(10)) FROM word"


def _sounds(row: tuple[str | None, str | None, str | None]) -> tuple[NDArray[np.int64], bytes, bytes]:
    numbers, ears, keys = row
    return np.fromstring(numbers or "", np.int64, sep=" "), (ears or "").encode(), (keys or "").encode()


def note_drop(connection: Connection) -> None:
    """Note that somebody was dropped: whoever holds words in memory lets go of them."""
    connection.execute("INSERT OR REPLACE INTO about VALUES ('dropped', ?)", (str(randbits(62)),))


def last_drop(connection: Connection) -> str:
    """A mark of the last time when somebody was dropped."""
    row = connection.execute("SELECT said FROM about WHERE what = 'dropped'").fetchone()
    return "" if row is None else str(row[0])


def set_refs(connection: Connection, refs: Iterable[tuple[int, bytes]]) -> None:
    """Keep the references of people by number, also beside one another, so that a million are read at once.

    Each part has a stamp that no change leaves as it was: whoever holds parts in memory reads the changed ones alone.
    """
    parts: dict[int, list[tuple[int, bytes]]] = {}
    for person, ref in refs:
        parts.setdefault(person // TOGETHER, []).append((person % TOGETHER, ref))
    for part, pairs in parts.items():
        row = connection.execute("SELECT refs FROM refs WHERE part = ?", (part,)).fetchone()
        kept = bytearray(TOGETHER * REF if row is None else row[0])
        for place, ref in pairs:
            kept[place * REF : (place + 1) * REF] = ref
        connection.execute("INSERT OR REPLACE INTO refs VALUES (?, ?, ?)", (part, randbits(62), bytes(kept)))
