"""What a map and the table beside it show: one choice, one list of areas, one band for each, told in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.basics.actors import Actor
from sarana.learning.population import policy
from sarana.learning.population.models import AreaLevel, Band, Drawing, Figure, Run
from sarana.learning.population.queries import ALL
from sarana.methods.areas.classes import MapClasses
from sarana.methods.population.protected_tables import MAPPED
from sarana.methods.questions.intervals import score_interval

NONE = "none"
WITHOUT = "without-status"
BETTER = "better"
BANDS: Mapping[str, Any] = {
    **{str(band.value): band.label for band in reversed(Band)},
    NONE: gettext_lazy("not said"),
}
GROUPS: Mapping[str, Any] = {
    ALL: gettext_lazy("everybody"),
    "sex=F": gettext_lazy("women and girls"),
    "sex=M": gettext_lazy("men and boys"),
    "sex=U": gettext_lazy("sex not known"),
    "age=0-5": gettext_lazy("0 to 5 years"),
    "age=6-11": gettext_lazy("6 to 11 years"),
    "age=12-17": gettext_lazy("12 to 17 years"),
    "age=18-24": gettext_lazy("18 to 24 years"),
    "age=25-59": gettext_lazy("25 to 59 years"),
    "age=60+": gettext_lazy("60 years and over"),
    "age=U": gettext_lazy("age not known"),
}
STEP = re.compile(r"-?\d+")
MOST_INDICATOR, MOST_SECTOR = 40, 120
EDGE = 12
LETTERS = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks for: the level, the group, the district, which areas, and what is shown of them."""

    level: str
    group: str = ALL
    within: str = ""
    is_without: bool = False
    is_better: bool = False
    indicator: str = ""
    sector: str = ""

    @property
    def is_index(self) -> bool:
        """True where the map shows the index, and neither one indicator nor one sector."""
        return not (self.indicator or self.sector)

    @property
    def is_mapped(self) -> bool:
        """True for levels that have classes, and so a map."""
        return self.level in MAPPED or self.is_of_villages

    @property
    def is_of_villages(self) -> bool:
        """True for villages, which are drawn around their points."""
        return self.level == AreaLevel.VILLAGE

    def as_data(self) -> dict[str, str]:
        """As the form shows it."""
        which = WITHOUT if self.is_without else ""
        return {
            "level": self.level,
            "group": self.group,
            "within": self.within or ALL,
            "which": which,
            "indicator": self.indicator,
            "sector": self.sector,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One area as the table shows it, and the map: the same numbers in both."""

    figure: Figure
    name: str
    within: str
    rate: float | None
    low: float | None
    high: float | None
    n_scored: int | None
    band: str
    address: str
    """Where its own page is; "" for a group, which has none."""

    @property
    def band_words(self) -> str:
        """Its band in words."""
        return str(BANDS[self.band])

    @property
    def told_rate(self) -> str:
        """Its rate as it is written everywhere, with one decimal; "" where it is withheld."""
        return "" if self.rate is None else f"{self.rate:,.1f}"

    @property
    def told_interval(self) -> str:
        """Its interval, written alike."""
        return "" if self.low is None or self.high is None else f"{self.low:,.1f}–{self.high:,.1f}"

    @property
    def told_scored(self) -> str:
        """How many people the rate rests on."""
        return "" if self.n_scored is None else f"{self.n_scored:,}"

    @property
    def says(self) -> str:
        """Its name and its rate in one line, for whoever points at it."""
        if self.rate is None:
            return f"{self.name}: {self.band_words}"
        told = {"name": self.name, "rate": self.told_rate, "band": self.band_words}
        return _("%(name)s: %(rate)s per 1,000, %(band)s") % told


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of the map: its outline, its band, where it leads; without an area it is ground beside what is asked."""

    path: str
    band: str = ""
    address: str = ""
    says: str = ""
    is_loose: bool = False
    """True of a village of which it is known in which subdistrict it lies, and not where."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a band on the map, which differs in shape."""

    band: str
    x: int
    y: int
    size: int

    @property
    def diamond(self) -> str:
        """The sign of the middle band as a path."""
        size = self.size
        return f"M{self.x} {self.y - size}l{size} {size} {-size} {size} {-size} {-size}z"

    @property
    def left(self) -> int:
        """The left side of the square of the lowest band."""
        return self.x - self.size // 2

    @property
    def top(self) -> int:
        """Its upper side."""
        return self.y - self.size // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole map, ready to be drawn."""

    box: str
    letters: int
    """The size of names, in units of the drawing: as large to the eye, whichever part is shown."""

    patches: tuple[Patch, ...]
    signs: tuple[Sign, ...]
    labels: tuple[tuple[str, int, int], ...]
    borders: str
    marks: tuple[tuple[str, str], ...] = ()
    """By band, the signs of so many areas that patches would be too small, as one path."""


def level_asked(run: Run, asked: Mapping[str, str], own: str) -> str:
    """The level that an address asks for; else subdistricts for a district's officer, or where the run opens."""
    level = asked.get("level", "")
    if level in AreaLevel.values:
        return level
    return AreaLevel.SUBDISTRICT if own else run.opens_at


def choose(asked: Mapping[str, str], level: str, own: str, areas: Iterable[str], groups: frozenset[str]) -> Choice:
    """What an address asks for; what it does not say, or says wrongly, is as usual: an officer's own district first.

    `areas` are those in which it may ask to look: districts, and for villages subdistricts.

    An indicator or a sector is taken as it was said: what is wrong with it is told, for the index is no answer to it.
    """
    group, within, known = asked.get("group", ""), asked.get("within", own), frozenset(areas)
    is_wide = level in (AreaLevel.PROVINCE, AreaLevel.DISTRICT)
    return Choice(
        level,
        group if group in groups else ALL,
        "" if within not in known or is_wide else within,
        asked.get("which", "") == WITHOUT,
        asked.get("only", "") == BETTER and level == AreaLevel.SUBDISTRICT,
        asked.get("indicator", "")[:MOST_INDICATOR],
        asked.get("sector", "")[:MOST_SECTOR],
    )


def own_district(actor: Actor, run: Run, districts: Sequence[Figure]) -> str:
    """The one district in which somebody's mandate lies; "" where it is wider, or elsewhere."""
    mandates = [area for grant in actor.grants_as(policy.READERS) for area in grant.mandate]
    if any(run.area.startswith(area) for area in mandates):
        return ""
    return next((d.code for d in districts if any(area.startswith(d.area) for area in mandates)), "")


def limits_of(run: Run, level: str) -> MapClasses:
    """The limits of the classes of a level, from all people of the run; of villages those of subdistricts.

    So one colour is one rate on both maps, and nobody learns a rate of a village that lies outside her mandate.
    """
    of = AreaLevel.SUBDISTRICT if level == AreaLevel.VILLAGE else level
    mid_from, high_from = run.limits.get(of, (None, None))
    return MapClasses(mid_from, high_from)


def class_of(figure: Figure, run: Run) -> str:
    """The class of all people of an area; the tables hold those of wider areas, and a village is held to its limits."""
    if figure.level != AreaLevel.VILLAGE:
        return figure.band or NONE
    return _held_to(limits_of(run, figure.level), figure.rate)


def _held_to(limits: MapClasses, rate: float | None) -> str:
    """The class of a rate; none where there are no limits, for then there is nothing to compare it with."""
    return NONE if limits.mid_from is None and limits.high_from is None else limits.of(rate)


def per_1000(part: int, whole: int) -> float:
    """A rate per 1,000 with one decimal, half up, as the table of areas has it."""
    return (20000 * part + whole) // (2 * whole) / 10


def shown(
    figures: Iterable[Figure], limits: MapClasses, choice: Choice, names: Mapping[str, str], language: str
) -> dict[int, Shown]:
    """Areas as both the map and the table show them, by the number of their row."""
    pages = f"{reverse('population:runs')}areas/"
    suffix = "_without_status" if choice.is_without else ""
    found = {}
    for figure in figures:
        rate, low, high, n_scored = _of_index(figure, suffix) if choice.is_index else _of_answers(figure)
        is_banded = choice.is_index and figure.group == ALL and not choice.is_of_villages
        band = getattr(figure, f"band{suffix}") if is_banded else _held_to(limits, rate)
        found[figure.pk] = Shown(
            figure=figure,
            name=figure.called(language),
            within=names.get(figure.parent, ""),
            rate=rate,
            low=low,
            high=high,
            n_scored=n_scored,
            band=band if band and choice.is_mapped else NONE,
            address=f"{pages}{figure.ref}/" if figure.group == ALL else "",
        )
    return found


def _of_index(figure: Figure, suffix: str) -> tuple[float | None, float | None, float | None, int | None]:
    rate, low, high, n_scored = (getattr(figure, f"{name}{suffix}") for name in ("rate", "low", "high", "n_scored"))
    return rate, low, high, n_scored


def _of_answers(figure: Any) -> tuple[float | None, float | None, float | None, int | None]:
    """The rate of an indicator or a sector, with its interval, of a figure that says of how many it is told."""
    part, whole = figure.told_in, figure.told_known
    if part is None or not whole:
        return None, None, None, None
    low, high = score_interval(part, whole)
    return per_1000(part, whole), round(1000 * low, 1), round(1000 * high, 1), whole


def picture(drawing: Drawing, areas: Iterable[Shown], choice: Choice, names: Mapping[str, str]) -> Picture:
    """The map of these areas; what lies beside them is ground."""
    found = {area.figure.code: area for area in areas}
    by_district = choice.level == AreaLevel.DISTRICT
    patches, signs, box = [], [], _Box(drawing.width, drawing.height)
    lines: dict[str, list[str]] = {}
    for code, district, path, x, y, size in drawing.areas:
        area = found.get(district if by_district else code)
        if by_district:
            lines.setdefault(district, []).append(path)
        else:
            is_beside = choice.within not in ("", district) or (choice.is_better and area is None)
            patches.append(Patch(path) if is_beside else _patch(path, area))
        if area is not None and choice.within:
            box.hold(path)
        if area is not None and not by_district and area.band != NONE:
            signs.append(Sign(area.band, x, y, size))
    labels = [(names.get(code, code), x, y) for code, x, y in drawing.labels if choice.within in ("", code)]
    if by_district:
        patches = [_patch("".join(paths), found.get(district)) for district, paths in lines.items()]
        placed = ((found.get(code), x, y) for code, x, y in drawing.labels)
        signs = [Sign(area.band, x, y - 34, 13) for area, x, y in placed if area is not None and area.band != NONE]
    return Picture(
        box.told(), round(LETTERS * box.share()), tuple(patches), tuple(signs), tuple(labels), drawing.borders
    )


def undrawn(drawing: Drawing, areas: Iterable[Shown], choice: Choice) -> list[str]:
    """The names of areas that the table has and the map has not: no outline of theirs was in the boundary file."""
    drawn = {district if choice.level == AreaLevel.DISTRICT else code for code, district, *_more in drawing.areas}
    return [area.name for area in areas if area.figure.code not in drawn]


def _patch(path: str, area: Shown | None) -> Patch:
    if area is None:
        return Patch(path, NONE)
    return Patch(path, area.band, area.address, area.says)


class _Box:
    """The part of the drawing that is shown: all of it, or what holds some paths."""

    def __init__(self, width: int, height: int) -> None:
        """All of it, until something is held."""
        self.whole = (0, 0, width, height)
        self.points: list[tuple[int, int]] = []

    def hold(self, path: str) -> None:
        """Hold a path made of whole, relative steps."""
        for ring in filter(None, path.split("M")):
            steps = [int(step) for step in STEP.findall(ring)]
            x, y = 0, 0
            for dx, dy in zip(steps[::2], steps[1::2], strict=False):
                x, y = x + dx, y + dy
                self.points.append((x, y))

    def part(self) -> tuple[int, int, int, int]:
        """Its left side, its upper side, its width and its height."""
        if not self.points:
            return self.whole
        xs, ys = zip(*self.points, strict=True)
        left, top = min(xs) - EDGE, min(ys) - EDGE
        return left, top, max(xs) - left + EDGE, max(ys) - top + EDGE

    def told(self) -> str:
        """As SVG says it."""
        return " ".join(map(str, self.part()))

    def share(self) -> float:
        """How large it is beside all of the drawing."""
        _left, _top, width, height = self.part()
        return max(width / self.whole[2], height / self.whole[3])


def legend(limits: MapClasses) -> list[dict[str, Any]]:
    """The bands with the rates that they begin with."""
    begins = {Band.HIGH.value: limits.high_from, Band.MID.value: limits.mid_from}
    means = {band: _("from %(rate)s per 1,000") % {"rate": f"{rate:,.1f}"} for band, rate in begins.items() if rate}
    return [{"band": band, "words": words, "means": means.get(band, "")} for band, words in BANDS.items()]
