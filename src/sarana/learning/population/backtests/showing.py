"""What the page of back-tests says: the verdict and why, known cases by tenth and band, and errors by group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sarana.learning.population.backtests.models import BackTest
from sarana.methods.population.report.markup import Html
from sarana.methods.population.report.words import Words
from sarana.methods.questions.validate import Validation
from sarana.methods.questions.validate_lines import CaseLine
from sarana.methods.questions.validate_page import (
    CASE_HEADS,
    ERROR_HEADS,
    case_cells,
    counts_said,
    error_cells,
    reason_said,
    text_of,
    validate_words,
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its title, what it means, its heads, and its rows, each with its first cell apart."""

    title: str
    about: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def shown(found: BackTest, language: str) -> dict[str, Any]:
    """Everything that the page says of one back-test, in the words of the command's own page."""
    of = msgspec.convert(found.told, Validation)
    words = Words("th" if language == "th" else "en", validate_words())
    tables = [] if not found.has_tables else [_cases(words, "tenths", of.tenths)]
    tables += [] if not found.has_tables else [_cases(words, "validate-bands", of.bands)]
    return {
        "test": found,
        "reasons": [text_of(reason_said(words, of, reason)) for reason in of.reasons],
        "means": text_of(words("validate-means")),
        "counts": [(text_of(name), text_of(value)) for name, value in counts_said(words, of)]
        if found.has_tables
        else [],
        "dropped": ", ".join(of.dropped),
        "ratio": f"{of.most_ratio:.2f}",
        "tables": [*tables, *_errors(words, of)],
    }


def _cases(words: Words, at: str, lines: Sequence[CaseLine]) -> Table:
    is_band = at == "validate-bands"
    heads = ("head-band" if is_band else "head-tenth", *CASE_HEADS)
    named = [words(f"band-{line.key}") if is_band else words.number(int(line.key)) for line in lines]
    rows = [[name, *case_cells(words, line, name)[1:]] for line, name in zip(lines, named, strict=True)]
    return _table(words, words(f"{at}-title"), words(f"{at}-about"), heads, rows)


def _errors(words: Words, of: Validation) -> list[Table]:
    about = words("errors-about", ratio=f"{of.most_ratio:.2f}")
    return [
        _table(
            words,
            words(f"errors-{kind}"),
            about,
            ERROR_HEADS,
            [error_cells(words, line) for line in of.errors if line.division == kind],
        )
        for kind in dict.fromkeys(line.division for line in of.errors)
    ]


def _table(words: Words, title: Html, about: Html, heads: Sequence[str], rows: Iterable[Sequence[Html]]) -> Table:
    named = [text_of(words(head)) for head in heads]
    told = [[text_of(cell) for cell in row] for row in rows]
    return Table(
        text_of(title),
        text_of(about),
        named,
        [(row[0], list(zip(named[1:], row[1:], strict=True))) for row in told],
    )
