"""The file itself: sealed, refused when changed, whole after a kill, the same when built anew."""

import errno
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.counted import Counted
from methods.search.people import AGENCY, KEY, N, crowd, person, ref
from sarana.basics.errors import BadFile, BadSetting, Busy, NoRoom, NotYet, Refused, SaranaError
from sarana.methods.search import locking, looking
from sarana.methods.search.building import build_search
from sarana.methods.search.entry import Entry, Found, Query
from sarana.methods.search.searchfile import SearchFile, open_search
from sarana.methods.search.tables import bearers_of


def answers(opened: SearchFile) -> list[object]:
    """What some searches answer."""
    return [opened.search(Query(words), limit=30) for words in ("สม", "มาลี ทอง", "kaew", "สุข", "0800010007")]


def test_nothing_in_the_file_or_beside_it_is_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check K-01, for this file."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    tempfile.tempdir = None
    path = tmp_path / "shelter.sealed"
    markers = [f"Zqmarker{at}x" for at in range(50)]
    build_search(path, KEY, AGENCY, [person(at, f"{marker} มาร์คเกอร์") for at, marker in enumerate(markers)])
    opened = open_search(path, KEY, AGENCY)
    opened.put([person(at, f"{marker} ทดสอบ", version=2) for at, marker in enumerate(markers)])
    opened.search(Query(markers[7]))
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    held = {file.name: file.read_bytes() for file in files}
    opened.close()
    tempfile.tempdir = None

    assert "shelter.sealed-wal" in held, "the log was there to be looked at"
    for name, data in held.items():
        low = data.lower()
        for word in ("zqmarker", "มาร์คเกอร์", "ทดสอบ", AGENCY, "0000000000007", "0800000007", KEY.hex()):
            assert word.lower().encode() not in low, (name, word)
        assert KEY not in data
        assert name.endswith("-shm") or b"SQLite format" not in data
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.check("F-11")
@pytest.mark.parametrize(
    ("spoil", "error", "code"),
    [
        (lambda path: path.unlink(), NotYet, "SEARCH-004"),
        (lambda path: path.write_bytes(b""), BadFile, "SEARCH-"),
        (lambda path: path.write_bytes(os.urandom(20_000)), BadFile, "SEARCH-001"),
        (lambda path: os.truncate(path, path.stat().st_size - 4096 * 3), BadFile, "SEARCH-003"),
        (lambda path: os.truncate(path, path.stat().st_size // 2 + 100), BadFile, "SEARCH-003"),
    ],
)
def test_a_file_that_is_gone_or_cut_is_refused_when_it_is_opened(
    filed: Path, tmp_path: Path, spoil: object, error: type[SaranaError], code: str
) -> None:
    path = tmp_path / "spoilt"
    path.write_bytes(filed.read_bytes())
    spoil(path)  # type: ignore[operator]

    with pytest.raises(error, match=code):
        open_search(path, KEY, AGENCY)


def test_another_key_or_organisation_does_not_open_a_file(filed: Path) -> None:
    with pytest.raises(BadFile, match="SEARCH-001"):
        open_search(filed, bytes(32), AGENCY)
    with pytest.raises(Refused, match="SEARCH-002"):
        open_search(filed, KEY, "another")
    with pytest.raises(BadSetting, match="SEARCH-009"):
        open_search(filed, b"short", AGENCY)


@pytest.mark.check("F-11")
def test_every_flipped_bit_is_refused_or_lies_where_nothing_is_kept(
    filed: Path, tmp_path: Path, counted: Counted
) -> None:
    whole = filed.read_bytes()
    chance = random.Random(4)
    path = tmp_path / "flipped"
    for _ in range(counted("flipped bits of search files", 1_000, least=60)):
        bit = chance.randrange(len(whole) * 8)
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        path.write_bytes(spoilt)

        with pytest.raises(BadFile, match=r"SEARCH-00[13]"), open_search(path, KEY, AGENCY) as opened:
            opened.check()


@pytest.mark.check("F-11")
def test_two_pages_that_changed_places_are_refused(filed: Path, tmp_path: Path) -> None:
    data = bytearray(filed.read_bytes())
    data[8 * 4096 : 9 * 4096], data[20 * 4096 : 21 * 4096] = data[20 * 4096 : 21 * 4096], data[8 * 4096 : 9 * 4096]
    path = tmp_path / "swapped"
    path.write_bytes(data)

    with open_search(path, KEY, AGENCY) as opened, pytest.raises(BadFile, match="SEARCH-003"):
        opened.check()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.booleans()), max_size=12), st.randoms())
