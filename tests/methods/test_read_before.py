"""A word that an earlier run read is not read again, and what it says is the same."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from sarana.methods.dates import standard as dates
from sarana.methods.dates.standard import DateHabit, read_dates_once
from sarana.methods.engine import Engine
from sarana.methods.names import standard as names
from sarana.methods.names.standard import PARTS_BEFORE, WHOLES_BEFORE, NameColumns, make_name_tables
from sarana.methods.read_before import read_once

KNOWN_ON = date(2026, 6, 30)
WHOLES = ["นายสมชาย ใจดี", "Mr. Somchai Jaidee", "Jaidee, Somchai", "ไม่มี", "นาง สาวิตรี กา (เอก)", "น.ส.มาลี  แก้ว/คำ"]
PARTS = ["นายกอง", "สมชาย", "น้\u0e4d\u0e32ใส", "MR.SOMCHAI", "-"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="400MB", temp=tmp_path) as engine:
        yield engine


def test_only_words_that_were_not_read_before_are_read() -> None:
    asked: list[str] = []

    def read(words: list[str]) -> pa.Table:
        asked.extend(words)
        return pa.table({"raw": pa.array(words, pa.string()), "n": pa.array([len(word) for word in words], pa.int64())})

    before = pa.table({"raw": ["gone", "b"], "n": [4, 1]})
    found = read_once(pa.array(["c", "b", "aa"]), before, read)
    assert asked == ["c", "aa"]
    assert found.to_pylist() == [{"raw": "aa", "n": 2}, {"raw": "b", "n": 1}, {"raw": "c", "n": 1}]
    assert read_once(pa.array(["c", "b", "aa"]), None, read).equals(found)
    assert read_once(pa.array([], pa.string()), before, read).num_rows == 0


def read_names(engine: Engine, wholes: list[str], parts: list[str]) -> dict[str, list[tuple[object, ...]]]:
    for name, words in (("wholes", wholes), ("parts", parts)):
        engine.load(name, pa.table({"raw": words, "n": [1] * len(words)}))
    columns = [NameColumns(full="wholes", order="either"), NameColumns(given="parts", family="parts")]
    make_name_tables(engine, columns)
    tables = ("name_titles", "name_parts", "name_wholes", "word_keys", "word_parts", "word_wholes")
    return {name: engine.rows(f"SELECT * FROM {name} ORDER BY ALL") for name in tables}


def test_names_read_before_give_the_same_tables_and_are_read_no_more(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = read_names(engine, WHOLES[1:], PARTS[1:])
    read_names(engine, WHOLES[:-1], PARTS[:-1])
    for relation, made in ((PARTS_BEFORE, "word_parts"), (WHOLES_BEFORE, "word_wholes")):
        engine.lend(relation, engine.arrow(f"SELECT * FROM {made}"))
    asked: list[str] = []
    for name in ("read_part", "read_full_name"):
        read = getattr(names, name)
        monkeypatch.setattr(names, name, lambda raw, *more, read=read: (asked.append(raw), read(raw, *more))[1])
    assert read_names(engine, WHOLES[1:], PARTS[1:]) == wanted
    assert sorted(asked) == sorted([WHOLES[-1], PARTS[-1]])


def test_dates_read_before_are_read_again_only_for_another_habit(monkeypatch: pytest.MonkeyPatch) -> None:
    words = pa.array(["19760630", "๑ มกราคม ๒๕๑๙", "31/31/2500", "2519"])
    habit = DateHabit("be", KNOWN_ON)
    found, before = read_dates_once(words, habit)
    asked: list[str] = []
    read = dates.read_date
    monkeypatch.setattr(
        dates, "read_date", lambda raw, *more, **named: (asked.append(raw), read(raw, *more, **named))[1]
    )
    again, kept = read_dates_once(words, habit, before)
    assert (again.equals(found), kept.equals(before), asked) == (True, True, [])
    other = read_dates_once(words, DateHabit("be", date(2027, 6, 30)), before)[0]
    assert len(asked) == before.num_rows > 0
    assert other.equals(read_dates_once(words, DateHabit("be", date(2027, 6, 30)))[0])
