"""The two maps of subdistricts side by side, drawn as pictures that need no script, with their legends."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sarana.methods.population.report.classes import CLASSES, MapClasses, split_rates
from sarana.methods.population.report.figures import Atlas, Figures
from sarana.methods.population.report.markup import Html, escaped, joined, tag
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
    """What both maps and both languages share: outlines, class limits, and the class of every subdistrict."""

    drawing: Drawing
    limits: MapClasses
    with_status: Mapping[str, str]
    without_status: Mapping[str, str]
    numbers: Mapping[str, int]
    """The number under which an area's outline is drawn once and used again."""


def map_book(atlas: Atlas, shapes: Iterable[AreaOutline]) -> MapBook:
    """Draw the outlines and put every subdistrict into a class; the second map keeps the limits of the first."""
    figures = atlas.areas("subdistrict", "en")
    limits = split_rates(f.rate for f in figures)
    outlines = [s for s in shapes if s.level == "subdistrict"]
    drawing = draw_areas(outlines, {s.code: atlas.parent_of("subdistrict", s.code) for s in outlines})
    return MapBook(
        drawing,
        limits,
        {f.code: limits.of(f.rate) for f in figures},
        {f.code: limits.of(f.rate_without_status) for f in figures},
        {area.code: n for n, area in enumerate(drawing.areas)},
    )


def shared_shapes(book: MapBook) -> Html:
    """Outlines and symbols, drawn once and out of sight; every map of the file points at them."""
    outlines = "".join(f'<path id="a{book.numbers[a.code]}" d="{a.path}"/>' for a in book.drawing.areas)
    borders = f'<path id="borders" d="{book.drawing.borders}"/>' if book.drawing.borders else ""
    return Html(
        '<svg class="store" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{CHIPS}{outlines}{borders}</defs></svg>"
    )


def map_figure(words: Words, atlas: Atlas, book: MapBook, *, with_status: bool) -> Html:
    """One map with heading, legend and notice; without shapes the legend stands alone and says so."""
    kind = "with" if with_status else "without"
    classes = book.with_status if with_status else book.without_status
    heading = words(f"map-{kind}-title")
    picture = (
        _picture(words, atlas, book, classes)
        if book.drawing.areas
        else tag("p", words("map-no-shapes"), class_="empty")
    )
    n_held = sum(1 for code, found in book.with_status.items() if found != "none" and classes[code] == "none")
    held = tag("p", words("map-held", n=n_held)) if n_held else None
    return tag(
        "figure",
        tag("figcaption", tag("h3", heading), tag("p", words(f"map-{kind}-says")), held),
        tag(
            "div",
            picture,
            _legend(words, atlas, book, classes, with_status=with_status),
            class_=_frame_class(book.drawing),
        ),
        tag("p", words("notice"), class_="small-notice"),
        class_="card map",
    )


