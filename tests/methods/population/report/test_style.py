"""Colours that can be read: every text on its ground, light and dark, and bands that differ in lightness."""

import re
from importlib import resources
from itertools import pairwise

import pytest

CSS = (resources.files("sarana.methods.population.report") / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}
ON_GROUNDS = [(text, ground) for text in ("ink", "ink-2", "link") for ground in ("paper", "surface")]
TEXTS = [*ON_GROUNDS, ("notice-ink", "notice"), ("on-brand", "brand"), ("ink", "brand-2")]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bands_differ_in_lightness_and_their_marks_stand_out(scheme: str) -> None:
    colours = SCHEMES[scheme]
    bands = sorted(luminance(colours[band]) for band in ("high", "mid", "low"))
    assert all((b + 0.05) / (a + 0.05) >= 1.25 for a, b in pairwise(bands))
    assert contrast(colours["on-high"], colours["high"]) >= 4.5
    assert contrast("#1e2933", colours["mid"]) >= 4.5
    assert contrast("#1e2933", colours["low"]) >= 4.5
    assert contrast(colours["hatch"], colours["none"]) >= 3


def test_the_colours_of_the_bands_are_those_of_the_house() -> None:
    assert {band: LIGHT[band] for band in ("high", "mid", "low")} == {
        "high": "#98302b",
        "mid": "#f0be45",
        "low": "#cfe3c8",
    }


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, after WCAG 2.2."""
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
