"""Breaks the policy on purpose, one small change at a time, and counts how many changes the tests notice (A-19).

    ./dev mutants

Works on a copy outside the checkout, with mutmut: every function of the two modules that decide is changed in every way
that mutmut knows, and the tests of the policy are run on each. Passes at nine tenths noticed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("src/sarana/basics/policy.py", "src/sarana/ground/rules.py")
TESTS = ("tests/basics", "tests/ground/rules")
COPIED = ("src", "tests", "reference", "examples", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
ENOUGH = 0.9

SETTINGS = f"""
[tool.mutmut]
source_paths = ["src"]
only_mutate = {json.dumps(MODULES)}
pytest_add_cli_args_test_selection = {json.dumps(TESTS)}
also_copy = ["reference", "examples", "tests"]
"""

NOTICED = ("killed", "timeout", "segfault", "suspicious")


def _copy(to: Path) -> None:
    for name in COPIED:
        whole = ROOT / name
        if whole.is_dir():
            shutil.copytree(whole, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(whole, to / name)
    with (to / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)


def _mutmut(folder: Path, *words: str) -> str:
    program = Path(sys.executable).with_name("mutmut")
    environment = {**os.environ, "SARANA_TEST_SCALE": "0.02"}
    done = subprocess.run([program, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-2000:])
        raise SystemExit(done.returncode)
    return done.stdout


def main() -> int:
    """Break, run, count, and list what nobody noticed."""
    with tempfile.TemporaryDirectory(prefix="sarana-mutants-") as kept:
        folder = Path(kept)
        _copy(folder)
        _mutmut(folder, "run", "--max-children", str(os.process_cpu_count() or 1))
        found = [
            line.rsplit(": ", 1) for line in _mutmut(folder, "results", "--all", "true").splitlines() if ": " in line
        ]
        fates = {name.strip(): fate.strip() for name, fate in found}
        unseen = sorted(name for name, fate in fates.items() if fate not in NOTICED)
        for name in unseen:
            print(f"{fates[name]}: {name}\n{_mutmut(folder, 'show', name)}")
    share = 1 - len(unseen) / len(fates) if fates else 0.0
    print(f"{len(fates) - len(unseen)} of {len(fates)} changes were noticed: {share:.1%}; {ENOUGH:.0%} at least.")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    raise SystemExit(main())
