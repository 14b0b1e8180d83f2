"""Law 1: imports point downwards, only the engine's door knows DuckDB, and no web or network lives in the methods."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BREAKS = {
    "wings": ("sarana/basics/broken.py", "import sarana.methods.engine"),
    "methods": ("sarana/methods/engine.py", "import sarana.methods.reference"),
    "invented": ("sarana/methods/invented/broken.py", "import sarana.methods.names"),
    "engine": ("sarana/methods/runs/broken.py", "import duckdb"),
    "pure": ("sarana/methods/runs/broken.py", "import socket"),
}


def lint_imports(root: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Check the contracts of a root's pyproject.toml against the `sarana` in its `src`."""
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", *chosen],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_downwards(house: Path) -> None:
    found = lint_imports(house)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("contract", BREAKS)
def test_the_law_catches_an_import_that_looks_up(house: Path, tmp_path: Path, contract: str) -> None:
    shutil.copytree(house / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(house / "pyproject.toml", tmp_path)
    name, line = BREAKS[contract]
    path = tmp_path / "src" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")

    found = lint_imports(tmp_path, contract)

    assert found.returncode == 1, found.stdout + found.stderr
    assert "BROKEN" in found.stdout


def test_the_law_catches_a_room_nobody_placed(house: Path, tmp_path: Path) -> None:
    shutil.copytree(house / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(house / "pyproject.toml", tmp_path)
    (tmp_path / "src/sarana/methods/cellar.py").write_text('"""A room nobody planned."""\n', encoding="utf-8")

    found = lint_imports(tmp_path, "methods")

    assert found.returncode == 1, found.stdout + found.stderr
    assert "cellar" in found.stdout + found.stderr
