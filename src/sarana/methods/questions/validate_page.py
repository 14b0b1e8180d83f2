"""What a back-test says, in words: the page of the report, and names for the command line."""

import html
import re
from collections.abc import Sequence

from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.page import framed_page
from sarana.methods.population.report.tables import Block, Column, Row, data_table, facts, sign
from sarana.methods.population.report.words import LANGUAGES, Words, read_words
from sarana.methods.questions.validate import Reason, Validation
from sarana.methods.questions.validate_groups import DISTRICT, LEGAL_STATUS, SEX
from sarana.methods.questions.validate_lines import CaseLine, ErrorLine
from sarana.methods.reference import read_reference

PAGE = "report-validate.html"
MARKUP = re.compile("<[^>]*>")
SIGN = re.compile('<abbr title="([^"]*)"[^>]*>[^<]*</abbr>')
_NONE = "unknown"


def validate_words() -> dict[str, dict[str, str]]:
    """The rows of words of the report and of the back-test."""
    return read_words() | read_reference("words/validate.toml")


def validate_page(of: Validation, language: str = "en") -> bytes:
    """The back-test as one file in English and Thai: no script, no network, protected aggregates only."""
    rows = validate_words()
    parts = joined(*(_one_language(Words(lang, rows), of) for lang in LANGUAGES))
    return framed_page(rows, language, parts, title="validate-title")


def plain(text: str) -> str:
    """Words as a terminal shows them."""
    return str(html.unescape(text))


def text_of(markup: str) -> str:
    """What stands in a cell of the page, without its markup: a sign by its word, for nothing explains it there."""
    return plain(MARKUP.sub("", SIGN.sub(r"\1", markup)))


def verdict_said(words: Words, of: Validation) -> Html:
    """The verdict in one or two words."""
    return words(f"verdict-{of.verdict.replace(' ', '-')}")


def reason_said(words: Words, of: Validation, reason: Reason) -> Html:
    """One reason of the verdict, with groups called by their names."""
    values = dict(reason.values)
    if reason.key == "reason-beyond":
        line = next(e for e in of.errors if (e.division, e.key) == (values["kind"], values["group"]))
        values = {"kind": words(f"errors-{line.division}"), "group": group_said(words, line)}
    return words(reason.key, **values)


def group_said(words: Words, line: ErrorLine) -> Html:
    """What a group is called."""
    if line.key == _NONE:
        return words("group-unknown")
    if line.division == LEGAL_STATUS:
        return words(f"group-status-{line.key}")
    if line.division == SEX:
        return words(f"group-{line.key}")
    name = (line.name_local if words.language == "th" else line.name) or line.name or line.name_local or line.key
    return escaped(from_file(name))


def counts_said(words: Words, of: Validation) -> list[tuple[Html, Html]]:
    """How many people the cases led to, and what was left out."""
    counted = of.counted
    told = {
        "cases-joined": counted.joined,
        "cases-without-day": counted.without_day,
        "cases-before": counted.known_before,
        "cases-left-out": counted.left_out,
    }
    few = words("few", least=of.threshold)
    said = [(words(key), few if n is None else words.number(n)) for key, n in told.items()]
    dropped = escaped(", ".join(of.dropped)) if of.dropped else words("cases-none")
    return [*said, (words("cases-dropped"), dropped)]


def case_cells(words: Words, line: CaseLine, name: Html) -> list[Html]:
    """The cells of a part of the index."""
    return [
        name,
        _number(words, line.n_people),
        _number(words, line.n_cases),
        _spread(words, (line.lift, line.lift_low, line.lift_high), "{:.2f}", is_withheld=line.n_cases is None),
        _spread(words, (line.rate, line.rate_low, line.rate_high), "{:.2f}", is_withheld=line.n_cases is None),
    ]


