"""How a Burmese name sounds in Latin letters, near enough to compare with what people wrote."""

import functools
import re
from collections.abc import Sequence

ONSETS = {
    "က": "k",
    "ခ": "kh",
    **dict.fromkeys("ဂဃ", "g"),
    "င": "ng",
    **dict.fromkeys("စဆ", "s"),
    **dict.fromkeys("ဇဈ", "z"),
    **dict.fromkeys("ဉည", "ny"),
    **dict.fromkeys("ဋတ", "t"),
    **dict.fromkeys("ဌထ", "ht"),
    **dict.fromkeys("ဍဎဒဓ", "d"),
    **dict.fromkeys("ဏန", "n"),
    "ပ": "p",
    "ဖ": "ph",
    **dict.fromkeys("ဗဘ", "b"),
    "မ": "m",
    **dict.fromkeys("ယရ", "y"),
    **dict.fromkeys("လဠ", "l"),
    "ဝ": "w",
    **dict.fromkeys("သဿ", "th"),
    "ဟ": "h",
    "အ": "",
}
"""A letter at the head of a syllable, without what hangs on it."""

GLIDED = {"က": "ky", "ခ": "ch", "ဂ": "gy", "င": "ny", "ရ": "y", "ယ": "y"}
"""A letter with ya or ra hung on it, where that is more than a y behind it."""

