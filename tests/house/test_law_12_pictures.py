"""Law 12: the pictures in the manual are those that the journeys take, and they are small."""

import re
from pathlib import Path

import pytest

from house.walking import make

SHOWN = re.compile(r"!\[[^\]]*\]\((?:\.\./)*pictures/([\w-]+)\.png\)")
TAKEN = re.compile(r"\.take\(\"([\w-]+)\"\)")
LARGEST_BYTES = 150_000


def breaches(root: Path) -> list[str]:
    """Pictures that are shown, taken or kept, but not all three; and large ones."""
    shown = {name for page in (root / "docs").rglob("*.md") for name in SHOWN.findall(page.read_text("utf-8"))}
    taken = {name for test in (root / "tests/journeys").glob("*.py") for name in TAKEN.findall(test.read_text("utf-8"))}
    kept = {path.stem: path.stat().st_size for path in (root / "docs/pictures").glob("*")}
    odd = [
        f"{name}: shown, taken and kept are not one"
        for name in shown | taken | set(kept)
        if not (name in shown and name in taken and name in kept)
    ]
    return sorted(odd) + [f"{name}: {size} bytes" for name, size in kept.items() if size > LARGEST_BYTES]


WHOLE = {
    "docs/a.md": "![Today](../pictures/today.png)",
    "tests/journeys/test_a.py": 'visitor.take("today")',
    "docs/pictures/today.png": "x",
}


def test_the_manual_shows_what_the_journeys_take(house: Path) -> None:
    assert breaches(house) == []


@pytest.mark.parametrize("broken", [{"docs/a.md": ""}, {"tests/journeys/test_a.py": ""}, {"docs/pictures/b.png": "x"}])
def test_a_picture_from_elsewhere_breaks_the_law(tmp_path: Path, broken: dict[str, str]) -> None:
    make(tmp_path, WHOLE)
    assert breaches(tmp_path) == []
    make(tmp_path, broken)
    assert breaches(tmp_path) != []
