"""Standardising as a step: sources with different fields become one layout, and no row is lost."""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.basics.progress import Silent
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.identifiers import check_digit
from sarana.methods.population.standardise import standardise_rows
from sarana.methods.population.standardise_settings import Fact, SourceSettings, StandardiseSettings

AS_OF = date(2026, 6, 30)
FACTS = (
    Fact("disability", "BIGINT", ("0", "1", "2", "3")),
    Fact("gpa", "DOUBLE", range=(0, 4)),
    Fact("siblings", "BIGINT", range=(0, 25)),
)
CLINIC = ("title", "given", "family", "sex", "birth", "national_id", "area", "house", "disability")
SCHOOL = ("full_name", "sex", "birth", "national_id", "area", "moo", "as_of", "gpa", "siblings")
SETTINGS = StandardiseSettings(
    (SourceSettings("clinic", AS_OF, "ce"), SourceSettings("school", AS_OF, "be", name_order="either")),
    FACTS,
    most_rows_per_id=3,
)

type Row = Mapping[str, str | None]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=2, memory="500MB", temp=tmp_path / "spill", folders=[tmp_path]) as engine:
        yield engine


def load(engine: Engine, source: str, fields: Sequence[str], rows: Sequence[Row]) -> None:
    schema = pa.schema([(name, pa.string()) for name in ("row_id", *fields)])
    numbered = [{"row_id": f"{source}{at:05d}", **row} for at, row in enumerate(rows)]
    engine.load(
        f"rows_{source}", pa.Table.from_pylist([{n: r.get(n) for n in schema.names} for r in numbered], schema=schema)
    )


def prepare(engine: Engine, clinic: Sequence[Row] = (), school: Sequence[Row] = ()) -> None:
    """Two villages of subdistrict 500101, one of 500102; the clinic knows villages, the school subdistricts."""
    load(engine, "clinic", CLINIC, clinic)
    load(engine, "school", SCHOOL, school)
    for source in ("clinic", "school"):
        engine.run(f"CREATE OR REPLACE TABLE read_flags_{source} (row_id VARCHAR, field VARCHAR, flag VARCHAR)")
    engine.run("""CREATE OR REPLACE TABLE villages AS SELECT * FROM (VALUES
        ('50010101', '500101', '5001', '50', 18.7, 98.9), ('50010112', '500101', '5001', '50', 18.8, 98.9),
        ('50010201', '500102', '5001', '50', 18.9, 98.9))
        v(village_code, subdistrict_code, district_code, province_code, lat, lon)""")
    engine.run("""CREATE OR REPLACE TABLE crosswalk_clinic AS SELECT * FROM (VALUES
        ('V1', '50010101', 'village', NULL::DATE, NULL::DATE))
        x(sector_code, area_code, level, valid_from, valid_until)""")
    engine.run("""CREATE OR REPLACE TABLE crosswalk_school AS SELECT * FROM (VALUES
        ('S1', '500101', 'subdistrict', NULL::DATE, DATE '2019-12-31'),
        ('S1', '500102', 'subdistrict', DATE '2020-01-01', NULL), ('S2', '500101', 'subdistrict', NULL, NULL),
        ('OLD', '500101', 'subdistrict', DATE '2000-01-01', DATE '2005-12-31'),
        ('D', '5001', 'district', NULL, NULL)) x(sector_code, area_code, level, valid_from, valid_until)""")


def run(engine: Engine) -> tuple[list[dict[str, Any]], StepReport]:
    report = standardise_rows(engine, SETTINGS, Silent())
    rows: list[dict[str, Any]] = engine.table("standardised").to_pylist()
    return rows, report


def clinic(engine: Engine, *rows: Row) -> list[dict[str, Any]]:
    prepare(engine, clinic=rows)
    return run(engine)[0]


def school(engine: Engine, *rows: Row) -> list[dict[str, Any]]:
    prepare(engine, school=rows)
    return run(engine)[0]


