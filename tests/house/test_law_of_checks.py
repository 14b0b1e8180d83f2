"""Every check that was promised stands in the manual with what came of it, and every marked test belongs to one."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from house.walking import make
from sarana.config.manual import DATABASES

PROMISED = (
    *("F-01", "F-02", "F-03", "F-04", "F-05", "F-09", "F-10", "F-13", "F-15", "F-19", "L-04", "L-05", "L-06", "L-10"),
    *(f"A-{number:02}" for number in range(1, 21)),
    *(f"N-{number:02}" for number in range(1, 13)),
    *("G-01", "G-02", "G-03", "G-04", "G-07"),
    *("C-01", "C-04", "C-05", "C-09"),
    *("K-01", "K-02", "K-03", "K-04", "K-05", "K-06", "K-07", "K-08", "K-09", "K-10"),
    *("K-11", "K-12", "K-13", "K-14", "K-15"),
    *("F-06", "F-07", "F-11", "F-14", "F-17", "F-18", "D-07", "D-09", "D-10", "D-11", "D-12"),
    *("U-01", "U-02", "U-03", "U-05", "U-10"),
)
RESULTS = frozenset({"passed", "failed", "not run"})


def marked(tests: Path) -> dict[str, str]:
    """Every check that a test is marked with, and one file where it is."""
    return {
        str(node.args[0].value): path.name
        for path in sorted(tests.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _is_mark(node.func) and isinstance(node.args[0], ast.Constant)
    }


def _is_mark(called: ast.expr) -> bool:
    """`pytest.mark.check`, and nothing else that is called check."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "check"
        and isinstance(called.value, ast.Attribute)
        and called.value.attr == "mark"
    )


def strangers(tests: Path, named: set[str]) -> list[str]:
    """Marks that no line of `reference/checks.toml` explains."""
    return [
        f"{file}: {check} is not in reference/checks.toml"
        for check, file in marked(tests).items()
        if check not in named
    ]


def _named(house: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads((house / "reference/checks.toml").read_text("utf-8"))


def test_every_promised_check_stands_in_the_table_whether_it_was_run_or_not(house: Path) -> None:
    page = (house / "docs/reference/checks.md").read_text("utf-8")
    assert [check for check in PROMISED if f"| `{check}` |" not in page] == []


def test_every_marked_test_belongs_to_a_check_of_the_table(house: Path) -> None:
    assert strangers(house / "tests", set(_named(house))) == []
    assert marked(house / "tests"), "nothing was found, so nothing was proved"


def test_the_law_catches_a_mark_that_the_table_does_not_know(tmp_path: Path) -> None:
    make(tmp_path, {"tests/test_ghost.py": '@pytest.mark.check("Z-99")\ndef test_x(): ...\n'})
    assert strangers(tmp_path / "tests", {"F-01"}) == ["test_ghost.py: Z-99 is not in reference/checks.toml"]


@pytest.mark.parametrize("word", ["does", "count", "must"])
def test_every_check_says_what_is_done_how_often_and_what_must_come_of_it(house: Path, word: str) -> None:
    assert [check for check, words in _named(house).items() if not words.get(word)] == []


def test_what_came_of_the_runs_speaks_of_known_checks_and_known_results(house: Path) -> None:
    runs = tomllib.loads((house / "reference/checks-run.toml").read_text("utf-8"))
    assert set(runs) <= set(_named(house))
    assert {run["result"] for check in runs.values() for run in check.values()} <= RESULTS


def idle(named: dict[str, dict[str, Any]], runs: dict[str, dict[str, Any]]) -> list[str]:
    """Checks said not to apply to a database that is none, without a reason, to every database, or that ran there."""
    found = []
    for check, words in named.items():
        without = words.get("does-not-apply", {})
        if set(without) - set(DATABASES) or set(without) == set(DATABASES) or not all(without.values()):
            found.append(f"{check} says wrongly where it does not apply")
        ran = {each for each, run in runs.get(check, {}).items() if run["result"] != "not run"}
        found += [f"{check} ran on {each}, so it applies there" for each in without if each in ran]
    return found


def test_a_check_does_not_apply_for_a_reason_and_only_where_it_never_ran(house: Path) -> None:
    runs = tomllib.loads((house / "reference/checks-run.toml").read_text("utf-8"))
    assert idle(_named(house), runs) == []
    page = (house / "docs/reference/checks.md").read_text("utf-8")
    reasons = [why for words in _named(house).values() for why in words.get("does-not-apply", {}).values()]
    assert reasons
    assert [why for why in reasons if f"| does not apply: {why} |" not in page] == []


def test_the_law_catches_a_check_that_is_said_wrongly_not_to_apply() -> None:
    both = {"SQLite": "x", "PostgreSQL": "x"}
    for wrong in ({"Oracle": "x"}, {"SQLite": ""}, both):
        assert idle({"F-01": {"does-not-apply": wrong}}, {}) == ["F-01 says wrongly where it does not apply"]
    ran = idle({"F-01": {"does-not-apply": {"SQLite": "x"}}}, {"F-01": {"SQLite": {"result": "passed"}}})
    assert ran == ["F-01 ran on SQLite, so it applies there"]
