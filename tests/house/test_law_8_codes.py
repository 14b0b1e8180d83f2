"""Law 8, codes: every code that the house can say is explained in `reference/codes`, and the other way round."""

import ast
import tomllib
from pathlib import Path

import pytest

from house.walking import CODE, NOT_CODES, codes_in, make, modules, strings

KINDS = frozenset({"fault", "flag", "set-aside", "review", "warning"})
ERRORS = frozenset({"SaranaError", "Refused", "NotYet", "BadFile", "BadTable", "BadSetting", "NoRoom"})


def explained(root: Path) -> dict[str, dict[str, str]]:
    """Every code of `reference/codes` with what is said of it."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((root / "reference/codes").glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def said(root: Path) -> dict[str, str]:
    """Every code that stands in code (not in a docstring), with one place where it does."""
    return {code: m.at(node) for m in modules(root) for text, node in strings(m.tree) for code in codes_in(text)}


def unexplained(root: Path) -> list[str]:
    """Codes said in code that no table explains."""
    known = explained(root)
    return [f"{at}: {code} is not in reference/codes" for code, at in sorted(said(root).items()) if code not in known]


def never_said(root: Path) -> list[str]:
    """Codes explained that no code says."""
    return [f"reference/codes: {code} is never said" for code in sorted(set(explained(root)) - set(said(root)))]


def promised_in_vain(root: Path) -> list[str]:
    """Codes that a docstring promises and that stand nowhere else."""
    known = explained(root)
    return [
        f"{m.path}: docstring of {getattr(node, 'name', 'the module')} names {code}, not in reference/codes"
        for m in modules(root)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for code in sorted(codes_in(ast.get_docstring(node) or ""))
        if code not in known
    ]


def badly_explained(root: Path) -> list[str]:
    """Tables that are not whole: a wrong room, kind or word."""
    breaches = []
    for path in sorted((root / "reference/codes").glob("*.toml")):
        for code, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if not CODE.fullmatch(code) or code.split("-")[0] != path.stem:
                breaches.append(f"{path.name}: {code} does not belong to this room")
            if table.get("kind") not in KINDS:
                breaches.append(f"{path.name}: {code} has the kind {table.get('kind')!r}")
            breaches += [
                f"{path.name}: {code}: `{word}` is no sentence"
                for word in ("says", "cause", "cure")
                if not str(table.get(word, "")).strip().endswith((".", "?", "!"))
            ]
    return breaches


def faults_called_otherwise(root: Path) -> list[str]:
    """Codes given to an error whose table does not say that they stop a run."""
    known = explained(root)
    return [
        f"{m.at(node)}: {code} is raised, but its kind is {known[code].get('kind')!r}"
        for m in modules(root)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
        for code in sorted(_first_code(node))
        if code in known and known[code].get("kind") != "fault"
    ]


def _first_code(call: ast.Call) -> set[str]:
    first = call.args[0] if call.args else None
    return codes_in(first.value) if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()


def never_tried(root: Path) -> list[str]:
    """Codes that no test names, so that nobody knows whether they are ever said where they should be."""
    tests = (root / "tests").rglob("*.py")
    tried = {code for path in tests for code in codes_in(path.read_text(encoding="utf-8"))}
    return [f"reference/codes: {code} is named by no test" for code in sorted(set(explained(root)) - tried)]


LAWS = {
    "every code is named by a test": never_tried,
    "every code said is explained": unexplained,
    "every code explained is said": never_said,
    "every code promised in a docstring is explained": promised_in_vain,
    "every explanation is whole": badly_explained,
    "what is raised is called a fault": faults_called_otherwise,
}

WHOLE = '[ROOM-001]\nkind = "fault"\nsays = "It stopped."\ncause = "A stone."\ncure = "Lift it."\n'
RAISES = '"""A room."""\nraise BadFile("ROOM-001", "It stopped.")\n'

TRIES = 'with pytest.raises(BadFile, match="ROOM-001"):\n    lift()\n'

BREAKS = {
    "every code is named by a test": {"tests/test_a.py": "lift()\n"},
    "every code said is explained": {"src/a.py": RAISES + 'flag = f"SELECT ROOM-002 {x}"\n'},
    "every code explained is said": {"src/a.py": '"""A room that only speaks of ROOM-001."""\n'},
    "every code promised in a docstring is explained": {"src/a.py": RAISES + 'def f():\n    """Raises ROOM-003."""\n'},
    "every explanation is whole": {"reference/codes/ROOM.toml": WHOLE.replace("Lift it.", "")},
    "what is raised is called a fault": {"reference/codes/ROOM.toml": WHOLE.replace("fault", "flag")},
}


@pytest.mark.parametrize("law", LAWS)
def test_codes_and_their_explanations_agree(house: Path, law: str) -> None:
    breaches = LAWS[law](house)
    assert not breaches, "\n" + "\n".join(breaches)


@pytest.mark.parametrize("law", LAWS)
def test_the_law_catches_codes_that_disagree(tmp_path: Path, law: str) -> None:
    make(tmp_path, {"src/a.py": RAISES, "reference/codes/ROOM.toml": WHOLE, "tests/test_a.py": TRIES})
    assert [breach for check in LAWS.values() for breach in check(tmp_path)] == []
    make(tmp_path, BREAKS[law])
    assert LAWS[law](tmp_path) != []


def test_an_encoding_is_not_taken_for_a_code() -> None:
    assert codes_in("TIS-620, CP874 and READ-001") == {"READ-001"}
    assert "TIS-620" in NOT_CODES
