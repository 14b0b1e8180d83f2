"""How a Khmer name sounds in Latin letters, near enough to compare with what people wrote."""

import re
from collections.abc import Sequence

ONSETS = {
    **dict.fromkeys("កគ", "k"),
    **dict.fromkeys("ខឃ", "kh"),
    "ង": "ng",
    **dict.fromkeys("ចជ", "ch"),
    **dict.fromkeys("ឆឈ", "chh"),
    "ញ": "nh",
    **dict.fromkeys("ដឌ", "d"),
    **dict.fromkeys("តទ", "t"),
    **dict.fromkeys("ឋឍថធ", "th"),
    **dict.fromkeys("ណន", "n"),
    "ប": "b",
    "ព": "p",
    **dict.fromkeys("ផភ", "ph"),
    "ម": "m",
    "យ": "y",
    "រ": "r",
    **dict.fromkeys("លឡ", "l"),
    "វ": "v",
    **dict.fromkeys("ឝឞស", "s"),
    "ហ": "h",
    **dict.fromkeys("អឣឤ", ""),
}
"""A consonant at the head of a syllable."""

CODAS = {
    **dict.fromkeys("កខគឃ", "k"),
    "ង": "ng",
    **dict.fromkeys("ចឆជឈ", "ch"),
    "ញ": "nh",
    **dict.fromkeys("ដឋឌឍតថទធ", "t"),
    **dict.fromkeys("ណន", "n"),
    **dict.fromkeys("បផពភ", "p"),
    "ម": "m",
    "យ": "y",
    "រ": "r",
    **dict.fromkeys("លឡ", "l"),
    "វ": "v",
    **dict.fromkeys("ឝឞស", "s"),
    **dict.fromkeys("ហអឣឤ", ""),
}
"""A consonant at the end of a syllable."""

VOWELS = {
    "": ("a", "o"),
    "ា": ("a", "ea"),
    "ិ": ("e", "i"),
    "ី": ("ei", "i"),
    "ឹ": ("oe", "ue"),
    "ឺ": ("eu", "eu"),
    "ុ": ("o", "u"),
    "ូ": ("o", "u"),
    "ួ": ("uo", "uo"),
    "ើ": ("aeu", "eu"),
    "ឿ": ("oeu", "oeu"),
    "ៀ": ("ie", "ie"),
    "េ": ("e", "e"),
    "ែ": ("ae", "e"),
    "ៃ": ("ai", "ey"),
    "ោ": ("ao", "o"),
    "ៅ": ("au", "ov"),
    "័": ("a", "oa"),
}
"""The vowel of a written sign after a letter of the first and of the second register; none is the unwritten vowel."""

ALONE = {
    "ឥ": "e",
    "ឦ": "ei",
    "ឧ": "u",
    "ឨ": "uk",
    "ឩ": "u",
    "ឪ": "ov",
    "ឫ": "ri",
    "ឬ": "reu",
    "ឭ": "li",
    "ឮ": "leu",
    "ឯ": "ae",
    "ឰ": "ai",
    "ឱ": "ao",
    "ឲ": "ao",
    "ឳ": "au",
}
"""Vowels that are letters of their own."""

FIGURES = ("soun", "muoy", "pir", "bei", "buon", "pram", "prammuoy", "prampir", "prambei", "prambuon")
"""Figures as they are read aloud, and what tens are read as: `Ti 2` is *ti pir*."""

TENS = ("", "dab", "mphei", "samseb", "seseb", "haseb", "hokseb", "chetseb", "paetseb", "kavseb")

_SECOND_REGISTER = frozenset("គឃងជឈញឌឍទធនពភមយរលវ")
_SONORANTS = frozenset("ងញណនមយរលវឡ")
"""Letters that take the register of the letter they stand under."""

