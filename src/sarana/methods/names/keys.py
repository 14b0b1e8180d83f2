"""Phonetic keys that agree across scripts: the consonants one hears, in the order one hears them."""

import re
from collections.abc import Iterable

import pyarrow as pa

from sarana.methods.engine import Engine, quoted
from sarana.methods.names.thai_sounds import thai_sounds

_THAI = re.compile("[ก-ฮ]")
_NOT_LETTERS = re.compile("[^a-z]+")
_FOLDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ngh?|nh", "n"),
        ("ph|f|b", "p"),
        ("ch?h|sh|j", "C"),
        ("z|x", "s"),
        ("kh|gh|q|c|g", "k"),
        ("th|dh|d", "t"),
        ("v", "w"),
        ("(?<=[aeiouwy])r(?=[^aeiouwy]|$)", ""),
        ("l(?=[^aeiouwyl]|$)", "n"),
        ("r", "l"),
        ("(?<=.)[wy]", ""),
        ("(?<=[^aeiou])h|h(?=$|[^aeiou])", ""),
        ("[Csk](?=$)|[Cs](?=[ktpCsmnlh])", "T"),
        ("^[aeiou]+", "A"),
        ("[aeiou]", ""),
    )
)
_KEYS = pa.schema([("word", pa.string()), ("sounds", pa.string()), ("key", pa.string())])
_DOUBLED = re.compile(r"(.)\1+")


def sounds_of(name: str) -> str:
    """A name in small Latin letters, whatever its script, by sound; for comparing, never for showing."""
    if _THAI.search(name):
        return thai_sounds(name)
    return _NOT_LETTERS.sub("", name.lower())


def sound_key(sounds: str) -> str:
    """The consonants of a name by sound, in capitals; what spellers confuse is one letter.

    Args:
        sounds: small Latin letters, as `sounds_of` gives them.

    Returns:
        Capitals out of A (opens with a vowel) C H K L M N P S T W Y; empty for a name without letters.
    """
    key = sounds
    for pattern, sound in _FOLDS:
        key = pattern.sub(sound, key)
    return _DOUBLED.sub(r"\1", key).upper()


def keys_of(words: Iterable[str]) -> pa.Table:
    """The sounds and the key of each word, as a table `word, sounds, key`."""
    listed = list(words)
    sounds = [sounds_of(word) for word in listed]
    keys = [sound_key(sound) for sound in sounds]
    return pa.table({"word": listed, "sounds": sounds, "key": keys}, schema=_KEYS)


def make_keys(engine: Engine, words: str, into: str = "word_keys") -> None:
    """Make the relation `into` (word, sounds, key), ordered by word, for the distinct words of a relation.

    Args:
        engine: where both relations live.
        words: name of a relation with one column `word`, VARCHAR; NULLs are passed over.
        into: name of the relation to make.

    Cost: about 25 microseconds a distinct word.
    """
    found = engine.arrow(f"SELECT DISTINCT word FROM {quoted(words)} WHERE word IS NOT NULL ORDER BY word")
    engine.load(into, keys_of(found.column("word").to_pylist()))
