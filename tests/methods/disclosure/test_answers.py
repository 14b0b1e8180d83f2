"""Answers by area beside the table of areas: an attack that lays both together finds no small count."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from makers.attack_answers import disclosed_by_answers
from makers.people import Place, make_people
from sarana.basics.errors import BadTable
from sarana.basics.progress import Silent
from sarana.methods.areas.answers import LEVELS, Counts, Tree, is_wide_only, read_scores, read_tree
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.disclosure import answers
from sarana.methods.disclosure.answers import judge_answers, protect_answers, withhold_answers
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings, Mask
from sarana.methods.engine import Engine
from sarana.methods.risk.scoring import indicators_off
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings

RULE = DisclosureSettings()
SET = load_set("chiang-mai-28")
RISK = RiskSettings(set=SET, as_of=dt.date(2026, 6, 30), sources=("health",))
CHILDREN, MANY, STATUS = "e01", "f02", SET.legal_status
OTHER_AGES = frozenset({"age=0-5", "age=18-24", "age=25-59", "age=60+"})
TRIED = (CHILDREN, MANY, STATUS)
PLACES = [
    (20_000, Place(3, 4, 2, shares=(0.06, 0.2, 0.5, 0.24)), 1),
    (30_000, Place(4, 3, 2, uneven=1.5, shares=(0.2, 0.2, 0.4, 0.2), share_status=0.1), 2),
    (12_000, Place(2, 6, 2, uneven=1.0, share_unknown=0.2, shares=(0.1, 0.2, 0.4, 0.3)), 3),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def answer(engine: Engine, n_people: int, place: Place, seed: int) -> tuple[Tree, dict[str, Counts]]:
    """People who answer: children are asked for school, and who changes band without legal status has one to lose."""
    make_people(engine, n_people, place, seed)
    rng = np.random.default_rng([seed, 3])
    scores, age = engine.table("scores"), engine.read("persons", ["age"])["age"].to_numpy(zero_copy_only=False)
    moves = np.array(scores["band"].to_pylist()) != np.array(scores["band_without_status"].to_pylist())
    said = {each.id: rng.choice([0, 1, 2, 3], n_people, p=[0.3, 0.5, 0.1, 0.1]) for each in SET.indicators}
    said[CHILDREN] = np.where(np.isnan(age), 0, np.where((age >= 6) & (age < 18), said[CHILDREN], -1))
    said[MANY] = rng.choice([0, 1, 2, 3], n_people, p=[0.01, 0.9, 0.05, 0.04])
    said[STATUS] = np.where(moves, 3, rng.choice([0, 1, 2], n_people, p=[0.05, 0.93, 0.02]))
    for name, column in said.items():
        scores = scores.append_column(name, pa.array(column, pa.int8()))
    engine.load("scores", scores)
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, RULE, Silent())
    tree = read_tree(engine)[0]
    return tree, {name: tree.count(read_scores(engine, name)) for name in TRIED}


@pytest.mark.parametrize(("n_people", "place", "seed"), PLACES)
def test_both_tables_together_give_no_small_count_away(engine: Engine, n_people: int, place: Place, seed: int) -> None:
    tree, counts = answer(engine, n_people, place, seed)
    told = protect_answers(engine, RISK, RULE)
    n_areas = sum(level > 0 and "unknown" not in code for level, code in zip(tree.level, tree.code, strict=True))
    n_told = sum(line.indicator == MANY and line.level != "province" for line in told)
    assert 0 < n_told < n_areas, "some are told and some withheld, or the attack had nothing to do"
    assert disclosed_by_answers(engine, tree, counts, told) == []
    assert disclosed_by_answers(engine, tree, {CHILDREN: counts[CHILDREN]}, told, ages={CHILDREN: OTHER_AGES}) == []
    assert disclosed_by_answers(engine, tree, {STATUS: counts[STATUS]}, told, status=STATUS) == []


def test_the_attack_does_find_small_counts_where_second_cells_are_left_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(tree: Tree, counts: Counts, barred: Mask, rule: DisclosureSettings, *, both: bool = False) -> Mask:
        return judge_answers(counts, rule, both=both)[0]

    tree, counts = answer(engine, *PLACES[0])
    monkeypatch.setattr(answers, "withhold_answers", alone)
    assert len(disclosed_by_answers(engine, tree, counts, protect_answers(engine, RISK, RULE))) > 5


def test_the_attack_does_find_who_is_not_known_where_only_answers_are_guarded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_nothing_beside(
        tree: Tree, counts: Counts, barred: Mask, rule: DisclosureSettings, *, both: bool = False
    ) -> Mask:
        bare = counts.copy()
        bare[:, 2:] = 0
        return withhold_answers(tree, bare, barred, rule, both=both)

    tree, counts = answer(engine, *PLACES[0])
    monkeypatch.setattr(answers, "withhold_answers", knows_nothing_beside)
    found = disclosed_by_answers(engine, tree, counts, protect_answers(engine, RISK, RULE))
    assert any(one.column.endswith(":unsaid") for one in found)


def test_what_is_told_is_what_people_answer(engine: Engine) -> None:
    tree, counts = answer(engine, *PLACES[0])
    place = {(LEVELS[level], code): at for at, (level, code) in enumerate(zip(tree.level, tree.code, strict=True))}
    for line in protect_answers(engine, RISK, RULE):
        if line.indicator in TRIED:
            need, good, *_ = counts[line.indicator][place[line.level, line.code]]
            assert (line.n_known, line.n_need) == (need + good, need)
    whole = counts[MANY][tree.level == 0].sum(axis=0)
    for level in (1, 2):
        assert counts[MANY][tree.level == level].sum(axis=0).tolist() == whole.tolist()


def test_sensitive_questions_are_told_of_the_province_only_and_some_are_off(engine: Engine) -> None:
    answer(engine, *PLACES[1])
    told = protect_answers(engine, RISK, RULE)
    wide = {each.id for each in SET.indicators if is_wide_only(SET, each.id)}
    assert {line.level for line in told if line.indicator in wide} == {"province"}
    assert {line.level for line in told} == set(LEVELS)
    assert not {line.indicator for line in told} & set(indicators_off(RISK))
    north = load_set("th-north-28")
    assert {"s03", "s04", "e03", "h04", "h06", "h07"} <= {i.id for i in north.indicators if is_wide_only(north, i.id)}
    assert not is_wide_only(north, "h02"), "citizenship is a strength"


def test_beside_a_table_that_is_rounded_nothing_is_told(engine: Engine) -> None:
    answer(engine, *PLACES[0])
    engine.run("UPDATE areas SET rounded_to = 13")
    assert protect_answers(engine, RISK, RULE) == ()


def test_of_legal_status_both_answers_are_many(engine: Engine) -> None:
    answer(engine, *PLACES[1])
    lines = [line for line in protect_answers(engine, RISK, RULE) if line.indicator == STATUS]
    assert lines
    assert all(line.n_need >= RULE.threshold and line.n_known - line.n_need >= RULE.threshold for line in lines)


@pytest.mark.parametrize(
    ("counts", "is_unsafe"),
    [
        ((20, 80, 0, 0), False),
        ((0, 120, 0, 30), False),
        ((0, 0, 0, 200), False),
        ((3, 80, 0, 20), True),
        ((20, 80, 4, 0), True),
        ((20, 80, 11, 1), True),
        ((0, 60, 30, 0), True),
        ((11, 60, 0, 0), True),
    ],
)
def test_a_line_alone(counts: tuple[int, ...], is_unsafe: bool) -> None:
    assert bool(judge_answers(np.array(counts), RULE)[0]) == is_unsafe


def test_people_and_scores_in_another_order_are_refused(engine: Engine) -> None:
    answer(engine, *PLACES[2])
    scores = engine.table("scores")
    engine.load("scores", scores.take(pa.array(range(len(scores) - 1, -1, -1))))
    with pytest.raises(BadTable, match="AREAS-009"):
        protect_answers(engine, RISK, RULE)
