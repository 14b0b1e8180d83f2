"""What the repository may hold: no machine's paths, no secret, no registry, nothing large; words where words belong."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from house.walking import functions, make, modules, strings

MIB = 2**20
MACHINE_PATH = re.compile(r"(?<![\w.~:<>*)}\]/-])/(?:work|root|home|tmp|Users)/")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|crates\.io|proxy\.golang", re.IGNORECASE
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|"
    r"(?:password|passwd|secret|token|api_?key)\w*[\"']?\s*[=:]\s*[\"'][^\"'{}<>\s]{8,}[\"']",
    re.IGNORECASE,
)
NAMES_REGISTRIES = frozenset({"uv.lock", "tests/house/test_law_of_the_repository.py"})
"""Files that may name a registry: the lock (the public one), and this law."""

PUBLIC = "https://pypi.org/simple"
IMPORTED_AS = {
    "python_calamine": "python-calamine",
    "PIL": "pillow",
    "jwt": "pyjwt",
    "allauth": "django-allauth",
    "axes": "django-axes",
    "django_cotton": "django-cotton",
    "django_htmx": "django-htmx",
    "django_permissions_policy": "django-permissions-policy",
    "dj_database_url": "dj-database-url",
    "vl_convert": "vl-convert-python",
    "argon2": "argon2-cffi",
    "shamir_mnemonic": "shamir-mnemonic",
    "duckdb_extension_httpfs": "duckdb-extension-httpfs",
}
NAMED_AS = {"django.contrib.auth.hashers": "argon2-cffi", "postgresql": "psycopg"}
"""Packages that Django reaches for by a name: the hasher's module, the engine of a database."""


def files(root: Path) -> list[Path]:
    """What git knows or would add; in a folder without git, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CEILING_DIRECTORIES": str(root.parent)},
    )
    if listed.returncode:
        return sorted(p for p in root.rglob("*") if p.is_file())
    return sorted(p for name in listed.stdout.split("\0") if name and (p := root / name).is_file())


def _lines(root: Path, pattern: re.Pattern[str], *, outside: tuple[str, ...] = ()) -> Iterator[str]:
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if name.startswith(outside):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := pattern.search(line):
                yield f"{name}:{number}: {found[0][:20]}"


def machine_paths(root: Path) -> list[str]:
    """Paths that exist on somebody's machine only."""
    return [*_lines(root, MACHINE_PATH, outside=("tests/",))]


def registries(root: Path) -> list[str]:
    """Hosts of package registries."""
    return [*_lines(root, REGISTRY, outside=tuple(NAMES_REGISTRIES))]


def secrets(root: Path) -> list[str]:
    """Keys and passwords, shortened."""
    return [*_lines(root, SECRET)]


def large_files(root: Path) -> list[str]:
    """Files over a mebibyte."""
    return [f"{p.relative_to(root)}: {n} bytes" for p in files(root) if (n := p.stat().st_size) > MIB]


def changelog(root: Path) -> list[str]:
    """A changelog without the coming version, or a version that the package does not have."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    head = re.search(r"^## Unreleased(?: – (\S+))?$", text, re.MULTILINE)
    if not head:
        return ["CHANGELOG.md has no section `## Unreleased`"]
    named = head[1] or (re.findall(r"^## (\d\S*)", text, re.MULTILINE) or ["none"])[0]
    return [] if named == version else [f"CHANGELOG.md speaks of {named}, pyproject.toml of {version}"]


def undocumented(root: Path) -> list[str]:
    """Public modules, classes and functions that do not say what they are for."""
    return [
        f"{module.at(node)}: {getattr(node, 'name', 'the module')} has no docstring"
        for module in modules(root)
        for node in _public(module.tree)
        if not ast.get_docstring(node)
    ]


def _public(
    tree: ast.Module | ast.ClassDef,
) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    if isinstance(tree, ast.Module):
        yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def curt_test_names(root: Path) -> list[str]:
    """Tests whose name is no sentence: fewer than three words after the first."""
    return [
        f"{module.at(function)}: {function.name}"
        for module in modules(root, "tests")
        for function in functions(module.tree)
        if function.name.startswith("test_") and len([w for w in function.name.split("_") if w]) < 4
    ]


def undeclared_packages(root: Path) -> list[str]:
    """Packages that the code imports and pyproject.toml does not ask for, and the other way round."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w.-]", need)[0].lower() for need in project["dependencies"]}
    imported = {
        IMPORTED_AS.get(package, package).lower(): module.at(node)
        for module in modules(root)
        for node in ast.walk(module.tree)
        for package in _packages(node)
        if package not in sys.stdlib_module_names and package != "sarana"
    }
    named = {package for m in modules(root) for text, _ in strings(m.tree) for package in _named(text)}
    named |= {NAMED_AS[node.module] for m in modules(root) for node in ast.walk(m.tree) if _reaches(node)}
    missing = [f"{at}: {package} is not among the dependencies" for package, at in sorted(imported.items())]
    idle = [f"pyproject.toml: nothing imports {package}" for package in sorted(declared - set(imported) - named)]
    return [line for line in missing if line.split()[1] not in declared] + idle


