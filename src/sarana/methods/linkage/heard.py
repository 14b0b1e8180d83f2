"""The names of the rows as they sound, with what spellers confuse made one, and how many rows bear such a name."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine
from sarana.methods.linkage.rows import Codes, Levels, Rows
from sarana.methods.names.keys import hear_words

HEARD_NAMES = "word_keys"
"""The relation of names with their sounds, where there is one."""

NAMES = ("given", "family")
KINDS = (*NAMES, "given sounds", "family sounds")
"""What is counted: how many rows bear the key of a name, and how many its sounds."""

_FOLDS = (
    ("sr", "s"), ("ph|bh|b", "p"), ("th|dh|d", "t"), ("kh|gh|g|q", "k"), ("ch|sh|j|z|x|c", "s"), ("r", "l"),
    ("ou|oo", "u"), ("ee|ea", "i"), ("aeo|ae", "e"), ("[yw]", "i"), ("h", ""), ("aa", "a"),
)  # fmt: skip
"""What one hand writes so and the next otherwise, in the order in which it is made one; vowels stay."""

_FREQUENT = (3, 8, 20, 60, 200, 600)
"""Upper ends of the rarity classes of a name: rows that carry its key or sounds, in 100,000.

Those of the rarest class do not stand in a saved model.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """How the names of the rows sound.

    Args:
        sounds: the distinct sounds, folded.
        number: by number of a name, the number of its sounds in `sounds`, from 1; 0 for no name.
    """

    sounds: pa.Array
    number: Codes


def hear_rows(engine: Engine, rows: Rows) -> Heard:
    """How the names of the rows sound; those that standardising heard (`word_keys`) are not heard again.

    Cost: 0.5 CPU seconds for 300,000 distinct names.
    """
    sounds = _heard(engine, rows.words).dictionary_encode()
    folded = fold_sounds(sounds.dictionary).dictionary_encode()
    number = np.asarray(folded.indices)[np.asarray(sounds.indices)] + 1
    return Heard(folded.dictionary, np.append(0, number).astype(np.int32))


def fold_sounds(sounds: pa.Array) -> pa.Array:
    """Sounds (small Latin letters) with what spellers confuse made one."""
    for pattern, to in _FOLDS:
        sounds = pc.replace_substring_regex(sounds, pattern, to)
    return sounds


def name_rarities(rows: Rows, heard: Heard) -> dict[str, Levels]:
    """By kind of `KINDS` and number of a key or of sounds: the class of how many rows carry it."""
    numbers = (rows.given_key, rows.family_key, heard.number[rows.given], heard.number[rows.family])
    sizes = (len(rows.keys), len(rows.keys), len(heard.sounds), len(heard.sounds))
    limits = np.array([share * max(len(rows), 100_000) / 100_000 for share in _FREQUENT])
    found = {}
    for kind, number, size in zip(KINDS, numbers, sizes, strict=True):
        found[kind] = np.searchsorted(limits, np.bincount(number, minlength=size + 1)).astype(np.int16)
        found[kind][0] = 0
    return found


def texts_of(rows: Rows, heard: Heard) -> Mapping[str, pa.Array]:
    """By kind of `KINDS`: what the numbers of `name_rarities` stand for, from 1."""
    return dict(zip(KINDS, (rows.keys, rows.keys, heard.sounds, heard.sounds), strict=True))


def _heard(engine: Engine, words: pa.Array) -> pa.Array:
    """The sounds of words."""
    if HEARD_NAMES not in engine.tables():
        return hear_words(words.to_pylist())
    known = engine.read(HEARD_NAMES, ["word", "sounds"])
    sounds = known["sounds"].combine_chunks().take(pc.index_in(words, value_set=known["word"].combine_chunks()))
    is_new = pc.is_null(sounds)
    return pc.replace_with_mask(sounds, is_new, hear_words(words.filter(is_new).to_pylist()))
