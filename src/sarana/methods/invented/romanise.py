"""How a clerk writes a Thai name in Latin letters: by ear, each in their own way, silent letters kept now and then."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import stream
from sarana.methods.invented.pools import Part, Pool
from sarana.methods.reference import read_reference

HANDS = 64
"""How many ways of writing there are; each row of a file is written by one hand."""

USUAL = 0.915
"""How often a hand writes a sound in its usual spelling."""

KEPT = 0.12
"""How often a hand keeps the silent letters of a word that has some."""

TAIL_H = 0.05
HYPHEN = 0.30

Spellings = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Sounds:
    """The spellings of onsets, vowels and finals."""

    onset: Spellings
    vowel: Spellings
    final: Spellings


def read_sounds() -> Sounds:
    """The rules of `reference/invented/romanising.toml`."""
    table = read_reference("invented/romanising.toml")
    return Sounds(onset=table["onset"], vowel=table["vowel"], final=table["final"])


def write_latin(
    pool: Pool, names: NDArray[np.int64], hands: NDArray[np.int64], sounds: Sounds, seed: int
) -> NDArray[np.object_]:
    """Each name as its hand writes it; one hand writes one name always in the same way.

    Args:
        pool: the names.
        names: shape (rows,), which name of the pool.
        hands: shape (rows,), 0 to HANDS - 1.
        sounds: how sounds may be spelled.
        seed: of the province.
    """
    pairs, where = np.unique(names * HANDS + hands, return_inverse=True)
    written: NDArray[np.object_] = np.empty(len(pairs), dtype=object)
    chances = stream(seed, f"hands {len(pool)}").random((len(pairs), 32)).tolist()
    for at, pair in enumerate(pairs.tolist()):
        written[at] = spell(pool.parts[pair // HANDS], sounds, chances[at])
    return written[where]


def spell(parts: tuple[Part, ...], sounds: Sounds, chances: list[float]) -> str:
    """One name in Latin letters, its first letter large; `chances` decide every choice on the way."""
    turn = iter(chances + chances)
    pieces: list[str] = []
    for _, said, kept in parts:
        if kept and next(turn) < KEPT:
            pieces.append(kept)
            continue
        written = "".join(_syllable(syllable.split(" "), sounds, turn) for syllable in said.split("/"))
        clash = pieces and pieces[-1][-1] in "aeiou" and written[0] in "aeiou"
        pieces.append(("-" if clash and next(turn) < HYPHEN else "") + written)
    name = "".join(pieces)
    if next(turn) < TAIL_H and name[-1] != "h":
        name += "h"
    return name[0].upper() + name[1:]


def plain_latin(parts: tuple[Part, ...], sounds: Sounds) -> str:
    """A name in the first spelling of each sound, as a signpost would have it."""
    return spell(parts, sounds, [0.5] * 32)


def _syllable(said: list[str], sounds: Sounds, turn: Iterator[float]) -> str:
    """One syllable: onset if any, vowel, final if any."""
    tables = _tables(said, sounds)
    return "".join(_choose(table[sound], next(turn)) for table, sound in zip(tables, said, strict=True))


def _tables(said: list[str], sounds: Sounds) -> list[Spellings]:
    """Which table each sound of a syllable is found in: a syllable without an onset begins with its vowel."""
    if said[0] in sounds.vowel and (len(said) == 1 or said[0] not in sounds.onset):
        return [sounds.vowel, sounds.final][: len(said)]
    return [sounds.onset, sounds.vowel, sounds.final][: len(said)]


def _choose(spellings: list[str], chance: float) -> str:
    """The usual spelling mostly, one of the others now and then."""
    if chance < USUAL or len(spellings) == 1:
        return spellings[0]
    return spellings[1 + int((chance - USUAL) / (1.0 - USUAL) * (len(spellings) - 1))]
