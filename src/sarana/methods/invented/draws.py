"""Chance with a name: each part of a province draws from its own stream, so changing one leaves the others be."""

import zlib

import numpy as np
from numpy.typing import NDArray


def stream(seed: int, name: str) -> np.random.Generator:
    """The stream of draws that belongs to a seed and a name."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())])))


def chosen(rng: np.random.Generator, share: float | NDArray[np.float64], size: int) -> NDArray[np.bool_]:
    """True for about `share` of `size` things; a share above one counts as one."""
    return rng.random(size) < share


def chosen_exactly(rng: np.random.Generator, share: float, size: int) -> NDArray[np.bool_]:
    """True for `share` of `size` things, to the nearest whole number."""
    picked: NDArray[np.bool_] = rng.permutation(size) < round(share * size)
    return picked


def pick_weighted(rng: np.random.Generator, weights: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Indexes drawn with replacement, each in proportion to its weight."""
    reached = np.cumsum(weights)
    found: NDArray[np.int64] = np.searchsorted(reached, rng.random(size) * reached[-1], side="right")
    return found.clip(0, len(weights) - 1)


def pick_distinct(rng: np.random.Generator, log_weights: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """`size` different indexes, the likelier the greater their weight (Gumbel keys, so no loop), in rising order.

    Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006, in its logarithmic form.
    """
    keys = log_weights + rng.gumbel(size=len(log_weights))
    return np.sort(np.argpartition(-keys, size - 1)[:size])
