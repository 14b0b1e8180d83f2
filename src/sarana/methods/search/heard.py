"""Written names taken into words, and each word as it is spelled, as it is heard, and as its consonants are heard."""

import functools
import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from sarana.methods.names.keys import hear_words, sound_keys
from sarana.methods.names.parts import Part, read_part
from sarana.methods.names.scripts import tidy
from sarana.methods.names.tables import placeholders, titles
from sarana.methods.names.thai import UNUSUAL
from sarana.methods.names.zawgyi import is_zawgyi, to_unicode

MOST_LETTERS = 200
"""So much of a written name is read; no name is longer, and what is pasted by mistake is."""

MOST_UNITS = 8
"""So many words of one name are read."""

LONGEST = 40
"""Letters of one word that are looked at."""

_SHORT = 9
"""Two words of so few letters together are also known as one: Aung San, Aungsan."""

_NO_MARKS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
_PLAIN = re.compile("[A-Za-zก-ฮะ-ฺเ-์]+(?: [A-Za-zก-ฮะ-ฺเ-์]+)*")
_UNUSUAL = re.compile(UNUSUAL)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_BURMESE = re.compile("[\u1000-\u109f]")
_SYLLABLE = re.compile("(?<!^)(?<!\u1039)(?=[\u1000-\u102a\u103f](?!\u1037?[\u103a\u1039]))")
_TWO_FIRST = frozenset(
    "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|夏侯|皇甫|尉迟|尉遲|公孙|公孫|慕容|司徒|令狐|东方|東方".split("|")  # noqa: SIM905
)
"""Chinese family names of two signs."""

_NAMES_TOO = frozenset(["ကို", "ဦး", "ဒေါ်", "မောင်", "ນາງ", "ທ້າວ", "កញ្ញា", "นาง", "ông", "bà", "cô", "anh", "chị"])
"""Titles that are names too: what stands on one paper as a title is part of the name on another."""

_FAMILY_READ = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou", "查": "zha",
    "任": "ren", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue", "朴": "piao", "翟": "zhai", "覃": "qin",
    "葛": "ge", "冼": "xian", "员": "yun", "員": "yun", "华": "hua", "華": "hua", "沈": "shen", "洗": "xian",
}  # fmt: skip
"""Signs that are read otherwise where they are a family name."""


class Heard(NamedTuple):
    """A word in one spelling, by sound (small Latin letters, what is confused made one), and its consonants."""

    form: str
    ear: str
    key: str


@dataclass(frozen=True, slots=True)
class Span:
    """One or several neighbouring words of a name, taken as one."""

    first: int
    end: int
    form: str


def units_of(text: str) -> list[str]:
    """The words of a written name in one spelling, without titles; Burmese by syllable, Chinese family name apart.

    Anything may come in: what is no letter, mark on a letter or digit is a space.
    """
    return readings_of(text)[0]


def readings_of(text: str) -> list[list[str]]:
    """The words of a written name, and those it has where what looks like a title is the beginning of a name."""
    if words := _plain_words(text):
        return [words]
    text = tidy(text[: 4 * MOST_LETTERS])[:MOST_LETTERS]
    if is_zawgyi(text):
        text = to_unicode(text)
    read = read_part(text)
    first = _title_that_is_a_name(text, read)
    readings = [[first, read.rest or read.text, read.nickname]] + [[read.text]] * (read.rest is not None)
    return [_units(parts) for parts in readings]


def _plain_words(text: str) -> list[str]:
    """The words of a name of which nothing needs a second look, as nearly all are; none where something does."""
    if len(text) > MOST_LETTERS or not _PLAIN.fullmatch(text) or titles().strip(text)[0] or text in placeholders():
        return []
    words = text.lower().split()
    if len(words) > MOST_UNITS or any(not word.isascii() and _UNUSUAL.search(word) for word in words):
        return []
    return [] if words and " ".join(words) in placeholders() else [word[:LONGEST] for word in words]


def _units(parts: Iterable[str | None]) -> list[str]:
    words = (word for part in parts for word in _letters(part or "").split())
    return [unit for word in words for unit in _split(word)][:MOST_UNITS]


def _title_that_is_a_name(text: str, read: Part) -> str:
    """A first word that is a title to some and a name to others: Nang, Ko, Maung, Sai."""
    first, _, rest = text.partition(" ")
    if read.title and _BURMESE.match(text):
        return next((title for title in _NAMES_TOO if text.startswith(title)), "")
    return first if read.title and rest and first.lower() in _NAMES_TOO else ""


