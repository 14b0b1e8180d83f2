"""The whole report as one file: both languages, both maps, every table and its style; no script, no network."""

from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from string import Template

from sarana.basics.errors import BadSetting
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.population.report import people, quality, reading
from sarana.methods.population.report.counts import read_counts
from sarana.methods.population.report.figures import Figures, read_atlas
from sarana.methods.population.report.maps import MapBook, draw_outlines, limits_said, map_book, map_pair, shared_shapes
from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.people import Desk
from sarana.methods.population.report.tables import folded
from sarana.methods.population.report.values import AreaOutline, ReportSettings
from sarana.methods.population.report.words import LANGUAGES, Words, read_words

HERE = "sarana.methods.population.report"


def write_report(
    engine: Engine, settings: ReportSettings, out: Path, progress: Progress, *, shapes: Sequence[AreaOutline] = ()
) -> StepReport:
    """Write the report of a run to a file.

    It reads tables of figures (`areas`, `quality`, `link_counts`) and the names in `area_names`, and no table that
    holds a row a person.

    Args:
        engine: with the relation `areas` and, where the run has them, the other three.
        settings: the run, its sources and its indicators.
        out: the file to write; one that is there is replaced.
        progress: told after each language.
        shapes: outlines of subdistricts; those of other levels are left out; none gives a report without maps.

    Returns:
        Lines of the protected table read, and subdistricts shown.

    Raises:
        BadTable: REPORT-002 there is no protected table of areas.
        BadSetting: REPORT-001 a word is missing; REPORT-003 the language is not one the report knows.
    """
    out.write_bytes(report_bytes(engine, settings, progress, shapes=shapes))
    n_lines = engine.row("SELECT count(*) FROM areas WHERE level <> 'village'")[0]
    n_shown = engine.row("SELECT count(*) FROM areas WHERE level = 'subdistrict' AND \"group\" = 'all'")[0]
    return StepReport(rows_in=n_lines, rows_out=n_shown)


def report_bytes(
    engine: Engine, settings: ReportSettings, progress: Progress, *, shapes: Sequence[AreaOutline] = ()
) -> bytes:
    """The report as bytes: the same for the same tables, settings and shapes.

    Arguments and faults as `write_report`.
    """
    if settings.language not in LANGUAGES:
        raise BadSetting(
            "REPORT-003", f"The report is not written in '{settings.language}'.", where="language", cure="Say en or th."
        )
    atlas, counts = read_atlas(engine), read_counts(engine)
    rows = read_words()
    drawing = draw_outlines(atlas, shapes)
    books = {level: map_book(atlas, drawing, level) for level in ("subdistrict", "district")}
    parts = []
    for done, language in enumerate(LANGUAGES):
        progress.report(done, len(LANGUAGES), "writing the report")
        parts.append(_one_language(Desk(Words(language, rows), atlas, counts, settings), books))
    progress.report(len(LANGUAGES), len(LANGUAGES), "written")
    return framed_page(rows, settings.language, joined(*parts), shapes=shared_shapes(drawing))


def framed_page(
    rows: dict[str, dict[str, str]], language: str, parts: Html, *, title: str = "title", shapes: Html | None = None
) -> bytes:
    """A whole file around what stands in it in each language: head, style, choice of language.

    Args:
        rows: words in all languages, those of the report's frame among them.
        language: the one that is seen first.
        parts: a section of the class `language` for each language.
        title: the row that holds the title.
        shapes: outlines and symbols that the parts use.
    """
    page = Template(_piece("page.html")).substitute(
        language=language,
        title=Words(language, rows)(title),
        style=_style(rows),
        shapes=shapes or Html(""),
        skip=_both(
            rows, "skip", lambda text, lang: tag("a", text, href="#report", class_=f"skip in-{lang}", lang=lang)
        ),
        choose=_both(rows, "language-choose", lambda text, lang: tag("span", text, lang=lang)),
        switch=_switch(language, rows),
        parts=parts,
    )
    return page.encode()


def _piece(name: str) -> str:
    return (resources.files(HERE) / name).read_text(encoding="utf-8")


def _style(rows: dict[str, dict[str, str]]) -> str:
    """The style sheet, with the notice of each language in the margin of every printed page."""
    margins = {f"notice_{lang}": _css_text(rows["notice"][lang]) for lang in LANGUAGES}
    return Template(_piece("page.css")).substitute(margins)


