"""The model of a run: its weights and how rare its names are, saved so that a later run can judge alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.basics.errors import BadSetting
from sarana.methods.engine import Engine
from sarana.methods.linkage.names_alike import Levels
from sarana.methods.linkage.rows import Rows
from sarana.methods.linkage.weights import Weights

RELATION = "link_model"
GIVEN = "given_model"
"""The relation of a model that a run is given; it learns none of its own then."""

NAMES = ("given", "family")
SCHEMA = pa.schema([("part", pa.string()), ("name", pa.string()), ("key", pa.string()), ("value", pa.int64())])


@dataclass(frozen=True, slots=True)
class Model:
    """What a run has learnt.

    Args:
        sources: names of the sources it was learnt with, in their order.
        weights: how many points each level is worth.
        rare: for given and family names, by phonetic key, the rarity class.
    """

    sources: tuple[str, ...]
    weights: Weights
    rare: Mapping[str, Mapping[str, int]]

    def rarities(self, rows: Rows) -> dict[str, Levels]:
        """By name and number of a key, how rare it was to the model; a key that it never met is as rare as any."""
        return {name: _looked_up(rows.keys, self.rare[name]) for name in NAMES}


def tell_model(
    engine: Engine, sources: Sequence[str], weights: Weights, rows: Rows, rare: Mapping[str, Levels]
) -> None:
    """Lend `link_model` (part, name, key, value), ordered: the model by which the rows were linked."""
    lines = [("source", name, "", at) for at, name in enumerate(sources)]
    lines += [("base", "", "", weights.base), ("taught", "same", "", weights.n_same)]
    lines += [("taught", "other", "", weights.n_other)]
    lines += [("points", name, str(level), value) for (name, level), value in sorted(weights.points.items())]
    keys = rows.keys.to_pylist()
    lines += [
        ("rare", name, key, int(rank))
        for name in NAMES
        for key, rank in zip(keys, rare[name][1:], strict=True)
        if rank > 0
    ]
    columns = list(zip(*sorted(lines), strict=True))
    engine.lend(RELATION, pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA))


def read_model(engine: Engine, sources: Sequence[str]) -> Model | None:
    """The model that the run was given, if it was.

    Raises:
        BadSetting: LINK-001 it was learnt with other sources.
    """
    if GIVEN not in engine.tables():
        return None
    lines = engine.rows(f"SELECT part, name, key, value FROM {GIVEN} ORDER BY part, value, name, key")
    learnt_with = tuple(name for part, name, _, _ in lines if part == "source")
    if learnt_with != tuple(sources):
        raise BadSetting(
            "LINK-001",
            f"The model was learnt with the sources {', '.join(learnt_with)}, in this order.",
            where="model",
            cure="Name the same sources in the same order, or run without --model to learn anew.",
        )
    taught = {name: value for part, name, _, value in lines if part == "taught"}
    [base] = (value for part, _, _, value in lines if part == "base")
    points = {(name, int(key)): value for part, name, key, value in lines if part == "points"}
    rare = {of: {key: value for part, name, key, value in lines if (part, name) == ("rare", of)} for of in NAMES}
    return Model(learnt_with, Weights(base, points, taught["same"], taught["other"]), rare)


def _looked_up(keys: pa.Array, classes: Mapping[str, int]) -> Levels:
    """The class of each key, by its number from 1; 0 for no key."""
    known = pa.array(list(classes), pa.string())
    value = np.array([*classes.values(), 0], dtype=np.int16)
    place = pc.fill_null(pc.index_in(keys, value_set=known), len(known)).to_numpy()
    return np.append(np.int16(0), value[place]).astype(np.int16)
