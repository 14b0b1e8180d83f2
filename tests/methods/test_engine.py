import hashlib
import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sarana.basics.errors import BadFile, BadSetting, BadTable, NoRoom
from sarana.methods.engine import Engine, literal, memory_bytes, quoted

ROWS = "SELECT hash(i) % 1000 AS a, i AS b, 'x' || (hash(i * 3) % 500) AS c FROM range({}) AS made(i) ORDER BY a, b"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=2, memory="1GB", temp=tmp_path / "temp", folders=[tmp_path]) as engine:
        yield engine


def test_a_saved_table_is_the_same_at_any_thread_count_and_memory(tmp_path: Path) -> None:
    found = set()
    for threads, memory in ((1, "150MB"), (2, "1GB"), (4, "400MB")):
        with Engine(threads=threads, memory=memory, temp=tmp_path / "temp", folders=[tmp_path]) as engine:
            assert engine.save(ROWS.format(300_000), tmp_path / "out.parquet") == 300_000
        found.add(hashlib.sha256((tmp_path / "out.parquet").read_bytes()).hexdigest())
    assert len(found) == 1


def test_a_saved_file_is_closed_to_others_and_whole(engine: Engine, tmp_path: Path) -> None:
    engine.save(ROWS.format(10), tmp_path / "out.parquet")
    assert stat.S_IMODE((tmp_path / "out.parquet").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 10


def test_a_query_that_fails_leaves_the_old_file_and_nothing_half_done(engine: Engine, tmp_path: Path) -> None:
    engine.save(ROWS.format(10), tmp_path / "out.parquet")
    before = (tmp_path / "out.parquet").read_bytes()
    with pytest.raises(Exception, match="not a number"):
        engine.save("SELECT error('not a number') AS a, 1 AS b", tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["a [x]*", "it's", 'say "so"', "ภาษาไทย", "a{b,c}"])
def test_odd_folder_names_are_no_hindrance(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with Engine(threads=1, memory="500MB", temp=folder / "temp", folders=[folder]) as engine:
        engine.save(ROWS.format(5), folder / "out.parquet")
        engine.view("seen", folder / "out.parquet")
        assert engine.row("SELECT count(*) FROM seen") == (5,)


def test_the_engine_sees_only_its_folders(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    with Engine(threads=1, memory="500MB", temp=tmp_path / "mine" / "temp", folders=[tmp_path / "mine"]) as engine:
        for sql in (
            f"SELECT * FROM read_csv({literal(str(tmp_path / 'other.csv'))})",
            f"SELECT * FROM read_csv({literal(str(tmp_path / 'mine' / '..' / 'other.csv'))})",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            f"COPY (SELECT 1) TO {literal(str(tmp_path / 'new.csv'))}",
        ):
            with pytest.raises(Exception, match=r"ermission|disabled|locked|isabled"):
                engine.run(sql)


def test_a_table_is_loaded_and_given_back(engine: Engine) -> None:
    engine.load('odd "name"', pa.table({"a": [1, 2], "b": ["x", None]}))
    assert engine.rows(f"SELECT * FROM {quoted('odd "name"')} ORDER BY a") == [(1, "x"), (2, None)]
    assert engine.arrow("SELECT 1 AS one").to_pydict() == {"one": [1]}
    assert engine.columns("SELECT 7 AS seven")["seven"].tolist() == [7]
    assert 'odd "name"' in engine.tables()


def test_a_step_that_needs_more_memory_says_so(tmp_path: Path) -> None:
    with Engine(threads=1, memory="20MB", temp=tmp_path / "temp") as engine, pytest.raises(NoRoom, match="ENGINE-003"):
        engine.run("CREATE TABLE big AS SELECT list(i) AS all_of_them FROM range(20000000) AS made(i)")


@pytest.mark.parametrize("content", [b"PAR1 not whole", b"", b"PAR1" + bytes(40)])
def test_a_parquet_file_that_is_not_whole_says_so(engine: Engine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.parquet").write_bytes(content)
    with pytest.raises(BadFile, match="ENGINE-005"):
        engine.view("seen", tmp_path / "broken.parquet")


def test_a_missing_file_says_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="ENGINE-005"):
        engine.view("seen", tmp_path / "gone.parquet")


@pytest.mark.usefixtures("listening_to_ctrl_c")
def test_ctrl_c_stops_a_long_query(engine: Engine) -> None:
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.run("CREATE TABLE x AS SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) = 3")


@pytest.mark.parametrize(
    ("text", "n_bytes"), [("3GB", 3 * 10**9), ("512 MiB", 2**29), ("1.5gb", 1_500_000_000), (" 2 kib ", 2048)]
)
def test_memory_is_read_as_people_write_it(text: str, n_bytes: int) -> None:
    assert memory_bytes(text) == n_bytes


@pytest.mark.parametrize("text", ["", "3", "GB", "-1GB", "3TBs", "1e9MB", "1,5GB"])
def test_what_is_no_amount_of_memory_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="ENGINE-002"):
        memory_bytes(text)


def test_no_thread_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="ENGINE-001"):
        Engine(threads=0, memory="1GB", temp=tmp_path)


def test_a_lent_table_is_read_and_saved_as_it_stands(engine: Engine, tmp_path: Path) -> None:
    words = pa.array(["b", "a", None, "b"]).dictionary_encode()
    engine.lend("lent", pa.table({"n": [3, 1, 2, 0], "word": words}))
    assert engine.rows("SELECT n, word FROM lent") == [(3, "b"), (1, "a"), (2, None), (0, "b")]
    assert engine.save_lent("lent", tmp_path / "out.parquet") == 4
    assert (tmp_path / "out.parquet").stat().st_mode & 0o777 == 0o600
    engine.give_back("lent")
    engine.view("lent", tmp_path / "out.parquet")
    assert engine.rows("SELECT n, word FROM lent") == [(3, "b"), (1, "a"), (2, None), (0, "b")]


@pytest.mark.parametrize("way", ["table", "view", "file", "lent", "lent as dictionaries"])
def test_words_come_as_dictionaries_in_the_order_of_the_rows(engine: Engine, tmp_path: Path, way: str) -> None:
    """The same from every kind of relation; a word that comes again after many rows has one number."""
    said = {"n": list(range(300_000)), "word": ["b", "a", None, *["c"] * 299_996, "a"], "other": ["x"] * 300_000}
    table = pa.table(said)
    match way:
        case "table":
            engine.load("rows", table)
        case "view":
            engine.load("kept", table)
            engine.run("CREATE VIEW rows AS SELECT * FROM kept")
        case "file":
            engine.load("kept", table)
            engine.save("SELECT * FROM kept ORDER BY n", tmp_path / "rows.parquet")
            engine.view("rows", tmp_path / "rows.parquet")
        case "lent":
            engine.lend("rows", table)
        case _:
            engine.lend("rows", table.set_column(1, "word", table.column("word").dictionary_encode()))
    found = engine.read("rows", ["word", "n"], ["word"])
    assert found.column_names == ["word", "n"]
    assert found.column("n").to_pylist() == said["n"]
    assert found.column("word").to_pylist() == said["word"]
    [words] = {tuple(chunk.dictionary.to_pylist()) for chunk in found.column("word").chunks}
    assert sorted(words) == ["a", "b", "c"]


def test_a_name_that_stands_for_something_else_than_its_file_is_read_anew(engine: Engine, tmp_path: Path) -> None:
    engine.save("SELECT 'old' AS word", tmp_path / "rows.parquet")
    engine.view("rows", tmp_path / "rows.parquet")
    engine.run("CREATE OR REPLACE VIEW rows AS SELECT 'new' AS word")
    assert engine.read("rows", ["word"], ["word"]).column("word").to_pylist() == ["new"]


def test_words_of_no_rows_are_no_words(engine: Engine, tmp_path: Path) -> None:
    engine.save("SELECT 'a' AS word, 1 AS n WHERE false", tmp_path / "rows.parquet")
    engine.view("rows", tmp_path / "rows.parquet")
    found = engine.read("rows", ["n", "word"], ["word"])
    assert found.num_rows == 0
    assert pa.types.is_dictionary(found.column("word").type)


def test_a_file_that_broke_after_it_was_named_is_a_bad_file(engine: Engine, tmp_path: Path) -> None:
    engine.save("SELECT unnest(range(9)) AS n, 'a' AS word", tmp_path / "rows.parquet")
    engine.view("rows", tmp_path / "rows.parquet")
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(BadFile, match="ENGINE-005"):
        engine.read("rows", ["n", "word"], ["word"])


def test_a_lent_table_gives_the_same_bytes_however_it_is_cut(engine: Engine, tmp_path: Path) -> None:
    table = pa.table({"n": range(300_000), "word": pa.array(["a", "b", None] * 100_000)})
    engine.lend("lent", table)
    engine.save_lent("lent", tmp_path / "whole.parquet")
    engine.lend("lent", pa.concat_tables([table.slice(0, 77), table.slice(77, 200_000), table.slice(200_077)]))
    engine.save_lent("lent", tmp_path / "cut.parquet")
    assert (tmp_path / "whole.parquet").read_bytes() == (tmp_path / "cut.parquet").read_bytes()


def test_a_text_table_that_breaks_its_own_rules_is_told(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,b\n1,2\n3,"4\n', encoding="utf-8")
    columns = "columns={'a': 'VARCHAR', 'b': 'VARCHAR'}, auto_detect=false, header=true, strict_mode=true"
    with pytest.raises(BadTable) as refused:
        engine.run(f"CREATE TABLE x AS SELECT * FROM read_csv({literal(str(tmp_path / 'x.csv'))}, {columns})")
    assert refused.value.code == "ENGINE-006"


def test_columns_are_read_alike_from_a_file_a_loan_and_a_table(engine: Engine, tmp_path: Path) -> None:
    table = pa.table({"n": [3, None, 2], "word": ["b", None, "a"], "text": ["x", "y", None]})
    engine.load("kept", table)
    engine.lend("lent", table)
    engine.save_lent("lent", tmp_path / "out.parquet")
    engine.view("filed", tmp_path / "out.parquet")
    for name in ("kept", "lent", "filed"):
        found = engine.read(name, ["word", "n"], ["word"])
        assert found.column_names == ["word", "n"]
        assert pa.types.is_dictionary(found["word"].type)
        assert found.to_pydict() == {"word": ["b", None, "a"], "n": [3, None, 2]}
        assert engine.read(name, ["text"]).to_pydict() == {"text": ["x", "y", None]}


def test_words_of_many_row_groups_have_one_dictionary(engine: Engine, tmp_path: Path) -> None:
    words = [f"w{n // 100_000}" for n in range(300_000)]
    engine.lend("lent", pa.table({"word": pa.array(words).dictionary_encode()}))
    engine.save_lent("lent", tmp_path / "out.parquet")
    engine.view("filed", tmp_path / "out.parquet")
    found = engine.read("filed", ["word"], ["word"])["word"]
    assert {chunk.dictionary.to_pylist() == ["w0", "w1", "w2"] for chunk in found.chunks} == {True}
    assert found.to_pylist() == words


def test_a_file_that_breaks_after_its_view_was_made_is_said_plainly(engine: Engine, tmp_path: Path) -> None:
    engine.lend("lent", pa.table({"n": list(range(1000))}))
    engine.save_lent("lent", tmp_path / "out.parquet")
    engine.view("filed", tmp_path / "out.parquet")
    (tmp_path / "out.parquet").write_bytes(b"PAR1")
    with pytest.raises(BadFile) as err:
        engine.read("filed", ["n"])
    assert err.value.code == "ENGINE-005"