def _css_text(text: str) -> str:
    """A text as a CSS string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _both(rows: dict[str, dict[str, str]], key: str, made: Callable[[str, str], Html]) -> Html:
    """Something that must be there before a language is chosen, in every language."""
    return joined(*(made(rows[key][lang], lang) for lang in LANGUAGES), between=" ")


def _switch(first: str, rows: dict[str, dict[str, str]]) -> Html:
    """Buttons that change the language without any script."""
    return joined(
        *(
            joined(
                tag("input", type="radio", name="language", id=f"in-{lang}", checked=lang == first),
                tag("label", rows["language-name"][lang], for_=f"in-{lang}", lang=lang),
            )
            for lang in LANGUAGES
        )
    )


def _one_language(desk: Desk, books: Mapping[str, MapBook]) -> Html:
    """Everything the report says, in one language."""
    words = desk.words
    sections: list[tuple[str, Callable[[], Html]]] = [
        ("map", lambda: _maps(desk, books["subdistrict"])),
        ("people", lambda: _people(desk)),
        ("districts", lambda: _districts(desk, books["district"])),
        ("subdistricts", lambda: _subdistricts(desk)),
        ("quality", lambda: _quality(desk)),
        ("aside", lambda: quality.set_aside(desk)),
        ("read", lambda: reading.how_to_read(desk)),
        ("limits", lambda: reading.limits(desk)),
        ("bands", lambda: joined(reading.band_rule(desk), reading.indicators(desk))),
        ("sources", lambda: joined(reading.sources(desk), tag("p", _boundaries(desk, books["district"])))),
        ("versions", lambda: reading.versions(desk)),
    ]
    contents = tag(
        "nav",
        tag(
            "ul",
            *(tag("li", tag("a", words(f"{at}-title"), href=f"#{words.language}-{at}-section")) for at, _ in sections),
        ),
        aria_label=words("contents"),
    )
    return tag(
        "section",
        _opening(desk),
        contents,
        *(
            tag("section", tag("h2", words(f"{at}-title")), make(), id=f"{words.language}-{at}-section")
            for at, make in sections
        ),
        lang=words.language,
        id=words.language,
        class_="language",
    )


def _opening(desk: Desk) -> Html:
    """Title, what it is about and how many, and the notice."""
    words, settings = desk.words, desk.settings
    n_areas = len(desk.atlas.areas("subdistrict", words.language))
    provinces = desk.atlas.areas("province", words.language)
    named = words.listed(*(desk.name("province", p.code) for p in provinces[:3])) or escaped(
        from_file(settings.run.name)
    )
    chosen = settings.indicator_set
    n_on = sum(1 for i in chosen.indicators if i.is_on)
    lead = words(
        "lead",
        place=named,
        areas=n_areas,
        people=_people_known(desk, [*provinces, *desk.atlas.lost("province")]),
        sources=len(settings.sources),
        indicators=len(chosen.indicators),
        on=n_on,
        set=escaped(chosen.id),
        version=escaped(chosen.version),
        day=words.date(settings.run.as_of),
    )
    invented = tag("p", words("invented"), class_="invented") if settings.run.is_invented else None
    step = desk.atlas.rounded_to
    rounded = tag("p", words("rounded", step=step, most=step - 1)) if step else None
    bold, _, rest = words("notice").partition(". " if words.language == "en" else " ")
    notice = tag(
        "p", tag("strong", Html(bold + ("." if words.language == "en" else ""))), Html(" " + rest), class_="notice"
    )
    return joined(tag("h1", words("title")), tag("p", lead, class_="lead"), notice, invented, rounded)


def _people_known(desk: Desk, provinces: list[Figures]) -> Html:
    """How many people the report is about, as far as no province withholds its count."""
    counts = [p.n_people for p in provinces]
    known = [n for n in counts if n is not None]
    if len(known) < len(counts):
        return desk.words("withheld-number")
    return desk.words.number(sum(known))


def _maps(desk: Desk, book: MapBook) -> Html:
    words = desk.words
    return joined(
        tag("p", words("map-says"), Html(" "), limits_said(words, book)),
        map_pair(words, desk.atlas, book),
        tag("h3", words("changes-title")),
        people.changes(desk, dict(book.with_status), dict(book.without_status)),
        tag("h3", words("above-title")),
        people.clearly_above(desk),
    )


def _people(desk: Desk) -> Html:
    words = desk.words
    provinces = desk.atlas.areas("province", words.language)
    if not provinces:
        return tag("p", words("no-province"), class_="empty")
    return joined(
        *(
            joined(
                tag("h3", desk.name("province", p.code)),
                tag("div", people.province_facts(desk, p), desk.about(desk.missing_in([p])), class_="card"),
                people.group_table(desk, "age", p),
                people.group_table(desk, "sex", p),
            )
            for p in provinces
        )
    )


def _districts(desk: Desk, book: MapBook) -> Html:
    words = desk.words
    if not desk.atlas.figures:
        return tag("p", words("no-province"), class_="empty")
    maps = None
    if book.drawing.areas and len(book.with_status) > 1:
        said = tag("p", words("map-says-district"), Html(" "), limits_said(words, book))
        maps = joined(said, map_pair(words, desk.atlas, book))
    return joined(
        maps,
        people.district_table(desk),
        folded(words("age-by-district-fold"), people.groups_by_district(desk, "age")),
        folded(words("sex-by-district-fold"), people.groups_by_district(desk, "sex")),
    )


def _subdistricts(desk: Desk) -> Html:
    if not desk.atlas.figures:
        return tag("p", desk.words("no-province"), class_="empty")
    return people.subdistrict_table(desk)


def _quality(desk: Desk) -> Html:
    words = desk.words
    if not desk.settings.sources:
        return tag("p", words("no-sources"), class_="empty")
    return joined(
        quality.quality_table(desk),
        *(quality.source_details(desk, source.name) for source in desk.settings.sources),
        tag("h3", words("link-title")),
        quality.linked(desk),
    )


def _boundaries(desk: Desk, book: MapBook) -> Html:
    """Where the outlines on the map come from."""
    words, boundaries = desk.words, desk.settings.boundaries
    if not book.drawing.areas:
        return words("boundaries-none")
    return words("boundaries-from", source=escaped(from_file(boundaries))) if boundaries else words("boundaries-cells")
