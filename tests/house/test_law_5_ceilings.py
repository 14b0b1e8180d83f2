"""Law 5: modules stay short and simple, and no forbidden habit or file name slips in."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.walking import Module, functions, make, modules

LINES = 400
COMPLEXITY = 10
FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "core", "services", "managers"})
FOLDERS = ("src", "tests", "bench")


def long_modules(root: Path) -> list[str]:
    """Modules over the ceiling."""
    counts = ((m, m.text.count("\n")) for m in modules(root, *FOLDERS))
    return [f"{m.path}: {n} lines, {LINES} at most" for m, n in counts if n > LINES]


def forbidden_names(root: Path) -> list[str]:
    """Modules and packages with a name that says nothing."""
    return [str(m.path) for m in modules(root, *FOLDERS) if FORBIDDEN_NAMES & {*m.path.with_suffix("").parts}]


def forbidden_habits(root: Path) -> list[str]:
    """Imports inside functions, and prints, in the package."""
    return [breach for module in modules(root) for breach in _habits(module)]


def _habits(module: Module) -> Iterator[str]:
    for function in functions(module.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.at(node)}: import inside the function {function.name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input"):
            yield f"{module.at(node)}: {node.func.id}()"


def complex_functions(root: Path) -> list[str]:
    """Functions over the ceiling of cyclomatic complexity, whatever a `noqa` says."""
    program = Path(sys.executable).with_name("ruff")
    found = subprocess.run(
        [
            program,
            "check",
            "--isolated",
            "--ignore-noqa",
            "--no-cache",
            "--output-format=concise",
            "--select=C901",
            f"--config=lint.mccabe.max-complexity={COMPLEXITY}",
            *(folder for folder in FOLDERS if (root / folder).is_dir()),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode in (0, 1), found.stderr
    return [line for line in found.stdout.splitlines() if "C901" in line]


def cycles(root: Path) -> list[str]:
    """Modules that import each other, directly or round a corner."""
    found = {m.name: m for m in modules(root)}
    graph = {name: _imports(module, set(found)) for name, module in found.items()}
    return sorted({name for name in graph if _reaches(graph, name)})


def _imports(module: Module, known: set[str]) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in known else node.module for name in inside}
    return names & known


def _reaches(graph: dict[str, set[str]], start: str) -> bool:
    seen: set[str] = set()
    waiting = [*graph[start]]
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return False


LAWS = {
    "modules stay under 400 lines": long_modules,
    "no file has a name that says nothing": forbidden_names,
    "no import inside a function and no print": forbidden_habits,
    "functions stay simple": complex_functions,
    "no modules import each other in a circle": cycles,
}


@pytest.mark.parametrize("law", LAWS)
def test_the_house_keeps_under_its_ceilings(house: Path, law: str) -> None:
    breaches = LAWS[law](house)
    assert not breaches, "\n" + "\n".join(breaches)


BRANCHES = "def knot(n):\n" + "".join(f"    if n == {i}:\n        return {i}\n" for i in range(11))

BREAKS = {
    "modules stay under 400 lines": {"src/a/long.py": "x = 1\n" * 401},
    "no file has a name that says nothing": {"src/a/utils/__init__.py": ""},
    "no import inside a function and no print": {"src/a/habit.py": "def f():\n    import os\n    print(os)\n"},
    "functions stay simple": {"src/a/knot.py": BRANCHES},
    "no modules import each other in a circle": {"src/a/x.py": "from a import y\n", "src/a/y.py": "import a.x\n"},
}


@pytest.mark.parametrize("law", LAWS)
def test_the_law_catches_a_house_that_breaks_it(tmp_path: Path, law: str) -> None:
    make(tmp_path, BREAKS[law])
    assert LAWS[law](tmp_path) != []


def test_a_house_at_the_ceiling_is_within_the_law(tmp_path: Path) -> None:
    make(tmp_path, {"src/a/full.py": "x = 1\n" * LINES, "src/a/knot.py": BRANCHES.rsplit("    if", 2)[0]})
    assert [breach for law in LAWS.values() for breach in law(tmp_path)] == []
