"""The rule language: what it reads, what it refuses, and that the unknown stays unknown."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarana.basics.errors import BadSetting
from sarana.methods.engine import Engine
from sarana.methods.risk.compiling import Scope, Value, compile_truth
from sarana.methods.risk.language import LONGEST, read_rule

NAMES = {
    "a": Value("a", "number"),
    "b": Value("b", "number"),
    "c": Value("c", "text", ("x", "y")),
    "age": Value("a", "number"),
    "level": Value("a", "number", ("0", "1", "2")),
}


def sql_of(rule: str) -> str:
    return compile_truth(read_rule(rule, "set, x1, score 3"), Scope("set, x1, score 3", NAMES, {"health": "(a > 0)"}))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with Engine(threads=1, memory="200MB", temp=tmp_path_factory.mktemp("spill")) as one:
        yield one


def answer(engine, rule, a=None, b=None, c=None):
    schema = pa.schema([("a", pa.float64()), ("b", pa.float64()), ("c", pa.string())])
    engine.load("t", pa.table({"a": [a], "b": [b], "c": [c]}, schema=schema))
    return engine.row(f"SELECT {sql_of(rule)} FROM t")[0]


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        ("6 <= age <= 17", {"a": 17}, True),
        ("6 <= age <= 17", {"a": 18}, False),
        ("6 <= age <= 17", {}, None),
        ('c in ["x", "y"]', {"c": "y"}, True),
        ('c not in ["x"]', {"c": "y"}, True),
        ('c in ["x"]', {}, None),
        ("a == 1 or b == 1", {"a": 1}, True),
        ("a == 1 and b == 1", {"a": 0}, False),
        ("a == 1 and b == 1", {"a": 1}, None),
        ("not (a == 1)", {}, None),
        ("a + 2 * b == 7", {"a": 1, "b": 3}, True),
        ("(a + 2) * b == 9", {"a": 1, "b": 3}, True),
        ("a - b - 1 == 0", {"a": 3, "b": 2}, True),
        ("a / b > 1", {"a": 1, "b": 0}, None),
        ("a == -1", {"a": -1}, True),
        ("known(a)", {}, False),
        ("known(b) and b == 1 or a == 1", {"a": 0}, False),
        ("first_known(a, b) == 2", {"b": 2}, True),
        ("at_least(2, a == 1, b == 1)", {"a": 1}, None),
        ("at_least(2, a == 1, b == 1)", {"a": 0}, False),
        ("at_least(1, a == 1, b == 1)", {"a": 1}, True),
        ("least(a, b) == 1", {"a": 1}, None),
        ("greatest(a, b) == 2", {"a": 1, "b": 2}, True),
        ('in_register("health")', {"a": 1}, True),
    ],
)
def test_a_rule_means_what_it_says(engine, rule, said, expected):
    assert answer(engine, rule, **said) is expected


@pytest.mark.parametrize(
    ("rule", "code", "position"),
    [
        ("a ==", "RISK-003", 5),
        ("a == 1)", "RISK-003", 7),
        ("a == 1 b", "RISK-003", 8),
        ("a = 1", "RISK-003", 3),
        ("a == 'x'", "RISK-003", 6),
        ("a == 1; drop table people", "RISK-003", 7),
        ("c in []", "RISK-003", 7),
        ("(" * 60 + "a == 1" + ")" * 60, "RISK-003", None),
        ("a == 1 or " * (LONGEST // 10) + "a == 1 or b == 1", "RISK-003", None),
        ("z == 1", "RISK-004", 1),
        ("sum(a) == 1", "RISK-004", 1),
        ('in_register("tax")', "RISK-004", 1),
        ("a", "RISK-005", 1),
        ("a and b", "RISK-005", 1),
        ("a == c", "RISK-005", 6),
        ("c == 1", "RISK-005", 6),
        ("known(a, b)", "RISK-005", 1),
        ("at_least(1.5, a == 1)", "RISK-005", 10),
        ('c == "z"', "RISK-006", 6),
        ('c in ["x", "z"]', "RISK-006", 12),
        ("level == 7", "RISK-006", 10),
        ("sex == 1", "RISK-008", 1),
        ("a == 1 and ethnicity == 2", "RISK-008", 12),
        ("any_member(any_other(a == 1))", "RISK-005", 12),
    ],
)
def test_a_slip_is_named_with_its_indicator_and_its_position(rule, code, position):
    with pytest.raises(BadSetting) as err:
        sql_of(rule)
    assert err.value.code == code
    assert "x1" in str(err.value)
    if position is not None:
        assert f"at position {position}:" in str(err.value)


@given(st.text(alphabet='ab c"[]()=<>,+-*/01andorti;', max_size=40))
def test_any_text_is_read_or_refused_with_a_code(rule):
    codes = ["RISK-003"]
    try:
        sql_of(rule)
    except BadSetting as err:
        codes.append(err.code)
    assert all(code.startswith("RISK-") for code in codes)


@given(st.text(max_size=20).filter(lambda text: '"' not in text and "\\" not in text))
def test_no_text_of_a_rule_becomes_sql(text):
    sql = compile_truth(read_rule(f'c == "{text}"', "w"), Scope("w", {"c": Value("c", "text")}))
    assert sql == "((c = '" + text.replace("'", "''") + "'))"
