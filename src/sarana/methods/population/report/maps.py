"""The two maps of subdistricts side by side, drawn as pictures that need no script, with their legends."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sarana.methods.areas.classes import CLASSES, MapClasses, split_rates
from sarana.methods.population.report.figures import Atlas
from sarana.methods.population.report.markup import Html, joined, tag
from sarana.methods.population.report.shapes import Drawing, draw_areas
from sarana.methods.population.report.tables import chip
from sarana.methods.population.report.values import AreaOutline
from sarana.methods.population.report.words import Words

CHIPS = Html(
    '<pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="9" height="9" class="hatch-ground"/><path d="M0 0v9" class="hatch-line"/></pattern>'
    '<g id="chip-high"><circle r="10" class="high"/><circle r="4" class="on-high"/></g>'
    '<g id="chip-mid"><path d="M0-11 11 0 0 11-11 0z" class="mid"/></g>'
    '<g id="chip-low"><path d="M-9-9h18v18h-18z" class="low"/></g>'
    '<g id="chip-none"><path d="M-9-9h18v18h-18z" class="none"/></g>'
    '<g id="mark-high"><circle r="1"/></g><g id="mark-mid"><path d="M0-1.3 1.3 0 0 1.3-1.3 0z"/></g>'
    '<g id="mark-low"><path d="M-.8-.8h1.6v1.6h-1.6z"/></g>'
)
"""Symbols drawn once for the whole file: the bands differ in shape and in lightness, not in colour alone."""


@dataclass(frozen=True, slots=True)
class MapBook:
    """The maps of one level: outlines, class limits, and the class of every area, with and without legal status."""

    level: str
    drawing: Drawing
    limits: MapClasses
    with_status: Mapping[str, str]
    without_status: Mapping[str, str]
    parts: Mapping[str, tuple[int, ...]]
    """The places in the drawing of the outlines that an area is made of."""


def draw_outlines(atlas: Atlas, shapes: Iterable[AreaOutline]) -> Drawing:
    """Draw the outlines of subdistricts once for all maps, with the borders and names of their districts."""
    outlines = [s for s in shapes if s.level == "subdistrict"]
    return draw_areas(outlines, {s.code: atlas.parent_of("subdistrict", s.code) for s in outlines})


def map_book(atlas: Atlas, drawing: Drawing, level: str) -> MapBook:
    """Lay out the classes of subdistricts or districts; the second map keeps the limits of the first."""
    figures = atlas.areas(level, "en")
    limits = split_rates(f.rate for f in figures)
    parts: dict[str, tuple[int, ...]] = {}
    for n, area in enumerate(drawing.areas):
        code = area.code if level == "subdistrict" else atlas.parent_of("subdistrict", area.code)
        parts[code] = (*parts.get(code, ()), n)
    return MapBook(
        level,
        drawing,
        limits,
        {f.code: f.map_class or "none" for f in figures},
        {f.code: f.map_class_without_status or "none" for f in figures},
        parts,
    )


def shared_shapes(drawing: Drawing) -> Html:
    """Outlines and symbols, drawn once and out of sight; every map of the file points at them."""
    outlines = "".join(f'<path id="a{n}" d="{area.path}"/>' for n, area in enumerate(drawing.areas))
    borders = f'<path id="borders" d="{drawing.borders}"/>' if drawing.borders else ""
    return Html(
        '<svg class="store" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{CHIPS}{outlines}{borders}</defs></svg>"
    )


def map_pair(words: Words, atlas: Atlas, book: MapBook) -> Html:
    """The map with all indicators and, beside it, the one without legal status."""
    pair = (_Map(words, atlas, book, with_status=with_status).figure() for with_status in (True, False))
    return tag("div", *pair, class_="side-by-side")


@dataclass(frozen=True, slots=True)
class _Map:
    """One map in one language."""

    words: Words
    atlas: Atlas
    book: MapBook
    with_status: bool

    @property
    def kind(self) -> str:
        return "with" if self.with_status else "without"

    @property
    def classes(self) -> Mapping[str, str]:
        return self.book.with_status if self.with_status else self.book.without_status

    def figure(self) -> Html:
        """The map with heading, legend and notice; without outlines the legend stands alone and says so."""
        words, drawing = self.words, self.book.drawing
        picture = self._picture() if drawing.areas else tag("p", words("map-no-shapes"), class_="empty")
        n_held = sum(
            1 for code, found in self.book.with_status.items() if found != "none" and self.classes[code] == "none"
        )
        held = tag("p", words(f"map-held-{self.book.level}", n=n_held)) if n_held else None
        return tag(
            "figure",
            tag(
                "figcaption", tag("h3", words(f"map-{self.kind}-title")), tag("p", words(f"map-{self.kind}-says")), held
            ),
            tag("div", picture, self._legend(), class_="drawn wide" if _is_wide(drawing) else "drawn"),
            tag("p", words("notice"), class_="small-notice"),
            class_="card map",
        )

    def _picture(self) -> Html:
        words, drawing, level = self.words, self.book.drawing, self.book.level
        at = f"{words.language}-{level}-{self.kind}"
        counts = {c: sum(1 for code in self.book.parts if self._class_of(code) == c) for c in (*CLASSES, "none")}
        marks = self._marks()
        return tag(
            "svg",
            tag("title", words(f"map-{self.kind}-title"), id=f"{at}-t"),
            tag("desc", words(f"map-desc-{level}", **counts), id=f"{at}-d"),
            Html('<use href="#borders" class="halo"/>') if drawing.borders else None,
            tag("g", *(self._area(code, parts) for code, parts in self.book.parts.items()), class_="areas"),
            Html('<use href="#borders" class="borders"/>') if drawing.borders else None,
            tag("g", *marks, class_="marks"),
            _labels(words, self.atlas, drawing, below=0 if level == "subdistrict" else 34),
            tag("text", words("notice-short"), x=drawing.width // 2, y=drawing.height + 34, class_="stamp"),
            viewBox=f"0 0 {drawing.width} {drawing.height + 46}",
            role="img",
            aria_labelledby=f"{at}-t {at}-d",
        )

    def _class_of(self, code: str) -> str:
        return self.classes.get(code, "none")

    def _area(self, code: str, parts: tuple[int, ...]) -> Html:
        words, atlas, level = self.words, self.atlas, self.book.level
        names = [atlas.place(level, code).called(words.language)]
        if level == "subdistrict":
            names.append(atlas.place("district", atlas.parent_of(level, code)).called(words.language))
        figures, found = atlas.at(level, code), self._class_of(code)
        if found == "none":
            said = words("withheld-short" if figures and figures.protected else "no-figure-short")
        elif self.with_status and figures and figures.rate is not None:
            said = words("per-1000", rate=words.decimal(figures.rate))
        else:
            said = words(f"class-name-{found}")
        title = tag("title", words.listed(*names), Html(": "), said)
        if len(parts) == 1:
            return Html(f'<use href="#a{parts[0]}" class="{self._class_of(code)}">{title}</use>')
        return tag("g", title, *(Html(f'<use href="#a{n}"/>') for n in parts), class_=self._class_of(code))

    def _marks(self) -> list[Html]:
        if self.book.level == "subdistrict":
            places = [(area.code, area.x, area.y, area.symbol) for area in self.book.drawing.areas]
        else:
            places = [(code, x, y, 14) for code, x, y in self.book.drawing.labels]
        return [
            Html(f'<use href="#mark-{c}" class="on-{c}" transform="translate({x} {y})scale({size})"/>')
            for code, x, y, size in places
            if (c := self._class_of(code)) != "none"
        ]

    def _legend(self) -> Html:
        """Each class with its symbol, its limits, and how many areas fall into it."""
        counts = Counter(self.classes.values())
        lines = [self._legend_line(c, self._limits_of(c), counts[c]) for c in reversed(CLASSES) if counts[c]]
        n_none = sum(1 for code in {*self.classes, *self.book.parts} if self._class_of(code) == "none")
        if n_none:
            lines.append(self._legend_line("none", self.words("legend-none"), n_none))
        return tag("ul", *lines, class_="legend")

    def _limits_of(self, found: str) -> Html:
        """From which rate to which a class goes; of a class at an end, one limit."""
        words, limits = self.words, self.book.limits
        starts = {"low": None, "mid": limits.mid_from, "high": limits.high_from}
        above = [starts[c] for c in CLASSES[CLASSES.index(found) + 1 :] if starts[c] is not None]
        low, end = starts[found], above[0] if above else None
        if low is None:
            return words("legend-below", high=words.decimal(end)) if end is not None else Html("")
        if end is None:
            return words("legend-from", low=words.decimal(low))
        return words("legend-range", low=words.decimal(low), high=words.decimal((round(10 * end) - 1) / 10))

    def _legend_line(self, found: str, said: Html, n: int) -> Html:
        words = self.words
        counted = tag("small", words(f"legend-count-{self.book.level}", n=n))
        return tag("li", chip(found), tag("span", tag("b", words(f"class-{found}")), Html(" "), said, counted))


def limits_said(words: Words, book: MapBook) -> Html:
    """The limits of the classes as a sentence."""
    limits = book.limits
    if limits.mid_from is None and limits.high_from is None:
        return words(f"limits-nothing-{book.level}")
    if limits.high_from is None:
        return words(f"limits-none-{book.level}")
    high = words.decimal(limits.high_from)
    if limits.mid_from is None:
        return words("limits-two", high=high)
    return joined(words("limits-three", mid=words.decimal(limits.mid_from), high=high))


def _labels(words: Words, atlas: Atlas, drawing: Drawing, *, below: int) -> Html | None:
    """Names of districts, the largest first; a name that would cover another is left to the tables."""
    if len(drawing.labels) < 2:
        return None
    tall = 30 if _is_wide(drawing) else 23
    placed: list[tuple[float, float, float]] = []
    texts = []
    for code, x, middle_y in drawing.labels:
        y = middle_y + below
        name = atlas.place("district", code).called(words.language)
        half = (
            0.3
            * tall
            * sum(1 for sign in name if not unicodedata.combining(sign) and unicodedata.category(sign) != "Mn")
        )
        middle = min(max(x, half), drawing.width - half)
        if all(abs(middle - other) > half + its_half or abs(y - level) > tall for other, level, its_half in placed):
            placed.append((middle, y, half))
            texts.append(tag("text", name, x=round(middle), y=y))
    return tag("g", *texts, class_="names", aria_hidden="true")


def _is_wide(drawing: Drawing) -> bool:
    """Whether the map is too wide to stand beside its legend."""
    return drawing.width > 0.8 * drawing.height
