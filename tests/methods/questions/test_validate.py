import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from methods.questions.hidden import TODAY, Town, cases, reckoned, validated
from sarana.basics.errors import BadFile, BadSetting, BadTable, Refused
from sarana.methods.questions.asked_run import find_run
from sarana.methods.questions.validate import NOT_JUDGED, NOT_PASSED, PASSED, Validation
from sarana.methods.questions.validate_index import overlapping
from sarana.methods.questions.validate_known import closed_bytes, read_known
from sarana.methods.risk.shapes import BANDS

DRAWS = range(12)


def top_tenth(town: Town, temp: Path, dropped: tuple[str, ...] = ()) -> tuple[set[str], int]:
    """The tenth of scored people with the highest index, found by sorting; and how many people there are."""
    ids, of = reckoned(town, temp, dropped)
    scored = sorted((-int(i), str(who)) for i, who, b in zip(of.index, ids, of.band, strict=True) if b != 3)
    return {who for _, who in scored[: -(-len(scored) // 10)]}, len(ids)


def holds(of: Validation, lift: float) -> bool:
    """Whether the interval of the top tenth holds a lift, taken from the figures that come out."""
    line = of.tenths[0]
    assert line.lift_low is not None
    assert line.lift_high is not None
    return line.lift_low <= lift <= line.lift_high


def test_the_lift_that_was_put_in_lies_within_its_interval(town: Town, temp: Path) -> None:
    chances = town.chances(0.20, 0.015)
    lift = town.lift_put_in(chances, *top_tenth(town, temp))
    assert lift > 2
    found = [validated(town, cases(town.draw(chances, seed)), temp) for seed in DRAWS]
    assert sum(holds(of, lift) for of in found) >= 10
    assert sum(of.verdict == PASSED for of in found) >= 11


def test_where_cases_come_by_chance_it_is_said_that_the_index_does_not_pass(town: Town, temp: Path) -> None:
    chances = town.chances(0.05, 0.05)
    assert town.lift_put_in(chances, *top_tenth(town, temp)) == pytest.approx(1, abs=0.15)
    found = [validated(town, cases(town.draw(chances, seed)), temp) for seed in DRAWS]
    assert all(of.verdict == NOT_PASSED for of in found)
    assert all("reason-lift" in {reason.key for reason in of.reasons} for of in found)
    assert sum(holds(of, 1.0) for of in found if of.tenths[0].lift) >= 10


def test_an_index_that_finds_women_only_does_not_pass(town: Town, temp: Path) -> None:
    people = {p["person_id"]: p["sex"] for p in pq.read_table(town.run / "work/persons.parquet").to_pylist()}
    top, _ = top_tenth(town, temp)
    rows = {who: row for (source, row), who in town.person_of.items() if source == "health"}
    women = [rows[who] for who in sorted(top & set(rows)) if people[who] == "female"][:80]
    men = [rows[who] for who in sorted(set(rows) - top) if people[who] == "male"][:80]
    of = validated(town, cases([*women, *men]), temp)
    assert of.verdict == NOT_PASSED
    beyond = [(r.values["kind"], r.values["group"]) for r in of.reasons if r.key == "reason-beyond"]
    assert ("sex", "male") in beyond
    assert ("sex", "female") not in beyond
    assert "reason-lift" not in {r.key for r in of.reasons}


def test_too_few_cases_are_not_judged(town: Town, temp: Path) -> None:
    rows = sorted(town.row_of.values())
    assert validated(town, cases(rows[:49]), temp).verdict == NOT_JUDGED
    assert validated(town, cases(rows[:49]), temp).reasons[0].key == "reason-few"
    assert validated(town, cases(rows[:60]), temp).verdict != NOT_JUDGED
    few = validated(town, cases(rows[:4]), temp)
    assert few.counted.joined is None
    assert all(line.n_cases is None for line in few.tenths)


def test_only_cases_that_became_known_after_the_run_are_used(town: Town, temp: Path) -> None:
    rows = sorted(set(town.row_of.values()))
    head, *later = cases(rows[:70]).splitlines()
    before = cases(rows[100:120], "2026-06-30").splitlines()[1:]
    without = cases(rows[200:215], "").splitlines()[1:]
    again = cases(rows[:1], "2020-01-01").splitlines()[1:]
    of = validated(town, b"\n".join([head, *later, *before, *without, *again]), temp)
    used = {town.person_of["health", row] for row in rows[1:70] + rows[200:215]} - {
        town.person_of["health", row] for row in [*rows[100:120], rows[0]]
    }
    assert of.counted.joined == len(used)
    assert of.counted.known_before == len({town.person_of["health", row] for row in [*rows[100:120], rows[0]]})
    assert of.counted.without_day is not None
    assert of.counted.without_day >= 14


def test_with_nothing_left_out_index_and_bands_are_those_of_the_run(town: Town, temp: Path) -> None:
    scores = pq.read_table(town.run / "scores.parquet", columns=["index", "band"]).to_pylist()
    _, of = reckoned(town, temp)
    assert [s["index"] or 0 for s in scores] == of.index.tolist()
    assert [s["band"] for s in scores] == [BANDS[b] for b in of.band]


def test_without_the_legal_status_the_bands_are_those_of_the_second_map(town: Town, temp: Path) -> None:
    second = pq.read_table(town.run / "scores.parquet", columns=["band_without_status"])["band_without_status"]
    _, of = reckoned(town, temp, ("h02",))
    assert second.to_pylist() == [BANDS[b] for b in of.band]


def test_every_indicator_of_the_register_that_cases_come_from_is_left_out(town: Town) -> None:
    settings = find_run(town.run).settings
    looked = {i.id for i in settings.set.indicators if "human_security" in i.fields}
    assert looked
    assert set(overlapping(settings, None, {"human_security"})) == looked
    assert overlapping(settings, ("s02", "h01"), {"health"}) == ("h01", "s02")
    assert overlapping(settings, ("none",), {"health"}) == ()
    with pytest.raises(BadSetting, match="VALIDATE-007"):
        overlapping(settings, ("x99",), {"health"})
    with pytest.raises(BadSetting, match="VALIDATE-008"):
        overlapping(settings, tuple(i.id for i in settings.set.indicators), {"health"})


def test_no_count_of_few_people_comes_out_nor_can_be_worked_out(town: Town, temp: Path) -> None:
    n_withheld = 0
    for seed in range(8):
        of = validated(town, cases(town.draw(town.chances(0.10, 0.01 + seed / 400), seed)), temp)
        assert of.counted.joined is not None
        counts = [n for e in of.errors for n in (e.n_people, e.n_cases, e.n_found) if n]
        missed = [e.n_cases - e.n_found for e in of.errors if e.n_cases is not None and e.n_found is not None]
        counts += [n for line in (*of.tenths, *of.bands) for n in (line.n_people, line.n_cases) if n]
        assert min([*counts, *(n for n in missed if n)]) >= 11
        grey = next(line.n_cases for line in of.bands if line.key == "grey")
        tables: list[tuple[list[int | None], int]] = [
            ([line.n_cases for line in of.bands], 0),
            ([line.n_cases for line in of.tenths], grey or 0),
            *(([e.n_cases for e in of.errors if e.division == kind], 0) for kind in ("sex", "status", "district")),
        ]
        for told, apart in tables:
            hidden = told.count(None) + (grey is None and len(told) == 10)
            rest = of.counted.joined - apart - sum(n for n in told if n is not None)
            n_withheld += hidden
            assert hidden != 1
            assert rest == 0 if not hidden else rest >= 11
    assert n_withheld > 20


def test_nothing_of_the_cases_is_left_in_the_run_or_beside_it(town: Town, temp: Path) -> None:
    def contents() -> dict[str, str]:
        files = [f for f in sorted(town.run.rglob("*")) if f.is_file()]
        return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    before = contents()
    validated(town, cases(sorted(town.row_of.values())[:80]), temp)
    assert contents() == before
    assert list(temp.iterdir()) == []


def test_cases_that_name_unknown_rows_are_counted_in_one_sentence(town: Town, temp: Path) -> None:
    rows = sorted(town.row_of.values())[:60]
    with pytest.raises(BadTable, match="VALIDATE-006 cases: 2 of 62 known cases name rows"):
        validated(town, cases([*rows, "H-none", rows[0] + "x"]), temp)
    with pytest.raises(BadTable, match="VALIDATE-006 cases: 60 of 60"):
        validated(town, cases(rows, source="police"), temp)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "VALIDATE-001"),
        (b"PAR1 and no more", "VALIDATE-001"),
        ("source,row_id,known_on,ชื่อ\na,b,2026-01-01,x\n".encode("cp874"), "VALIDATE-001"),
        (b"source,row_id,known_on\na,b\n", "VALIDATE-001"),
        (b"source,row_id\nhealth,H1\n", "VALIDATE-003 cases: The known cases lack known_on"),
        (b"source,row_id,known_on\n", "VALIDATE-003"),
        (b"source,row_id,known_on\nhealth,H1,\n,H2,\nhealth,,\n", "VALIDATE-004 cases: 2 of 3"),
        (
            b"source,row_id,known_on\nhealth,H1,2569-08-01\nhealth,H2,31/08/2026\nhealth,H3,\n",
            "VALIDATE-005 cases: 2 of",
        ),
        (b"source,row_id,known_on\nhealth,H1,2026-02-30\n", "VALIDATE-005"),
    ],
)
def test_bad_files_of_cases_are_one_clear_sentence(data: bytes, code: str) -> None:
    with pytest.raises((BadFile, BadTable), match=code):
        read_known(data, "cases", TODAY)


