import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from methods.risk.making import TODAY, Row, row, scored
from sarana.basics.errors import BadSetting, BadTable, NotYet
from sarana.methods.engine import Engine
from sarana.methods.questions.explain import Explanation, HeldLink, HeldRow, explain_person, held_by
from sarana.methods.questions.explain_changes import bands_of, find_changes
from sarana.methods.questions.explain_hidden import case_registers, hidden_of, is_of_another
from sarana.methods.questions.explain_words import index_said, read_plain_words, share_said
from sarana.methods.questions.samples import PROTECTED_INDICATORS
from sarana.methods.reference import reference_folder
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings

ANN, BEN, CAT = "a" * 16, "b" * 16, "c" * 16
SET = load_set("chiang-mai-28")
RISK = RiskSettings(set=SET, as_of=TODAY, sources=tuple(SET.registers))
GROWN = date(1990, 5, 4)
HEALTHY = {
    "nationality": "thai",
    "disability": 0,
    "uninsured": 0,
    "substance_use": 0,
    "violence_injury": 0,
    "nutrition": 0,
    "alcohol": 0,
}
POOR = {
    "household_income_month": 1000.0,
    "household_members": 4,
    "household_debt": 0.0,
    "land": 0,
    "gambling": 0,
    "worker_away": 0,
}


@contextmanager
def asked(rows: Sequence[Row], folder: Path, links: str = "", review: str = "") -> Iterator[Engine]:
    """An engine as a finished run gives it, with links and review where the test has any."""
    with scored(rows, SET, folder) as (engine, _):
        engine.run("CREATE OR REPLACE TABLE people AS SELECT *, 0.9::DOUBLE AS certainty FROM people")
        for name, said in (("links", links), ("review", review)):
            engine.run(f'CREATE TABLE {name} ("left" VARCHAR, "right" VARCHAR, probability DOUBLE, evidence VARCHAR[])')
            if said:
                engine.run(f"INSERT INTO {name} VALUES {said}")
        yield engine


def explained(rows: Sequence[Row], folder: Path, person: str = ANN, *, custodian: bool = False) -> Explanation:
    with asked(rows, folder) as engine:
        return explain_person(engine, RISK, person, is_for_custodian=custodian)


def ann(source: str = "health", **said: object) -> dict[str, object]:
    return row(ANN, source, birth=GROWN, **said)


def test_the_parts_of_all_reasons_add_up_to_the_index(tmp_path: Path) -> None:
    for custodian in (True, False):
        told = explained([ann(**HEALTHY | {"uninsured": 1, "alcohol": 2})], tmp_path, custodian=custodian)
        assert sum(r.part for r in told.reasons) + (told.protected_part or 0) == told.index
        assert [r.part for r in told.reasons] == sorted((r.part for r in told.reasons), reverse=True)


def test_a_sensitive_answer_is_named_to_the_custodian_only(tmp_path: Path) -> None:
    rows = [ann(**HEALTHY | {"violence_injury": 1})]
    for_all, for_custodian = explained(rows, tmp_path), explained(rows, tmp_path, custodian=True)
    sensitive = {i.id for i in SET.indicators if i.sensitivity == "high"}
    spoken = {r.indicator for r in for_all.reasons} | {m.indicator for m in for_all.missing} | set(for_all.not_asked)
    spoken |= {name for c in for_all.changes for way in c.ways for step in way for name in step.indicators}
    assert not spoken & sensitive
    assert for_all.protected_part is not None
    assert for_all.band_without_status is None
    assert for_all.refer_now is None
    assert ("h09", 3) in {(r.indicator, r.score) for r in for_custodian.reasons}
    assert for_custodian.protected_part is None
    assert for_custodian.band_without_status is not None


def test_the_indicators_that_harm_most_are_protected_for_everybody_whatever_the_rows_say() -> None:
    """S03, S04, E03, H04, H06 and H07 of the standard are never named to an outreach worker."""
    of = load_set("th-north-28")
    assert {i.id for i in of.indicators} >= PROTECTED_INDICATORS == {"s03", "s04", "e03", "h04", "h06", "h07"}
    risk = RiskSettings(set=of, as_of=TODAY, sources=("moph43",))
    assert hidden_of(risk, ()).indicators >= PROTECTED_INDICATORS


