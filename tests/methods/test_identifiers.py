"""National IDs: digits, check digits, fillers and lost zeros."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods import identifiers as ids
from sarana.methods.engine import Engine, literal


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("ids")
    with Engine(threads=1, memory="200MB", temp=folder) as engine:
        yield engine


def digits(engine: Engine, raw: str) -> object:
    return engine.row(f"SELECT {ids.digits_sql('x')} FROM (SELECT {literal(raw)} AS x)")[0]


def checks(engine: Engine, number: str) -> object:
    return engine.row(f"SELECT {ids.checks_sql('x', 'try_cast(x AS BIGINT)')} FROM (SELECT {literal(number)} AS x)")[0]


def test_the_check_digit_is_the_one_worked_by_hand() -> None:
    # 1*13+2*12+3*11+4*10+5*9+6*8+7*7+8*6+9*5+0*4+1*3+2*2 = 352; 352 mod 11 = 0; (11 - 0) mod 10 = 1
    assert ids.check_digit("123456789012") == 1
    # only the first digit counts: 13 mod 11 = 2; 11 - 2 = 9
    assert ids.check_digit("100000000000") == 9


@settings(deadline=None, max_examples=40)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_the_engine_and_python_agree_on_every_check_digit(engine: Engine, first: str) -> None:
    right = ids.check_digit(first)
    assert checks(engine, f"{first}{right}") is True
    assert checks(engine, f"{first}{(right + 1) % 10}") is False


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text("0123456789๑-x", max_size=14) | st.from_regex(r"([0-9])\1{12}|[0-9]{12,13}", fullmatch=True)))
def test_numbers_judged_at_once_are_judged_as_one_by_one(engine: Engine, numbers: list[str]) -> None:
    numbers += [n[:12] + str(ids.check_digit(n[:12])) for n in numbers if len(n) > 11 and n.isascii() and n.isdigit()]
    alone = [
        len(n) == 13 and n.isascii() and checks(engine, n) and not engine.row(f"SELECT {ids.filler_sql(literal(n))}")[0]
        for n in numbers
    ]
    assert ids.are_plainly_valid(pa.array(numbers, pa.string())).tolist() == alone


@settings(deadline=None, max_examples=40)
@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_never_passes_unless_the_weights_say_so(engine: Engine, first: str, at: int, by: int) -> None:
    whole = first + str(ids.check_digit(first))
    typed = whole[:at] + str((int(whole[at]) + by) % 10) + whole[at + 1 :]
    assert checks(engine, typed) is (ids.check_digit(typed[:12]) == int(typed[12]))


@pytest.mark.parametrize("wrong", ["", "123", "12345678901211", "123456789012x"])
def test_another_length_is_never_valid(engine: Engine, wrong: str) -> None:
    assert checks(engine, wrong) is False


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1-2345-67890-12-1", "1234567890121"),
        ("๑๒๓๔๕๖๗๘๙๐๑๒๑", "1234567890121"),
        ("1 2345 67890 12 1", "1234567890121"),
        ("G123456789012", "123456789012"),
        ("-", None),
        ("1.23E+12", None),
        ("1.23457e12", None),
    ],
)
def test_digits_are_found_in_whatever_was_written(engine: Engine, raw: str, expected: str | None) -> None:
    assert digits(engine, raw) == expected


def test_a_filler_is_known_by_its_first_twelve_digits(engine: Engine) -> None:
    said = [
        engine.row(f"SELECT {ids.filler_sql(literal(n))}")[0]
        for n in ("1111111111119", "1234567890121", "1502003372516")
    ]
    assert said == [True, True, False]


def test_a_lost_zero_is_seen_in_the_group_of_people_without_status_only(engine: Engine) -> None:
    stateless = "050018900123"
    whole = stateless + str(ids.check_digit(stateless))
    other = "050011100123"
    cut = other + str(ids.check_digit(other))
    assert engine.row(f"SELECT {ids.lost_zero_sql(literal(whole[1:]))}")[0] is True
    assert engine.row(f"SELECT {ids.lost_zero_sql(literal(cut[1:]))}")[0] is False