def error_cells(words: Words, line: ErrorLine) -> list[Html]:
    """The cells of a group."""
    is_withheld = line.n_people is None
    missed = [None if v is None else 100 * v for v in (line.miss, line.miss_low, line.miss_high)]
    raised = [None if v is None else 100 * v for v in (line.raised, line.raised_low, line.raised_high)]
    return [
        group_said(words, line),
        _number(words, line.n_people),
        _number(words, line.n_cases),
        _spread(words, missed, "{:.0f} %", is_withheld=is_withheld),
        _spread(words, [line.ratio], "{:.2f}", is_withheld=is_withheld),
        _spread(words, raised, "{:.1f} %", is_withheld=is_withheld),
        words(f"judged-{line.judged.replace(' ', '-')}"),
    ]


CASE_HEADS = ("head-people", "head-cases", "head-lift", "head-case-rate")
ERROR_HEADS = ("head-group", "head-people", "head-cases", "head-missed", "head-ratio", "head-raised", "head-judged")


def _one_language(words: Words, of: Validation) -> Html:
    lead = words(
        "validate-lead",
        place=escaped(from_file(of.run)),
        set=escaped(of.set),
        version=escaped(of.version),
        day=words.date(of.as_of),
    )
    verdict = tag("p", tag("strong", verdict_said(words, of)), Html(" "), class_="lead")
    reasons = tag("ul", *(tag("li", reason_said(words, of, reason)) for reason in of.reasons))
    errors = [
        _errors(words, of, kind) for kind in (SEX, LEGAL_STATUS, DISTRICT) if any(e.division == kind for e in of.errors)
    ]
    return tag(
        "section",
        tag("h1", words("validate-title")),
        tag("p", lead, class_="lead"),
        tag("p", words("notice"), class_="notice"),
        tag("p", words("invented"), class_="invented") if of.is_invented else None,
        tag("section", tag("h2", words("verdict")), verdict, reasons, tag("p", words("validate-means"))),
        tag("section", tag("h2", words("cases-title")), tag("div", facts(counts_said(words, of)), class_="card")),
        tag("section", tag("h2", words("tenths-title")), _cases(words, "tenths", of.tenths)),
        tag("section", tag("h2", words("validate-bands-title")), _cases(words, "validate-bands", of.bands)),
        tag("section", tag("h2", words("errors-title")), *errors),
        lang=words.language,
        id=words.language,
        class_="language",
    )


def _cases(words: Words, at: str, lines: Sequence[CaseLine]) -> Html:
    is_band = at == "validate-bands"
    named = [words(f"band-{line.key}") if is_band else escaped(line.key) for line in lines]
    rows = [Row(case_cells(words, line, name)) for line, name in zip(lines, named, strict=True)]
    heads = [Column(words("head-band" if is_band else "head-tenth"), is_number=False)]
    heads += [Column(words(key)) for key in CASE_HEADS]
    about = tag("p", words(f"{at}-about"))
    return data_table(words, at, words(f"{at}-title"), heads, [Block(rows)], about=about)


def _errors(words: Words, of: Validation, kind: str) -> Html:
    rows = [Row(error_cells(words, line)) for line in of.errors if line.division == kind]
    heads = [Column(words(key), is_number=key not in ("head-group", "head-judged")) for key in ERROR_HEADS]
    about = tag("p", words("errors-about", ratio=f"{of.most_ratio:.2f}"))
    return data_table(words, f"errors-{kind}", words(f"errors-{kind}"), heads, [Block(rows)], about=about)


def _number(words: Words, value: int | None) -> Html:
    return sign(words, "withheld") if value is None else words.number(value)


def _spread(words: Words, values: Sequence[float | None], form: str, *, is_withheld: bool) -> Html:
    """A figure and, in brackets, its interval."""
    if values[0] is None:
        return sign(words, "withheld" if is_withheld else "no-figure")
    said = [escaped(form.format(value)) for value in values if value is not None]
    return said[0] if len(said) == 1 else Html(f"{said[0]} ({said[1]}–{said[2]})")