def test_what_another_member_of_the_household_told_is_protected(tmp_path: Path) -> None:
    own = [ann(**HEALTHY, household="7"), row(ANN, "family_welfare", birth=GROWN, household="7", **POOR)]
    of_ben = [
        ann(**HEALTHY, household="7"),
        row(BEN, "health", birth=GROWN, household="7", **HEALTHY),
        row(BEN, "family_welfare", birth=GROWN, household="7", **POOR),
    ]
    assert "f01" in {r.indicator for r in explained(own, tmp_path).reasons}
    told = explained(of_ben, tmp_path)
    assert not {"f01", "f02", "f03", "f04", "f06"} & {r.indicator for r in told.reasons}
    assert not {"f01", "f02", "f03", "f04", "f06"} & {m.indicator for m in told.missing}
    assert "f01" in {r.indicator for r in explained(of_ben, tmp_path, custodian=True).reasons}
    assert "f01" in {r.indicator for r in explained(of_ben, tmp_path, BEN).reasons}


@pytest.mark.parametrize(
    ("told", "is_so"),
    [
        ([(True, TODAY, 1)], False),
        ([(True, TODAY, 1), (False, TODAY, 1)], False),
        ([(True, TODAY, 1), (False, TODAY, 2)], True),
        ([(True, date(2025, 1, 1), 1), (False, TODAY, 1)], True),
        ([(True, TODAY, 1), (False, date(2025, 1, 1), 2)], False),
        ([(True, TODAY, None), (False, TODAY, 2)], True),
        ([(True, TODAY, 1), (False, None, 2)], False),
        ([], False),
    ],
)
def test_a_value_is_anothers_if_the_newest_is_not_among_the_own(
    told: list[tuple[bool, date | None, object]], is_so: bool
) -> None:
    assert is_of_another(told) is is_so


def test_rows_in_a_register_of_cases_are_shown_to_the_custodian_only(tmp_path: Path) -> None:
    assert case_registers(SET) == {"human_security"}
    rows = [ann(**HEALTHY, row_id="h1"), ann("human_security", row_id="s1", seasonal_migration=1, homeless=1)]
    links = "('health:h1', 'human_security:s1', 0.8, ['id-same'])"
    with asked(rows, tmp_path, links=links) as engine:
        for_all = explain_person(engine, RISK, ANN, is_for_custodian=False)
        for_custodian = explain_person(engine, RISK, ANN, is_for_custodian=True)
    assert [r.source for r in for_all.rows] == ["health"]
    assert for_all.links == ()
    assert [r.certainty for r in for_all.rows] == [1.0]
    assert {r.certainty for r in for_custodian.rows} == {0.9}
    assert for_all.hides_rows
    assert "s04" not in {r.indicator for r in for_all.reasons}
    assert {r.source for r in for_custodian.rows} == {"health", "human_security"}
    assert [(link.probability, link.evidence) for link in for_custodian.links] == [(0.8, ("id-same",))]
    assert "s04" in {r.indicator for r in for_custodian.reasons}


def test_a_certainty_told_to_all_rests_on_the_links_that_are_listed() -> None:
    rows = [HeldRow("health", name, 0.5) for name in "abc"]
    links = [HeldLink("health:a", "health:b", probability, (), is_doubtful=False) for probability in (0.3, 0.7, 0.9)]
    assert [held_by(row, rows, links).certainty for row in rows] == [0.7, 0.7, None]
    assert held_by(rows[0], rows, links[:1]).certainty == 0.3


def test_links_say_which_of_them_wait_for_a_person_and_what_was_left_apart(tmp_path: Path) -> None:
    rows = [ann(**HEALTHY, row_id="h1"), ann("education", row_id="e1"), row(BEN, birth=GROWN, row_id="h2", **HEALTHY)]
    pair, far = "('health:h1', 'education:e1', 0.8, ['sex-same'])", "('health:h1', 'health:h2', 0.3, ['sex-same'])"
    with asked(rows, tmp_path, links=pair, review=f"{pair}, {far}") as engine:
        told = explain_person(engine, RISK, ANN, is_for_custodian=False)
    assert [(link.left, link.is_doubtful) for link in told.links] == [("health:h1", True)]
    assert told.n_left_apart == 1
    assert "health:h2" not in str(told)


def test_what_is_missing_says_whether_the_register_has_a_row(tmp_path: Path) -> None:
    known = {name: value for name, value in HEALTHY.items() if name != "uninsured"}
    told = {m.indicator: m.asked for m in explained([ann(**known)], tmp_path).missing}
    assert told["h04"] == {"health": "no-answer"}
    assert told["f01"] == {"family_welfare": "no-row"}


