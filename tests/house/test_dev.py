"""`./dev` on machines that lack what it needs: one sentence, no trace, nothing half made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = ("sh", "cat", "cksum", "dirname", "rm", "mkdir")


@pytest.fixture
def bare(house: Path, tmp_path: Path) -> Path:
    """A checkout with `dev` alone, and a folder of tools without any Python."""
    for name in ("dev", "pyproject.toml", "uv.lock"):
        shutil.copy(house / name, tmp_path)
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or f"no {name}")
    return tmp_path


def call(bare: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call `./dev test` with nothing of this machine but the tools."""
    return subprocess.run(
        ["./dev", "test"],
        cwd=bare,
        env={"PATH": str(bare / "bin"), "HOME": str(bare / "home"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_dev_says_in_one_sentence_that_there_is_no_python(bare: Path) -> None:
    said = call(bare)
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr == (
        "dev: no Python 3.13 was found here or could be fetched: install it, or name one in SARANA_PYTHON.\n"
    )
    assert not (bare / ".venv").exists()


def test_dev_refuses_a_python_that_is_another_version(bare: Path) -> None:
    old = bare / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    said = call(bare, SARANA_PYTHON=str(old))
    assert said.returncode == 1
    assert said.stderr == f"dev: SARANA_PYTHON is set to '{old}', which does not run as Python 3.13.\n"


def test_dev_passes_over_a_shim_that_does_not_run(bare: Path) -> None:
    """A version manager's shim named python3.13 fails where that version is not the chosen one; the next one counts."""
    shim = bare / "bin/python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    (bare / "bin/python3").symlink_to(sys.executable)
    said = call(bare, PIP_NO_INDEX="1")
    assert "Setting up .venv with" in said.stderr
    assert "no Python 3.13" not in said.stderr
    assert said.stderr.endswith("dev: pip could not fetch uv: see that a Python package registry can be reached.\n")


def test_dev_hands_on_at_once_when_all_is_in_place(bare: Path) -> None:
    tools = bare / ".venv/bin"
    tools.mkdir(parents=True)
    (tools / "just").write_text('#!/bin/sh\necho "just $*"\n', encoding="utf-8")
    (tools / "just").chmod(0o755)
    stamp = 'printf "%s %s" "$(pwd)" "$(cat pyproject.toml uv.lock | cksum)" > .venv/stamp'
    subprocess.run(["sh", "-c", stamp], cwd=bare, check=True)
    said = call(bare)
    assert (said.returncode, said.stdout, said.stderr) == (0, "just --justfile justfile test\n", "")


@pytest.mark.parametrize(
    "changed", ["uv.lock", "frontend/package-lock.json", "src/sarana/locale/th/LC_MESSAGES/django.po"]
)
def test_dev_builds_again_when_a_lock_or_a_catalogue_has_changed(bare: Path, changed: str) -> None:
    for name in ("frontend/package-lock.json", "src/sarana/locale/th/LC_MESSAGES/django.po"):
        (bare / name).parent.mkdir(parents=True)
        (bare / name).write_text("old", encoding="utf-8")
    tools = bare / ".venv/bin"
    tools.mkdir(parents=True)
    (tools / "python").symlink_to(sys.executable)
    for tool in ("just", "uv"):
        (tools / tool).write_text(f'#!/bin/sh\necho "{tool} $1" >> called\n', encoding="utf-8")
        (tools / tool).chmod(0o755)
    call(bare)
    call(bare)
    (bare / changed).write_text("new", encoding="utf-8")
    call(bare)
    called = (bare / "called").read_text("utf-8").split("\n")
    assert called == ["uv sync", "just --justfile", "just --justfile", "uv sync", "just --justfile", ""]
