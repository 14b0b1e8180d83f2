"""Files as sectors hand them over: every format, encoding and line end gives the same rows, and no row is lost."""

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from methods.population.small_province import PEOPLE, Province
from sarana.basics.errors import SaranaError
from sarana.methods.engine import Engine
from sarana.methods.population.headers import find_columns
from sarana.methods.population.mended import mended_rows
from sarana.methods.population.sources import File
from sarana.methods.population.tables import Column, load_table


def fault(province: Province) -> SaranaError:
    with pytest.raises(SaranaError) as caught:
        province.read()
    return caught.value


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "tis-620"]
ENDS = [("utf-8", "\r\n"), ("utf-8", "\r"), ("cp874", "\r\n"), ("cp874", "\r"), ("utf-16", "\r")]


@pytest.mark.parametrize(("encoding", "end"), [*((e, "\n") for e in ENCODINGS), *ENDS])
def test_every_encoding_and_line_end_gives_the_same_rows(province: Province, encoding: str, end: str) -> None:
    expected = province.read()
    province.file("people.csv", PEOPLE.replace("\n", end).encode(encoding))
    found = province.read()
    assert (found.rows, found.flags, found.aside) == (expected.rows, set(), [])
    assert found.rows["A1"]["given"] == "มานี"


@pytest.mark.parametrize(
    ("declared", "real"), [("tis-620", "cp874"), ("CP874", "cp874"), ("utf-16", "utf-16"), ("utf8", "utf-8")]
)
def test_a_declared_encoding_is_taken(province: Province, declared: str, real: str) -> None:
    province.say('"people.csv"', f'"people.csv"\nencoding = "{declared}"')
    province.file("people.csv", PEOPLE.encode(real))
    assert province.read().rows["A1"]["family"] == "ใจดี"


@pytest.mark.parametrize(
    ("declared", "real"), [("utf-8", "cp874"), ("tis-620", "utf-8"), ("utf-8", "utf-16"), ("utf-16", "utf-8")]
)
def test_a_wrong_declared_encoding_is_a_fault(province: Province, declared: str, real: str) -> None:
    province.say('"people.csv"', f'"people.csv"\nencoding = "{declared}"')
    province.file("people.csv", PEOPLE.encode(real))
    assert fault(province).code == "READ-003"


def test_an_encoding_nobody_knows_is_a_fault(province: Province) -> None:
    province.say('"people.csv"', '"people.csv"\nencoding = "ebcdic-thai"')
    assert fault(province).code == "READ-002"


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_broken_bytes_make_one_value_missing_and_the_row_goes_on(province: Province, encoding: str) -> None:
    broken = PEOPLE.encode(encoding).replace("ใจดี".encode(encoding), "ใจ".encode(encoding) + b"\x81\xff")
    province.file("people.csv", broken)
    found = province.read()
    assert found.rows["A1"]["family"] is None
    assert found.rows["A1"]["given"] == "มานี"
    assert found.flags == {("A1", "family", "READ-020")}


def test_a_row_id_with_broken_bytes_is_no_row_id(province: Province) -> None:
    province.file("people.csv", PEOPLE.encode().replace(b"A2,", b"A\xff,"))
    found = province.read()
    assert list(found.rows) == ["A1"]
    assert found.aside == [("clinic", None, 2, "READ-030")]


@pytest.mark.parametrize(("suffix", "sign"), [(".tsv", "\t"), (".psv", "|"), (".txt", ",")])
def test_tables_with_other_separators_give_the_same_rows(province: Province, suffix: str, sign: str) -> None:
    expected = province.read().rows
    province.say('"people.csv"', f'"people{suffix}"')
    if suffix == ".psv":
        province.say(f'"people{suffix}"', f'"people{suffix}"\nformat = "pipe"')
    province.file(f"people{suffix}", PEOPLE.replace(",", sign))
    assert province.read().rows == expected


def as_workbook(path: Path, rows: list[list[object]], sheet: str = "data") -> None:
    book = openpyxl.Workbook()
    book.active.title = "notes"
    made = book.create_sheet(sheet)
    for row in rows:
        made.append(row)
    book.save(path)


def test_a_workbook_gives_the_same_rows_as_text(province: Province) -> None:
    expected = province.read().rows
    rows: list[list[object]] = [list(r) for r in csv.reader(io.StringIO(PEOPLE))]
    rows[1][3], rows[1][6], rows[1][7] = 2, 0.0, 1101700203450
    rows[2][3], rows[2][6], rows[2][7] = 1, 2, None
    as_workbook(province.folder / "people.xlsx", rows)
    province.say('"people.csv"', '"people.xlsx"\nsheet = "data"')
    assert province.read().rows == expected