def an_id(first: str = "150200337251") -> str:
    return first + str(check_digit(first))


def test_a_clean_row_comes_out_whole_and_without_flags(engine: Engine) -> None:
    row = {
        "title": "นาง", "given": "สิรินภา", "family": "อภิโนวงศ์", "sex": "female", "birth": "19910617",
        "national_id": an_id(), "area": "V1", "house": "110", "disability": "2",
    }  # fmt: skip
    (found,) = clinic(engine, row)
    keys = {found.pop("given_key"), found.pop("family_key")}
    assert all(keys)
    assert found == {
        "source": "clinic", "row_id": "clinic00000", "title": "mrs", "given": "สิรินภา", "family": "อภิโนวงศ์",
        "nickname": None,
        "script": "thai", "sex": "female", "birth": date(1991, 6, 17), "birth_precision": "day", "national_id": an_id(),
        "id_state": "valid", "village": "50010101", "subdistrict": "500101", "district": "5001", "province": "50",
        "house": "110", "household": None, "as_of": AS_OF, "flags": [], "disability": 2, "gpa": None, "siblings": None,
    }  # fmt: skip


def test_an_empty_row_goes_on_with_its_unknowns(engine: Engine) -> None:
    (found,) = clinic(engine, {})
    assert found["row_id"] == "clinic00000"
    assert {k for k, v in found.items() if v is not None} == {"source", "row_id", "as_of", "flags"}


def test_a_word_that_may_be_a_title_is_taken_off_where_the_row_says_so(engine: Engine) -> None:
    rows = clinic(
        engine,
        {"title": "นาย", "given": "นายทูต่อ"},  # the declared title agrees
        {"title": "นาง", "given": "นายกชน"},  # it contradicts, and nobody is called กชน
        {"title": "นาง", "given": "นายสมชาย"},  # it contradicts, but others are called สมชาย
        {"title": "นาย", "given": "สมชาย"},
        {"given": "นางสุดา"},  # nothing declared: long enough
        {"given": "นางดี"},  # nothing declared, too short to tell
        {"given": "นางแดะ", "sex": "female"},
    )
    assert [r["given"] for r in rows] == ["ทูต่อ", "นายกชน", "สมชาย", "สมชาย", "สุดา", "นางดี", "แดะ"]
    assert [r["title"] for r in rows] == ["mr", "mrs", "mrs", "mr", "mrs", None, "mrs"]
    assert "NAME-001" in rows[0]["flags"]
    assert rows[1]["flags"] == ["NAME-011"]


def test_the_sex_comes_from_the_title_only_where_it_is_missing(engine: Engine) -> None:
    rows = clinic(
        engine,
        {"title": "นาง", "given": "สมใจ"},
        {"title": "นาง", "given": "สมใจ", "sex": "male"},
        {"title": "ดร.", "given": "สมใจ"},
    )
    assert [r["sex"] for r in rows] == ["female", "male", None]
    assert [r["flags"] for r in rows] == [["NAME-011"], ["NAME-012"], []]


def test_the_order_of_two_words_follows_the_names_that_others_bear(engine: Engine) -> None:
    others = [{"given": "กมลชนก", "family": "เหล่าตระกูล"}] * 30 + [{"given": "สุดารัตน์", "family": "ดอยงาม"}] * 30
    prepare(engine, others, [{"full_name": "เหล่าตระกูล กมลชนก"}, {"full_name": "กมลชนก ดอยงาม"}, {"full_name": "ฮอ ฟฟ"}])
    turned, kept, unknown = run(engine)[0][-3:]
    assert (turned["given"], turned["family"], turned["flags"]) == ("กมลชนก", "เหล่าตระกูล", ["NAME-006"])
    assert (kept["given"], kept["family"], kept["flags"]) == ("กมลชนก", "ดอยงาม", [])
    assert (unknown["given"], unknown["family"], unknown["flags"]) == ("ฮอ", "ฟฟ", ["NAME-007"])


