"""Files that need no care are read the quick way, which must give what the careful way gives."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.counted import SCALE
from sarana.methods.coded import Coded
from sarana.methods.engine import Engine
from sarana.methods.population.cleaning import clean_table
from sarana.methods.population.sheets import trimmed
from sarana.methods.population.sources import File
from sarana.methods.population.tables import Column, _quick_columns, load_table

N_TRIES = 60 if SCALE >= 1 else 15
"""All by `./dev scale`."""


@settings(max_examples=N_TRIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.lists(st.text("aก1 0-|;\u00e9'", max_size=5), min_size=3, max_size=3) | st.just(["x", "y"]), max_size=8
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    has_last_end=st.booleans(),
)
def test_the_quick_way_reads_what_the_careful_way_reads(
    tmp_path: Path,
    lines: list[list[str]],
    end: str,
    has_last_end: bool,
) -> None:
    rows = [["row_id", "a", "b"], *lines]
    text = end.join(",".join(row) for row in rows) + (end if has_last_end else "")
    (tmp_path / "x.csv").write_bytes(text.encode())
    wanted = {"row_id": Column(("row_id",), is_own=True), "a": Column(("a",)), "b": Column(("b",))}
    with Engine(threads=1, memory="200MB", temp=tmp_path / "temp", folders=[tmp_path]) as engine:
        quick = _quick_columns(engine, tmp_path, File(path="x.csv"), wanted, "x")
        if quick is None:
            return
        engine.run("CREATE TABLE flags (rec BIGINT, field VARCHAR, flag VARCHAR)")
        careful = load_table(engine, tmp_path, File(path="x.csv"), wanted, into="x", part="test")
        clean_table(engine, careful, "flags")
        found = engine.arrow("SELECT row_id, a, b FROM x ORDER BY rowid").to_pydict()
    assert {name: trimmed(Coded.of(quick.column(name))).plain().to_pylist() for name in wanted} == found