def test_parquet_and_a_byte_order_mark_are_read_alike() -> None:
    text = read_known(b"\xef\xbb\xbfsource,row_id,known_on\nhealth, 007 ,2026-09-01\n", "cases", TODAY)
    days = pa.array(["2026-09-01"]).cast(pa.date32())
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"source": ["health"], "row_id": ["007"], "known_on": days}), sink)
    same = read_known(sink.getvalue().to_pybytes(), "cases", TODAY)
    assert text.row_id.to_pylist() == same.row_id.to_pylist() == ["007"]
    assert text.known_on.equals(same.known_on)
    assert text.known_on.equals(days)


def test_an_open_file_about_real_people_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "known.csv"
    file.write_bytes(b"x")
    file.chmod(0o644)
    assert closed_bytes(file, is_invented=True) == b"x"
    with pytest.raises(Refused, match="VALIDATE-002"):
        closed_bytes(file, is_invented=False)
    file.chmod(0o600)
    assert closed_bytes(file, is_invented=False) == b"x"
    with pytest.raises(BadFile, match="VALIDATE-001"):
        closed_bytes(tmp_path / "none.csv", is_invented=True)


def test_tenths_hold_equal_parts_of_scored_people(town: Town, temp: Path) -> None:
    of = validated(town, cases(town.draw(town.chances(0.2, 0.05), 1)), temp)
    sizes = [line.n_people for line in of.tenths if line.n_people]
    assert max(sizes) - min(sizes) <= 1
    assert of.counted.joined is not None
    assert of.tenths[0].n_cases is not None
    share = sizes[0] / len(set(town.person_of.values()))
    assert of.tenths[0].lift == pytest.approx(of.tenths[0].n_cases / of.counted.joined / share, abs=0.01)