ALONE = {"ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "e", "ဨ": "e", "ဩ": "aw", "ဪ": "aw"}
"""Vowels that are letters of their own."""

VOWELS = {
    "": "a",
    "ာ": "a",
    "ိ": "i",
    "ီ": "i",
    "ု": "u",
    "ူ": "u",
    "ေ": "e",
    "ဲ": "e",
    "ော": "aw",
    "ို": "o",
}
"""The vowel of a syllable that nothing closes, by its signs."""

_STOPS = "ကခဂဃစဆဇဈဋဌဍဎတထဒဓပဖဗဘသ"
_NASALS = "ငဉဏနမ"

CLOSED = {
    ("", "က"): "et",
    ("", "င"): "in",
    ("", "စ"): "it",
    ("", "ဇ"): "it",
    ("", "ဉ"): "in",
    ("", "ည"): "i",
    ("", "ယ"): "e",
    ("ော", "က"): "auk",
    ("ော", "င"): "aung",
    ("ို", "က"): "aik",
    ("ို", "င"): "aing",
}
"""How signs and a closing letter sound together, where the letter changes the vowel in its own way."""

_BEFORE_STOP = {"": "at", "ာ": "at", "ိ": "eik", "ီ": "it", "ု": "ok", "ူ": "ut", "ေ": "et", "ော": "ot", "ို": "ot"}
_BEFORE_NASAL = {"": "an", "ာ": "an", "ိ": "ein", "ီ": "in", "ု": "on", "ူ": "un", "ေ": "en", "ော": "on", "ို": "on"}

_C = "[က-အဿ]"
_SYLLABLE = re.compile(
    f"\u1039?({_C}[\u103b-\u103e]*|[ဣ-ဪ])([\u102c-\u1032\u1036\u1037]*)\u103a?([\u1037\u1038]*)"
    f"(?:({_C})(?:(\u1037?\u103a[\u1037\u1038]*)\u1039?|(?=\u1039)))?"
)
"""Letter with its medials, signs, tones; then a closing letter: killed, or with the next syllable under it."""

_TYPED_SO = str.maketrans({"\u102b": "\u102c", "\u1040": "ဝ", "\u1047": "ရ"})
"""The tall aa, and the digits nought and seven, which are typed for letters that look like them."""

_R_BEFORE = {"", "\u102d", "\u102e", "\u1030"}
"""Signs of an open syllable before which ra inside a name is more often said r (Thura, Thiri) than y."""

_U_FOR_NYA = re.compile("ဥ(?=\u1037?\u103a|\u102c)")
_LATIN = re.compile("[a-z]+")
_NOT_LATIN = re.compile("[^a-z\n]+")
_OPEN_ENDS = re.compile("[က-အဿ\u102c-\u1031\u103b-\u103e]")


def burmese_sounds(name: str) -> str:
    """A Burmese name in Latin letters, by sound, with tones left out; what is not Burmese is dropped.

    Args:
        name: one name in Unicode Burmese, NFC, without title, on one line; Zawgyi is turned into Unicode before.

    Returns:
        Lower-case Latin letters; empty if no Burmese letter is found. Shan, Karen and Mon letters are dropped.

    Source: rules of Burmese orthography (medials, letters under letters, killed finals); which letter is which after
        the transcription of the Myanmar Language Commission, how rhymes are written after the agreement of BGN and
        PCGN of 1970, with the customs of personal names: th, ky and ch, and nt for a nasal in the creaky tone. Voicing
        inside a name is not written; ra is y, but r inside a
        name between two open syllables of some vowels, as in words out of Pali.
    """
    return burmese_sounds_of([name])[0]


def burmese_sounds_of(names: Sequence[str]) -> list[str]:
    """The same for many names at once.

    Cost: see `keys.keys_of`.
    """
    text = _U_FOR_NYA.sub("ဉ", _LATIN.sub("", "\n".join(names)).translate(_TYPED_SO))
    return _NOT_LATIN.sub("", _SYLLABLE.sub(_sound, text)).split("\n")


def _sound(match: re.Match[str]) -> str:
    """How one syllable sounds, where it stands."""
    head, signs, tones, coda, killed = match.groups()
    is_creaky = "\u1037" in signs or "\u1037" in tones or "\u1037" in (killed or "")
    rhyme = _rhyme(signs.replace("\u1037", ""), coda or "", is_creaky)
    if head in ALONE:
        return ALONE[head] + (rhyme[1:] if coda else "")
    if head == "ရ" and signs in _R_BEFORE and not (coda or tones) and _is_inside(match):
        return "r" + rhyme
    if "\u103d" in head and rhyme[:2] in ("an", "at") and not signs.strip("\u1036\u1037"):
        return _onset(head.replace("\u103d", "")) + "u" + rhyme[1:]
    return _onset(head) + rhyme


def _is_inside(match: re.Match[str]) -> bool:
    """Whether an open syllable stands before this one in its name."""
    at = match.start()
    return at > 0 and _OPEN_ENDS.match(match.string[at - 1]) is not None


@functools.cache
def _onset(head: str) -> str:
    """A letter with its medials."""
    letter, medials = head[0], head[1:]
    is_glided = "\u103b" in medials or "\u103c" in medials
    is_breathed = "\u103e" in medials
    if is_breathed and (letter in "ရယ" or (letter in "လသ" and is_glided)):
        sound = "sh"
    else:
        sound = GLIDED.get(letter, ONSETS[letter] + "y") if is_glided else ONSETS[letter]
        sound = "h" + sound if is_breathed else sound
    return sound + ("w" if "\u103d" in medials else "")


@functools.cache
def _rhyme(signs: str, coda: str, is_creaky: bool) -> str:  # noqa: FBT001
    """A vowel with what closes it; n with a t where a name has the creaky tone."""
    vowel = "".join(sign for sign in signs if sign != "\u1036")
    if "\u1036" in signs:
        return _BEFORE_NASAL.get(vowel, "an") + "t" * is_creaky
    if not coda or coda in "လရဟဠဝအဿ" or (coda == "ယ" and vowel):
        return VOWELS.get(vowel, "a")
    if (vowel, coda) in CLOSED:
        rhyme = CLOSED[vowel, coda]
    elif coda in _NASALS:
        rhyme = _BEFORE_NASAL.get(vowel, "an")
    elif coda in _STOPS:
        rhyme = _BEFORE_STOP.get(vowel, "at")
    else:
        rhyme = VOWELS.get(vowel, "a")
    return rhyme.removesuffix("g") + "t" if is_creaky and rhyme[-1] in "gn" else rhyme