def test_ids_get_their_state_and_flag(engine: Engine) -> None:
    wrong = an_id()[:12] + str((int(an_id()[12]) + 1) % 10)
    zero = "050018900123"
    zero += str(check_digit(zero))
    raws = [an_id(), wrong, "123456789012", zero[1:], zero, "1111111111119", "AB123456", "1.50E+12", "-", None]
    rows = clinic(engine, *({"national_id": raw} for raw in raws))
    assert [(r["national_id"], r["id_state"], r["flags"]) for r in rows] == [
        (an_id(), "valid", []),
        (wrong, "check", ["ID-003"]),
        ("123456789012", "length", ["ID-004"]),
        (zero, "valid", ["ID-001"]),
        (zero, "valid", []),
        ("1111111111119", "shared", ["ID-005", "ID-006"]),
        ("123456", "length", ["ID-002", "ID-004"]),
        (None, None, ["ID-007"]),
        (None, None, []),
        (None, None, []),
    ]


def test_an_id_on_more_rows_than_one_person_has_is_shared_in_that_source(engine: Engine) -> None:
    prepare(
        engine,
        [{"national_id": an_id()}] * 4 + [{"national_id": an_id("350180422729")}] * 3,
        [{"national_id": an_id()}],
    )
    rows, report = run(engine)
    assert [r["id_state"] for r in rows] == ["shared"] * 4 + ["valid"] * 3 + ["valid"]
    assert report.counts["flag ID-005"] == 4


def test_an_area_is_the_one_of_the_rows_own_day(engine: Engine) -> None:
    rows = school(
        engine,
        {"area": "S1", "as_of": "2562"},  # 2019, before the code was given away
        {"area": "S1", "as_of": "2020"},
        {"area": "S1"},
        {"area": "OLD", "as_of": "2010"},
        {"area": "nowhere"},
        {"area": "D"},
    )
    assert [r["subdistrict"] for r in rows] == ["500101", "500102", "500102", "500101", None, None]
    assert [r["district"] for r in rows] == ["5001"] * 4 + [None, "5001"]
    assert [r["as_of"] for r in rows] == [
        date(2019, 12, 31),
        date(2020, 12, 31),
        AS_OF,
        date(2010, 12, 31),
        AS_OF,
        AS_OF,
    ]
    assert [r["flags"] for r in rows] == [[], [], [], ["STANDARD-002"], ["STANDARD-001"], []]


def test_a_village_number_leads_to_the_village_where_it_exists(engine: Engine) -> None:
    rows = school(engine, *({"area": "S2", "moo": moo} for moo in ("1", "๑๒", "หมู่ที่ 12", "ม.1", "01", "7", "-", None)))
    assert [r["village"] for r in rows] == [
        "50010101",
        "50010112",
        "50010112",
        "50010101",
        "50010101",
        None,
        None,
        None,
    ]
    assert all(r["subdistrict"] == "500101" for r in rows)
    assert [r["flags"] for r in rows] == [[]] * 5 + [["STANDARD-003"]] * 2 + [[]]


def test_house_numbers_lose_what_is_no_number(engine: Engine) -> None:
    raws = ["12", "012", "๑๒/๓", "บ้านเลขที่ 12/3", "12 / 3", "7.0", "-", "0", "ไม่มี", "12ก"]
    rows = clinic(engine, *({"house": raw} for raw in raws))
    assert [r["house"] for r in rows] == ["12", "12", "12/3", "12/3", "12/3", "7", None, None, None, "12ก"]


def test_facts_take_their_type_and_numbers_out_of_range_are_flagged(engine: Engine) -> None:
    raws = [("3.85", "2"), ("4.1", "2"), ("x", None), (None, "1.0"), (None, "1.5"), (None, "26")]
    rows = school(engine, *({"gpa": gpa, "siblings": siblings} for gpa, siblings in raws))
    assert [(r["gpa"], r["siblings"]) for r in rows] == [
        (3.85, 2),
        (None, 2),
        (None, None),
        (None, 1),
        (None, None),
        (None, None),
    ]
    assert [r["flags"] for r in rows] == [
        [],
        ["STANDARD-004"],
        ["STANDARD-004"],
        [],
        ["STANDARD-004"],
        ["STANDARD-004"],
    ]


