"""A province's own set in the chain: used by file, hashed in the receipt, kept in the folder, found by questions."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from methods.population.little_province import MEANS, SOURCES, make_province, run_chain
from sarana.basics.errors import BadFile, BadSetting
from sarana.methods.areas.answers import is_wide_only
from sarana.methods.doors import file_hash
from sarana.methods.population.chain_sets import check_own
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.population.sources_file import load_sources
from sarana.methods.questions.asked_run import asked, find_run
from sarana.methods.reference import find_reference
from sarana.methods.risk.changing import changed_set, with_indicator
from sarana.methods.risk.sets import COPY, list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.erase import erase_run

NAME = "chiang-mai-28"


def own_text() -> str:
    text = find_reference(f"indicators/{NAME}.toml").read_text("utf-8")
    return text.replace(f'id = "{NAME}"', 'id = "phayao"', 1).replace('"threes >= 4 or', '"threes >= 3 or')


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SOURCES.toml that names a set beside it."""
    folder = tmp_path_factory.mktemp("said")
    (folder / "our set.toml").write_text(own_text(), "utf-8")
    text = SOURCES.read_text("utf-8").replace(f'"{NAME}"', '"our set.toml"')
    (folder / "sources.toml").write_text(text, "utf-8")
    return folder / "sources.toml"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("own") / "data", people=600)


