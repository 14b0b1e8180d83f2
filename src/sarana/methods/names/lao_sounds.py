"""How a Lao name sounds in Latin letters, near enough to compare with what people wrote."""

import re
from collections.abc import Sequence

ONSETS = {
    "ກ": "k",
    **dict.fromkeys("ຂຄຆ", "kh"),
    "ງ": "ng",
    "ຈ": "ch",
    **dict.fromkeys("ສຊຉຌຨຩ", "s"),
    **dict.fromkeys("ຍຎ", "nh"),
    **dict.fromkeys("ດຑ", "d"),
    **dict.fromkeys("ຕຏ", "t"),
    **dict.fromkeys("ຖທຐຒຘ", "th"),
    **dict.fromkeys("ນໜຓ", "n"),
    "ບ": "b",
    "ປ": "p",
    **dict.fromkeys("ຜພຠ", "ph"),
    **dict.fromkeys("ຝຟ", "f"),
    **dict.fromkeys("ມໝ", "m"),
    "ຢ": "y",
    "ຣ": "r",
    **dict.fromkeys("ລຼຬ", "l"),
    "ວ": "v",
    **dict.fromkeys("ຫຮ", "h"),
    "ອ": "",
}
"""A consonant at the head of a syllable."""

CODAS = {
    "ກ": "k",
    **dict.fromkeys("ຂຄ", "k"),
    "ງ": "ng",
    **dict.fromkeys("ຈຊດຕຖທສ", "t"),
    **dict.fromkeys("ນໜຣລ", "n"),
    **dict.fromkeys("ບປຜພຝຟ", "p"),
    **dict.fromkeys("ມໝ", "m"),
    **dict.fromkeys("ຍຽຢ", "y"),
    "ວ": "o",
    **dict.fromkeys("ຫຮອ", ""),
}
"""A consonant at the end of a syllable."""

_LEADING = "ເແໂໄໃ"
_SIGNS = "ະັາຳິີຶືຸູົໍຼຽ"
_C = "[ກ-ຮໜໝ]"
_ON = f"({_C}(?:(?<=[ກຂຄຕທປຜພບສ])[ຣລຼວ](?=[{_SIGNS}]))?)"
_ON_LED = f"({_C}(?:(?<=[ກຂຄຕທປຜພບສ])[ຣລຼວ](?=[{_SIGNS}ກງດບນມອ]))?)"
_CODA = f"({_C}(?![{_SIGNS}]|ອ(?![{_SIGNS}])|ວ{_C}(?![{_SIGNS}]))|ຽ)?"

_SHAPES: tuple[tuple[str, str], ...] = (
    (f"ເ{_ON}ັ?[ຍຽ](?![{_SIGNS}]){_CODA}", "ia"),
    (f"ເ{_ON}[ຶື]ອ{_CODA}", "ua"),
    (f"ເ{_ON}າະ", "o"),
    (f"ເ{_ON}ົາ", "ao"),
    (f"ເ{_ON}[ິີ]{_CODA}", "oe"),
    (f"ເ{_ON}ະ", "e"),
    (f"ເ{_ON_LED}[ັົ]?{_CODA}", "e"),
    (f"ແ{_ON_LED}(?:ະ|ັ?{_CODA})", "e"),
    (f"ໂ{_ON_LED}(?:ະ|ົ?{_CODA})", "o"),
    (f"[ໄໃ]{_ON_LED}(?:ຍ(?![{_SIGNS}]))?", "ai"),
    (f"{_ON}ົວະ?{_CODA}", "ua"),
    (f"{_ON}ັວະ?", "ua"),
    (f"{_ON}(?:ຳ|ໍາ)", "am"),
    (f"{_ON}ະ", "a"),
    (f"{_ON}[ັາ]{_CODA}", "a"),
    (f"{_ON}[ິີ]{_CODA}", "i"),
    (f"{_ON}[ຶື]ອ?{_CODA}", "ue"),
    (f"{_ON}[ຸູ]{_CODA}", "u"),
    (f"{_ON}ົ{_CODA}", "o"),
    (f"{_ON}ໍ", "o"),
    (f"{_ON}ຽ{_CODA}", "ia"),
    (f"({_C}(?:(?<=[ກຂຄຕທປຜພບສ])[ຣລຼວ])?)ອ(?![{_SIGNS}]){_CODA}", "o"),
    (f"({_C})ວ({_C}(?![{_SIGNS}]))", "ua"),
    (f"({_C})", "a"),
)
"""Shapes of a written syllable, longest first, each with its vowel; groups: onset, then coda where there is one."""

