"""What speaks for and against a pair, in codes that have words in `reference/linkage/evidence.toml`."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.linkage.rows import Levels
from sarana.methods.reference import read_reference

JOINED, LEFT_APART = "joined", "left-apart"
"""What was done for now with a pair that a person is to judge."""

JUDGED = "judged-same"
"""A person judged the pair to be one."""


def tell_evidence(
    levels: Mapping[str, Levels],
    at: NDArray[np.int64],
    verdicts: NDArray[np.str_] | None = None,
    is_judged: NDArray[np.bool_] | None = None,
) -> pa.ListArray:
    """A list of evidence codes for each of some pairs; what has nothing to say is left out.

    Args:
        levels: the level of every pair, by comparison.
        at: the pairs to tell of.
        verdicts: JOINED or LEFT_APART for each of these, to stand at the end.
        is_judged: of each of these, whether JUDGED stands at the end instead.
    """
    told = read_reference("linkage/evidence.toml")["comparisons"]
    codes = [JOINED, LEFT_APART]
    said = np.full((len(at), len(told) + 1), -1, dtype=np.int16)
    for column, (name, words) in enumerate(told.items()):
        level = _level(name, levels, at)
        number = np.full(1 + max(int(level.max(initial=0)), *map(int, words)), -1, dtype=np.int16)
        for of, code in words.items():
            number[int(of)] = len(codes)
            codes.append(code)
        said[:, column] = number[level]
    if verdicts is not None:
        said[:, -1] = verdicts == LEFT_APART
    if is_judged is not None and is_judged.any():
        said[is_judged, -1] = len(codes)
        codes.append(JUDGED)
    is_said = said >= 0
    ends = np.append(0, np.cumsum(is_said.sum(axis=1))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), _coded(said[is_said], codes))


def _level(name: str, levels: Mapping[str, Levels], at: NDArray[np.int64]) -> Levels:
    """The level of one comparison; names carry rarity in their last digit and a turned order in the hundreds."""
    if name == "turned":
        return levels["given"][at] // np.int16(100)
    level = levels[name][at]
    return level % np.int16(100) // np.int16(10) if name in ("given", "family") else level


def _coded(number: NDArray[np.int16], codes: list[str]) -> pa.DictionaryArray:
    """Codes as numbers into a list in which each stands once."""
    words = pa.array(codes, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        pa.array(np.asarray(words.indices).astype(np.int16)[number]), words.dictionary
    )
