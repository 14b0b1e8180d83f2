"""Two sets on one run: the answer equals two whole indexes held side by side, and unlike sets are refused."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from methods.questions.asked_province import finished_run, opened_run
from sarana.basics.errors import BadFile, BadSetting
from sarana.basics.progress import Silent
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.questions.sets_diff import STATES, SetsDiff, _flows, _withheld, diff_sets, read_set
from sarana.methods.reference import find_reference
from sarana.methods.risk.scoring import score_people
from sarana.methods.risk.shapes import IndicatorSet

OPEN = DisclosureSettings(threshold=1)
NAME = "chiang-mai-28"


def other_set(**parts: object) -> IndicatorSet:
    """The set of the run with a rule of its own for one indicator, and with whatever else is given."""
    own = read_set(NAME)
    stricter = {**own.indicators[0].score, "3": "10 <= age <= 21"}
    first = msgspec.structs.replace(own.indicators[0], score=stricter, note="Older pupils count too.")
    return msgspec.structs.replace(own, version="2", indicators=(first, *own.indicators[1:]), **parts)


def diffed(first: IndicatorSet, second: IndicatorSet, rule: DisclosureSettings = OPEN) -> SetsDiff:
    with opened_run() as (engine, run):
        engine.view("areas", finished_run() / "areas-internal.parquet")
        return diff_sets(engine, run, first, second, Silent(), disclosure=rule)


def bands_with(of: IndicatorSet) -> dict[str, str]:
    with opened_run() as (engine, run):
        score_people(engine, replace(run.settings, set=of), Silent())
        scores = engine.table("scores")
        return dict(zip(scores["person_id"].to_pylist(), scores["band"].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def answer() -> SetsDiff:
    return diffed(read_set(NAME), other_set())


def test_the_flows_are_those_between_two_whole_indexes(answer: SetsDiff) -> None:
    table = pq.read_table(finished_run() / "scores.parquet")
    before = dict(zip(table["person_id"].to_pylist(), table["band"].to_pylist(), strict=True))
    after = bands_with(other_set())
    pairs = [(before[person], after[person]) for person in before]
    assert {(f.before, f.after): f.n for f in answer.flows} == {pair: pairs.count(pair) for pair in set(pairs)}
    assert answer.n_changed == sum(a != b for a, b in pairs) > 10
    assert answer.n_people == len(pairs)


def test_areas_that_change_rank_are_told_with_both_ranks(answer: SetsDiff) -> None:
    assert answer.n_areas == {"district": 1, "subdistrict": 6}
    own = read_set(NAME)
    rule = msgspec.structs.replace(
        own.bandings["measured"], rules={**own.bandings["measured"].rules, "red": "coverage < 0.6"}
    )
    areas = diffed(own, msgspec.structs.replace(own, bandings={**own.bandings, "measured": rule})).areas
    assert areas
    assert all(area.rank_before != area.rank_after for area in areas)
    assert [area.rank_before for area in areas] == sorted(area.rank_before for area in areas)


def test_what_differs_between_the_sets_is_named(answer: SetsDiff) -> None:
    (changed,) = answer.indicators
    assert (changed.id, changed.what, changed.note) == ("h01", "score, note", "Older pupils count too.")
    assert changed.sources
    shorter = other_set(max_age_months=12)
    shorter = msgspec.structs.replace(shorter, indicators=shorter.indicators[:-1])
    more = diffed(read_set(NAME), shorter)
    assert more.parts == ("max_age_months",)
    assert [(i.id, i.what) for i in more.indicators] == [("h01", "score, note"), ("f06", "only in the first")]


def test_people_that_the_second_set_leaves_out_are_told_so() -> None:
    found = diffed(read_set(NAME), other_set(leave_out='nationality == "none"'))
    assert sum(f.n or 0 for f in found.flows if f.after == "left out") > 0
    assert sum(f.n or 0 for f in found.flows) == found.n_people


def test_a_set_for_other_registers_or_fields_is_refused_in_one_sentence() -> None:
    with pytest.raises(BadSetting, match=r"SETS-001 th-north-28: .*registers.*bmn"):
        diffed(read_set(NAME), read_set("th-north-28"))
    own = read_set(NAME)
    strange = msgspec.structs.replace(
        own.indicators[0],
        fields={"persons": ("birth",), "health": ("typearea",)},
        absence={"health": "unknown"},
        score={"3": "typearea == 4", "1": "otherwise"},
    )
    with pytest.raises(BadSetting, match=r"SETS-001.*fields.*typearea"):
        diffed(own, msgspec.structs.replace(own, indicators=(strange, *own.indicators[1:])))


def test_one_and_the_same_set_twice_is_refused() -> None:
    with pytest.raises(BadSetting, match="SETS-002"):
        diffed(read_set(NAME), read_set(NAME))


def test_a_set_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    text = find_reference(f"indicators/{NAME}.toml").read_text("utf-8")
    for name, content, code in (
        ("broken.toml", "id = [", "RISK-001"),
        ("part.toml", text.replace('legal_status = "h02"\n', ""), "RISK-002"),
        ("field.toml", text.replace('["uninsured"]', '["unheard_of"]'), "RISK-004"),
    ):
        (tmp_path / name).write_text(content, "utf-8")
        with pytest.raises((BadFile, BadSetting), match=code):
            read_set(str(tmp_path / name))
    with pytest.raises(BadFile, match="RISK-001"):
        read_set("no-such-set")


def flows_of(cells: dict[tuple[str, str], int]) -> np.ndarray:
    found = np.zeros((len(STATES), len(STATES)), np.int64)
    for (a, b), n in cells.items():
        found[STATES.index(a), STATES.index(b)] = n
    return found


def test_a_small_flow_is_withheld_with_what_gives_it_away() -> None:
    rule = DisclosureSettings()
    people = flows_of(
        {
            ("red", "red"): 200,
            ("red", "yellow"): 4,
            ("yellow", "yellow"): 900,
            ("yellow", "red"): 60,
            ("green", "green"): 9000,
            ("green", "yellow"): 70,
        }
    )
    gone = _withheld(people, rule)
    red, yellow = STATES.index("red"), STATES.index("yellow")
    assert gone[red, yellow]
    assert (gone.sum(axis=0)[gone.any(axis=0)] > 1).all(), "a lone cell of a column follows from its sum"
    assert (gone.sum(axis=1)[gone.any(axis=1)] > 1).all(), "a lone cell of a row follows from its sum"
    n_changed, flows = _flows(people, rule)
    assert n_changed is None
    assert any(f.n is None for f in flows)


def test_flows_of_enough_people_are_all_said() -> None:
    people = flows_of({("red", "red"): 200, ("red", "yellow"): 40, ("yellow", "yellow"): 900})
    n_changed, flows = _flows(people, DisclosureSettings())
    assert n_changed == 40
    assert all(f.n is not None for f in flows)