_SYLLABLE = re.compile("|".join(f"(?P<s{n}>{shape})" for n, (shape, _) in enumerate(_SHAPES)))
_FIRST_GROUP = {f"s{n}": _SYLLABLE.groupindex[f"s{n}"] + 1 for n in range(len(_SHAPES))}
_VOWELS = {f"s{n}": vowel for n, (_, vowel) in enumerate(_SHAPES)}
_HAS_CODA = {f"s{n}": re.compile(shape).groups == 2 for n, (shape, _) in enumerate(_SHAPES)}
_LONE = f"s{len(_SHAPES) - 1}"
_ONSETS = ONSETS | {a + b: ONSETS[a] + ("l" if b == "ຼ" else ONSETS[b]) for a in ONSETS for b in "ຣລຼວ"}

_SILENT = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (f"{_C}[ິຸ]?\u0ecc|[\u0ec8-\u0ecb]", ""),
        ("ຫຼ", "ລ"),
        (f"(?<=[ິີ])ຍ|(?<=[ໄໃ]{_C})ຍ(?=[{_SIGNS}])", "ຢ"),
        (f"(?<![{_LEADING}])ຫ(?=[ງຍນມວລຣ][{_SIGNS}ອວ])|(?<=[{_LEADING}])ຫ(?=[ງຍນມລຣ])", ""),
    )
)
"""What is not spoken: a consonant under the cancelling sign, tones, and h that only leads."""

_LATIN = re.compile("[a-z]+")
_NOT_LATIN = re.compile("[^a-z\n]+")


def lao_sounds(name: str) -> str:
    """A Lao name in Latin letters, by sound, with tones left out; what is not Lao is dropped.

    Args:
        name: one name in Lao script, NFC, without title, on one line.

    Returns:
        Lower-case Latin letters; empty if no Lao consonant is found.

    Source: rules of Lao orthography, in which all vowels are written; values after the romanisation that BGN and PCGN
        agreed on in 1966, with single letters where Lao people write their names so (u for ou, s for x, nh for gn).
        Spellings from before the reforms of 1975 are read by the same rules and may come out wrong.
    """
    return lao_sounds_of([name])[0]


def lao_sounds_of(names: Sequence[str]) -> list[str]:
    """The same for many names at once, each syllable that was met before looked up.

    Cost: see `keys.keys_of`.
    """
    text = _LATIN.sub("", "\n".join(names))
    for pattern, by in _SILENT:
        text = pattern.sub(by, text)
    return _NOT_LATIN.sub("", _SYLLABLE.sub(_sound, text)).split("\n")


def _sound(match: re.Match[str]) -> str:
    """How one syllable sounds; a consonant alone closes the name where it is the last of several."""
    kind = match.lastgroup or ""
    first = _FIRST_GROUP[kind]
    onset = match[first]
    if kind == _LONE and _closes(match):
        return CODAS.get(onset, "")
    sound = _ONSETS.get(onset, "") + _VOWELS[kind]
    if _HAS_CODA[kind] and (coda := match[first + 1]):
        sound += CODAS.get(coda, "")
    return sound


def _closes(match: re.Match[str]) -> bool:
    """Whether a syllable ends its word and does not begin it."""
    text = match.string
    before, behind = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
    return bool(before.strip()) and not behind.strip()