def test_what_comes_twice_late_or_in_another_order_leaves_one_file(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[int, int, bool]], chance: random.Random
) -> None:
    """Acts are (person, version, whether they are dropped at it); the newest of each person alone counts."""
    newest: dict[int, tuple[int, bool]] = {}
    for number, version, is_dropped in acts:
        newest[number] = max(newest.get(number, (0, False)), (version, is_dropped))
    last = {n: version for n, (version, is_dropped) in newest.items() if not is_dropped}
    path = tmp_path_factory.mktemp("order") / "file"
    build_search(path, KEY, AGENCY, [])
    with open_search(path, KEY, AGENCY) as opened:
        again = [*acts, *acts]
        chance.shuffle(again)
        for number, version, is_dropped in again:
            if is_dropped:
                opened.drop([(ref(number), version)])
            else:
                opened.put([person(number, f"name{'abcd'[version - 1]} มาลี", version=version)])

        found = opened.verify((ref(n), version) for n, version in last.items())
        assert found.is_same, found
        for n, version in last.items():
            assert ref(n) in {m.ref for m in opened.search(Query(f"name{'abcd'[version - 1]}")).matches}
        opened.check()


def test_a_file_that_grew_answers_as_one_that_was_built_anew(tmp_path: Path) -> None:
    people = [person(at, "สมชาย ทองสุข") for at in range(400)] + crowd(300)
    grown, built = tmp_path / "grown", tmp_path / "built"
    build_search(grown, KEY, AGENCY, people[200:])
    with open_search(grown, KEY, AGENCY) as one:
        one.drop([(people[350].ref, 1)])
        one.put([person(3, "other name"), *people[:200]])
        one.put([person(5, "สมชาย ทองสุข", version=7), person(350, "สมชาย ทองสุข", version=2)])
        build_search(
            built, KEY, AGENCY, [*people[6:350], *people[351:], person(350, "สมชาย ทองสุข", version=2),
            person(5, "สมชาย ทองสุข", version=7), *people[:3], person(3, "other name"), people[4]],
        )  # fmt: skip
        with open_search(built, KEY, AGENCY) as other:
            assert answers(one) == answers(other)
            assert one.search(Query("สมชาย"), limit=50) == other.search(Query("สมชาย"), limit=50)


def test_who_is_dropped_leaves_no_word_behind(few: SearchFile) -> None:
    few.put([person(1, "Zqonly Zqhere"), person(2, "Mali Here")])
    few.drop([(ref(1), 1)])

    assert few.search(Query("zqonly")).matches == ()
    with few.guarded() as connection:
        words = {row[0] for row in connection.execute("SELECT form FROM word WHERE kind = 0")}
        left = connection.execute("SELECT count(*) FROM near WHERE word NOT IN (SELECT id FROM word)").fetchone()
    assert words == {"mali", "here", "malihere"}
    assert left == (0,)


def test_what_differs_from_the_records_is_told_by_whom_to_mend(few: SearchFile) -> None:
    few.put(person(at, "มาลี", version=5) for at in range(4))

    found = few.verify([(ref(0), 5), (ref(1), 6), (ref(2), 4), (ref(9), 1)])

    assert (found.n_missing, found.n_older, found.n_newer, found.n_extra) == (1, 1, 1, 1)
    assert set(found.to_put) == {ref(1), ref(9)}
    assert dict(found.to_drop) == {ref(2): 5, ref(3): 5}
    assert not found.is_same
    assert few.verify((ref(at), 5) for at in range(4)).is_same


def test_an_open_file_goes_over_to_the_one_that_was_built_anew(few: SearchFile) -> None:
    few.put([person(1, "มาลี")])
    build_search(few._path, KEY, AGENCY, [person(2, "สมชาย")])

    assert few.search(Query("somchai")).matches[0].ref == ref(2)
    assert few.search(Query("มาลี")).matches == ()


def test_two_who_write_at_once_both_get_in_or_are_told_to_come_again(few: SearchFile) -> None:
    with open_search(few._path, KEY, AGENCY) as other:
        other._connection.execute("PRAGMA busy_timeout = 0").fetchall()
        with few.writing(), pytest.raises(Busy, match="SEARCH-007"):
            other.put([person(2, "มาลี")])
        few.put([person(1, "มาลี")])
        other.put([person(2, "มาลี")])

        assert few.count() == other.count() == 2
        assert len(few.search(Query("mali")).matches) == 2


@pytest.mark.parametrize("what", ["layout", "rules"])
def test_a_file_of_another_version_or_of_other_rules_is_refused(few: SearchFile, what: str) -> None:
    few._connection.execute("UPDATE about SET said = '0' WHERE what = ?", (what,))

    with pytest.raises(BadFile, match="SEARCH-005"):
        open_search(few._path, KEY, AGENCY)


def test_a_full_disk_leaves_what_was_there(few: SearchFile) -> None:
    few.put([person(1, "มาลี")])
    pages = few._connection.execute("PRAGMA page_count").fetchone()[0]
    few._connection.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()

    with pytest.raises(NoRoom, match="SEARCH-008"):
        few.put(crowd(500))
    assert few.count() == 1
    assert few.search(Query("mali")).matches[0].ref == ref(1)
    few.check()


