"""Runs a script beside a test in a process of its own, because it kills what it starts, and reads what it tells."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]


def of_its_own(folder: Path) -> dict[str, str]:
    """What a script is told that has an installation on SQLite of its own, whose keys a key file opens."""
    return {
        "SARANA_MODE": "development",
        "SARANA_HOME": str(folder),
        "SARANA_KEYS": str(folder / "keys"),
        "SARANA_KEYFILE": str(folder / "stick" / "open.key"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
    }


def told_by(script: Path, *words: object, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a script tells as JSON, given these words; it must end well."""
    paths = f"{TESTS}{os.pathsep}{TESTS.parent / 'src'}"
    done = subprocess.run(
        [sys.executable, script, *map(str, words)],
        env={**os.environ, **(environment or {}), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
