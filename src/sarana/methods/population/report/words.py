"""The words of the report in one language: whole sentences with named places, numbers and dates as people write."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sarana.basics.errors import BadSetting
from sarana.methods.population.report.markup import Html, escaped
from sarana.methods.reference import read_reference

LANGUAGES: Final = ("en", "th")
FILES: Final = ("report.page", "report.tables", "report.reading", "report.codes")
BUDDHIST: Final = 543
"""Years from the common to the Buddhist era, as Thailand counts."""


@dataclass(frozen=True, slots=True)
class Words:
    """All rows of words, read in one language."""

    language: str
    rows: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: str | int) -> Html:
        """A sentence with its places filled in; whole numbers get thousands separators, texts are escaped.

        A row may carry `en_one`, the sentence for `n` = 1.

        Raises:
            BadSetting: REPORT-001 the row, its language, or a value for one of its places is missing.
        """
        row = self.rows.get(key, {})
        text = row.get(f"{self.language}_one") if values.get("n") == 1 else None
        text = text or row.get(self.language)
        if text is None:
            raise _no_word(key, self.language)
        filled = {k: self.number(v) if isinstance(v, int) else escaped(v) for k, v in values.items()}
        try:
            return Html(string.Formatter().vformat(escaped(text), (), filled))
        except KeyError as err:
            raise _no_word(f"{key} {{{err.args[0]}}}", self.language) from err

    def has(self, key: str) -> bool:
        """Whether there is such a row in this language."""
        return self.language in self.rows.get(key, {})

    def number(self, value: int) -> Html:
        """A whole number with separators of thousands."""
        return Html(f"{value:,}")

    def decimal(self, value: float) -> Html:
        """A rate with one decimal."""
        return Html(f"{value:,.1f}")

    def index(self, thousandths: int) -> Html:
        """An index, given in thousandths, with two decimals, rounded half up."""
        hundredths = (thousandths + 5) // 10
        return Html(f"{hundredths // 100}.{hundredths % 100:02d}")

    def share(self, part: int, whole: int) -> Html:
        """A share in per cent: whole numbers, but never 0 or 100 when it is not."""
        if whole <= 0:
            return self("no-figure-sign")
        percent = (200 * part + whole) // (2 * whole)
        if percent == 0 < part:
            return Html("&lt;&#8201;1&nbsp;%")
        if percent == 100 and part < whole:
            return Html("&gt;&#8201;99&nbsp;%")
        return Html(f"{percent}&nbsp;%")

    def date(self, day: date | None) -> Html:
        """A date in words: common era in English, Buddhist era in Thai."""
        if day is None:
            return self("date-unknown")
        year = day.year + (BUDDHIST if self.language == "th" else 0)
        return Html(f"{day.day}&nbsp;{self(f'month-{day.month}')}&nbsp;{year}")

    def listed(self, *things: str) -> Html:
        """Things in a row, as the language joins them."""
        return Html(self("list-joint").join(escaped(t) for t in things))


def read_words(*more: str) -> dict[str, dict[str, str]]:
    """Every row of the report's words, in all languages, and those of other files of words for a page of its own.

    Raises:
        BadFile: REFERENCE-002 a file of words is not part of the installation.
    """
    return {key: row for name in (*FILES, *more) for key, row in read_reference(f"words/{name}.toml").items()}


def _no_word(key: str, language: str) -> BadSetting:
    return BadSetting(
        "REPORT-001",
        f"The report has no word for '{key}' in '{language}'.",
        where="reference/words",
        cure="Give the row both languages and the same places in both.",
    )