@pytest.fixture(scope="module")
def done(said: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "run"
    run_chain(data, folder, sources=said)
    return folder


def test_a_run_with_an_own_set_keeps_it_and_is_asked_by_it(done: Path, said: Path) -> None:
    own, away = said.with_name("our set.toml"), said.with_name("away.toml")
    receipt = json.loads((done / "receipts" / "04-index.json").read_text("utf-8"))
    assert receipt["inputs"]["indicators/phayao.toml"] == file_hash(own) == file_hash(done / COPY)
    own.rename(away)
    try:
        with asked(done, MEANS) as (_engine, run):
            assert run.settings.set == load_set(away)
        protected = read_protected(done)
    finally:
        away.rename(own)
    assert protected.indicator_set == "phayao 1.0"
    assert {each.name for each in protected.more.asked} <= {i.name for i in load_set(NAME).indicators}
    assert all(each.name != each.key for each in protected.more.asked)


def test_a_copy_that_was_changed_or_lost_stops_questions_and_taking_in(done: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(done, tmp_path / "run"))
    for spoil in (lambda copy: copy.write_text(own_text() + "\n", "utf-8"), lambda copy: copy.unlink()):
        spoil(run / COPY)
        with pytest.raises(BadFile, match="ASKED-003 phayao"):
            find_run(run)
        with pytest.raises(BadFile, match="POPULATION-003 indicator-set"):
            read_protected(run)
    (run / COPY).write_text(own_text(), "utf-8")
    erase_run(run)
    assert (run / COPY).is_file(), "the set is about no person and stays"


def test_a_set_that_may_not_be_used_is_refused_before_anything_is_read(said: Path, data: Path, tmp_path: Path) -> None:
    sources, own = tmp_path / "sources.toml", tmp_path / "our set.toml"
    sources.write_bytes(said.read_bytes())
    for content, code in (
        (own_text().replace('"phayao"', f'"{NAME}"', 1), "RISK-015"),
        (own_text().replace('sensitivity = "high"', 'sensitivity = "normal"'), "RISK-016"),
        (own_text().replace('legal_status = "h02"', 'legal_status = "s03"'), "RISK-016"),
    ):
        own.write_text(content, "utf-8")
        with pytest.raises(BadSetting, match=code):
            run_chain(data, tmp_path / "run", sources=sources)
    own.unlink()
    with pytest.raises(BadFile, match="RISK-001"):
        run_chain(data, tmp_path / "run", sources=sources)
    sources.write_text(said.read_text("utf-8").replace('"our set.toml"', '"../our set.toml"'), "utf-8")
    with pytest.raises(BadSetting, match="SOURCES-006"):
        load_sources(sources, data)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", list_sets())
def test_our_own_sets_could_be_copied(name: str) -> None:
    check_own(load_set(name), name)


@pytest.mark.parametrize("name", list_sets())
@pytest.mark.parametrize(
    "rule",
    [
        'birth_date == "1990-02-03"',
        '12 <= age <= 17 or birth_date in ["1990-02-03"]',
        'birth_date < "1990-02-04"',
        'household != "123"',
        'father(household) == "123"',
        'first_known(household, "123") == "123"',
        "household < father(household)",
        'any_member(birth_date == "1990-02-03")',
        'age_on("2010-02-03") == 7',
        "age == 9999999999999999",
    ],
)
def test_no_rule_names_one_person_or_one_day(name: str, rule: str) -> None:
    with pytest.raises(BadSetting, match=r"RISK-018|RISK-003|RISK-007"):
        with_indicator(load_set(name), "h01", score={"3": rule, "1": "otherwise"})


def north(key: str, rule: str, **more: Any) -> IndicatorSet:
    of = changed_set(load_set("th-north-28"), id="th50-north")
    return with_indicator(of, key, score={"3": rule, "1": "otherwise"}, **more)


@pytest.mark.parametrize(
    ("key", "rule", "code"),
    [
        ("h05", 'father_id == "3501200123456"', "RISK-018"),
        ("h05", 'father_id < "1"', "RISK-018"),
        ("h07", '"F64" <= mental_diagnosis < "F67"', "RISK-019"),
        ("h07", 'mental_diagnosis == "F024"', "RISK-019"),
        ("h07", 'mental_diagnosis in ["F024", "F640"]', "RISK-019"),
        ("h07", 'first_known(mental_diagnosis, "F20") >= "F64"', "RISK-019"),
        ("h06", "marital_status == 6", "RISK-019"),
        ("h06", "marital_status - 6 >= 0 and age < 18", "RISK-019"),
        ("h03", "not id_valid and typearea != 1", "RISK-016"),
    ],
)
def test_what_is_never_scored_is_not_scored_by_its_codes_either(key: str, rule: str, code: str) -> None:
    with pytest.raises(BadSetting, match=code):
        check_own(north(key, rule), "own")


def test_who_is_left_out_and_who_is_referred_is_not_a_provinces_to_change() -> None:
    of = changed_set(load_set("chiang-mai-28"), id="own")
    check_own(of, "own")
    scored = with_indicator(
        changed_set(of, refer_now=None), "f05", score={"3": "known(school_exploitation)", "1": "otherwise"},
        fields={"education": ["school_exploitation"]}, absence={"education": "unknown"}, none={},
    )  # fmt: skip
    for other in (
        changed_set(of, refer_now=None),
        changed_set(of, leave_out="known(school_exploitation)"),
        scored,
    ):
        with pytest.raises(BadSetting, match="RISK-019"):
            check_own(other, "own")
    for name in ("hiv_clinic", "old_hivclinic", "religion_list", "gender_office"):
        with pytest.raises(BadSetting, match="RISK-002"):
            changed_set(of, registers={**of.registers, name: "A register."})


@pytest.mark.parametrize("name", list_sets())
def test_what_is_told_of_the_province_only_stays_so_when_its_rules_are_changed(name: str) -> None:
    ours = load_set(name)
    wide = [each for each in ours.indicators if is_wide_only(ours, each.id)]
    own = changed_set(ours, id="own")
    for each in wide:
        changed = with_indicator(
            own, each.id, score={**each.score, "3": each.score["3"].replace("any_other(", "any_member(")}
        )
        assert is_wide_only(changed, each.id), each.id


def test_a_rule_about_others_of_the_household_is_told_of_the_province_only() -> None:
    assert is_wide_only(north("h04", "members_at_least(1, discharge == 3)"), "h04")
    assert is_wide_only(north("b04", "any_member(bmn_housing == 0)"), "b04")
    assert is_wide_only(north("h04", "discharge == 3"), "h04"), "as the one of ours from which it was made"
    heavier = with_indicator(changed_set(load_set("th-north-28"), id="own"), "h05", weight=3)
    assert not is_wide_only(heavier, "h05"), "it asks what ours asks"
