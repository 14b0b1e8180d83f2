"""Charts from one declarative specification (Vega-Lite), drawn as SVG outside the serving process.

Colours are names of our tokens, so that one drawing serves light, dark and print. What comes back is looked through
before it stands on a page: no script, no style, no address. Whoever cannot see a chart has its sentence and its table.
"""

import hashlib
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import OrderedDict
from threading import Lock
from typing import Any, Final

from sarana.basics.errors import NotYet

SECONDS: Final = 30
KEPT: Final = 64
SVG: Final = "http://www.w3.org/2000/svg"
ELEMENTS: Final = frozenset({"svg", "g", "path", "line", "text", "rect", "circle", "title", "tspan"})
FORBIDDEN: Final = frozenset({"style", "href", "src"})

CONFIG: Final[dict[str, Any]] = {
    "font": "Noto Sans, Noto Sans Thai, Noto Sans Khmer, Noto Sans Lao, Noto Sans Myanmar, sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)",
        "gridColor": "var(--line)",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": 400,
        "labelLimit": 260,
    },
    "legend": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "labelFontSize": 13,
        "labelLimit": 0,
        "orient": "top",
    },
}

_drawn: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def draw(spec: dict[str, Any], *, says: str) -> str:
    """The chart as SVG that may stand on a page, with the sentence that tells what it shows.

    The same specification is drawn once: the last drawings are kept in memory.

    Raises:
        NotYet: PAGES-002 it could not be drawn in time; the table beside it holds the same figures.
    """
    asked = json.dumps({**spec, "config": CONFIG}, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{says}\n{asked}".encode()).hexdigest()
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    svg = tidy(_drawn_outside(asked), says=says)
    with _lock:
        _drawn[key] = svg
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return svg


def _drawn_outside(asked: str) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sarana.ground.pages.drawing"],
            input=asked,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as err:
        raise _undrawn() from err
    return done.stdout


def tidy(svg: str, *, says: str) -> str:
    """The drawing with only what a page may hold, scaling to its place, and named by its sentence.

    Raises:
        NotYet: PAGES-002 it holds something else.
    """
    ET.register_namespace("", SVG)
    try:
        root = ET.fromstring(svg)  # noqa: S314  (see the import)
    except ET.ParseError as err:
        raise _undrawn() from err
    for element in root.iter():
        if element.tag.removeprefix(f"{{{SVG}}}") not in ELEMENTS:
            raise _undrawn()
        for name in list(element.attrib):
            if name.startswith("on") or name.rpartition("}")[2] in FORBIDDEN:
                raise _undrawn()
            if name.startswith("aria-") or name == "role":
                del element.attrib[name]
    root.set("role", "img")
    root.set("aria-label", says)
    root.set("class", "chart")
    return ET.tostring(root, encoding="unicode")


def _undrawn() -> NotYet:
    return NotYet(
        "PAGES-002",
        "The chart could not be drawn.",
        cure="Its figures stand in the table; load the page again in a minute.",
    )
