"""The order of names in a list: dictionary order for Thai, where a vowel written first is read second."""

import re
import unicodedata
from typing import Final

LEADING: Final = re.compile("([เแโใไ])([ก-ฮ])")
"""A vowel written before its consonant: Thai dictionaries sort by the consonant first."""

MARKS: Final = "็่้๊๋์ํ๎"
"""Marks that count only where everything else is equal, in the order of the dictionary."""

IGNORED: Final = frozenset("ฯๆฺ")


def sort_key(name: str) -> tuple[str, tuple[tuple[int, int], ...], str]:
    """A key that puts names in dictionary order: letters first, then marks, then the text itself.

    Args:
        name: Thai, Latin or both.

    Source: the Royal Institute's dictionary order as ISO/IEC 14651 describes it: leading vowels change places with
    their consonant; tone marks are compared only between words of equal letters.
    """
    text = LEADING.sub(r"\2\1", unicodedata.normalize("NFKD", name.casefold()).replace("ํา", "ำ"))
    letters: list[str] = []
    marks: list[tuple[int, int]] = []
    for sign in text:
        rank = MARKS.find(sign)
        if rank >= 0:
            marks.append((len(letters), rank + 1))
        elif not (unicodedata.combining(sign) and not "ก" <= sign <= "๛") and sign not in IGNORED:
            letters.append(sign)
    return "".join(letters), tuple(_later_first(marks)), name


def _later_first(marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks so that a name without a mark at a place sorts before one with a mark there.

    A tuple that ends is smaller than one that goes on, and a mark further back must sort before one further in front.
    """
    return [(-place, rank) for place, rank in marks]
