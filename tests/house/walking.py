"""Walks the house as text and syntax trees, so that a law can be tried on the house or on a broken copy of it."""

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = re.compile(r"\b[A-Z]{2,}-\d{3}\b")
"""What an error or flag code looks like."""

NOT_CODES = frozenset({"TIS-620", "SHA-256"})
"""Words that look like codes and are not: a Thai encoding, a hash."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python: its place under the root, its dotted name, its text, its tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as an editor can open it."""
        return f"{self.path.as_posix()}:{getattr(node, 'lineno', 1)}"


def modules(root: Path, *folders: str) -> list[Module]:
    """Every Python file under the given folders of a root (default `src`), sorted by path."""
    found = []
    for folder in folders or ("src",):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text(encoding="utf-8")
            found.append(Module(path.relative_to(root), name, text, _tree(str(path), text)))
    return found


@functools.lru_cache(maxsize=2_000)
def _tree(path: str, text: str) -> ast.Module:
    """The tree of a text, read once for all laws; nobody changes it."""
    return ast.parse(text, path)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstring_nodes(tree: ast.AST) -> set[int]:
    """The ids of the constants that are docstrings, or strings that stand alone under a name they explain."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def strings(tree: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    """Every string in code (parts of f-strings too) that is no docstring, with its place in the tree."""
    skip = docstring_nodes(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
            yield node.value, node


def codes_in(text: str) -> set[str]:
    """The codes that stand in a text."""
    return set(CODE.findall(text)) - NOT_CODES


def make(root: Path, files: dict[str, str]) -> Path:
    """Write files under a root, making folders: a small house to break."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
