import shutil
import statistics
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from methods.population.little_province import read_csv, run_chain, write_csv
from methods.questions.hidden import Town
from sarana.basics.errors import BadSetting, BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import find_run
from sarana.methods.questions.compare import (
    PARTS,
    CompareSettings,
    Comparison,
    Sums,
    compare_runs,
    rounded_parts,
    split_mean,
    tally_parts,
)
from sarana.methods.questions.compare_areas import area_changes

Line = tuple[str, str, int | None]


@pytest.fixture(scope="module")
def years(town: Town, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs: in the second 800 health rows are gone, 500 new, 3,900 hardly say whose they are; pupils left."""
    folder = tmp_path_factory.mktemp("years")
    two = shutil.copytree(town.data, folder / "two", ignore=shutil.ignore_patterns("truth"))
    head, *rows = read_csv(two / "health.csv")
    unsaid = [head.index(name) for name in ("CID", "NAME", "LNAME", "VHID")]
    new = [["NEW" + row[0], *row[1:]] for row in rows[200:700]]
    lost = [["" if at in unsaid else value for at, value in enumerate(row)] for row in rows[700:4600]]
    write_csv(two / "health.csv", [head, *rows[:200], *new, *lost, *rows[4600:-300]])
    head, *rows = read_csv(two / "education.csv")
    at = head.index("dropout_flag")
    write_csv(two / "education.csv", [head, *([*r[:at], "1", *r[at + 1 :]] for r in rows[:2500]), *rows[2500:]])
    run_chain(two, folder / "run")
    return town.run, folder / "run"


def compared(one: Path, two: Path, temp: Path) -> Comparison:
    with Engine(threads=1, memory="500MB", temp=temp, folders=[one, two]) as engine:
        return compare_runs(engine, find_run(one), find_run(two), CompareSettings(), Silent())


@pytest.mark.parametrize(("change", "is_told"), [(0, True), (4, False), (10, False), (11, True)])
def test_areas_are_told_only_where_no_difference_tells_of_few(temp: Path, change: int, *, is_told: bool) -> None:
    with Engine(threads=1, memory="500MB", temp=temp) as engine:
        for suffix, more in (("a", 0), ("b", change)):
            engine.run(
                f"""CREATE TABLE areas_{suffix} AS SELECT level, code, 'all' AS "group", code AS name, 500 AS n_people,
                400 AS n_scored, n_red + {more} AS n_red, 100 AS n_yellow, 300 - n_red - {more} AS n_green,
                100 AS n_grey, (n_red + {more}) / 0.4 AS rate, 1500 AS mean, 1.0 AS low, 2.0 AS high
                FROM (VALUES ('district', '5001', 40), ('subdistrict', '500101', 40)) v (level, code, n_red)"""
            )
            engine.run("CREATE OR REPLACE TABLE area_names_b (level TEXT, code TEXT, name TEXT, name_local TEXT)")
        lines = area_changes(engine, 11)
    assert [line.code for line in lines] == ["5001", "500101"]
    told = [line.rate_b is not None and line.rate == round(change / 0.4, 1) for line in lines]
    assert told == [is_told, is_told]
    assert is_told or {line.rate_a for line in lines} == {None}


def tallied(temp: Path, people: tuple[str, str], lines: tuple[list[Line], list[Line]]) -> dict[tuple[str, str], Sums]:
    """Sums over people written as `1x 2x` (row, person) and (person, band, index)."""
    with Engine(threads=1, memory="200MB", temp=temp) as engine:
        for suffix, tied, scored in zip("ab", people, lines, strict=True):
            rows = [{"source": "s", "row_id": word[:-1], "person_id": word[-1]} for word in tied.split()]
            engine.load(f"people_{suffix}", pa.Table.from_pylist(rows))
            table = pa.table(
                {
                    "person_id": [who for who, _, _ in scored],
                    "band": [band for _, band, _ in scored],
                    "index": pa.array([index for _, _, index in scored], pa.int16()),
                }
            )
            engine.load(f"scores_{suffix}", table)
            engine.load(f"contributions_{suffix}", table.select(["person_id"]).append_column("h01", table["index"]))
        return dict(tally_parts(engine, ["h01"])[0])


def test_a_change_worked_by_hand_is_laid_to_its_cause(temp: Path) -> None:
    tally = tallied(
        temp,
        ("1x 2x 3y 4z 5w 6v", "1x 2x 9x 3y 4y 7n 6v"),
        (
            [("x", "green", 1000), ("y", "green", 1100), ("z", "red", 2000), ("w", "red", 1900), ("v", "grey", 3000)],
            [("x", "red", 1600), ("y", "red", 1800), ("n", "green", 1200)],
        ),
    )
    counted = {at: (s.people, s.scored, s.red, s.index) for at, s in tally.items()}
    assert counted == {
        ("a", "data"): (1, 1, 0, 1000),
        ("b", "data"): (1, 1, 1, 1600),
        ("a", "linkage"): (2, 2, 1, 3100),
        ("b", "linkage"): (1, 1, 1, 1800),
        ("a", "people"): (2, 1, 1, 1900),
        ("b", "people"): (1, 1, 0, 1200),
    }
    parts = split_mean(tally)
    assert parts is not None
    middle, size = (Fraction(6000, 4) + Fraction(4600, 3)) / 2, Fraction(7, 2)
    assert parts == (600 / size, (-1300 + middle) / size, Fraction(-700) / size)
    assert sum(parts) == Fraction(4600, 3) - Fraction(6000, 4)


sums = st.tuples(st.integers(0, 50), st.integers(1000, 3000)).map(lambda s: Sums(s[0], s[0], 0, s[0] * s[1], (), ()))


@given(st.lists(sums, min_size=6, max_size=6))
def test_parts_add_up_to_the_change_of_the_mean_exactly(six: list[Sums]) -> None:
    tally = dict(zip([(run, key) for run in "ab" for key in PARTS], six, strict=True))
    found = split_mean(tally)
    scored = [sum(s.scored for s in some) for some in (six[:3], six[3:])]
    if found is None:
        assert 0 in scored
        return
    means = [Fraction(sum(s.index for s in some), n) for some, n in zip((six[:3], six[3:]), scored, strict=True)]
    assert sum(found) == means[1] - means[0]
    told = rounded_parts(found)
    assert round(sum(told), 2) == float((sum(found) * 100 + Fraction(1, 2)) // 1) / 100
    assert all(abs(t - p) <= 0.01 for t, p in zip(told, found, strict=True))


def test_a_run_against_itself_has_changed_nothing(years: tuple[Path, Path], temp: Path) -> None:
    of = compared(years[0], years[0], temp)
    assert (of.whole.red, of.whole.mean) in ((0, 0.0), (None, 0.0))
    assert {(p.red, p.mean) for p in of.parts} <= {(0, 0.0), (None, None)}
    assert {line.rate for line in of.areas} <= {0.0, None}
    assert of.share_rows_in_both == 1


def test_what_was_changed_is_found_and_adds_up(years: tuple[Path, Path], temp: Path) -> None:
    of = compared(*years, temp)
    assert 0.8 < of.share_rows_in_both < 0.95
    scores = [pq.read_table(run / "scores.parquet", columns=["index", "band"]).to_pylist() for run in years]
    means = [statistics.fmean(s["index"] for s in some if s["band"] != "grey") for some in scores]
    n_red = [sum(s["band"] == "red" for s in some) for some in scores]
    assert (of.mean_a, of.mean_b) == pytest.approx(means, abs=0.005)
    assert of.whole.mean == pytest.approx(means[1] - means[0], abs=0.006)
    assert (of.whole.n_red_a, of.whole.n_red_b, of.whole.red) == (*n_red, n_red[1] - n_red[0])
    assert [part.key for part in of.parts] == list(PARTS)
    assert [part.mean for part in of.parts].count(None) == 0
    assert round(sum(part.mean or 0 for part in of.parts), 2) == of.whole.mean
    assert sum(part.n_people_a or 0 for part in of.parts) == of.whole.n_people_a == len(scores[0])
    assert sum(part.n_people_b or 0 for part in of.parts) == of.whole.n_people_b == len(scores[1])
    school = next(line for line in of.indicators if line.id == "e01")
    assert school.data is not None
    assert school.data == max(line.data or 0 for line in of.indicators) > 0
    split = [line for line in of.indicators if None not in (line.data, line.linkage, line.people)]
    assert len(split) > 5
    for line in split:
        assert round((line.data or 0) + (line.linkage or 0) + (line.people or 0), 2) == line.whole


def test_no_part_or_indicator_of_few_people_is_told_nor_one_alone_withheld(
    years: tuple[Path, Path], temp: Path
) -> None:
    of = compared(*years, temp)
    for part in of.parts:
        counts = (part.n_people_a, part.n_people_b, part.n_red_a, part.n_red_b)
        assert min([n for n in counts if n], default=11) >= 11
    assert sum(part.red is None for part in of.parts) != 1
    assert sum(line.whole is None for line in of.indicators) != 1
    scores = [pq.read_table(run / "scores.parquet").to_pylist() for run in years]
    for line in of.indicators:
        n = [sum(s["band"] != "grey" and (s[line.id] or 0) > 0 for s in some) for some in scores]
        assert line.whole is None or all(k == 0 or k >= 11 for k in n)
    assert sum(line.data is None for line in of.indicators) != 1


def changed(run: Path, folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of a run with one word changed."""
    copy = shutil.copytree(run, folder)
    text = (copy / name).read_text("utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new), "utf-8")
    return copy


def test_runs_that_cannot_be_compared_are_refused_in_one_sentence(
    years: tuple[Path, Path], tmp_path: Path, temp: Path
) -> None:
    one, two = years
    index = "receipts/04-index.json"
    banded = changed(two, tmp_path / "banded", index, '"banding": null', '"banding": "reference"')
    with pytest.raises(BadSetting, match=r"COMPARE-001 .*different bandings"):
        compared(one, banded, temp)
    other = changed(two, tmp_path / "other", "run.toml", 'province = "50"', 'province = "57"')
    with pytest.raises(BadSetting, match="COMPARE-002"):
        compared(one, other, temp)
    earlier = changed(two, tmp_path / "earlier", index, '"as_of": "2026-06-30"', '"as_of": "2025-06-30"')
    with pytest.raises(BadSetting, match="COMPARE-004"):
        compared(one, earlier, temp)
    fewer = shutil.copytree(two, tmp_path / "fewer")
    pq.write_table(pq.read_table(fewer / "work/villages.parquet").slice(2), fewer / "work/villages.parquet")
    with pytest.raises(BadTable, match=r"COMPARE-003 .*2 villages"):
        compared(one, fewer, temp)
    strange = shutil.copytree(two, tmp_path / "strange")
    people = pq.read_table(strange / "people.parquet")
    renamed = pa.array([f"X{row}" for row in people["row_id"].to_pylist()])
    pq.write_table(people.set_column(1, "row_id", renamed), strange / "people.parquet")
    with pytest.raises(BadTable, match="COMPARE-005"):
        compared(one, strange, temp)