def _letters(text: str) -> str:
    """Small letters without Latin marks; what is no letter is a space, and marks on nothing go."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _without_marks(text).translate(_NO_MARKS))
    signs = "".join(sign if _category(sign) in "LMN" else " " for sign in text)
    return " ".join(word for word in signs.split() if any(_category(sign) != "M" for sign in word))


def _without_marks(text: str) -> str:
    """Text without the marks that stand on Latin letters; marks of other scripts are vowels and stay."""
    return re.sub("[\u0300-\u036f]+", "", unicodedata.normalize("NFD", text))


@functools.lru_cache(maxsize=4096)
def _category(sign: str) -> str:
    return unicodedata.category(sign)[0]


def _split(word: str) -> list[str]:
    """A word of Burmese by syllable, of Chinese as family and given name, any other as it is."""
    if word.isascii():
        return [word[:LONGEST]]
    if _BURMESE.search(word):
        return [part for part in _SYLLABLE.split(word[:LONGEST]) if part]
    if _HAN.fullmatch(word) and 2 <= len(word) <= 4:
        at = 2 if word[:2] in _TWO_FIRST else 1
        return [part for part in (word[:at], word[at:]) if part]
    return [word[:LONGEST]]


def spans_known(units: Sequence[str]) -> list[Span]:
    """What a name is stored by: its words, and neighbours together where people write them apart or not."""
    lengths = [1]
    if any(_BURMESE.search(unit) for unit in units):
        lengths = [1, 2, 3, 4]
    elif len(units) > 2 or sum(map(len, units)) <= _SHORT:
        lengths = [1, 2]
    return _spans(units, lengths)


def spans_asked(units: Sequence[str]) -> list[Span]:
    """What a name is looked for by: its words, and up to four neighbours together."""
    return _spans(units, [1, 2, 3, 4] if len(units) <= 4 else [1, 2, 3])


def _spans(units: Sequence[str], lengths: Sequence[int]) -> list[Span]:
    return [
        Span(first, first + length, "".join(units[first : first + length])[:LONGEST])
        for length in lengths
        for first in range(len(units) - length + 1)
    ]


def hear(forms: Sequence[str]) -> list[Heard]:
    """Each word as it is heard; see `names.keys` for the rules of the scripts.

    Cost: 20 microseconds a word where many are heard together.
    """
    read = [_pinyin(form) if _HAN.search(form) else form for form in forms]
    sounds = [_as_said(sound) for sound in hear_words(read).to_pylist()]
    ears = _ears([sound or (form if form.isdigit() else "") for sound, form in zip(sounds, forms, strict=True)])
    return [Heard(form, ear, key) for form, ear, key in zip(forms, ears, sound_keys(sounds), strict=True)]


def _pinyin(word: str) -> str:
    """Chinese signs in Latin letters, by their commonest reading in Mandarin; a family name as one is read."""
    if word in _FAMILY_READ:
        return _FAMILY_READ[word]
    signs = [_pinyin_of_signs().get(ord(sign), "").split(",")[0] for sign in word]
    return _without_marks("".join(signs)).replace("ü", "u")


@functools.cache
def _pinyin_of_signs() -> dict[int, str]:
    """How each Chinese sign is read, by its number, in 42,000 lines of pypinyin.

    Read from its file: what comes with `import pypinyin` are 47,000 phrases that nobody asks for here, which held every
    program of the web up for half a second, and took 50 MiB of its memory.
    """
    found = importlib.util.find_spec("pypinyin")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pypinyin")
    return msgspec.json.decode((Path(found.origin).parent / "pinyin_dict.json").read_bytes(), type=dict[int, str])


_SRI = re.compile("sri(?![aeou])")
_KYAW = re.compile("(?:kh?|g)y(?=[aeou])")


def _as_said(sound: str) -> str:
    """A name as it is said where letters are written that nobody says: Thai *sri* is si, Burmese *kyaw* is chaw."""
    return _KYAW.sub("ch", _SRI.sub("si", sound))


_EAR: tuple[tuple[re.Pattern[bytes], bytes], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), by)
    for pattern, by in (
        (b"ngh?", b"N"),
        (b"nh", b"n"),
        (b"chh?|sh|zh|j", b"C"),
        (b"ph|f|b|(?<![ae])v(?=$)", b"p"),
        (b"kh|gh|g|q|c(?!h)", b"k"),
        (b"th|dh|d", b"t"),
        (b"z|x", b"s"),
        (b"v", b"w"),
        (b"(?<=[aeiouwy])r(?=[^aeiouwy]|$)", b""),
        (b"l(?=[^aeiouwyl]|$)", b"n"),
        (b"r", b"l"),
        (b"(?<=[^aeiou\n])h|h(?=$|[^aeiou])", b""),
        (b"[Cs](?=$)", b"t"),
        (b"(?<=[aeiou])w", b"u"),
        (b"(?<=.)y|e|ii", b"i"),
        (b"o", b"u"),
    )
)
"""What spellers confuse is one letter; vowels stay, as three classes. Each pattern holds for many words, one a line."""

_DOUBLED = re.compile(rb"([^\n])\1+")


def _ears(sounds: Sequence[str]) -> list[str]:
    if not sounds:
        return []
    text = "\n".join(sounds).encode()
    for pattern, by in _EAR:
        text = pattern.sub(by, text)
    return _DOUBLED.sub(rb"\1", text).decode().lower().split("\n")
