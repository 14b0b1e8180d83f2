"""How alike the names of two rows are: by letters, by sound, by consonants; rare ones apart."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Truths
from sarana.methods.linkage.heard import Heard
from sarana.methods.linkage.letters import Letters
from sarana.methods.linkage.rows import Codes, Levels, Rows

SAME, SOUNDS, NEAR, ALIKE, FAR, OTHER, HEARD = 1, 2, 3, 4, 5, 6, 7
"""Levels of a name: same letters; same sounds; one slip; alike; somewhat alike; other; same consonants. 0: missing."""

_LIKENESS = ((0.9, NEAR), (0.82, ALIKE), (0.7, FAR))
"""Least likeness (Jaro and Winkler's) of each level."""

_SHORT_KEY_LIKENESS = 0.9
"""Least likeness of two names of one short key, for their consonants to count as the same."""

_SOUNDS_LESS = 0.02
"""What a likeness of sounds counts less than one of letters."""

_TOGETHER = np.array([0, 1, 1, 2, 3, 3, 4, 2], dtype=np.int16)
"""By level of one name: what it counts where both names are looked at together."""

_TOGETHER_WIDTH, _ACROSS, _LATIN = 5, 25, 50

_FITS = np.array([False, True, True, True, True, False, False, True])
"""By level of one name: whether it speaks for one person; how rare the name is counts then."""

_MAY_TURN = np.array([False, False, False, False, True, True, True, False])
"""By level of one name: whether it may be that the names stand in the other order."""

_LIKE = """SELECT greatest(
    coalesce(jaro_winkler_similarity(x, y), 0), jaro_winkler_similarity(heard_x, heard_y) - {less}) AS likeness
    FROM lk_met"""


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
    the names stand in the other order; `names` has both together, and 25 more across scripts, 50 where both stand in
    Latin letters: two hands write a Thai name alike in Thai, and seldom so in Latin letters.
    """
    sides = [{name: _Names.of(rows, name, at) for name in ("given", "family")} for at in (a, b)]
    given, family = (ear.levels(sides[0][name], sides[1][name]) for name in ("given", "family"))
    is_turned = _turn(ear, sides, (given, family))
    told = {
        name: level * np.int16(10) + np.where(_FITS[level], ear.rarity(name, level, sides), np.int16(0))
        for name, level in (("given", given), ("family", family))
    }
    told["given"][is_turned] += 100
    are_latin = ear.is_latin[sides[0]["given"].word] & ear.is_latin[sides[1]["given"].word]
    script = np.select([_are_unlike(rows.script[a], rows.script[b]), are_latin], [_ACROSS, _LATIN], np.int16(0))
    told["names"] = (_TOGETHER[given] * _TOGETHER_WIDTH + _TOGETHER[family] + script).astype(np.int16)
    return told


def _turn(ear: "Ear", sides: Sequence[Mapping[str, _Names]], levels: tuple[Levels, Levels]) -> Numbers:
    """Which pairs have their names in the other order; their levels are put in place of those given."""
    x, y = sides
    given, family = levels
    one_key = _are_equal(x["given"].key, y["family"].key) | _are_equal(x["family"].key, y["given"].key)
    at = np.flatnonzero(one_key & _MAY_TURN[given] & (_MAY_TURN[family] | (family == 0)))
    given_turned, family_turned = (
        ear.levels(x[one].only(at), y[other].only(at)) for one, other in (("given", "family"), ("family", "given"))
    )
    fits = _FITS[given_turned] & (_FITS[family_turned] | (family_turned == 0))
    fits |= (given_turned == 0) & _FITS[family_turned] & (family_turned != ALIKE)
    at = at[np.flatnonzero(fits)]
    given[at], family[at] = given_turned[fits], family_turned[fits]
    return at


@dataclass(frozen=True, slots=True)
class Ear:
    """What names are compared by.

    Args:
        letters: the distinct names, letter by letter.
        heard: how they sound.
        is_long: by number of a key, whether it has three consonants or more.
        is_latin: by number of a word, whether it is one in Latin letters without marks; false for no word.
        is_heard: by number of sounds, whether there are any: of a script that nobody reads here there are none.
        rare: by kind of `heard.KINDS` and number of a key or of sounds, how rare it is; 0 for none.
        turn: whose turn it is to ask the engine, whose one connection serves one thread.
    """

    engine: Engine
    letters: Letters
    heard: Heard
    is_long: Truths
    is_heard: Truths
    is_latin: Truths
    rare: Mapping[str, Levels]
    turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, engine: Engine, rows: Rows, heard: Heard, rare: Mapping[str, Levels]) -> Self:
        """An ear for the names of the rows."""
        is_long = np.append(False, np.asarray(pc.utf8_length(rows.keys)) >= 3)
        is_heard = np.append(False, np.asarray(pc.utf8_length(heard.sounds)) > 0)
        is_latin = np.append(False, np.asarray(pc.string_is_ascii(rows.words)))
        return cls(engine, Letters.of(rows.words), heard, is_long, is_heard, is_latin, rare)

    def levels(self, x: _Names, y: _Names) -> Levels:
        """The level of two names."""
        is_known = (x.word > 0) & (y.word > 0)
        sound = self.heard.number[x.word]
        one_sound = _are_equal(sound, self.heard.number[y.word]) & self.is_heard[sound]
        level = np.select([~is_known, x.word == y.word, one_sound], [np.int16(0), SAME, SOUNDS], np.int16(-1))
        level = level.astype(np.int16)
        at = np.flatnonzero(level < 0)
        likeness = self._likeness(x.word[at], y.word[at])
        met = np.full(len(at), OTHER, dtype=np.int16)
        for least, reached in reversed(_LIKENESS):
            met[likeness >= least] = reached
        one_key = _are_equal(x.key[at], y.key[at])
        met[one_key & (self.is_long[x.key[at]] | (likeness >= _SHORT_KEY_LIKENESS))] = HEARD
        level[at] = met
        return level

    def rarity(self, name: str, level: Levels, sides: Sequence[Mapping[str, _Names]]) -> Levels:
        """The rarity of the commoner of two names: of their sounds where these are the same, else of their keys."""
        by_key, by_sounds = self.rare[name], self.rare[f"{name} sounds"]
        x, y = (side[name] for side in sides)
        heard = np.maximum(by_sounds[self.heard.number[x.word]], by_sounds[self.heard.number[y.word]])
        return np.where(level <= SOUNDS, heard, np.maximum(by_key[x.key], by_key[y.key]))

    def _likeness(self, x: Codes, y: Codes) -> NDArray[np.float64]:
        """How alike two names are that do not sound the same, from 0 to 1; each two are measured once."""
        once, back = np.unique(x.astype(np.int64) << 32 | y, return_inverse=True)
        x, y = once >> 32, once & 0xFFFFFFFF
        met = dict(zip("xy", self.letters.sides(x, y), strict=True))
        for side, number in (("x", x), ("y", y)):
            met[f"heard_{side}"] = self.heard.sounds.take(pa.array(self.heard.number[number] - 1))
        found = self.ask(_LIKE.format(less=_SOUNDS_LESS), "lk_met", met).column("likeness").to_numpy()
        likeness: NDArray[np.float64] = found[back]
        return likeness

    def ask(self, sql: str, relation: str, columns: Mapping[str, pa.Array]) -> pa.Table:
        """What the engine says of some columns, under a name of the statement; one asks at a time."""
        with self.turn:
            self.engine.lend(relation, pa.table(dict(columns)))
            found = self.engine.arrow(sql)
            self.engine.give_back(relation)
        return found


def _are_equal(x: Codes, y: Codes) -> Truths:
    """Whether two numbers are the same and known."""
    equal: Truths = (x == y) & (x > 0)
    return equal


def _are_unlike(x: Codes, y: Codes) -> Truths:
    """Whether two numbers are known and not the same."""
    unlike: Truths = (x != y) & (x > 0) & (y > 0)
    return unlike
