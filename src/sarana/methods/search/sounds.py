"""How the words of a search file sound, held in memory: those whose consonants are nearly the same are found at once.

Letters left out (`near.tokens_of`) find what is one slip away. Who spells a name by ear in another script is two or
three consonants away, and to keep every pair of letters left out would make the file three times as large. So the
consonants of all words are held as whole numbers, four bits a consonant, and looked through.
"""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from sarana.methods.search.tables import Connection, last_drop, sounds_behind, sounds_of_all

MOST_CONSONANTS = 16
"""So many consonants of a word are compared."""

_CONSONANTS = b"ACHKLMNPSTWY"
_BITS = 5
"""Of each consonant so many are counted."""

_CODES = np.zeros(256, np.uint64)
_CODES[list(_CONSONANTS)] = range(1, len(_CONSONANTS) + 1)

type Numbers = NDArray[np.uint64]


def most_off(key: str) -> int:
    """By how many consonants a word may differ from one that is asked; 0 where only the same is found."""
    n = len(key)
    return 0 if n < 4 else 1 if n < 5 else 2 if n < 9 else 3


def is_nearly(asked: str, known: str) -> bool:
    """Whether the consonants of two words are nearly the same: what `Sounds.alike` finds."""
    most = most_off(asked)
    one, other = asked[:MOST_CONSONANTS], known[:MOST_CONSONANTS]
    return bool(most) and Levenshtein.distance(one, other, score_cutoff=most) <= most


class Sounds:
    """The consonants and the sounds of every word of names, by number.

    Words come to it; when people are dropped from the file, all of it is read anew. A word that nobody bears any more,
    since names were changed, does no harm: the file is asked for every word that is found.
    """

    def __init__(self) -> None:
        """Nothing is read yet; see `read`."""
        self._dropped = ""
        self._let_go()

    def _let_go(self) -> None:
        self._last = -1
        self._words = np.zeros(0, np.int64)
        self._keys, self._bags = np.zeros(0, np.uint64), np.zeros(0, np.uint64)
        self._ears, self._ends = b"", np.zeros(0, np.int64)

    def read(self, connection: Connection) -> None:
        """Read the words that came since: all of them the first time and after a drop (0.2 microseconds each)."""
        dropped = last_drop(connection)
        if dropped != self._dropped:
            self._let_go()
            self._dropped = dropped
        last = int(connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()[0])
        if last <= self._last:
            return
        words, ears, keys = sounds_of_all(connection) if self._last < 0 else sounds_behind(connection, self._last)
        self._last = last
        if not len(words):
            return
        data, starts, lengths = _lines(keys)
        packed, bags = _packed(data, starts, lengths)
        _, ear_starts, ear_lengths = _lines(ears)
        self._words = np.concatenate([self._words, words])
        self._keys = np.concatenate([self._keys, packed])
        self._bags = np.concatenate([self._bags, bags])
        self._ends = np.concatenate([self._ends, len(self._ears) + ear_starts + ear_lengths])
        self._ears += ears + b"\n"

    def alike(self, key: str) -> tuple[list[int], list[str]]:
        """The words whose consonants are nearly these, and how each sounds."""
        most = most_off(key)
        if not most or not len(self._words):
            return [], []
        packed, bag = _packed(*_lines(key.encode()))
        likely = np.flatnonzero(np.bitwise_count(self._bags ^ bag) <= 2 * most)
        likely = likely[_distances(self._keys[likely], int(packed[0])) <= most]
        ends = self._ends[likely]
        starts = np.where(likely > 0, self._ends[likely - 1] + 1, 0)
        ears = [self._ears[start:end].decode() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return self._words[likely].tolist(), ears


def _lines(text: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Bytes, where each line of them begins, and how long it is."""
    data = np.frombuffer(text + b"\n", np.uint8)
    ends = np.flatnonzero(data == 10)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
    return data, starts, ends - starts


def _packed(data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Each line of consonants as one number, four bits each, and how often it has each of them, as bits."""
    packed, bags = np.zeros(len(starts), np.uint64), np.zeros(len(starts), np.uint64)
    for at in range(min(MOST_CONSONANTS, int(lengths.max(initial=0)))):
        here = np.flatnonzero(lengths > at)
        codes = _CODES[data[starts[here] + at]]
        packed[here] |= codes << np.uint64(4 * at)
        shift = (codes - np.uint64(1)) * np.uint64(_BITS)
        count = (bags[here] >> shift) & np.uint64(31)
        bags[here] |= ((count << np.uint64(1) | np.uint64(1)) & np.uint64(31)) << shift
    return packed, bags


def _distances(keys: Numbers, asked: int) -> NDArray[np.int8]:
    """Letters to be put in, left out or changed between each word and one (Myers 1999, for many words at once)."""
    codes = [asked >> 4 * at & 15 for at in range(MOST_CONSONANTS)]
    length = MOST_CONSONANTS - codes.count(0)
    where = np.zeros(16, np.uint32)
    for at, letter in enumerate(codes[:length]):
        where[letter] |= np.uint32(1 << at)
    one, last = np.uint32(1), np.uint32(length - 1)
    more, less = np.full(len(keys), (1 << length) - 1, np.uint32), np.zeros(len(keys), np.uint32)
    distance = np.full(len(keys), length, np.int8)
    for at in range(MOST_CONSONANTS):
        code = (keys >> np.uint64(4 * at) & np.uint64(15)).astype(np.uint8)
        is_there = code > np.uint8(0)
        if not np.any(is_there):
            break
        same = where[code]
        down = same | less
        across = (((same & more) + more) ^ more) | same
        up, lower = less | ~(across | more), more & across
        step = (up >> last & one).astype(np.int8) - (lower >> last & one).astype(np.int8)
        distance += step * is_there
        up, lower = up << one | one, lower << one
        more, less = lower | ~(down | up), up & down
    return distance
