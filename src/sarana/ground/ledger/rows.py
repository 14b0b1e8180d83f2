"""What the chain reads and writes, in SQL: plain rows quickly and in both databases alike, without making objects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from sarana.ground.ledger.writing import COLUMNS, Row

BLOBS = frozenset({"things_sealed", "writer_mac"})
REFS = frozenset({"ref", "actor_ref", "agency_ref", "thing_ref", "owner_agency_ref", "request_ref"})
WHOLE_TIME = len("2026-11-29 09:00:00.000000")
GAP = 64
"""Ids that lie no farther apart are read in one go."""


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as it stands in the database."""

    number: int
    sealed_at: str
    n_entries: int
    n_before: int
    members: bytes
    previous_hash: bytes
    hash: bytes
    mac: bytes


def _selected(name: str) -> str:
    """A column as plain text or number, in the words of this database."""
    postgres = connection.vendor == "postgresql"
    if name in BLOBS:
        return f"encode({name}, 'hex')" if postgres else f"iif({name} IS NULL, NULL, lower(hex({name})))"
    if name in REFS:
        return f"replace({name}::text, '-', '')" if postgres else name
    if name in ("at", "sealed_at"):
        return _time(name)
    return name


def _time(name: str) -> str:
    """A time as text; joined with nothing, so that SQLite's driver does not make an object of it."""
    postgres = connection.vendor == "postgresql"
    return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')" if postgres else f"{name} || ''"


def whole_time(text: str) -> str:
    """A time with its six places; SQLite leaves them out where they are nought."""
    return f"{text}.000000" if len(text) == WHOLE_TIME - 7 else text


def entries(ids: Sequence[int]) -> Iterator[Row]:
    """The entries with these ids and perhaps others between them, by id. `ids` must be sorted."""
    columns = ", ".join(_selected(name) for name in COLUMNS)
    sql = f"SELECT {columns} FROM ledger_entry WHERE id BETWEEN %s AND %s ORDER BY id"
    with connection.cursor() as cursor:
        for first, last in runs(ids):
            for row in _fetched(cursor, sql, (first, last)):
                yield row if len(str(row[2])) == WHOLE_TIME else (*row[:2], whole_time(str(row[2])), *row[3:])


def _fetched(cursor: Any, sql: str, parameters: Sequence[Any]) -> list[Any]:
    """Rows; text that somebody made unreadable comes as replacement signs, and so is found to be changed."""
    cursor.execute(sql, parameters)
    try:
        return list(cursor.fetchall())
    except Exception as err:
        if connection.vendor != "sqlite" or "decode" not in str(err):
            raise
    raw = connection.connection
    kept, raw.text_factory = raw.text_factory, lambda text: text.decode(errors="replace")
    try:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
    finally:
        raw.text_factory = kept


def runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Sorted ids as few stretches without wide gaps."""
    if not ids:
        return
    first = last = ids[0]
    for number in ids[1:]:
        if number - last > GAP:
            yield first, last
            first = number
        last = number
    yield first, last


def seals(after: int, limit: int, *, upto: int) -> list[SealRow]:
    """The next seals by number."""
    sql = (
        f"SELECT number, {_time('sealed_at')}, n_entries, n_before, members, previous_hash, hash, mac "
        "FROM ledger_seal WHERE number > %s AND number <= %s ORDER BY number LIMIT %s"
    )
    with connection.cursor() as cursor:
        return [_seal(row) for row in _fetched(cursor, sql, (after, upto, limit))]


def last_seal() -> SealRow | None:
    """The newest seal, or None."""
    sql = (
        f"SELECT number, {_time('sealed_at')}, n_entries, n_before, members, previous_hash, hash, mac "
        "FROM ledger_seal ORDER BY number DESC LIMIT 1"
    )
    with connection.cursor() as cursor:
        found = _fetched(cursor, sql, ())
    return _seal(found[0]) if found else None


def _seal(row: Sequence[Any]) -> SealRow:
    number, sealed_at, n_entries, n_before, *blobs = row
    times = whole_time(str(sealed_at))
    return SealRow(_number(number), times, _number(n_entries), _number(n_before), *(_bytes(blob) for blob in blobs))


def _number(value: Any) -> int:
    """A whole number; what is none stands as -1, which no seal has."""
    return value if isinstance(value, int) else -1


def _bytes(value: Any) -> bytes:
    """Bytes, even where somebody put something else in their place."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode(errors="replace")


def waiting(limit: int) -> list[int]:
    """Ids of entries that wait to be sealed, oldest first."""
    return _column("SELECT entry_id FROM ledger_waiting ORDER BY entry_id LIMIT %s", (limit,))


def no_longer_waiting(ids: Sequence[int]) -> None:
    """Take sealed entries from the list of those that wait."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM ledger_waiting WHERE entry_id = %s", [(number,) for number in ids])


def entry_ids(after: int, limit: int) -> list[int]:
    """The next ids of entries."""
    return _column("SELECT id FROM ledger_entry WHERE id > %s ORDER BY id LIMIT %s", (after, limit))


def n_waiting() -> tuple[int, int]:
    """How many entries wait to be sealed, and the first of them (0 for none)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(min(entry_id), 0) FROM ledger_waiting")
        n, first = cursor.fetchone()
    return n, first


def n_seals(upto: int) -> int:
    """How many seals there are up to a number."""
    return _column("SELECT count(*) FROM ledger_seal WHERE number <= %s", (upto,))[0]


def _column(sql: str, parameters: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