def test_dates_and_long_numbers_of_a_workbook_become_text_without_loss(province: Province) -> None:
    header: list[object] = list(PEOPLE.splitlines()[0].split(","))
    day = dt.datetime(1990, 2, 1)  # noqa: DTZ001
    as_workbook(province.folder / "people.xlsx", [header, ["A1", "ก", "ข", 1, day, "010", 0, 3999999999999]])
    province.say('"people.csv"', '"people.xlsx"\nsheet = "data"')
    row = province.read().rows["A1"]
    assert (row["birth"], row["national_id"]) == ("1990-02-01", "3999999999999")


def test_a_sheet_that_is_not_there_is_a_fault_that_lists_the_sheets(province: Province) -> None:
    as_workbook(province.folder / "people.xlsx", [["row_id"]])
    province.say('"people.csv"', '"people.xlsx"\nsheet = "2568"')
    error = fault(province)
    assert (error.code, "data" in error.cure) == ("READ-014", True)


def test_a_workbook_that_would_unpack_without_end_is_refused_before_it_is_unpacked(province: Province) -> None:
    path = province.folder / "people.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20))
    province.say('"people.csv"', '"people.xlsx"')
    error = fault(province)
    assert (error.code, "unpack" in error.what) == ("READ-013", True)


def test_a_workbook_that_is_cut_is_a_fault(province: Province) -> None:
    as_workbook(province.folder / "people.xlsx", [["row_id"]])
    whole = (province.folder / "people.xlsx").read_bytes()
    province.file("people.xlsx", whole[: len(whole) // 2])
    province.say('"people.csv"', '"people.xlsx"')
    assert fault(province).code == "READ-013"


def test_a_workbook_that_calls_itself_text_is_a_fault(province: Province) -> None:
    as_workbook(province.folder / "people.csv", [["row_id"]])
    error = fault(province)
    assert (error.code, "xlsx" in error.what) == ("READ-010", True)


def test_text_that_calls_itself_a_workbook_is_a_fault(province: Province) -> None:
    province.say('"people.csv"', '"people.csv"\nformat = "xlsx"')
    assert fault(province).code == "READ-010"


def test_a_parquet_file_gives_the_same_rows(province: Province) -> None:
    expected = province.read().rows
    rows = list(csv.DictReader(io.StringIO(PEOPLE)))
    table = pa.table({
        "row_id": [r["row_id"] for r in rows], "NAME": [r["NAME"] for r in rows], "LNAME": [r["LNAME"] for r in rows],
        "SEX": pa.array([2, 1], pa.int8()), "BIRTH": pa.array([25300114, 25280609]), "AREA": ["010", "020"],
        "DIS": pa.array([0.0, 2.0]), "CID": pa.array([1101700203450.0, None]),
    })  # fmt: skip
    pq.write_table(table, province.folder / "people.parquet")
    province.say('"people.csv"', '"people.parquet"')
    assert province.read().rows == expected


def test_dates_flags_and_lists_of_a_parquet_file(province: Province) -> None:
    day = dt.datetime(1990, 2, 1)  # noqa: DTZ001
    table = pa.table({"row_id": ["A1"], "NAME": ["ก"], "LNAME": ["ข"], "SEX": [True], "BIRTH": [day], "AREA": ["010"],
                      "DIS": [False], "CID": [None]}, )  # fmt: skip
    pq.write_table(table, province.folder / "people.parquet")
    province.say('"people.csv"', '"people.parquet"')
    row = province.read().rows["A1"]
    assert (row["birth"], row["sex"], row["disability"]) == ("1990-02-01", "male", "0")
    pq.write_table(table.set_column(1, "NAME", pa.array([["ก"]])), province.folder / "people.parquet")
    assert fault(province).code == "READ-012"


def test_a_parquet_file_that_is_cut_is_a_fault(province: Province) -> None:
    province.file("people.parquet", b"PAR1" + b"\x00" * 40)
    province.say('"people.csv"', '"people.parquet"')
    assert fault(province).code == "READ-011"


def test_a_missing_file_is_a_fault_that_names_it(province: Province) -> None:
    (province.folder / "people.csv").unlink()
    error = fault(province)
    assert (error.code, "people.csv" in error.where) == ("READ-001", True)


@pytest.mark.parametrize(("content", "code"), [(b"", "READ-004"), (PEOPLE.splitlines()[0].encode(), "READ-005")])
def test_a_file_with_nothing_in_it_is_a_fault(province: Province, content: bytes, code: str) -> None:
    province.file("people.csv", content)
    assert fault(province).code == code


def test_a_file_whose_name_says_nothing_needs_a_format(province: Province) -> None:
    province.file("people.dat", PEOPLE)
    province.say('"people.csv"', '"people.dat"')
    assert fault(province).code == "READ-009"
    province.say('"people.dat"', '"people.dat"\nformat = "csv"')
    assert set(province.read().rows) == {"A1", "A2"}


def test_columns_that_are_not_there_are_all_told_with_the_nearest_header(province: Province) -> None:
    province.file("people.csv", PEOPLE.replace("BIRTH", "BIRTHDAY").replace("DIS", "DISAB"))
    error = fault(province)
    assert error.code == "READ-006"
    assert "'BIRTH' (Did you mean 'BIRTHDAY'?)" in error.what
    assert "'DIS'" in error.what
    assert "row_id" in error.cure


def test_a_file_without_a_header_is_a_fault_that_quotes_nobody(province: Province) -> None:
    province.file("people.csv", "\n".join(PEOPLE.splitlines()[1:]))
    error = fault(province)
    assert error.code == "READ-006"
    assert not any(word in str(error) for word in ("มานี", "1101700203450", "25300114"))


def test_a_header_that_stands_twice_is_a_fault_only_where_it_is_needed(province: Province) -> None:
    province.file("people.csv", PEOPLE.replace("row_id,NAME", "row_id,NAME,note,note").replace("A1,", "A1,x,y,"))
    province.file("people.csv", "row_id,note,note,NAME,LNAME,SEX,BIRTH,AREA,DIS,CID\nA1,,,ก,ข,1,2530,010,0,\n")
    assert province.read().rows["A1"]["given"] == "ก"
    province.file("people.csv", PEOPLE.replace("LNAME", "NAME"))
    province.say('family = "LNAME"\n', "")
    assert fault(province).code == "READ-007"


@pytest.mark.parametrize("header", ["\ufeffRow_ID", "row id ", " ROW-ID", "row\u00a0id", "\u200bRow.Id"])
def test_headers_are_found_however_they_are_written(header: str) -> None:
    assert find_columns(["x", header], {"row_id": ["row_id"]}, "here") == {"row_id": 1}


def test_headers_of_other_years_are_found_and_the_latest_wins() -> None:
    wanted = {"income": ["income", "income_{year}"]}
    assert find_columns(["INCOME_2566", "income 2568", "income_2567"], wanted, "here") == {"income": 1}
    assert find_columns(["income", "income_2568"], wanted, "here") == {"income": 0}


def test_values_are_trimmed_of_every_blank_and_marks_nobody_sees(province: Province) -> None:
    province.people("A1,\u00a0มา\u200bนี \u3000,\ufeffใจ\tดี ,2 , 2530 ,010 , ,\u00a0")
    found = province.read()
    assert found.rows["A1"] == {
        "given": "มานี", "family": "ใจ ดี", "sex": "female", "birth": "2530", "area": "010", "disability": None,
        "national_id": None,
    }  # fmt: skip
    assert found.flags == set()


def test_joiners_go_from_the_ends_of_a_value_and_stay_inside(province: Province) -> None:
    province.people('A1,\u200dมา\u200cนี\u200c,"\u200cใจดี \u200d",2,2530,010,0,')
    row = province.read().rows["A1"]
    assert (row["given"], row["family"]) == ("มา\u200cนี", "ใจดี")


def test_control_characters_in_a_name_go_with_a_flag(province: Province) -> None:
    province.people("A1,มา\x00นี\x07,ใจดี,2,2530,010,0,")
    found = province.read()
    assert found.rows["A1"]["given"] == "มานี"
    assert found.flags == {("A1", "given", "READ-021")}


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", '"=HYPERLINK(""x"")"'])
def test_a_formula_in_a_name_stays_text_with_a_flag(province: Province, name: str) -> None:
    province.people(f"A1,{name},-,2,2530,010,0,")
    found = province.read()
    assert found.rows["A1"]["given"] == name.strip('"').replace('""', '"')
    assert found.rows["A1"]["family"] == "-"
    assert found.flags == {("A1", "given", "READ-023")}


def test_an_id_a_spreadsheet_ate_is_missing_with_a_flag(province: Province) -> None:
    province.people("A1,ก,ข,2,2530,010,0,1.1017E+12", "A2,ก,ข,2,2530,010,0,1-1017-00203-45-0")
    found = province.read()
    assert [found.rows[r]["national_id"] for r in ("A1", "A2")] == [None, "1101700203450"]
    assert found.flags == {("A1", "national_id", "READ-022")}


def test_an_id_on_many_rows_does_not_stop_reading(province: Province) -> None:
    province.people(*(f"A{n},ก,ข,1,2530,010,0,1101700203450" for n in range(5000)))
    assert province.read().report.rows_out == 5000


def test_quoted_separators_and_line_ends_stay_in_their_value(province: Province) -> None:
    province.people('A1,"มา,นี","ใจ\nดี",2,2530,010,0,', 'A2,"say ""A""",ข,1,2530,020,0,')
    found = province.read()
    assert (found.rows["A1"]["given"], found.rows["A1"]["family"]) == ("มา,นี", "ใจ ดี")
    assert found.rows["A2"]["given"] == 'say "A"'
    assert found.flags == set()


def test_short_and_long_rows_go_on_with_a_flag(province: Province) -> None:
    province.people("A1,ก,ข,2,2530", "A2,ก,ข,1,2530,020,0,,more", "A3,ก,ข,1,2530,020,0,,,", "A4,ก,ข,1,2530,030,1,")
    found = province.read()
    assert found.rows["A1"]["area"] is None
    assert found.rows["A4"]["area"] == "030"
    assert found.flags == {("A1", "row", "READ-025"), ("A2", "row", "READ-026")}


def test_a_quote_that_is_never_closed_swallows_no_row(province: Province) -> None:
    province.people('A1,"ก,ข,2,2530,010,0,', "A2,ก,ข,1,2530,020,0,", 'A3,ค,"ง,1,2530,030,0,', "A4,จ,ฉ,1,2530,030,0,")
    found = province.read()
    assert list(found.rows) == ["A1", "A2", "A3", "A4"]
    assert found.rows["A4"]["given"] == "จ"
    assert {f[2] for f in found.flags} == {"READ-027"}
    assert {f[0] for f in found.flags} == {"A1", "A3"}


def test_a_quote_open_to_the_end_of_a_long_file_swallows_no_row(province: Province) -> None:
    province.people('A0,"ก,ข,2,2530,010,0,', *(f"A{n},ก,ข,1,2530,020,0," for n in range(1, 400)))
    assert province.read().report.rows_out == 400


def test_empty_lines_are_no_rows(province: Province) -> None:
    province.people("", "A1,ก,ข,2,2530,010,0,", "", "", "A2,ก,ข,1,2530,020,0,", "")
    found = province.read()
    assert (found.report.rows_in, list(found.rows)) == (2, ["A1", "A2"])


def test_a_path_with_signs_of_a_pattern_is_one_file(province: Province) -> None:
    province.file("p[1]*.csv", PEOPLE)
    province.say('"people.csv"', '"p[1]*.csv"')
    assert len(province.read().rows) == 2


def test_copies_made_on_the_way_are_gone_afterwards(province: Province) -> None:
    province.file("people.csv", PEOPLE.encode("cp874"))
    province.read()
    assert [p for p in province.temp.rglob("*") if p.is_file()] == []


def test_the_files_handed_over_stay_as_they_were(province: Province) -> None:
    before = province.file("people.csv", PEOPLE.encode("cp874")).read_bytes()
    province.read()
    assert (province.folder / "people.csv").read_bytes() == before


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp")), max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(TEXT, st.text("ก\", '|x", max_size=6) | st.text('ก"\n x', max_size=6)), min_size=1, max_size=12
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path: Path, rows: list[tuple[str, str]], end: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("row_id", "a", "b"), *((str(n), *row) for n, row in enumerate(rows))])
    (tmp_path / "x.csv").write_bytes(written.getvalue().encode())
    wanted = {name: Column((name,)) for name in ("row_id", "a", "b")}
    with Engine(threads=1, memory="200MB", temp=tmp_path / "temp", folders=[tmp_path]) as engine:
        load_table(engine, tmp_path, File(path="x.csv"), wanted, into="x", part="test")
        found = engine.rows("SELECT row_id, a, b FROM x ORDER BY rowid")
    assert len(found) == len(rows)
    for n, (row, (a, b)) in enumerate(zip(found, rows, strict=True)):
        read = [(v or "").strip().replace("\r\n", "\n") for v in row]
        assert read == [str(n), a.strip(), re.sub(r"[\r\n]+", " ", b).strip()]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(TEXT.filter(lambda t: '"' not in t), min_size=3, max_size=3), min_size=1, max_size=8))
def test_reading_record_by_record_agrees_with_the_plain_reader(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("m") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    assert [list(fields) for fields, _ in mended_rows(path, ",", 3)] == rows
