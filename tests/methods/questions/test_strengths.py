"""Strengths: counts as the scores have them, no few people, and no area said to do better where nothing was put in."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from methods.questions.asked_province import finished_run, opened_run
from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.questions.better_than_expected import expect_rates, student
from sarana.methods.questions.reckoned import Places
from sarana.methods.questions.strengths import CIRCUMSTANCES, Strengths, ask_strengths
from sarana.methods.questions.strengths_counts import count_strength, strengths_of
from sarana.methods.reference import read_reference
from sarana.methods.risk.sets import list_sets, load_set


def unprotected(engine: Engine, *_: object) -> None:
    """In place of the protection, for so few people would all be withheld: what is counted, as it is counted."""
    engine.run("CREATE TABLE areas AS SELECT * FROM areas_internal")


@pytest.fixture(scope="module")
def answer() -> Strengths:
    with opened_run() as (engine, run), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sarana.methods.questions.strengths_counts.protect", unprotected)
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
        monkeypatch.setattr("sarana.methods.questions.strengths_counts.read_reference", lambda _, rows=rows: rows)
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
    assert all(area.expected is None and area.below is None for area in answer.areas)


def test_no_small_count_is_shown_or_follows_from_what_is_shown(tmp_path: Path) -> None:
    chance, rule = np.random.default_rng(5), DisclosureSettings()
    above = np.repeat(np.arange(4), 6)
    codes = {
        "subdistrict": [f"50{d:02}{k:02}" for k, d in enumerate(above)],
        "district": [f"50{d:02}" for d in range(4)],
    }
    low = chance.integers(-1, 24, 4000)
    high = np.where(low >= 0, above[low], chance.integers(-1, 4, 4000))
    scores = chance.choice(np.array([-1, 0, 1, 2, 3], np.int8), 4000, p=[0.1, 0.3, 0.52, 0.05, 0.03])
    places = Places(codes, {"subdistrict": low, "district": high}, above)
    with Engine(threads=1, memory="200MB", temp=tmp_path) as engine:
        names = [(level, code) for level, found in codes.items() for code in found]
        levels, all_codes = zip(*names, strict=True)
        whole = {"level": levels, "code": all_codes, "group": ["all"] * len(names), "n_people": [1] * len(names)}
        engine.lend("areas", pa.table({name: list(column) for name, column in whole.items()}))
        shown = count_strength(engine, places, scores, rule)
    assert 4 < len(shown) < len(names), "some are shown and some withheld"
    for (level, code), share in shown.items():
        mine = scores[places.of[level] == codes[level].index(code)]
        assert (share.n_good, share.n_known) == ((mine == 1).sum(), (mine > 0).sum())
        for n in (share.n_good, share.n_known - share.n_good):
            assert n == 0 or n >= rule.threshold
    for at, district in enumerate(codes["district"]):
        if ("district", district) in shown:
            parts = [
                shown[s]
                for k in np.flatnonzero(above == at)
                if (s := ("subdistrict", codes["subdistrict"][k])) in shown
            ]
            rest_good = shown["district", district].n_good - sum(p.n_good for p in parts)
            rest_known = shown["district", district].n_known - sum(p.n_known for p in parts)
            for n in (rest_good, rest_known - rest_good):
                assert n == 0 or n >= rule.threshold


def test_what_the_run_withholds_of_an_area_is_withheld_here_too(tmp_path: Path) -> None:
    places = Places(
        {"subdistrict": ["500101", "500102"], "district": ["5001"]},
        {"subdistrict": np.repeat([0, 1], 500), "district": np.zeros(1000, np.int64)},
        np.array([0, 0]),
    )
    scores = np.tile(np.array([1, 1, 1, 2], np.int8), 250)
    with Engine(threads=1, memory="200MB", temp=tmp_path) as engine:
        people = pa.array([500, None, 1000], pa.int64())
        level, code = ["subdistrict", "subdistrict", "district"], ["500101", "500102", "5001"]
        engine.lend("areas", pa.table({"level": level, "code": code, "group": ["all"] * 3, "n_people": people}))
        shown = count_strength(engine, places, scores, DisclosureSettings())
    assert {key: (s.n_good, s.n_known) for key, s in shown.items()} == {
        ("subdistrict", "500101"): (375, 500),
        ("district", "5001"): (750, 1000),
    }


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
