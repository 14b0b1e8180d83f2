"""Installs the wheel into an environment of its own and goes from invented people to the map, outside the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def carried(wheel: Path) -> set[str]:
    """The reference data and examples in the wheel, by their place in the checkout."""
    names = zipfile.ZipFile(wheel).namelist()
    return {n.removeprefix("sarana/_") for n in names if n.startswith(("sarana/_reference/", "sarana/_examples/"))}


def kept() -> set[str]:
    """The reference data and examples that git keeps."""
    listed = subprocess.run(
        ["git", "ls-files", "reference", "examples"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(listed.stdout.splitlines())


def lacking(wheel: Path) -> list[str]:
    """What the build had to put into the wheel, though git does not keep it."""
    names = zipfile.ZipFile(wheel).namelist()
    wanted = (
        "fonts/fonts.css",
        "maplibre-gl/maplibre-gl.mjs",
        "outlines.geojson",
        "licences/maplibre-gl.txt",
        "django.mo",
    )
    return [name for name in wanted if not any(each.endswith(name) for each in names)]


def main(work: Path) -> None:
    """Check what the wheel carries, then use it."""
    (wheel,) = (work / "wheel").glob("*.whl")
    missing = kept() - carried(wheel)
    assert not missing, f"the wheel lacks {sorted(missing)}"
    assert not lacking(wheel), f"the wheel lacks {lacking(wheel)}"
    uv, python = ROOT / ".venv/bin/uv", work / "venv/bin/python"
    subprocess.run([uv, "venv", "--quiet", "--python", ROOT / ".venv/bin/python", work / "venv"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel], check=True)
    sarana = work / "venv/bin/sarana"
    where = "from sarana.methods.reference import examples_folder; print(examples_folder())"
    found = subprocess.run([python, "-c", where], cwd=work, check=True, capture_output=True, text=True)
    examples = Path(found.stdout.strip())
    assert examples.is_relative_to(work), f"the examples were found in {examples}, not in the wheel"
    run = [
        "population",
        "run",
        examples / "chiang-mai/sources.toml",
        "--data",
        "province",
        "--out",
        "run",
        "--unsealed",
    ]
    for command in (["invent", "province", "--people", "1500", "--seed", "7", "--out", "province"], run):
        subprocess.run([sarana, *command], cwd=work, check=True, stdin=subprocess.DEVNULL)
    for name in ("people.parquet", "scores.parquet", "areas.parquet", "report.html", "run.toml"):
        assert (work / "run" / name).stat().st_size, name
    print(f"the wheel carries {len(carried(wheel))} files of reference and examples, and ran outside the checkout")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
