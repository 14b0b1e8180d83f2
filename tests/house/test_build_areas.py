"""The build reads areas out of pinned packages, with their licences, and keeps nothing else of them."""

import tomllib
from pathlib import Path

import pytest
from frontend import gazetteers

ROOT = Path(gazetteers.__file__).resolve().parents[1]
SOURCES = tomllib.loads((ROOT / gazetteers.SOURCES).read_text("utf-8"))
PACKAGED = {code: source for code, source in SOURCES.items() if "package" in source}


@pytest.fixture(scope="module")
def fetched() -> Path:
    """What the build of this checkout made."""
    return ROOT / gazetteers.PLACE / gazetteers.stamp(ROOT)


def test_what_was_made_is_of_these_sources(fetched: Path) -> None:
    assert fetched.is_dir(), "run ./dev: the sources of areas have changed"
    assert [path.name for path in fetched.parent.iterdir()] == [fetched.name]
    wanted = {f"{code}{end}" for code in PACKAGED for end in (".csv", ".changes.csv", ".licence.txt")}
    assert {path.name for path in fetched.iterdir()} == wanted
    assert set(PACKAGED) == set(gazetteers.MAKERS)


def test_packages_are_pinned_as_the_sources_say() -> None:
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert {f"{source['package']}=={source['version']}" for source in PACKAGED.values()} <= set(needs)


def test_each_package_brings_its_licence(fetched: Path) -> None:
    for code in PACKAGED:
        told = (fetched / f"{code}.licence.txt").read_text("utf-8").lower()
        assert "mit license" in told or "creative commons" in told or "terms of use" in told, code


def test_another_version_than_the_pinned_one_is_not_read() -> None:
    with pytest.raises(SystemExit, match="pin both alike"):
        gazetteers._folder("pytest", "0.0.1")


def test_a_code_that_the_source_gives_to_several_villages_is_left_out() -> None:
    rows: list[gazetteers.Row] = [
        {"level": 3, "code": "KH010101", "parent": "KH0101"},
        {"level": 4, "code": "KH01010101", "parent": "KH010101"},
        {"level": 4, "code": "KH01010102", "parent": "KH010101"},
        {"level": 4, "code": "KH01010102", "parent": "KH010101"},
        {"level": 4, "code": "KH01019901", "parent": "KH010199"},
    ]
    assert gazetteers._without_muddle(rows) == rows[:2]
