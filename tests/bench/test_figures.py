"""What the bench calls reached and what it calls falling short."""

import pytest
from bench.figures import CPU, PEAK, Bound, bounds_for, judge_figure, judge_run, table, worst_of

NAME = "all: f1"


@pytest.mark.parametrize(
    ("figure", "ours", "anchor", "required", "full", "word"),
    [
        (NAME, 0.981, 0.96, 0.98, False, "PASS"),
        (NAME, 0.980, 0.96, 0.98, False, "PASS"),
        (NAME, 0.979, 0.96, 0.98, False, "FALL SHORT of what is required"),
        (NAME, 0.981, 0.99, 0.98, False, "FALL SHORT of plain Splink"),
        (NAME, 0.970, 0.97, 0.98, False, "FALL SHORT of what is required and plain Splink"),
        (NAME, 0.970, 0.97, None, False, "FALL SHORT of plain Splink"),  # equal is not beaten
        (NAME, 1.0, 1.0, None, False, "PASS"),  # nothing is left to gain
        (NAME, 0.97, None, None, False, ""),
        (CPU, 130.0, 140.0, 120.0, False, ""),  # costs count at full scale only
        (CPU, 130.0, 140.0, 120.0, True, "FALL SHORT of what is required"),
        (CPU, 119.0, 110.0, 120.0, True, "FALL SHORT of plain Splink"),
        (PEAK, 4000.0, 5000.0, 5120.0, True, "PASS"),
    ],
)
def test_a_figure_is_judged(
    figure: str, ours: float, anchor: float | None, required: float | None, *, full: bool, word: str
) -> None:
    assert judge_figure(figure, ours, anchor, Bound(required), at_full_scale=full).word == word


def test_what_is_required_is_what_the_issue_says() -> None:
    usual, hard = bounds_for(1), bounds_for(2)
    assert {name: bound.required for name, bound in usual.items() if bound.required is not None} == {
        CPU: 120,
        PEAK: 5 * 1024,
        "all: f1": 0.98,
        "human security: f1": 0.87,
        "stateless: f1": 0.88,
    }
    assert {name: bound.required for name, bound in hard.items()} == {"all: f1": 0.97, "human security: f1": 0.76}
    assert bounds_for(3) == {}


def test_the_worst_is_the_least_quality_and_the_greatest_cost() -> None:
    one = {"ours": {NAME: 0.98, CPU: 90.0}}
    two = {"ours": {NAME: 0.99, CPU: 100.0}}
    assert worst_of([one, two]) == {"ours": {NAME: 0.98, CPU: 100.0}}


def test_the_table_shows_every_figure_of_every_contender() -> None:
    found = {"ours": {NAME: 0.985, PEAK: 4000.0}, "splink": {NAME: 0.96, PEAK: 5000.0}}
    verdicts = judge_run(found, defects=1, n_rows=2_280_000)
    lines = table(found, verdicts).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        NAME,
        "0.9600",
        "0.9850",
        "0.9800",
        "0.9900",
        "PASS",
    ]
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == [PEAK, "5,000", "4,000", "5,120", "3,072", "PASS"]