_B = "[ក-ឤ]"
_CLOSING = "[ក-សឡ]"
_V = "\u17b6-\u17c5\u17d0"
_S = "\u17c6-\u17c8"
_SHIFTED = f"{_B}[៉៊]?+"
_STACK = f"(?:\u17d2{_SHIFTED})*+"
_ON = f"(\u17d2?{_SHIFTED}{_STACK})"
_CODA = (
    f"({_B}់|{_B}(?:\u17d2{_B})*(?=\\s|$)|(?:[តទធ]|{_B}(?:\u17d2{_B})+)[ិុ](?=\\s|$)|{_CLOSING}(?=\u17d2)"
    f"|{_CLOSING}(?![{_V}{_S}\u17d2៉៊]|{_SHIFTED}{_STACK}(?![{_V}{_S}]|{_B}់)))?"
)
_SYLLABLE = re.compile(f"(?:{_ON}([{_V}]*)|([ឥ-ឳ]))(?:([{_S}])់?|{_CODA})")
"""Onset with what stands under it and its vowel sign, or a vowel letter; then a closing sign, or a coda."""

_SPOKEN_SO = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("[\u17b4\u17b5\u17ce\u17cf\u17d1\u17d3\u17d7\u17dd]", ""),
        (f"{_B}(?:\u17d2{_B})*[{_V}]?[៌៍]", ""),
        ("ហ\u17d2(?=[គងញនមលវសប])", ""),
        ("([៉៊])(\u17d2[ក-ឤ])", r"\2\1"),
        ("ាំ(?=ង)", "ា"),
    )
)
"""What is not spoken or stands elsewhere: cancelled letters, h that only makes another sound of the letter under it."""

_NUMBER = re.compile("[០-៩]+")
_LATIN = re.compile("[a-z]+")
_NOT_LATIN = re.compile("[^a-z\n]+")
_NASAL_OR_STOP = {"\u17c6": "m", "\u17c7": "h", "\u17c8": "k"}


def khmer_sounds(name: str) -> str:
    """A Khmer name in Latin letters, by sound; what is not Khmer is dropped.

    Args:
        name: one name in Khmer script, NFC, without title, on one line.

    Returns:
        Lower-case Latin letters; empty if no Khmer letter is found.

    Source: rules of Khmer orthography (two registers, letters under letters, signs that shift, cut short or cancel);
        values after the system of the Geographic Department of Cambodia (1995-97) as the UNGEGN reports it, without
        its marks. Words out of Pali whose written ending is silent lose it; irregular readings come out wrong. Figures
        are said, as official spellings of villages say them.
    """
    return khmer_sounds_of([name])[0]


def khmer_sounds_of(names: Sequence[str]) -> list[str]:
    """The same for many names at once.

    Cost: see `keys.keys_of`.
    """
    text = _NUMBER.sub(_read_aloud, _LATIN.sub("", "\n".join(names)))
    for pattern, by in _SPOKEN_SO:
        text = pattern.sub(by, text)
    return _NOT_LATIN.sub("", _SYLLABLE.sub(_sound, text)).split("\n")


def _read_aloud(match: re.Match[str]) -> str:
    """How a number is said, a word of its own: one or two figures as a number, more of them one by one."""
    tens, *ones = map(int, match[0])
    if len(ones) != 1 or not tens:
        return " " + "".join(FIGURES[figure] for figure in (tens, *ones))
    return " " + TENS[tens] + FIGURES[ones[0]] * (ones[0] > 0)


def _sound(match: re.Match[str]) -> str:
    """How one syllable sounds."""
    onset, vowel, alone, sign, coda = match.groups()
    if alone:
        head = ALONE[alone]
    else:
        letters = [c for c in onset if c in ONSETS]
        head = "".join(map(ONSETS.__getitem__, letters)) + _vowel(onset, letters, vowel)
    if sign:
        return head + _NASAL_OR_STOP[sign]
    return head + _coda(coda, match) if coda else head


def _vowel(onset: str, letters: list[str], written: str) -> str:
    """The vowel a sign has after these letters."""
    ruling = next((c for c in reversed(letters) if c not in _SONORANTS), letters[0])
    is_second = "៊" in onset or (ruling in _SECOND_REGISTER and "៉" not in onset)
    return "".join(VOWELS[sign][is_second] for sign in written or ("",) if sign in VOWELS)


def _coda(coda: str, match: re.Match[str]) -> str:
    """The first letter of a coda; silent where the letter under it opens the next syllable with the same sound."""
    sound = CODAS[coda[0]]
    under = match.string[match.end() : match.end() + 2]
    if under[:1] == "\u17d2" and CODAS.get(under[1:]) == sound != "s":
        return ""
    return sound