def _named(text: str) -> set[str]:
    """The packages that a string names: by the dotted path of an app, or by the kind of a database."""
    first = text.split(".", maxsplit=1)[0]
    return {NAMED_AS[text]} if text in NAMED_AS else {IMPORTED_AS.get(first, first)}


def _reaches(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in NAMED_AS


def _packages(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.split(".")[0]}
    return set()


def foreign_lock(root: Path) -> list[str]:
    """A lock that is not of this pyproject.toml, or names a source that others do not have."""
    packages = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))["package"]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (own,) = (package for package in packages if package["source"].get("editable") == ".")
    locked = {_need(each) for each in own["metadata"]["requires-dist"]}
    breaches = [
        f"uv.lock was not made from this pyproject.toml: {each}" for each in locked ^ {*project["dependencies"]}
    ]
    allowed = ({"registry": PUBLIC}, {"editable": "."})
    return breaches + [f"uv.lock takes {p['name']} from {p['source']}" for p in packages if p["source"] not in allowed]


def _need(locked: dict[str, Any]) -> str:
    """A need as pyproject.toml writes it: name, extras, bounds (the lock orders bounds its own way)."""
    extras = f"[{','.join(locked['extras'])}]" if locked.get("extras") else ""
    return f"{locked['name']}{extras}{locked.get('specifier', '')}"


LAWS = {
    "no path of a machine": machine_paths,
    "no host of a registry": registries,
    "no secret": secrets,
    "no file over a mebibyte": large_files,
    "the changelog is of this version": changelog,
    "public things say what they are for": undocumented,
    "tests are named by sentences": curt_test_names,
    "packages imported are asked for": undeclared_packages,
    "the lock is of this project and of the public registry": foreign_lock,
}

LOCK = """
[[package]]
name = "sarana"
source = { editable = "." }
[package.metadata]
requires-dist = [{ name = "python-calamine", specifier = ">=0.9" }]
"""

WHOLE = {
    "uv.lock": LOCK,
    "CHANGELOG.md": "# Changelog\n\n## Unreleased – 1.2.3\n",
    "pyproject.toml": '[project]\nversion = "1.2.3"\ndependencies = ["python-calamine>=0.9"]\n',
    "src/a.py": '"""A room."""\nimport os\nimport python_calamine\n',
    "tests/test_a.py": "def test_a_room_is_a_room() -> None: ...\n",
}

BREAKS = {
    "no path of a machine": {"docs/a.md": "see " + "/home" + "/someone/data"},
    "no host of a registry": {"a.toml": "url = 'https://" + "pypi." + "org/simple'"},
    "no secret": {"a.ini": "pass" + "word = 'correct-horse'"},
    "no file over a mebibyte": {"a.csv": "x" * (MIB + 1)},
    "the changelog is of this version": {"CHANGELOG.md": "## Unreleased\n\n## 1.2.2\n"},
    "public things say what they are for": {
        "src/a.py": '"""A room."""\nclass A:\n    """A."""\n    def f(self): ...\n'
    },
    "tests are named by sentences": {"tests/test_a.py": "def test_works_well() -> None: ...\n"},
    "packages imported are asked for": {"src/a.py": '"""A room."""\nfrom pandas.core import frame\n'},
    "the lock is of this project and of the public registry": {"uv.lock": LOCK.replace("0.9", "0.8")},
}


@pytest.mark.parametrize("law", LAWS)
def test_the_repository_keeps_the_law(house: Path, law: str) -> None:
    breaches = LAWS[law](house)
    assert not breaches, "\n" + "\n".join(breaches)


@pytest.mark.parametrize("law", LAWS)
def test_the_law_catches_a_repository_that_breaks_it(tmp_path: Path, law: str) -> None:
    make(tmp_path, WHOLE)
    assert [breach for check in LAWS.values() for breach in check(tmp_path)] == []
    make(tmp_path, BREAKS[law])
    assert LAWS[law](tmp_path) != []
