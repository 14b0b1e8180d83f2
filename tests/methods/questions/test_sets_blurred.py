"""What a draft would change, asked again and again: no two answers tell of few people."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from methods.questions.asked_province import finished_run, opened_run
from sarana.basics.progress import Silent
from sarana.methods.questions import sets_diff
from sarana.methods.questions.blurred import FEWEST, STEP, Blur
from sarana.methods.questions.blurred_ranks import Heard, hear
from sarana.methods.questions.ranks import Published, Tally
from sarana.methods.questions.sets_diff import SetsDiff, diff_sets
from sarana.methods.risk.changing import changed_set, with_indicator, without_indicator
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.risk.writing import write_set

OURS = load_set("chiang-mai-28")
TRIALS = 1500


def ages(upper: int) -> IndicatorSet:
    """A set by which everybody from 10 to an age is high on one indicator, which alone decides."""
    only = with_indicator(OURS, "h01", score={"3": f"10 <= age <= {upper}", "1": "otherwise"})
    rules = {"red": "threes >= 1", "yellow": "twos >= 20", "grey": "observed < 0", "green": "otherwise"}
    plain = {"says": "An attack.", "order": ("red", "yellow", "grey", "green"), "rules": rules}
    return changed_set(only, id="attack", bandings={"measured": plain})


def answer(n: int, trial: str) -> int:
    """What one answer says of a count; each answer has a secret of its own."""
    return Blur(trial.encode()).of("green to red", n)


@pytest.fixture(scope="module")
def answers() -> list[SetsDiff]:
    """What is said of drafts that differ in one rule only, by one year of age, and of one that nearly all rise by."""
    with opened_run() as (engine, run):
        return [
            diff_sets(engine, run, run.settings.set, ages(upper), Silent(), blur=Blur(str(upper).encode()))
            for upper in (20, 21, 80)
        ]


def test_neither_who_stays_nor_few_people_nor_any_subdistrict_is_told(answers: list[SetsDiff]) -> None:
    assert any(said.flows for said in answers), "it says something"
    for said in answers:
        assert (said.areas, set(said.n_areas)) == ((), {"district"}), "the rank of a small area can turn on one person"
        assert all(flow.before != flow.after for flow in said.flows), "with the sums of bands, that would tell who goes"
        assert all(flow.n is not None and flow.n >= FEWEST and flow.n % STEP == 0 for flow in said.flows)
        assert said.n_changed == sum(flow.n or 0 for flow in said.flows)


class Still(Blur):
    """Moves nothing, so that what is handed to it can be counted."""

    def moved(self, what: str, n: int, scale: int) -> int:
        """The count itself."""
        return n


def test_ranks_are_made_of_the_second_set_and_of_no_other_level_than_districts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[tuple[str, Heard]] = []

    def listened(published: Published, after: Tally, blur: Blur) -> Heard:
        found = hear(published, after, blur)
        heard.append((published.level, found))
        return found

    rules = {"red": "observed >= 0", "yellow": "twos >= 20", "grey": "observed < 0", "green": "otherwise"}
    plain = {"says": "All.", "order": ("red", "yellow", "grey", "green"), "rules": rules}
    everybody = changed_set(OURS, id="all", bandings={**OURS.bandings, OURS.banding: plain})
    monkeypatch.setattr(sets_diff, "hear", listened)
    with opened_run() as (engine, run):
        engine.view("areas", finished_run() / "areas-internal.parquet")
        (here,) = engine.rows(
            """SELECT n_people, n_red FROM areas WHERE level = 'district' AND "group" = 'all' AND rate > 0"""
        )
        said = diff_sets(engine, run, run.settings.set, everybody, Silent(), blur=Still(b""))
    ((level, found),) = heard
    assert (level, said.n_areas) == ("district", {"district": 1})
    assert found.red.tolist() == found.scored.tolist()
    assert here[1] < here[0] - 10 < found.red[0] <= here[0], "by the second set all who are not left out"


def test_that_two_answers_are_alike_says_nothing_of_whether_the_counts_are() -> None:
    """The oracle of equality: a draft, and the same draft with one person named; are the two answers alike?"""
    for n in (1000, 1004, 1005, 1009):
        same = sum(answer(n, f"a {t}") == answer(n, f"b {t}") for t in range(TRIALS))
        one_more = sum(answer(n, f"a {t}") == answer(n + 1, f"b {t}") for t in range(TRIALS))
        assert 0 < same < TRIALS / 2, "the same count is not said alike"
        assert abs(same - one_more) < 4 * TRIALS**0.5 * 0.5


def test_few_are_said_as_none_an_empty_way_is_moved_too_and_many_are_right_on_the_whole() -> None:
    said = {n: [answer(n, f"{n} {t}") for t in range(TRIALS)] for n in (0, 1, 20, 1237)}
    assert all(sum(map(bool, said[n])) < TRIALS / 25 for n in (0, 1, 20)), "few are said, and of nobody as often"
    assert abs(sum(said[1237]) / TRIALS - 1237) < 4


@pytest.mark.parametrize("name", list_sets())
def test_a_set_that_is_written_is_the_same_set_when_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    of = changed_set(load_set(name), id="own", title='Quotes " and \\ and ไทย')
    path.write_bytes(write_set(of))
    assert load_set(path) == of


def test_the_same_set_gives_the_same_bytes_in_whatever_order_a_database_gives_its_mappings() -> None:
    def turned(said: Any) -> Any:
        if isinstance(said, dict):
            return {name: turned(each) for name, each in reversed(said.items())}
        return [turned(each) for each in said] if isinstance(said, list | tuple) else said

    plain = turned(msgspec.to_builtins(OURS))
    again = msgspec.convert(plain, IndicatorSet)
    assert list(again.registers) != list(OURS.registers)
    assert write_set(again) == write_set(OURS)


def test_an_indicator_loses_the_fields_of_which_its_rules_say_nothing_more() -> None:
    parents = with_indicator(OURS, "f05", score={"3": "orphan == 1", "1": "otherwise"})
    (found,) = (each for each in parents.indicators if each.id == "f05")
    assert msgspec.to_builtins(found.fields) == {"family_welfare": ("orphan",)}
    assert len(without_indicator(OURS, "f05").indicators) == len(OURS.indicators) - 1