def _picture(words: Words, atlas: Atlas, book: MapBook, classes: Mapping[str, str]) -> Html:
    drawing = book.drawing
    kind = "with" if classes is book.with_status else "without"
    at = f"{words.language}-{kind}"
    bottom = 46
    counts = {c: sum(1 for a in drawing.areas if classes.get(a.code, "none") == c) for c in (*CLASSES, "none")}
    return tag(
        "svg",
        tag("title", words(f"map-{kind}-title"), id=f"{at}-t"),
        tag("desc", words("map-desc", **counts), id=f"{at}-d"),
        Html('<use href="#borders" class="halo"/>') if drawing.borders else None,
        tag("g", *(_area(words, atlas, book, classes, number) for number in range(len(drawing.areas))), class_="areas"),
        Html('<use href="#borders" class="borders"/>') if drawing.borders else None,
        tag("g", *(_mark(book, classes, number) for number in range(len(drawing.areas))), class_="marks"),
        _labels(words, atlas, drawing),
        tag("text", words("notice-short"), x=drawing.width // 2, y=drawing.height + 34, class_="stamp"),
        viewBox=f"0 0 {drawing.width} {drawing.height + bottom}",
        role="img",
        aria_labelledby=f"{at}-t {at}-d",
    )


def _area(words: Words, atlas: Atlas, book: MapBook, classes: Mapping[str, str], number: int) -> Html:
    code = book.drawing.areas[number].code
    figures = atlas.at("subdistrict", code)
    name = words.listed(
        escaped(atlas.place("subdistrict", code).called(words.language)),
        escaped(atlas.place("district", atlas.parent_of("subdistrict", code)).called(words.language)),
    )
    without = classes is book.without_status
    rate = None if figures is None else figures.rate_without_status if without else figures.rate
    said = (
        words("per-1000", rate=words.decimal(rate))
        if rate is not None
        else words("withheld-short" if figures and figures.protected else "no-figure-short")
    )
    return Html(f'<use href="#a{number}" class="{classes.get(code, "none")}"><title>{name}: {said}</title></use>')


def _mark(book: MapBook, classes: Mapping[str, str], number: int) -> Html | None:
    area = book.drawing.areas[number]
    found = classes.get(area.code, "none")
    if found == "none":
        return None
    return Html(
        f'<use href="#mark-{found}" class="on-{found}" transform="translate({area.x} {area.y})scale({area.symbol})"/>'
    )


def _labels(words: Words, atlas: Atlas, drawing: Drawing) -> Html | None:
    """Names of districts, the largest first; a name that would cover another is left to the tables."""
    if len(drawing.labels) < 2:
        return None
    tall = 30 if _is_wide(drawing) else 23
    placed: list[tuple[float, float, float]] = []
    texts = []
    for code, x, y in drawing.labels:
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


def _frame_class(drawing: Drawing) -> str:
    return "drawn wide" if _is_wide(drawing) else "drawn"


def _legend(words: Words, atlas: Atlas, book: MapBook, classes: Mapping[str, str], *, with_status: bool) -> Html:
    """Each class with its symbol, the rates that fall into it, and how many subdistricts those are."""

    def rate_of(figures: Figures) -> float | None:
        return figures.rate if with_status else figures.rate_without_status

    lines = []
    for found in reversed(CLASSES):
        rates = _rates(atlas, classes, found, rate_of)
        if rates:
            said = words("legend-range", low=words.decimal(min(rates)), high=words.decimal(max(rates)))
            if min(rates) == max(rates):
                said = words("per-1000", rate=words.decimal(min(rates)))
            lines.append(_legend_line(words, found, said, len(rates)))
    n_none = sum(1 for c in classes.values() if c == "none")
    n_none += sum(1 for a in book.drawing.areas if a.code not in classes)
    if n_none:
        lines.append(_legend_line(words, "none", words("legend-none"), n_none))
    return tag("ul", *lines, class_="legend")


def _rates(
    atlas: Atlas, classes: Mapping[str, str], found: str, rate_of: Callable[[Figures], float | None]
) -> list[float]:
    at = [atlas.at("subdistrict", code) for code, c in classes.items() if c == found]
    return [rate for f in at if f is not None and (rate := rate_of(f)) is not None]


def _legend_line(words: Words, found: str, said: Html, n: int) -> Html:
    return tag(
        "li",
        chip(found),
        tag("span", tag("b", words(f"class-{found}")), Html(" "), said, tag("small", words("legend-count", n=n))),
    )


def limits_said(words: Words, limits: MapClasses) -> Html:
    """The limits of the classes as a sentence."""
    if limits.mid_from is None and limits.high_from is None:
        return words("limits-nothing")
    if limits.high_from is None:
        return words("limits-none")
    high = words.decimal(limits.high_from)
    if limits.mid_from is None:
        return words("limits-two", high=high)
    return joined(words("limits-three", mid=words.decimal(limits.mid_from), high=high))
