"""Strengths: counts as the scores have them, no few people, and no area said to do better where nothing was put in."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats

from methods.questions.asked_province import finished_run, opened_run
from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.methods.areas.answers import Tree
from sarana.methods.areas.better_than_expected import expect_rates, student
from sarana.methods.areas.circumstances import CIRCUMSTANCES
from sarana.methods.areas.strengths import strengths_of
from sarana.methods.questions.strengths import Strengths, ask_strengths
from sarana.methods.reference import read_reference
from sarana.methods.risk.sets import list_sets, load_set


def unprotected(tree: Tree, *_: object, **__: object) -> np.ndarray:
    """In place of the protection, for so few people would all be withheld: what is counted, as it is counted."""
    return np.zeros(len(tree.code), bool)


@pytest.fixture(scope="module")
def answer() -> Strengths:
    with opened_run() as (engine, run), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sarana.methods.disclosure.answers.withhold_answers", unprotected)
        engine.view("areas", finished_run() / "areas-internal.parquet")
        return ask_strengths(engine, run, Silent())


@pytest.mark.parametrize("name", list_sets())
def test_every_set_has_strengths_and_each_names_an_indicator_that_can_be_good(name: str) -> None:
    of = load_set(name)
    for strength in strengths_of(of):
        (indicator,) = (i for i in of.indicators if i.id == strength.indicator)
        assert "1" in indicator.score
        assert strength.en
        assert strength.th
        assert strength.says


def test_a_set_without_strengths_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    of = load_set("chiang-mai-28")
    said = {key: {**row, "indicators": {of.id: "z99"}} for key, row in read_reference("strengths.toml").items()}
    for rows in ({}, said):
        monkeypatch.setattr("sarana.methods.areas.strengths.read_reference", lambda _, rows=rows: rows)
        with pytest.raises(BadSetting, match=r"STRENGTHS-001 chiang-mai-28"):
            strengths_of(of)


def test_shares_are_those_of_the_scores_of_the_people_of_an_area(answer: Strengths) -> None:
    scores = pq.read_table(finished_run() / "scores.parquet").to_pydict()
    persons = pq.read_table(finished_run() / "work/persons.parquet").to_pydict()
    checked = 0
    for area in answer.areas:
        for strength in answer.strengths:
            found = area.shares[strength.key]
            at = [n for n, code in enumerate(persons[area.level]) if code == area.code]
            values = [scores[strength.indicator][n] for n in at]
            if found is not None:
                checked += 1
                assert (found.n_good, found.n_known) == (values.count(1), sum(v in {1, 2, 3} for v in values))
    assert checked > 10


def test_too_few_areas_give_no_line_and_no_claim(answer: Strengths) -> None:
    assert len(answer.areas) == 7
    assert (answer.effects, answer.better, answer.spread) == ((), (), None)
    assert all(area.is_better is None for area in answer.areas)


def invented(chance: np.random.Generator, better: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sixty areas whose rates follow two circumstances and a spread of their own; one may lie far below."""
    circumstances = chance.normal(size=(60, 2))
    scored = chance.integers(2000, 9000, 60).astype(np.float64)
    share = 0.06 + circumstances @ np.array([0.012, -0.006]) + chance.normal(0, 0.004, 60)
    if better is not None:
        share[better] -= 0.03
    red = chance.binomial(scored.astype(int), np.clip(share, 0.003, 1)).astype(np.float64)
    return red, scored, circumstances


def test_an_area_that_was_made_better_is_found_and_where_none_was_none_is_claimed() -> None:
    chance = np.random.default_rng(11)
    claims, found = 0, 0
    for trial in range(10):
        fitted = expect_rates(*invented(chance, None))
        assert fitted is not None
        claims += bool((fitted[1].low > 0).any())
        red, scored, circumstances = invented(chance, trial)
        circumstances[trial] = 0.5
        fitted = expect_rates(red, scored, circumstances)
        assert fitted is not None
        better = np.flatnonzero(fitted[1].low > 0)
        found += trial in better
        claims += bool(set(better.tolist()) - {trial})
    assert claims <= 3, "one in twenty is the promise"
    assert found >= 8


def test_the_line_finds_the_circumstances_that_were_put_in() -> None:
    fitted = expect_rates(*invented(np.random.default_rng(3), None))
    assert fitted is not None
    beta, wide = fitted[0].beta, 3 * np.sqrt(np.diag(fitted[0].covariance))
    assert np.all(np.abs(beta - [0.06, 0.012, -0.006]) < wide + 0.002)
    assert 0.002 < np.sqrt(fitted[0].tau2) < 0.007


def test_a_circumstance_that_is_equal_everywhere_is_of_no_use() -> None:
    red, scored, circumstances = invented(np.random.default_rng(3), None)
    plain = expect_rates(red, scored, circumstances)
    more = expect_rates(red, scored, np.column_stack([circumstances, np.ones(60)]))
    assert plain is not None
    assert more is not None
    assert np.allclose(plain[1].low, more[1].low)
    assert more[0].beta[3] == 0


@pytest.mark.parametrize("freedom", [10, 40, 180])
def test_the_points_of_t_are_those_of_the_tables(freedom: int) -> None:
    for p in (0.975, 0.9999):
        assert student(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=2e-3 if freedom > 10 else 2e-2)


def test_every_circumstance_has_a_word_in_both_languages() -> None:
    rows = read_reference("words/question.strengths.toml")
    assert all(f"circumstance-{name.replace('_', '-')}" in rows for name in CIRCUMSTANCES)
