"""What a comparison of two runs says, in words: the page of the report, and cells for the command line."""

from collections.abc import Sequence

from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.page import framed_page
from sarana.methods.population.report.tables import Block, Column, Row, data_table, sign
from sarana.methods.population.report.words import LANGUAGES, Words, read_words
from sarana.methods.questions.compare import Comparison, IndicatorChange, Part
from sarana.methods.questions.compare_areas import AreaChange
from sarana.methods.reference import read_reference

PAGE = "report-compare.html"
LEVELS = ("district", "subdistrict")
PART_HEADS = tuple(f"compare-head-{key}" for key in ("part", "people-a", "people-b", "red-a", "red-b", "red", "mean"))
INDICATOR_HEADS = tuple(
    f"compare-head-{key}" for key in ("indicator", "before", "after", "red", "data", "linkage", "came")
)
AREA_HEADS = tuple(f"compare-head-{key}" for key in ("area", "before", "after", "red", "mean", "clear"))


def compare_words() -> dict[str, dict[str, str]]:
    """The rows of words of the report and of the comparison."""
    return read_words() | read_reference("words/compare.toml")


def compare_page(of: Comparison, language: str = "en") -> bytes:
    """The comparison as one file in English and Thai: no script, no network, protected aggregates only."""
    rows = compare_words()
    parts = joined(*(_one_language(Words(lang, rows), of) for lang in LANGUAGES))
    return framed_page(rows, language, parts, title="compare-title")


def lead_said(words: Words, of: Comparison) -> Html:
    """Which runs are compared."""
    return words(
        "compare-lead",
        a=escaped(from_file(of.run_a)),
        b=escaped(from_file(of.run_b)),
        day_a=words.date(of.as_of_a),
        day_b=words.date(of.as_of_b),
        set=escaped(of.set),
        version=escaped(of.version),
        share=words.share(round(of.share_rows_in_both * 10000), 10000),
    )


def part_cells(words: Words, line: Part) -> list[Html]:
    """The cells of one part of the change."""
    counts = (line.n_people_a, line.n_people_b, line.n_red_a, line.n_red_b)
    return [
        words(f"part-{line.key}"),
        *(sign(words, "withheld") if n is None else words.number(n) for n in counts),
        _signed(words, line.red, "{:+,d}"),
        _signed(words, line.mean, "{:+.2f}"),
    ]


def indicator_cells(words: Words, line: IndicatorChange) -> list[Html]:
    """The cells of one indicator."""
    name = words(f"indicator-{line.id}") if words.has(f"indicator-{line.id}") else escaped(line.name)
    before = [_signed(words, value, "{:.2f}") for value in (line.mean_a, line.mean_b)]
    changes = [_signed(words, value, "{:+.2f}") for value in (line.whole, line.data, line.linkage, line.people)]
    return [Html(f"{escaped(line.id)} {name}"), *before, *changes]


def area_cells(words: Words, line: AreaChange) -> list[Html]:
    """The cells of one area."""
    name = (line.name_local if words.language == "th" else line.name) or line.name or line.name_local or line.code
    clear = sign(words, "withheld") if line.is_clear is None else words("clear-yes" if line.is_clear else "clear-no")
    return [
        escaped(from_file(name)),
        *(_signed(words, rate, "{:.1f}") for rate in (line.rate_a, line.rate_b)),
        _signed(words, line.rate, "{:+.1f}"),
        _signed(words, line.mean, "{:+d}"),
        clear,
    ]


def _one_language(words: Words, of: Comparison) -> Html:
    parts = [part_cells(words, line) for line in (*of.parts, of.whole)]
    indicators = [indicator_cells(words, line) for line in of.indicators]
    return tag(
        "section",
        tag("h1", words("compare-title")),
        tag("p", lead_said(words, of), class_="lead"),
        tag("p", words("notice"), class_="notice"),
        tag("p", words("invented"), class_="invented") if of.is_invented else None,
        _section(words, "parts-title", "parts-about", PART_HEADS, parts),
        _section(words, "indicator-changes-title", "indicator-changes-about", INDICATOR_HEADS, indicators),
        *(
            _section(
                words,
                f"area-changes-{level}",
                "area-changes-about",
                AREA_HEADS,
                [area_cells(words, line) for line in of.areas if line.level == level],
            )
            for level in LEVELS
        ),
        lang=words.language,
        id=words.language,
        class_="language",
    )


def _section(words: Words, title: str, about: str, heads: Sequence[str], rows: Sequence[Sequence[Html]]) -> Html:
    columns = [Column(words(head), is_number=place > 0) for place, head in enumerate(heads)]
    blocks = [Block([Row(cells) for cells in rows])]
    table = data_table(words, title, words(title), columns, blocks, about=tag("p", words(about)))
    return tag("section", tag("h2", words(title)), table)


def _signed(words: Words, value: float | None, form: str) -> Html:
    return sign(words, "withheld") if value is None else escaped(form.format(value))