def test_flags_of_reading_come_along_each_once_and_sorted(engine: Engine) -> None:
    prepare(engine, [{"birth": "31/02/2000", "national_id": "12"}])
    for field in ("given", "family"):
        engine.run(f"INSERT INTO read_flags_clinic VALUES ('clinic00000', '{field}', 'READ-021')")
    assert run(engine)[0][0]["flags"] == ["DATE-006", "ID-004", "READ-021"]


def test_a_birth_after_the_rows_own_day_is_kept_and_said(engine: Engine) -> None:
    (found,) = school(engine, {"birth": "01/03/2568", "as_of": "2562"})
    assert (found["birth"], found["flags"]) == (date(2025, 3, 1), ["DATE-011"])


@pytest.mark.parametrize("missing", ["clinic", "school", "both"])
def test_sources_without_rows_are_no_fault(engine: Engine, missing: str) -> None:
    prepare(
        engine,
        [] if missing != "school" else [{"given": "สมชาย"}],
        [] if missing != "clinic" else [{"full_name": "ก ข"}],
    )
    rows, report = run(engine)
    assert report.rows_in == report.rows_out == len(rows) == (0 if missing == "both" else 1)


MESSY = st.one_of(st.none(), st.sampled_from([
    "นาย", "นางสาวพร ใจดี", "Ka, Mr. Joe", "-", "=1+1", "2554", "31/02/2554", "1502003372516", "1-1111-11111-11-9", "S1",
    "V1", "๑๒", "(บีม)", "0", "1e5", "ไม่มี", "นายนาย", "Nguyễn Văn An", "\u1031\u1021\u102c\u1004\u1039",
    "'; DROP TABLE villages; --",
]), st.text(max_size=8))  # fmt: skip


@settings(deadline=None, max_examples=4)
@given(st.data())
def test_no_row_is_lost_and_the_order_of_rows_does_not_matter(data: st.DataObject) -> None:
    rows = {
        source: data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(fields, MESSY)), max_size=6))
        for source, fields in (("clinic", CLINIC), ("school", SCHOOL))
    }
    found = []
    for turn in range(2):
        with Engine(
            threads=1 + turn, memory="500MB", temp=Path(tempfile.gettempdir()) / "sarana-standardise"
        ) as engine:
            prepare(engine, rows["clinic"], rows["school"])
            if turn:
                for source in rows:
                    engine.run(
                        f"CREATE OR REPLACE TABLE rows_{source} AS SELECT * FROM rows_{source} ORDER BY row_id DESC"
                    )
            found.append(run(engine)[0])
    assert found[0] == found[1]
    assert [r["row_id"] for r in found[0]] == [f"{s}{at:05d}" for s in rows for at in range(len(rows[s]))]
    assert all(r["flags"] == sorted(set(r["flags"])) for r in found[0])


def test_standardising_what_was_standardised_changes_no_name(engine: Engine) -> None:
    chance = random.Random(5)
    raws = [
        "นายทูต่อ",
        "MAJOE",
        "น้\u0e4d\u0e32ใส",
        "ด.ช.กิตติ",
        "Mr. Ka",
        "สมชาย (เอก)",
        "แซ่ ลี",
        "\u1031\u1021\u102c\u1004\u1039",
        "Nguyễn",
    ]
    rows = [{"title": "นาย", "given": chance.choice(raws), "family": chance.choice(raws)} for _ in range(30)]
    once = clinic(engine, *rows)
    again = clinic(engine, *({"given": r["given"], "family": r["family"], "sex": r["sex"]} for r in once))
    for name in ("given", "family", "given_key", "family_key", "script"):
        assert [r[name] for r in again] == [r[name] for r in once]
