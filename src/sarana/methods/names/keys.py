"""Phonetic keys that agree across scripts: the consonants one hears, in the order one hears them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine, quoted
from sarana.methods.names.burmese_sounds import burmese_sounds_of
from sarana.methods.names.khmer_sounds import khmer_sounds_of
from sarana.methods.names.lao_sounds import lao_sounds_of
from sarana.methods.names.thai_sounds import thai_sounds_of

_THAI = re.compile("[ก-ฮ]")
_LETTERS = re.compile("(?P<thai>[ก-ฮ])|(?P<lao>[ກ-ຮໜໝ])|(?P<khmer>[ក-ឳ០-៩])|(?P<burmese>[က-ဪ])")
"""A letter that begins a syllable, in the scripts that are read by rule."""

_NOT_LETTERS = re.compile("[^a-z\n]+")
_NO_MARKS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
"""Latin letters whose mark is part of them; other marks go with their decomposition."""

_ONE_SOUND = (
    (b"ngh", b"N"), (b"ng", b"N"), (b"nh", b"N"), (b"ph", b"P"), (b"chh", b"C"), (b"ch", b"C"), (b"sh", b"C"),
    (b"kh", b"K"), (b"gh", b"K"), (b"th", b"T"), (b"dh", b"T"), (b"sr", b"s"),
)  # fmt: skip
"""Letters that are one sound together, in the order in which they are taken; capitals are not taken again."""

_CONFUSED = bytes.maketrans(b"NPfbjzxKqcgTdv", b"npppCsskkkkttw")
"""What spellers confuse is one letter."""

_HEARD: tuple[tuple[re.Pattern[bytes], bytes], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), sound)
    for pattern, sound in (
        (b"(?<=.)r(?=[^aeiouwy]|$)", b""),
        (b"l(?=[^aeiouwyl]|$)", b"n"),
        (b"r", b"l"),
        (b"(?<=[^aeiou\n])h|h(?=$|[^aeiou])", b""),
        (b"(?<=[nm])[ktp](?=$|[ktpCsmn])", b""),
        (b"[Csk](?=$)|[Cs](?=[ktpCsmnlh])", b"T"),
        (b"(?<=.)[wy]", b""),
        (b"^[aeiou]+", b"A"),
    )
)
"""What is heard of each letter where it stands; each pattern holds for many names, one a line."""

HEARD = "heard_before"
"""The relation of words that were heard before, where there is one."""

_DOUBLED = re.compile(rb"(.)\1+")


def sounds_of(name: str) -> str:
    """A name in small Latin letters, whatever its script, by sound; for comparing, never for showing."""
    return _sounds([name])[0]


def sound_key(sounds: str) -> str:
    """The consonants of a name by sound, in capitals; what spellers confuse is one letter.

    Args:
        sounds: small Latin letters, as `sounds_of` gives them.

    Returns:
        Capitals out of A (opens with a vowel) C H K L M N P S T W Y; empty for a name without letters.
    """
    return sound_keys([sounds])[0]


def sound_keys(sounds: Sequence[str]) -> list[str]:
    """The same for the sounds of many names at once."""
    return _keys(sounds)


def keys_of(words: Iterable[str]) -> pa.Table:
    """The sounds and the key of each word, as a table `word, sounds, key`, all text.

    Cost: about 15 microseconds a word where many are read together.
    """
    listed = list(words)
    sounds = _sounds(listed)
    columns = {"word": listed, "sounds": sounds, "key": _keys(sounds)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def hear_words(words: Sequence[str]) -> pa.Array:
    """The sounds of each word, as text, in the order of the words."""
    return pa.array(_sounds(words), pa.string())


def _latin_sounds_of(names: Sequence[str]) -> list[str]:
    """The plain Latin letters of many names; their marks go, and scripts that nobody here reads."""
    text = "\n".join(names).lower()
    if not text.isascii():
        text = unicodedata.normalize("NFD", text).translate(_NO_MARKS)
    return _NOT_LETTERS.sub("", text).split("\n")


_READ_BY: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "thai": thai_sounds_of,
    "lao": lao_sounds_of,
    "khmer": khmer_sounds_of,
    "burmese": burmese_sounds_of,
    "": _latin_sounds_of,
}
"""Who reads the names of a script."""


def _sounds(names: Sequence[str]) -> list[str]:
    """The sounds of many names, each by the rules of its script; those of one script are read together."""
    lines = [name.replace("\n", " ") if "\n" in name else name for name in names]
    scripts = ["" if line.isascii() else _script_read(line) for line in lines]
    heard = {
        script: iter(read([line for line, its in zip(lines, scripts, strict=True) if its == script]))
        for script, read in _READ_BY.items()
        if script in set(scripts)
    }
    return [next(heard[script]) for script in scripts]


def _script_read(name: str) -> str:
    """The script by whose rules a name is read: Thai where it has a Thai letter, else that of its first letter."""
    found = _LETTERS.search(name)
    if found is None:
        return ""
    return "thai" if _THAI.search(name, found.start()) else found.lastgroup or ""


def _keys(sounds: Sequence[str]) -> list[str]:
    """The keys of many names, folded together, one a line."""
    if not sounds:
        return []
    text = "\n".join(sounds).encode()
    for letters, sound in _ONE_SOUND:
        text = text.replace(letters, sound)
    text = text.translate(_CONFUSED)
    for pattern, sound in _HEARD:
        text = pattern.sub(sound, text)
    return _DOUBLED.sub(rb"\1", text.translate(None, b"aeiou").upper()).decode().split("\n")


def make_keys(engine: Engine, words: str, into: str = "word_keys") -> None:
    """Make the relation `into` (word, sounds, key), ordered by word, for the distinct words of a relation.

    Args:
        engine: where both relations live.
        words: name of a relation with one column `word`, VARCHAR; NULLs are passed over.
        into: name of the relation to make.

    Words that stand in the relation `heard_before` (word, sounds, key), if there is one, are not heard again: how a
    word sounds hangs on nothing else.

    Cost: see `keys_of`.
    """
    found = engine.arrow(f"SELECT DISTINCT word FROM {quoted(words)} WHERE word IS NOT NULL ORDER BY word")
    word = found.column("word").combine_chunks()
    if HEARD not in engine.tables():
        engine.load(into, keys_of(word.to_pylist()))
        return
    known = engine.table(HEARD)
    place = pc.index_in(word, value_set=known.column("word").combine_chunks())
    new = keys_of(word.filter(pc.is_null(place)).to_pylist())
    heard = pa.concat_tables([known.filter(pc.is_in(known.column("word"), value_set=word)), new])
    engine.load(into, heard.sort_by("word"))
