"""Advice at the end of a run of the laws: what is no law, but worth a look."""

from pathlib import Path

import pytest

from house.walking import Module, functions, modules

LINES = 40
"""How long functions mostly stay."""

ROOT = Path(__file__).resolve().parents[2]


def long_functions(package: list[Module]) -> list[tuple[int, str]]:
    """Functions over the advice, longest first, with the number of lines from `def` to the end."""
    found = [
        (length, f"{module.at(node)}: {node.name}")
        for module in package
        for node in functions(module.tree)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES
    ]
    return sorted(found, reverse=True)


def unnamed_codes(root: Path) -> list[str]:
    """Codes that no test names."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests").rglob("*.py")))
    tables = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "reference/codes").glob("*.toml")))
    codes = [line.strip("[]") for line in tables.splitlines() if line.startswith("[")]
    return [code for code in codes if code not in tests]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it where the laws were tried; nothing fails."""
    if config.option.collectonly or config.option.markexpr:
        return
    long = long_functions(modules(ROOT))
    if long:
        worst = ", ".join(f"{where} ({length})" for length, where in long[:3])
        terminalreporter.write_line(f"advice: {len(long)} functions are over {LINES} lines, the longest: {worst}")
    unnamed = unnamed_codes(ROOT)
    if unnamed:
        terminalreporter.write_line(f"advice: {len(unnamed)} codes are named by no test: {', '.join(unnamed)}")