def test_who_is_dropped_while_the_file_is_built_anew_or_before_does_not_come_back(few: SearchFile) -> None:
    few.put([person(1, "มาลี"), person(2, "สมชาย"), person(3, "กานดา")])
    few.drop([(ref(2), 5)])

    def records() -> Iterator[Entry]:
        yield person(1, "มาลี")
        few.drop([(ref(1), 1)])
        with pytest.raises(Busy, match="SEARCH-007"):
            few.put([person(4, "late")])
        yield person(2, "สมชาย", version=3)
        yield person(3, "กานดา")

    build_search(few._path, KEY, AGENCY, records())
    few.put([person(1, "มาลี"), person(2, "สมชาย", version=4)])

    assert [few.search(Query(words)).matches for words in ("มาลี", "สมชาย")] == [(), ()]
    assert few.count() == 1
    assert few.put([person(2, "สมชาย", version=6)]) == 1


def test_a_second_builder_is_told_to_come_later(few: SearchFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.0)

    def records() -> Iterator[Entry]:
        yield person(1, "มาลี")
        with pytest.raises(Busy, match="SEARCH-007"):
            build_search(few._path, KEY, AGENCY, [])
        yield person(2, "สมชาย")

    assert build_search(few._path, KEY, AGENCY, records()) == 2
    assert few.count() == 2


def test_a_search_sees_one_moment_whatever_others_write(few: SearchFile, monkeypatch: pytest.MonkeyPatch) -> None:
    few.put([person(1, "มาลี", version=1), *crowd(30)])
    with open_search(few._path, KEY, AGENCY) as other:
        other._connection.execute("PRAGMA busy_timeout = 0").fetchall()

        def write(*args: object) -> dict[int, object]:
            other.put(person(at, "มาลี") for at in range(5000, 9200))
            with pytest.raises(Busy, match="SEARCH-007"):
                other.drop([(ref(1), 1)])
            return bearers_of(*args)  # type: ignore[arg-type, return-value]

        monkeypatch.setattr(looking, "bearers_of", write)
        found = few.search(Query("มาลี", identifiers=("0000000000001",)))
        monkeypatch.undo()

    assert found.matches[0].ref == ref(1)
    assert ref(1) not in {match.ref for match in few.search(Query("มาลี"), limit=5000).matches}


def test_what_cannot_be_done_is_said_rightly(few: SearchFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few.put([person(1, "มาลี")])
    assert few.search(Query("mali"), limit=0) == Found((), is_more=True)
    assert few.search(Query("mali"), cap=0, limit=1).matches[0].ref == ref(1)
    (tmp_path / "in the way").write_text("")
    with pytest.raises(BadSetting, match="SEARCH-013"):
        build_search(tmp_path / "in the way" / "file", KEY, AGENCY, [])
    few.close()
    with pytest.raises(NotYet, match="SEARCH-012"):
        few.count()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(NoRoom, match="SEARCH-008"):
        build_search(tmp_path / "new" / "file", KEY, AGENCY, [])


PUTTING = """
import sys
from pathlib import Path
from methods.search.people import AGENCY, KEY, crowd
from sarana.methods.search.building import build_search
from sarana.methods.search.searchfile import open_search
path = Path(sys.argv[1])
people = crowd(600, first=50_000)
print("ready", flush=True)
if sys.argv[2] == "put":
    with open_search(path, KEY, AGENCY) as opened:
        for at in range(0, 600, 20):
            opened.put(people[at : at + 20])
else:
    while True:
        build_search(path, KEY, AGENCY, people[:150])
"""


@pytest.mark.check("F-17")
@pytest.mark.parametrize("what", ["put", "build"])
def test_a_process_that_is_killed_leaves_a_whole_file_or_none(
    filed: Path, tmp_path: Path, what: str, counted: Counted
) -> None:
    chance = random.Random(2)
    path = tmp_path / "killed"
    for _ in range(counted("kills while a search file is written", 50, least=2)):
        for beside in tmp_path.glob("killed*"):
            beside.unlink()
        path.write_bytes(filed.read_bytes())
        at_work = subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(path), what],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert at_work.stdout is not None
        at_work.stdout.readline()
        time.sleep(chance.uniform(0.01, 0.25))
        at_work.send_signal(signal.SIGKILL)
        at_work.wait()
        at_work.stdout.close()

        try:
            with open_search(path, KEY, AGENCY) as opened:
                opened.check()
                n = opened.count()
                assert n in {150, N + 9, *range(N + 9, N + 610, 20)}
                opened.put(crowd(600, first=50_000))
                assert opened.count() in {600, N + 609}
        except NotYet as told:
            assert (told.code, what) == ("SEARCH-004", "build")  # noqa: PT017
        build_search(path, KEY, AGENCY, crowd(20))
        assert not path.with_name("killed.new").exists()
