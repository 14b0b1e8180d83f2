"""The model of a run: its weights and how rare its names are, saved so that a later run can judge alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sarana.basics.errors import BadSetting
from sarana.methods.doors import Door
from sarana.methods.engine import Engine
from sarana.methods.linkage.heard import KINDS, Heard, texts_of
from sarana.methods.linkage.rows import Levels, Rows
from sarana.methods.linkage.weights import Weights

RELATION = "link_model"
GIVEN = "given_model"
"""The relation of a model that a run is given; it learns none of its own then."""

MADE = 3
"""Which comparisons a model knows the weights of; one that says otherwise, or nothing, was made by another linkage."""

FIRST, AGAIN = "first ", ""
"""What the parts of the weights begin with: those of the first time, and those that count."""

SCHEMA = pa.schema([("part", pa.string()), ("name", pa.string()), ("key", pa.string()), ("value", pa.int64())])


@dataclass(frozen=True, slots=True)
class Model:
    """What a run has learnt.

    Args:
        sources: names of the sources it was learnt with, in their order.
        first: how many points each level is worth when pairs are weighed for the first time.
        again: the same when they are weighed again.
        rare: for given and family names, by phonetic key and by sounds, the rarity class.
    """

    sources: tuple[str, ...]
    first: Weights
    again: Weights
    rare: Mapping[str, Mapping[str, int]]

    def rarities(self, rows: Rows, heard: Heard) -> dict[str, Levels]:
        """By kind and number, how rare a key or sounds were to the model; what it never met is as rare as any."""
        return {kind: _looked_up(texts, self.rare[kind]) for kind, texts in texts_of(rows, heard).items()}


def tell_model(
    engine: Engine,
    sources: Sequence[str],
    weights: tuple[Weights, Weights],
    texts: Mapping[str, pa.Array],
    rare: Mapping[str, Levels],
) -> None:
    """Lend `link_model` (part, name, key, value), ordered: the model by which the rows were linked."""
    first, again = weights
    lines = [("source", name, "", at) for at, name in enumerate(sources)]
    lines += [("made", "", "", MADE), ("taught", "same", "", first.n_same), ("taught", "other", "", first.n_other)]
    for part, of in ((FIRST, first), (AGAIN, again)):
        lines += [(f"{part}base", "", "", of.base)]
        lines += [(f"{part}points", name, str(level), value) for (name, level), value in sorted(of.points.items())]
    lines += [
        ("rare", kind, text, int(rank))
        for kind in KINDS
        for text, rank in zip(texts[kind].to_pylist(), rare[kind][1:], strict=True)
        if rank > 0
    ]
    columns = list(zip(*sorted(lines), strict=True))
    engine.lend(RELATION, pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA))


def read_model(engine: Engine, sources: Sequence[str]) -> Model | None:
    """The model that the run was given, if it was.

    Raises:
        BadSetting: LINK-001 it was learnt with other sources; LINK-004 by a linkage that compared otherwise.
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
    _check_made([value for part, _, _, value in lines if part == "made"])
    rare = {of: {key: value for part, name, key, value in lines if (part, name) == ("rare", of)} for of in KINDS}
    return Model(learnt_with, _weights(lines, FIRST), _weights(lines, AGAIN), rare)


def check_model(path: Path, door: Door) -> None:
    """Refuse a saved model that linkage would refuse, before anything else is done; one that cannot be read waits.

    Raises:
        BadSetting: LINK-004 it was saved by a linkage that compared otherwise.
    """
    try:
        said = pq.read_table(door.opened(path), columns=["part", "value"])
    except (pa.ArrowInvalid, OSError):
        return  # the step that needs it says what is wrong with it
    _check_made(said.filter(pc.equal(said["part"], "made"))["value"].to_pylist())


def _check_made(made: Sequence[int]) -> None:
    if list(made) != [MADE]:
        raise BadSetting(
            "LINK-004",
            "The model was saved by another version of linkage, which compared otherwise.",
            where="model",
            cure="Run once without --model to learn anew; later years are judged by the model of that run.",
        )


def _weights(lines: Sequence[tuple[str, str, str, int]], begins: str) -> Weights:
    """The weights whose parts begin so."""
    taught = {name: value for part, name, _, value in lines if part == "taught"}
    [base] = (value for part, _, _, value in lines if part == f"{begins}base")
    points = {(name, int(key)): value for part, name, key, value in lines if part == f"{begins}points"}
    return Weights(base, points, taught["same"], taught["other"])


def _looked_up(keys: pa.Array, classes: Mapping[str, int]) -> Levels:
    """The class of each key, by its number from 1; 0 for no key."""
    known = pa.array(list(classes), pa.string())
    value = np.array([*classes.values(), 0], dtype=np.int16)
    place = pc.fill_null(pc.index_in(keys, value_set=known), len(known)).to_numpy()
    return np.append(np.int16(0), value[place]).astype(np.int16)
