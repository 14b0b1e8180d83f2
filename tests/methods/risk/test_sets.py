"""The sets that come with Sarana, and what is refused in a set."""

import tomllib

import pytest

from sarana.basics.errors import BadFile, BadSetting
from sarana.methods.reference import find_reference
from sarana.methods.risk.compiling import FORBIDDEN
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import PERSONS

SHIPPED = ("chiang-mai-28", "th-north-28")
SMALL = """
id = "small"
version = "1"
title = "Small"
status = "unvalidated"
legal_status = "x1"
banding = "one"
registers = {health = "Health"}
sectors = {health = "Health"}
literature = {R1 = "A book"}
[bandings.one]
says = "one"
order = ["grey", "red", "yellow", "green"]
rules = {grey = "coverage < 0.5", red = "index >= 2", yellow = "index >= 1.5", green = "otherwise"}
[[indicators]]
id = "x1"
name = "Nutrition"
sector = "health"
level = "person"
fields = {health = ["nutrition"]}
absence = {health = "unknown"}
score = {3 = "nutrition == 2", 2 = "nutrition == 1", 1 = "otherwise"}
grade = "C"
sources = ["R1"]
sensitivity = "normal"
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_set_has_28_indicators_each_told_in_full(name):
    found = load_set(name)
    assert found.id == name
    assert len(found.indicators) == len({i.id for i in found.indicators}) == 28
    assert found.status == "unvalidated"
    for indicator in found.indicators:
        assert set(indicator.absence) == set(indicator.fields) - {PERSONS}
        assert indicator.grade[0] in "ABC"
        assert indicator.weight == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_early_pregnancy_and_mental_disorder_wait_for_an_ethics_decision(name):
    assert [i.id for i in load_set(name).indicators if i.status == "ethics"] == ["h06", "h07"]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_marks_a_group_is_a_field_of_a_set(name):
    fields = {field for i in load_set(name).indicators for names in i.fields.values() for field in names}
    assert not fields & FORBIDDEN
    assert load_set(name).refer_now not in fields


def test_no_standard_field_holds_ethnicity_religion_or_hiv():
    assert {name for name in standard_fields() if name in FORBIDDEN} == {"sex"}


def test_all_shipped_sets_are_listed():
    assert list_sets() == sorted(SHIPPED)


def test_a_province_may_load_a_set_of_its_own(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    assert load_set(path).id == "small"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('grade = "C"', "", "RISK-002"),
        ('grade = "C"', 'grade = "D"', "RISK-002"),
        ('grade = "C"', 'grade = "C"\ncolour = "red"', "RISK-002"),
        ('legal_status = "x1"', 'legal_status = "x9"', "RISK-002"),
        ('sector = "health"', 'sector = "tax"', "RISK-002"),
        ('sources = ["R1"]', 'sources = ["R2"]', "RISK-002"),
        ('1 = "otherwise"', '4 = "otherwise"', "RISK-002"),
        ('2 = "nutrition == 1"', '2 = "otherwise"', "RISK-002"),
        ("nutrition == 2", "nutrition == ", "RISK-003"),
        ('["nutrition"]', '["nutritoin"]', "RISK-004"),
        ("fields = {health", "fields = {tax", "RISK-004"),
        ('"nutrition == 2"', "'nutrition == \"poor\"'", "RISK-005"),
        ("nutrition == 2", "nutrition == 5", "RISK-006"),
        ("nutrition == 2", "alcohol == 2", "RISK-007"),
        ('["nutrition"]', '["nutrition", "alcohol"]', "RISK-007"),
        ('["nutrition"]', '["nutrition", "nutrition"]', "RISK-007"),
        ("nutrition == 2", "religion == 2", "RISK-008"),
        ('["nutrition"]', '["nutrition", "sex"]', "RISK-008"),
        ('absence = {health = "unknown"}', "absence = {}", "RISK-009"),
        ('absence = {health = "unknown"}', 'absence = {health = "none"}', "RISK-009"),
        ('absence = {health = "unknown"}', 'absence = {health = "none"}\nnone = {nutrition = 9}', "RISK-006"),
        ('green = "otherwise"', 'green = "index < 1.5"', "RISK-012"),
        ('"yellow", "green"]', '"yellow", "yellow"]', "RISK-012"),
        ('banding = "one"', 'banding = "two"', "RISK-012"),
        ("coverage < 0.5", "age < 5", "RISK-004"),
    ],
)
def test_a_slip_in_a_set_is_refused_with_its_code(tmp_path, before, after, code):
    assert before in SMALL
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace(before, after, 1), "utf-8")
    with pytest.raises(BadSetting) as err:
        load_set(path)
    assert err.value.code == code
    assert "small" in str(err.value)


@pytest.mark.parametrize("content", [None, b"id = ", b"\xff\xfe"])
def test_a_set_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFile) as err:
        load_set(path)
    assert err.value.code == "RISK-001"


def test_every_code_of_a_field_is_told_in_words():
    said = tomllib.loads(find_reference("fields.toml").read_text("utf-8"))
    for name, field in said.items():
        assert field["kind"] in {"person", "fact"}, name
        assert field["type"] in {"VARCHAR", "BIGINT", "DOUBLE"}, name
        assert field["level"] in {"person", "household"}, name
        assert field["meaning"], name
        assert all(field.get("values", {"x": "y"}).values()), name
