"""The three bands of a map differ for whoever sees colours otherwise: measured, in light and dark.

Source of the simulation: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes 2009, A Physiologically-based Model for
Simulation of Color Vision Deficiency, IEEE Transactions on Visualization and Computer Graphics 15(6), 1291-1298; the
matrices for a severity of 1.0, applied to linear RGB. Source of the distance: CIE 15:2004, CIELAB under D65, and
G. Sharma, W. Wu, E. N. Dalal 2005, The CIEDE2000 Color-Difference Formula, Color Research and Application 30(1), 21-30.
"""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sarana.learning.population.files.writing import COLOURS

SEEN_AS = {
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
BAR = 15.0
"""Two bands are at least so far apart in CIEDE2000; 2.3 is just seen, and 10 is told apart at a glance."""

LIGHTER = 1.25
"""And so many times lighter, which a copier in black and white keeps: the bar of the report's bands."""

BANDS = ("high", "mid", "low")
SHEET = "src/sarana/ground/pages/static/pages/sarana.css"
Colour = NDArray[np.float64]


def tokens(house: Path) -> list[dict[str, str]]:
    """The colours of the bands in each scheme of the style sheet: light, dark by the system, dark by choice, paper."""
    text = (house / SHEET).read_text(encoding="utf-8")
    found = [re.findall(rf"--{band}:\s*(#[0-9a-f]{{6}})", text) for band in BANDS]
    return [dict(zip(BANDS, colours, strict=True)) for colours in zip(*found, strict=True)]


def linear(colour: str) -> Colour:
    """A colour of the web as light: IEC 61966-2-1."""
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> Colour:
    """Light as CIELAB under D65."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = to_xyz @ light / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(one: Colour, other: Colour) -> float:
    """How far two colours are apart, in CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (float(np.degrees(np.arctan2(b, a * stretch))) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    angle = np.radians
    weight = (
        1
        - 0.17 * np.cos(angle(hue - 30))
        + 0.24 * np.cos(angle(2 * hue))
        + 0.32 * np.cos(angle(3 * hue + 6))
        - 0.20 * np.cos(angle(4 * hue - 63))
    )
    s_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    twist = 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(2 * angle(30 * np.exp(-(((hue - 275) / 25) ** 2))))
    parts = ((l2 - l1) / s_light, (c2 - c1) / s_chroma, d_hue / s_hue)
    return float(np.sqrt(sum(part**2 for part in parts) - twist * parts[1] * parts[2]))


def seen(colour: str, how: str) -> Colour:
    """A colour as somebody sees it."""
    return lab(np.clip(np.array(SEEN_AS[how]) @ linear(colour), 0, 1))


@pytest.mark.parametrize("how", SEEN_AS)
def test_the_bands_differ_for_every_eye_in_light_in_dark_and_on_paper(house: Path, how: str) -> None:
    schemes = tokens(house)
    assert len(schemes) == 4
    for scheme in schemes:
        for one, other in itertools.combinations(BANDS, 2):
            colours = seen(scheme[one], how), seen(scheme[other], how)
            assert apart(*colours) >= BAR, (how, one, other, scheme, apart(*colours))


def test_the_bands_differ_in_lightness_too(house: Path) -> None:
    for scheme in tokens(house):
        shades = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(scheme[band])) for band in BANDS)
        assert all((b + 0.05) / (a + 0.05) >= LIGHTER for a, b in itertools.pairwise(shades)), scheme


def test_a_plain_red_and_green_would_not_pass() -> None:
    """The measure bites: the colours of a traffic light, which most maps of this kind have."""
    red, green = (seen(colour, "deuteranopia") for colour in ("#b06000", "#7a8000"))
    assert apart(red, green) < BAR


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_distance_is_the_one_of_its_authors(
    one: tuple[float, ...], other: tuple[float, ...], distance: float
) -> None:
    """Pairs 1, 17, 34 and 25 of the table that Sharma, Wu and Dalal published for trying programs."""
    assert apart(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


def test_files_carry_the_colours_of_the_light_page(house: Path) -> None:
    assert {band: COLOURS[band] for band in BANDS} == tokens(house)[0]
