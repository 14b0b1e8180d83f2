"""One way to write a Thai word: marks in their order, none twice, the vowels that look alike made the same."""

import re

_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_TONES = "\u0e48-\u0e4b"
_VOWELS = "\u0e31\u0e34-\u0e3a\u0e47"

UNUSUAL = (
    f"[^\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4c]|\u0e40\u0e40|\u0e4d|[\u0e48-\u0e4e][{_VOWELS}]|[{_VOWELS}]{{2}}|[\u0e48-\u0e4e]{{2}}"
    f"|\u0e33[{_TONES}]|\u0e30\u0e30|\u0e32\u0e32|\u0e33\u0e33|\u0e24\u0e32|^[{_MARKS}\u0e30\u0e32\u0e33\u0e45]"
)
"""Matches what a Thai word in one spelling does not hold; RE2 and Python read it alike. No match: leave it as it is."""

_RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("\u0e40\u0e40", "\u0e41"),  # two เ typed for แ
        (f"\u0e4d([{_TONES}]*)\u0e32", r"\1" + "\u0e33"),  # nikhahit and aa typed for am
        (f"([{_TONES}]+)\u0e4d\u0e32", r"\1" + "\u0e33"),
        (f"\u0e33([{_TONES}]+)", r"\1" + "\u0e33"),  # a tone mark typed after am
        (f"([\u0e48-\u0e4c]+)([{_VOWELS}]+)", r"\2\1"),  # a mark typed before the vowel below or above
        (f"[{_TONES}]+([{_TONES}])", r"\1"),  # of two tone marks the last one typed stands
        (f"([{_MARKS}\u0e30\u0e32\u0e33\u0e40-\u0e46])\\1+", r"\1"),
        ("\u0e24\u0e32", "\u0e24\u0e45"),  # the long vowel has its own sign after ฤ
        (f"(^|[ \\-])[{_MARKS}\u0e30\u0e32\u0e33\u0e45]+", r"\1"),  # a mark on nothing
    )
)
_UNUSUAL = re.compile(UNUSUAL)


def normal_thai(text: str) -> str:
    """Thai text in one spelling; what is not Thai in it stays. Thanthakhat (the silent mark) is kept.

    Doing it twice changes nothing more.
    """
    if text.isascii() or not _UNUSUAL.search(text):
        return text
    before = None
    while before != text:
        before = text
        for pattern, by in _RULES:
            text = pattern.sub(by, text)
    return text


def can_begin(text: str) -> bool:
    """Whether a Thai word can begin so: with a consonant, or with a vowel written before one."""
    first = text[:1]
    return "\u0e01" <= first <= "\u0e2e" or ("\u0e40" <= first <= "\u0e44" and "\u0e01" <= text[1:2] <= "\u0e2e")
