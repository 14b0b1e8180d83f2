"""Slips of the hand in names: a letter left out, doubled, swapped with its neighbour, or taken for another."""

import itertools

import numpy as np
from numpy.typing import NDArray

from sarana.methods.reference import read_reference

KINDS = ("alike", "key", "drop", "swap", "double")
SHARES = (0.42, 0.18, 0.20, 0.14, 0.06)
PLACES = 8
SHORTEST = 2

Letters = NDArray[np.uint32]


class Slips:
    """Makes one slip in each name, wholly in arrays: a name is a row of code points, 0 after its end."""

    def __init__(self) -> None:
        """Read which letters are taken for one another and which lie side by side on a keyboard."""
        table = read_reference("invented/typing.toml")
        alike = [(one, two) for group in table["alike"] for one in group for two in group if one != two]
        keys = [
            pair
            for row in table["rows"]
            for left, right in itertools.pairwise(row)
            for pair in ((left, right), (right, left))
        ]
        self._alike = _others(alike)
        self._keys = _others(keys)
        self._doubled = np.array(sorted(ord(letter) for letter in table["doubled"]), dtype=np.uint32)

    def make(self, rng: np.random.Generator, names: NDArray[np.object_]) -> NDArray[np.object_]:
        """Each name with one slip in it; names of one letter stay as they are. Large letters follow their small ones.

        Cost: 0.9 CPU s for 250,000 names.
        """
        if len(names) == 0:
            return names
        text = names.astype("U")
        width = text.dtype.itemsize // 4
        letters = np.zeros((len(names), width + 1), dtype=np.uint32)
        letters[:, :width] = text.view(np.uint32).reshape(len(names), width)
        length = (letters != 0).sum(axis=1)
        kind = rng.choice(len(KINDS), len(names), p=SHARES)
        kind[length < SHORTEST] = KINDS.index("alike")
        self._replace(rng, letters, length, kind)
        self._shift(rng, letters, length, kind)
        made = np.ascontiguousarray(letters).view(f"U{width + 1}").reshape(len(names)).astype(object)
        return np.where(made == "", names, made)

    def _replace(
        self, rng: np.random.Generator, letters: Letters, length: NDArray[np.int64], kind: NDArray[np.int64]
    ) -> None:
        """Put another letter where one has others; where the name has none such, leave a letter out instead."""
        for others, name in ((self._alike, "alike"), (self._keys, "key")):
            rows = np.flatnonzero(kind == KINDS.index(name))
            small = _small(letters[rows])
            fit = np.where(letters[rows] > 0, others[0][np.minimum(small, len(others[0]) - 1)], 0) > 0
            score = np.where(fit, rng.random(fit.shape), -1.0)
            at = score.argmax(axis=1)
            found = fit[np.arange(len(rows)), at]
            count = others[0][small[np.arange(len(rows)), at].clip(max=len(others[0]) - 1)]
            which = (rng.random(len(rows)) * count).astype(np.int64)
            new = others[1][small[np.arange(len(rows)), at].clip(max=len(others[0]) - 1), which]
            was_large = small[np.arange(len(rows)), at] != letters[rows, at]
            letters[rows[found], at[found]] = np.where(was_large, new - 32, new)[found].astype(np.uint32)
            kind[rows[~found & (length[rows] > SHORTEST)]] = KINDS.index("drop")

    def _shift(
        self, rng: np.random.Generator, letters: Letters, length: NDArray[np.int64], kind: NDArray[np.int64]
    ) -> None:
        """Leave out, double or swap: all three move the letters after a place."""
        n, width = letters.shape
        at = (rng.random(n) * np.maximum(length - 1, 1)).astype(np.int64)
        column = np.arange(width)[None, :]
        source = np.broadcast_to(column, letters.shape).copy()
        drop = (kind == KINDS.index("drop")) & (length > SHORTEST)
        source[drop] += column >= at[drop, None]
        double = (kind == KINDS.index("double")) & (length >= SHORTEST)
        doublable = np.isin(_small(letters), self._doubled)
        place = np.where(doublable, rng.random(letters.shape), 0.0).argmax(axis=1)
        source[double] -= column > place[double, None]
        swap = np.flatnonzero((kind == KINDS.index("swap")) & (length >= SHORTEST))
        source[swap, at[swap]], source[swap, at[swap] + 1] = at[swap] + 1, at[swap]
        letters[:] = np.where(source < width, np.take_along_axis(letters, source.clip(max=width - 1), axis=1), 0)


def _small(letters: Letters) -> Letters:
    """Latin capitals as small letters."""
    return np.where((letters >= ord("A")) & (letters <= ord("Z")), letters + 32, letters).astype(np.uint32)


def _others(pairs: list[tuple[str, str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each code point, how many others may stand for it, and which."""
    top = max(ord(one) for one, _ in pairs) + 2
    count = np.zeros(top, dtype=np.int64)
    other = np.zeros((top, PLACES), dtype=np.int64)
    for one, two in pairs:
        code = ord(one)
        if count[code] < PLACES:
            other[code, count[code]] = ord(two)
            count[code] += 1
    return count, other
