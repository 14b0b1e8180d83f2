"""Sectors beside answers and the table of areas: an attack that lays all three together finds no small count."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from makers.attack import Found
from makers.attack_answers import disclosed_by_answers
from makers.counted import SCALE
from makers.people import Place, make_people
from methods.disclosure.test_answers import PLACES, RISK, RULE, SET
from sarana.basics.progress import Silent
from sarana.methods.areas.answers import LEVELS, Counts, Tree, is_wide_only, read_scores, read_tree
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.areas.sectors import questions_of_sectors, read_sector
from sarana.methods.disclosure import sectors
from sarana.methods.disclosure.answers import Beside, judge_answers, protect_answers
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings, Mask
from sarana.methods.disclosure.sectors import ToldSector, protect_sectors
from sarana.methods.engine import Engine
from sarana.methods.risk.scoring import indicators_off
from sarana.methods.risk.sets import load_set

QUESTIONS = questions_of_sectors(SET, indicators_off(RISK))
OTHER_AGES = frozenset({"age=0-5", "age=18-24", "age=25-59", "age=60+"})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        yield made


def answer(engine: Engine, n_people: int, place: Place, seed: int) -> tuple[Tree, dict[str, Counts]]:
    """People of whom registers know much or little: who is in one is mostly known by all its questions, not always.

    Education asks children; the survey of families knows one household in three. Who moves for seasonal work mostly
    gives the gravest answer: the question and its sector differ by few people.
    """
    make_people(engine, n_people, place, seed)
    rng = np.random.default_rng([seed, 7])
    scores, age = engine.table("scores"), engine.read("persons", ["age"])["age"].to_numpy(zero_copy_only=False)
    is_pupil = ~np.isnan(age) & (age >= 6) & (age < 18)
    in_register = {key: rng.random(n_people) < share for key, share in zip(SET.sectors, SHARES, strict=True)}
    for each in SET.indicators:
        said = rng.choice([1, 2, 3], n_people, p=[0.9, 0.015, 0.085] if each.id == "s04" else [0.93, 0.04, 0.03])
        is_known = in_register[each.sector] & (rng.random(n_people) > 0.004)
        said = np.where(is_known, said, 0)
        if each.sector == "education":
            said = np.where(is_pupil, said, np.where(np.isnan(age), 0, -1))
        scores = scores.append_column(each.id, pa.array(said, pa.int8()))
    engine.load("scores", scores)
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, RULE, Silent())
    tree = read_tree(engine)[0]
    counts = {one: tree.count(read_scores(engine, one)) for asked in QUESTIONS.values() for one in asked}
    known_by = {line.sector: line.known_by for line in told(engine)}
    return tree, counts | {
        key: tree.count(read_sector(engine, QUESTIONS[key], known_by[key])) for key in SET.sectors if key in known_by
    }


def told(engine: Engine) -> tuple[ToldSector, ...]:
    return protect_sectors(engine, RISK, RULE, protect_answers(engine, RISK, RULE))


SHARES = (0.9, 0.8, 0.6, 0.35)
"""Of how many people the registers of health, education, human security and family welfare know anything."""


def attacked(engine: Engine, tree: Tree, counts: dict[str, Counts], sector: str) -> Sequence[Found]:
    """What all published lines of a sector, of its questions and of the table of areas give away together.

    Of education the attacker knows that it asks children only.
    """
    names = (*QUESTIONS[sector], sector)
    return disclosed_by_answers(
        engine,
        tree,
        {name: counts[name] for name in names},
        protect_answers(engine, RISK, RULE),
        sectors={sector: QUESTIONS[sector]},
        told_of_sectors=told(engine),
        ages=dict.fromkeys(names, OTHER_AGES) if sector == "education" else None,
    )


def found_in_turn(engine: Engine, tree: Tree, counts: dict[str, Counts]) -> Iterator[Found]:
    """What the attack finds, sector by sector, those of fewest questions first; whoever has seen enough may stop."""
    for sector in sorted({line.sector for line in told(engine)}, key=lambda each: (len(QUESTIONS[each]), each)):
        yield from attacked(engine, tree, counts, sector)


def test_a_sector_is_made_of_questions_that_are_told_of_small_areas() -> None:
    for of in (SET, load_set("th-north-28")):
        found = questions_of_sectors(of)
        every = [one for asked in found.values() for one in asked]
        assert not [one for one in every if one == of.legal_status or is_wide_only(of, one)]
        assert len(every) == len(set(every))
        assert {each.id: each.sector for each in of.indicators}.items() >= {
            (one, sector) for sector, asked in found.items() for one in asked
        }
    assert questions_of_sectors(SET)["human_security"] == ("s04",)
    assert "f04" not in questions_of_sectors(SET, off={"f04"})["family_welfare"]


def test_what_a_sector_says_of_a_person(engine: Engine) -> None:
    columns = {"h04": [3, 1, 0, -1, 2, 0, None], "h08": [1, 2, 0, -1, 0, -1, -1]}
    engine.load("scores", pa.table({name: pa.array(said, pa.int8()) for name, said in columns.items()}))
    assert read_sector(engine, ("h04", "h08"), "h04").tolist() == [3, 1, 0, -1, 1, 0, -1]
    assert read_sector(engine, ("h04", "h08"), "h08").tolist() == [3, 1, 0, -1, 0, -1, -1]


@pytest.mark.parametrize(("n_people", "place", "seed"), PLACES if SCALE >= 1 else PLACES[::2])
def test_sectors_answers_and_areas_together_give_no_small_count_away(
    engine: Engine, n_people: int, place: Place, seed: int
) -> None:
    tree, counts = answer(engine, n_people, place, seed)
    answered = {(line.level, line.code, line.indicator) for line in protect_answers(engine, RISK, RULE)}
    shown = {(line.level, line.code, line.known_by) for line in told(engine)}
    assert any(level != "province" for level, _code, _by in shown)
    withheld = {place for place in answered - shown if place[2] in {known_by for _level, _code, known_by in shown}}
    assert withheld, "a sector is withheld where answers are told, or the attack had nothing to do"
    for sector in {line.sector for line in told(engine)}:
        assert attacked(engine, tree, counts, sector) == []


def test_the_attack_finds_few_people_where_sectors_are_guarded_by_themselves_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, counts = answer(engine, *PLACES[0])
    monkeypatch.setattr(sectors, "what_follows", lambda *_words: ())
    assert any(one.column.endswith(":in need beside") for one in found_in_turn(engine, tree, counts))


def test_the_attack_finds_few_people_where_no_second_area_is_withheld(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(
        tree: Tree, counts: Counts, barred: Mask, rule: DisclosureSettings, *, beside: tuple[Beside, ...]
    ) -> Mask:
        small = np.stack([each.doubtful.any(axis=-1) for each in beside]).any(axis=0)
        return judge_answers(counts, rule)[0] | barred | small

    tree, counts = answer(engine, *PLACES[0])
    monkeypatch.setattr(sectors, "withhold_answers", alone)
    assert len(list(islice(found_in_turn(engine, tree, counts), 6))) > 5


def test_what_is_told_is_what_people_answer(engine: Engine) -> None:
    tree, counts = answer(engine, *PLACES[0])
    place = {(LEVELS[level], code): at for at, (level, code) in enumerate(zip(tree.level, tree.code, strict=True))}
    known = {(line.level, line.code, line.indicator): line.n_known for line in protect_answers(engine, RISK, RULE)}
    lines = told(engine)
    assert len({line.sector for line in lines}) > 1
    for line in lines:
        gravest, other, *_ = counts[line.sector][place[line.level, line.code]]
        assert (line.n_known, line.n_gravest) == (gravest + other, gravest)
        assert known[line.level, line.code, line.known_by] == line.n_known


def test_beside_a_table_that_is_rounded_nothing_is_told(engine: Engine) -> None:
    answer(engine, *PLACES[0])
    engine.run("UPDATE areas SET rounded_to = 13")
    assert told(engine) == ()