def test_a_change_that_is_told_leads_to_its_band_and_a_smaller_one_does_not(tmp_path: Path) -> None:
    scores = {i.id: 1 for i in SET.indicators if i.sector == "health"} | {"h01": 2, "h02": 3, "f01": 0, "f02": 0}
    with Engine(threads=1, memory="500MB", temp=tmp_path) as engine:
        start = np.array([[scores.get(i.id, -1) for i in SET.indicators]], np.int8)
        band = bands_of(engine, RISK, start)[0]
        found = find_changes(engine, RISK, scores, band, frozenset())
        assert {change.band for change in found} == {"red", "yellow", "green", "grey"} - {band}
        assert any(change.n for change in found)
        places = {i.id: at for at, i in enumerate(SET.indicators)}
        for change in found:
            for way in change.ways:
                line = start.copy()
                for step in way:
                    assert {scores[name] for name in step.indicators} == {step.was}
                    free = [n for n in step.indicators if line[0, places[n]] == start[0, places[n]]]
                    for name in free[: step.n]:
                        line[0, places[name]] = step.becomes
                assert bands_of(engine, RISK, line) == [change.band]
                assert int((line != start).sum()) == change.n
        singles = []
        for name, was in scores.items():
            for to in {1, 2, 3} - {was}:
                line = start.copy()
                line[0, places[name]] = to
                singles.append(bands_of(engine, RISK, line)[0])
        assert {c.band for c in found if c.n == 1} <= set(singles)
        assert not {c.band for c in found if c.kind == "both" and c.n > 1} & set(singles)


def test_answers_that_may_not_be_spoken_of_are_left_as_they_are(tmp_path: Path) -> None:
    scores = {i.id: 1 for i in SET.indicators if i.sector == "health"} | {"h02": 3, "h03": 3}
    with Engine(threads=1, memory="500MB", temp=tmp_path) as engine:
        start = np.array([[scores.get(i.id, -1) for i in SET.indicators]], np.int8)
        band = bands_of(engine, RISK, start)[0]
        fixed = frozenset(scores) - {"h01"}
        found = find_changes(engine, RISK, scores, band, fixed)
        moved = {name for c in found for way in c.ways for step in way for name in step.indicators}
        assert moved <= {"h01"}
        free = find_changes(engine, RISK, scores, band, frozenset())
        assert any({"h02", "h03"} & {n for w in c.ways for s in w for n in s.indicators} for c in free)


@pytest.mark.parametrize("person", [CAT, "Somchai", "1101700203450", "", "a' OR '1'='1"])
def test_an_unknown_person_is_one_sentence_that_repeats_nothing(person: str, tmp_path: Path) -> None:
    with asked([ann(**HEALTHY)], tmp_path) as engine, pytest.raises(BadSetting) as told:
        explain_person(engine, RISK, person, is_for_custodian=True)
    assert told.value.code == "EXPLAIN-002"
    assert not person or person not in str(told.value)


def test_a_person_whom_the_set_leaves_out_is_said_so(tmp_path: Path) -> None:
    with asked([ann(**HEALTHY)], tmp_path) as engine:
        engine.give_back("scores")
        engine.run("CREATE TABLE scores (person_id VARCHAR)")
        with pytest.raises(NotYet, match="EXPLAIN-005"):
            explain_person(engine, RISK, ANN, is_for_custodian=False)


def test_figures_that_do_not_follow_from_the_set_are_refused(tmp_path: Path) -> None:
    with asked([ann(**HEALTHY)], tmp_path) as engine:
        changed = engine.arrow("SELECT * REPLACE ((index + 1)::SMALLINT AS index) FROM scores")
        engine.lend("scores", changed)
        with pytest.raises(BadTable, match="EXPLAIN-006"):
            explain_person(engine, RISK, ANN, is_for_custodian=False)


def test_nobody_known_at_all_has_no_index_and_is_still_explained(tmp_path: Path) -> None:
    told = explained([row(ANN, "education")], tmp_path, custodian=True)
    assert told.band == "grey"
    assert {m.indicator for m in told.missing} >= {"h01", "h04", "f01"}


@pytest.mark.parametrize("name", ["explain", "profile"])
def test_every_sentence_has_both_languages_with_the_same_places(name: str) -> None:
    words = tomllib.loads((reference_folder() / "words" / f"{name}.toml").read_text("utf-8"))
    for key, said in words.items():
        places = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in said.values()]
        assert "th" in said, key
        assert key.startswith("indicator-") or "en" in said, key
        if "en_one" not in said:
            assert all(each == places[0] for each in places), key


@pytest.mark.parametrize("name", ["chiang-mai-28", "th-north-28"])
def test_every_indicator_has_a_name_in_thai(name: str) -> None:
    words = read_plain_words("th")
    assert [i.name for i in load_set(name).indicators if words.indicator(i.name) == i.name] == []


def test_figures_are_said_so_that_parts_are_seen_to_add_up() -> None:
    assert [index_said(n) for n in (None, 84, 1353)] == ["-", "0.084", "1.353"]
    assert [share_said(n) for n in (0, 4, 667, 998, 1000)] == ["0 %", "< 1 %", "67 %", "> 99 %", "100 %"]
