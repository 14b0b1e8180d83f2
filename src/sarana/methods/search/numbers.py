"""Numbers of papers and telephones in one spelling, and those that stand among the words of a search."""

import re
import unicodedata

from sarana.methods.search.heard import MOST_LETTERS

_COUNTRY = re.compile("(?:66|84|95|855|856|62|60|63|65|673|670|86|852|853|886|91|880|977|94|81|82)(?=[0-9]{7})")
"""Telephone codes of countries from which and to which people here go, before at least seven figures."""

_BANGKOK = re.compile("66(?=[2-7][0-9]{7}$)")
"""The code of Thailand before the eight figures of a fixed line: ten figures that look like a mobile telephone's."""

_EXTENSION = re.compile(r"(?<=[0-9])\s*(?:(?:ต่อ|ext(?:ension)?|x|#)\.?\s*[0-9]{1,5}(?![0-9])|/[0-9]{1,2}\s*$)", re.I)
"""What is dialled behind a telephone number: `ต่อ 12`, `ext. 12`; and `/9`, the last of several lines."""

_DATE = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1(1[89][0-9]{2}|2[0-6][0-9]{2})")
"""A day, a month and a year of either era."""

_FIGURES = re.compile(r"[+(]*[0-9][0-9./()-]*")
_SERIES = re.compile("[A-Za-z]{1,3}")
"""The letters of a passport, where they stand apart from its figures."""

_LEAST_FIGURES = 5
"""A word with so many figures is a number of a paper or a telephone, and no name."""


def normal_number(text: str) -> str:
    """A number of a paper as it is compared: letters and figures, capitals, figures of any script as 0 to 9."""
    plain = with_plain_figures(text).upper()
    return plain[:64] if plain.isalnum() else "".join(sign for sign in plain if sign.isalnum())[:64]


def normal_phone(text: str) -> str:
    """A telephone number as it is compared: without the country's code and the 0 before an area; empty if too short."""
    plain = _without_extensions(with_plain_figures(text))
    figures = _BANGKOK.sub("", re.sub("[^0-9]", "", plain)[:20])
    if figures.startswith("00"):
        figures = figures[2:]
    if not figures.startswith("0") and (plain.lstrip().startswith(("+", "00")) or len(figures) > 10):
        figures = _COUNTRY.sub("", figures, count=1)
    figures = figures.removeprefix("0")
    return figures if len(figures) >= _LEAST_FIGURES else ""


def plain_code(code: str) -> str:
    """A code as it is compared: letters, figures, hyphens, stops and colons."""
    return "".join(sign for sign in code if sign.isalnum() or sign in "-_.:")[:64]


def numbers_apart(words: str) -> tuple[str, list[tuple[str, ...]]]:
    """The words of a search without numbers, and the numbers that stood among them, each as it may be read.

    Figures with spaces between them are one number, and so they are with letters that stand before them, as in
    `AB 1234567`; such letters stay a word too, for `Ly 0812345678` is a name and a telephone.
    """
    plain = with_plain_figures(words[:MOST_LETTERS])
    if not any(sign in "0123456789" for sign in plain):
        return words, []
    named: list[str] = []
    found: list[tuple[str, ...]] = []
    run: list[str] = []
    for word in [*_without_extensions(plain).split(), ""]:
        bare = word.strip(",;:")
        if _FIGURES.fullmatch(bare) and not _DATE.fullmatch(bare):
            run.append(bare)
            continue
        _end_run(run, named, found)
        run = []
        if _figures(bare) >= _LEAST_FIGURES and not _DATE.fullmatch(bare):
            found.append((bare,))
        elif word and not _DATE.fullmatch(bare):
            named.append(word)
    return (" ".join(named), found) if found else (words, [])


def year_in(line: str) -> tuple[int, str] | None:
    """The year of a date that stands in a line, and the line without that date."""
    for word in line.split():
        if date := _DATE.fullmatch(with_plain_figures(word.strip(",;:"))):
            return int(date[2]), line.replace(word, " ", 1)
    return None


def _end_run(run: list[str], named: list[str], found: list[tuple[str, ...]]) -> None:
    """Take neighbouring words of figures as one number, or each as a word where there are too few figures."""
    if not run:
        return
    text = " ".join(run)
    if _figures(text) < _LEAST_FIGURES:
        named += run
    elif named and _SERIES.fullmatch(named[-1]):
        found.append((text, f"{named[-1]}{text}"))
    else:
        found.append((text,))


def _without_extensions(text: str) -> str:
    return _EXTENSION.sub("", text) if _figures(text) > _LEAST_FIGURES else text


def _figures(text: str) -> int:
    return sum("0" <= sign <= "9" for sign in text)


def with_plain_figures(text: str) -> str:
    """Figures of any script as 0 to 9; other signs as they are."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
