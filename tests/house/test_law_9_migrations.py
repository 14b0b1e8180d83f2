"""Law 9: every migration that moves rows is tried with rows, up and down; none imports our code."""

import ast
from pathlib import Path

import pytest

from faults.conftest import bare
from house.walking import Module, make, modules

MOVES_ROWS = frozenset({"RunPython", "RunSQL"})
TRIED = frozenset(
    {"sarana.ground.ledger.migrations.0002_chain", "sarana.learning.population.migrations.0002_withdrawn_runs"}
)
"""Those that a test below, or of their own room, brings up and down with rows."""


def moving_rows(root: Path) -> list[Module]:
    """The migrations that do more than change tables."""
    return [
        module
        for module in modules(root)
        if "migrations" in module.name.split(".")
        and any(isinstance(node, ast.Attribute) and node.attr in MOVES_ROWS for node in ast.walk(module.tree))
    ]


def untried(root: Path, tried: frozenset[str]) -> list[str]:
    """Those that no test brings up and down, and those that have no way back."""
    found = []
    for module in moving_rows(root):
        if module.name not in tried:
            found.append(f"{module.path.as_posix()}: moves rows, and no test brings it up and down")
        found += [f"{module.at(call)}: has no way back" for call in _calls(module) if not _has_a_way_back(call)]
    return found


def _calls(module: Module) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MOVES_ROWS
    ]


def _has_a_way_back(call: ast.Call) -> bool:
    return len(call.args) > 1 or any(each.arg in ("reverse_code", "reverse_sql") for each in call.keywords)


def importing_ours(root: Path) -> list[str]:
    """Imports of our code in migrations that move rows: what they did then must not change with what it is now."""
    return [
        f"{module.at(node)}: a migration that moves rows imports our code"
        for module in moving_rows(root)
        for node in ast.walk(module.tree)
        if any(name.split(".")[0] == "sarana" for name in _imported(node))
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_every_migration_that_moves_rows_is_tried_has_a_way_back_and_stands_alone(house: Path) -> None:
    assert untried(house, TRIED) == []
    assert importing_ours(house) == []
    assert {module.name for module in moving_rows(house)} == TRIED


def test_the_ledger_s_chain_comes_over_entries_that_are_there_and_goes_again(tmp_path: Path) -> None:
    """Entries from before wait for their first seal, once; going back keeps every entry and takes the triggers down."""
    told = bare(tmp_path).script("rows_up_and_down")
    assert told == {
        "empty": {"ledger_entry": 0, "ledger_waiting": None},
        "up": {"ledger_entry": 3, "ledger_waiting": 3},
        "one more": {"ledger_entry": 4, "ledger_waiting": 4, "changed": False},
        "down": {"ledger_entry": 4, "ledger_waiting": None, "changed": True},
        "up again": {"ledger_entry": 4, "ledger_waiting": 4},
        "twice": {"ledger_entry": 4, "ledger_waiting": 4},
    }


GOOD = "src/sarana/room/migrations/0002_x.py"
MOVES = "from django.db import migrations\nclass M:\n    operations = [migrations.RunPython(on, back)]\n"


def test_the_law_catches_a_migration_that_nobody_tried(tmp_path: Path) -> None:
    make(tmp_path, {GOOD: MOVES, "src/sarana/room/migrations/0001_x.py": "import sarana.basics\n"})
    assert untried(tmp_path, frozenset({"sarana.room.migrations.0002_x"})) == []
    assert untried(tmp_path, frozenset()) == [f"{GOOD}: moves rows, and no test brings it up and down"]
    assert importing_ours(tmp_path) == []


@pytest.mark.parametrize(
    "text", [MOVES.replace(", back", ""), MOVES.replace("RunPython(on, back)", 'RunSQL("DELETE FROM x")')]
)
def test_the_law_catches_one_without_a_way_back(tmp_path: Path, text: str) -> None:
    make(tmp_path, {GOOD: text})
    assert untried(tmp_path, frozenset({"sarana.room.migrations.0002_x"})) == [f"{GOOD}:3: has no way back"]


@pytest.mark.parametrize("line", ["import sarana.basics.errors", "from sarana.ground.accounts import models"])
def test_the_law_catches_one_that_imports_our_code(tmp_path: Path, line: str) -> None:
    make(tmp_path, {GOOD: f"{line}\n{MOVES}"})
    assert importing_ours(tmp_path) == [f"{GOOD}:1: a migration that moves rows imports our code"]
