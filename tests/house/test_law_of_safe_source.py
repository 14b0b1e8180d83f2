"""C-05: bandit's rules, ruff's and our own find nothing of weight in the source that is not explained here."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from house.walking import make

EXPLAINED: Mapping[tuple[str, str], str] = {
    (
        "B608",
        "src/sarana/methods/",
    ): "Tables and columns that code names, quoted; DuckDB in the operator's process.",
    ("B608", "src/sarana/ground/ledger/"): "Columns of a constant; every value is bound.",
    ("B608", "src/sarana/ground/inserting.py"): "Names of a model, quoted; every value is bound.",
    ("B608", "src/sarana/ground/vault/snapshots.py"): "Names of tables that SQLite itself lists, quoted.",
    ("B608", "src/sarana/ground/vault/identities/"): "Tables and columns that code names; every value is bound.",
    ("B108", "src/sarana/ground/vault/nameless.py"): "A folder of its own in there, closed to others.",
    ("B608", "src/sarana/ground/walls/identities.py"): "Policies written from constants when the database is set up.",
    ("B608", "src/sarana/ground/walls/guards.py"): "Policies written from constants when the database is set up.",
    (
        "B310",
        "src/sarana/config/web/waiting.py",
    ): "The address is checked to be http on this machine first.",
    ("B314", "src/sarana/ground/pages/charts.py"): "The picture that our own drawing process just made.",
    ("B308", "src/sarana/ground/pages/remembered.py"): "Only what a template of ours rendered, escaped, is remembered.",
    ("B703", "src/sarana/ground/pages/remembered.py"): "The same.",
    ("mark_safe", "src/sarana/ground/pages/remembered.py"): "The same.",
    ("safe", "src/sarana/gates/desk/templates/desk/activity.html"): "A picture that was drawn here and cleaned.",
}
"""What a rule finds, where (a file, or all under a folder), and why it stays."""

FORBIDDEN_CALLS = frozenset({"eval", "exec", "compile", "mark_safe", "csrf_exempt", "format_html", "RawSQL"})
FORBIDDEN_MODULES = frozenset({"pickle", "marshal", "shelve", "dill"})
FORBIDDEN_WORDS = re.compile(r"\|\s*safe\b|autoescape off")

Finding = tuple[str, str]


def of_bandit(root: Path) -> set[Finding]:
    """What bandit finds of medium or high weight."""
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", "src", "-ll", "-f", "json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == []
    return {(each["test_id"], each["filename"]) for each in told["results"]}


def of_our_own(root: Path) -> set[Finding]:
    """Calls and modules that run or trust what came from elsewhere, and templates that do not escape."""
    found = {
        (rule, path.relative_to(root).as_posix())
        for path in sorted((root / "src").rglob("*.py"))
        for rule in _breaches(ast.parse(path.read_text("utf-8")))
    }
    return found | {
        ("safe", path.relative_to(root).as_posix())
        for path in sorted((root / "src").rglob("*.html"))
        if FORBIDDEN_WORDS.search(path.read_text("utf-8"))
    }


def _breaches(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                yield node.func.id
            if any(word.arg == "shell" and not _is_false(word.value) for word in node.keywords):
                yield "shell"
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (name for name in names if name.split(".")[0] in FORBIDDEN_MODULES)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def unexplained(found: Iterable[Finding]) -> list[Finding]:
    """Findings that no line above explains."""
    return sorted((rule, at) for rule, at in found if not any(rule == r and at.startswith(w) for r, w in EXPLAINED))


@pytest.mark.check("C-05")
def test_c_05_nothing_of_weight_is_found_that_is_not_explained(house: Path) -> None:
    found = of_bandit(house) | of_our_own(house)
    assert unexplained(found) == []
    stale = [each for each in EXPLAINED if not any(rule == each[0] and at.startswith(each[1]) for rule, at in found)]
    assert stale == [], "these were explained and are not found any more"


@pytest.mark.check("C-05")
def test_c_05_ruffs_rules_of_security_are_on_for_the_source(house: Path) -> None:
    lint = tomllib.loads((house / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert {rule for rule in lint["ignore"] if re.fullmatch(r"S\d+", rule)} == {"S608"}
    assert not any(
        rule.startswith("S") for where, rules in lint["per-file-ignores"].items() if "src" in where for rule in rules
    )


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("src/a.py", "eval('1')\n", "eval"),
        ("src/a.py", "import pickle\n", "pickle"),
        ("src/a.py", "from marshal import loads\n", "marshal"),
        ("src/a.py", "run('x', shell=True)\n", "shell"),
        ("src/a.html", "{{ name | safe }}", "safe"),
        ("src/a.html", "{% autoescape off %}", "safe"),
    ],
)
def test_the_law_catches_what_it_is_there_for(tmp_path: Path, name: str, text: str, rule: str) -> None:
    make(tmp_path, {name: text})
    assert unexplained(of_our_own(tmp_path)) == [(rule, name)]


def test_the_law_catches_what_bandit_finds(tmp_path: Path) -> None:
    make(tmp_path, {"src/a.py": "import requests\nrequests.get('https://x', verify=False)\n"})
    assert ("B501", "src/a.py") in unexplained(of_bandit(tmp_path))
