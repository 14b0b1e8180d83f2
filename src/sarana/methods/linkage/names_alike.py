"""How alike the names of two rows are: by letters within a script, by sound across scripts, rare ones apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Truths
from sarana.methods.linkage.rows import Codes, Rows
from sarana.methods.names.keys import hear_words

SAME, SOUNDS, NEAR, ALIKE, FAR, OTHER = 1, 2, 3, 4, 5, 6
"""Levels of a name: same letters; same sound; one slip; alike; somewhat alike; other. 0 is missing."""

Levels = NDArray[np.int16]

HEARD_NAMES = "word_keys"
"""The relation of names with their sounds, where there is one."""

_LIKENESS = ((0.93, NEAR), (0.87, ALIKE), (0.77, FAR))
"""Least likeness (Jaro and Winkler's) of each level."""

_ACROSS_LESS = 0.03
"""What a likeness of sounds counts less than one of letters."""

_FREQUENT = (5, 20, 60, 200)
"""Upper ends of the rarity classes of a name: rows that carry its key, in 100,000."""

_TOGETHER = np.array([0, 1, 1, 1, 2, 2, 3], dtype=np.int16)
"""By level of one name: what it counts where both names are looked at together."""


@dataclass(frozen=True, slots=True)
class _Names:
    """One name of one side of some pairs: numbers of the word and of its key."""

    word: Codes
    key: Codes

    @classmethod
    def of(cls, rows: Rows, name: str, at: Numbers) -> Self:
        return cls(getattr(rows, name)[at], getattr(rows, f"{name}_key")[at])

    def only(self, kept: Numbers) -> "_Names":
        return _Names(self.word[kept], self.key[kept])


def name_levels(ear: "Ear", rows: Rows, a: Numbers, b: Numbers) -> dict[str, Levels]:
    """The comparisons `given`, `family` and `names` of pairs of rows.

    A given or family name has its level in the tens and its rarity in the ones, and 100 more for a given name where
    the names stand in the other order; `names` has both together, and 16 more across scripts.
    """
    is_across = _are_unlike(rows.script[a], rows.script[b])
    sides = [{name: _Names.of(rows, name, at) for name in ("given", "family")} for at in (a, b)]
    given, family = (ear.levels(sides[0][name], sides[1][name], is_across) for name in ("given", "family"))
    is_turned = _turn(ear, sides, is_across, (given, family))
    told = {
        name: (level * 10 + np.where((level >= 1) & (level <= ALIKE), ear.rarity(rows, name, a, b), 0)).astype(np.int16)
        for name, level in (("given", given), ("family", family))
    }
    told["given"][is_turned] += 100
    told["names"] = _TOGETHER[given] * np.int16(4) + _TOGETHER[family] + np.where(is_across, 16, 0).astype(np.int16)
    return told


def _turn(
    ear: "Ear", sides: Sequence[Mapping[str, _Names]], is_across: Truths, levels: tuple[Levels, Levels]
) -> Numbers:
    """Which pairs have their names in the other order; their levels are put in place of those given."""
    x, y = sides
    given, family = levels
    one_key = _are_equal(x["given"].key, y["family"].key) | _are_equal(x["family"].key, y["given"].key)
    at = np.flatnonzero(one_key & (given >= ALIKE) & ((family >= ALIKE) | (family == 0)))
    given_turned, family_turned = (
        ear.levels(x[one].only(at), y[other].only(at), is_across[at])
        for one, other in (("given", "family"), ("family", "given"))
    )
    fits = (given_turned >= 1) & (given_turned <= ALIKE) & (family_turned <= ALIKE)
    fits |= (given_turned == 0) & (family_turned >= 1) & (family_turned <= NEAR)
    at = at[fits]
    given[at], family[at] = given_turned[fits], family_turned[fits]
    return at


@dataclass(frozen=True, slots=True)
class Ear:
    """What names are compared by: their letters, and for those that meet another script, their sounds.

    Args:
        texts: the distinct names, then the distinct sounds.
        n_words: how many of them are names.
        sound: by number of a name, the number of its sounds in `texts`, from 1; 0 where they were not asked for.
        is_long: by number of a key, whether it has three consonants or more.
        rare: by name (`given`, `family`) and number of a key, how rare it is; 0 for none.
    """

    engine: Engine
    texts: pa.Array
    n_words: int
    sound: Codes
    is_long: Truths
    rare: Mapping[str, Levels]

    @classmethod
    def of(cls, engine: Engine, rows: Rows, a: Numbers, b: Numbers, rare: Mapping[str, Levels]) -> Self:
        """Hear the names that meet a name in another script; the others are compared as they are written."""
        n_words = len(rows.words)
        is_across = _are_unlike(rows.script[a], rows.script[b])
        is_met = np.zeros(n_words + 1, dtype=np.bool_)
        for side in (a[is_across], b[is_across]):
            is_met[rows.given[side]] = True
            is_met[rows.family[side]] = True
        met = np.flatnonzero(is_met[1:])
        sounds = _heard(engine, rows.words.take(pa.array(met))).dictionary_encode()
        sound = np.zeros(n_words + 1, dtype=np.int32)
        sound[met + 1] = np.asarray(sounds.indices) + n_words + 1
        is_long = np.append(False, np.asarray(pc.utf8_length(rows.keys)) >= 3)
        return cls(engine, pa.concat_arrays([rows.words, sounds.dictionary]), n_words, sound, is_long, rare)

    def levels(self, x: _Names, y: _Names, is_across: Truths) -> Levels:
        """The level of two names."""
        is_known = (x.word > 0) & (y.word > 0)
        one_key = _are_equal(x.key, y.key)
        sound_x, sound_y = self.sound[x.word], self.sound[y.word]
        one_sound = is_across & _are_equal(sound_x, sound_y) | one_key & self.is_long[x.key]
        level = np.select(
            [~is_known, x.word == y.word, one_sound, one_key], [np.int16(0), SAME, SOUNDS, NEAR], np.int16(-1)
        ).astype(np.int16)
        at = np.flatnonzero(level < 0)
        across = is_across[at]
        text_x, text_y = np.where(across, sound_x[at], x.word[at]), np.where(across, sound_y[at], y.word[at])
        level[at] = self._likeness(text_x, text_y)
        return level

    def rarity(self, rows: Rows, name: str, a: Numbers, b: Numbers) -> Levels:
        """The rarity of the commoner of two names."""
        key: Codes = getattr(rows, f"{name}_key")
        return np.maximum(self.rare[name][key[a]], self.rare[name][key[b]])

    def _likeness(self, x: Codes, y: Codes) -> Levels:
        """The level of two texts that are not the same, by likeness; each two are measured once."""
        once, back = np.unique(x.astype(np.int64) << 32 | y, return_inverse=True)
        first, second = once >> 32, once & 0xFFFFFFFF
        self.engine.lend("lk_met", pa.table({"x": self._text(first), "y": self._text(second)}))
        found = self.engine.arrow("SELECT jaro_winkler_similarity(x, y) AS likeness FROM lk_met").column("likeness")
        self.engine.give_back("lk_met")
        likeness = found.to_numpy() - np.where(first > self.n_words, _ACROSS_LESS, 0)
        level = np.full(len(once), OTHER, dtype=np.int16)
        for least, reached in reversed(_LIKENESS):
            level[likeness >= least] = reached
        return level[back]

    def _text(self, number: Numbers) -> pa.Array:
        return self.texts.take(pa.array(number - 1))


def _heard(engine: Engine, words: pa.Array) -> pa.Array:
    """The sounds of words: those that standardising heard (`word_keys`) are not heard again."""
    if HEARD_NAMES not in engine.tables():
        return hear_words(words.to_pylist())
    known = engine.read(HEARD_NAMES, ["word", "sounds"])
    sounds = known["sounds"].combine_chunks().take(pc.index_in(words, value_set=known["word"].combine_chunks()))
    is_new = pc.is_null(sounds)
    return pc.replace_with_mask(sounds, is_new, hear_words(words.filter(is_new).to_pylist()))


def name_rarities(rows: Rows) -> dict[str, Levels]:
    """By name and number of a key: the class of how many rows carry it."""
    limits = np.array([share * max(len(rows), 100_000) / 100_000 for share in _FREQUENT])
    found = {}
    for name, key in (("given", rows.given_key), ("family", rows.family_key)):
        found[name] = np.searchsorted(limits, np.bincount(key, minlength=len(rows.keys) + 1)).astype(np.int16)
        found[name][0] = 0
    return found


def _are_equal(x: Codes, y: Codes) -> Truths:
    """Whether two numbers are the same and known."""
    equal: Truths = (x == y) & (x > 0)
    return equal


def _are_unlike(x: Codes, y: Codes) -> Truths:
    """Whether two numbers are known and not the same."""
    unlike: Truths = (x != y) & (x > 0) & (y > 0)
    return unlike
