"""Law 2: methods and basics import where Django, and everything that speaks to a network, cannot be imported."""

import subprocess
import sys
from pathlib import Path

from house.walking import make, modules

SHUT = ("django", "requests", "httpx", "urllib3", "aiohttp", "typer", "rich", "click")
"""Packages that the pure part of the house must do without."""

PROGRAM = """
import importlib, sys
shut, names = sys.argv[1].split(","), sys.argv[2].split(",")
sys.path.insert(0, sys.argv[3])
for name in shut:
    sys.modules[name] = None
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def import_all(root: Path) -> subprocess.CompletedProcess[str]:
    """Import every module of methods and basics in a fresh interpreter in which the shut packages do not exist."""
    names = [m.name for m in modules(root) if m.name.startswith(("sarana.methods", "sarana.basics"))]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(SHUT), ",".join(names), str(root / "src")],
        capture_output=True,
        text=True,
        check=False,
    )


def test_methods_and_basics_import_where_django_cannot_be_imported(house: Path) -> None:
    found = import_all(house)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) > 4, "too few modules were found to prove anything"


def test_the_law_catches_a_method_that_needs_django(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "src/sarana/__init__.py": "",
            "src/sarana/methods/__init__.py": "",
            "src/sarana/methods/broken.py": "import importlib\nimportlib.import_module('django')\n",
        },
    )
    found = import_all(tmp_path)
    assert found.returncode != 0
    assert "django" in found.stderr
