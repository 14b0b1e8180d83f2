"""The tables of the step as Arrow, in order of person_id, ready to be saved as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Coded, Codes, as_arrow, words
from sarana.methods.risk.indexing import Scores, Weighed, Whole
from sarana.methods.risk.persons import AREA_LEVELS, Persons, precision_words


@dataclass(frozen=True, slots=True)
class Counted:
    """The people who are not left out, in order of person_id.

    Args:
        ids: shape (people counted,), their person_id.
        at: shape (people counted,), their numbers.
    """

    ids: pa.Array
    at: Codes


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is known of each pattern of scores.

    Args:
        scores: shape (patterns, indicators), as in `weigh_scores`.
        parts: shape (patterns, indicators), thousandths of the index, as `share_index` gives them.
        weighed: the index and its bounds.
        band, band_without_status: shape (patterns,).
    """

    scores: Scores
    parts: Whole
    weighed: Weighed
    band: Coded
    band_without_status: Coded


def lend_persons(engine: Engine, sources: Sequence[str], persons: Persons, people: Counted) -> None:
    """Lend `persons`: one line a person."""
    bits, which = np.unique(persons.source_bits[people.at], return_inverse=True)
    named = pa.array(
        [[name for at, name in enumerate(sources) if int(b) >> at & 1] for b in bits], pa.list_(pa.string())
    )
    columns = {
        "person_id": people.ids,
        "sex": words(persons.sex, people.at),
        "birth": persons.birth.taken(people.at),
        "birth_precision": words(precision_words(persons.exact), people.at),
        "age": persons.age.taken(people.at),
        **{level: words(persons.areas[level], people.at) for level in reversed(AREA_LEVELS)},
        "household": persons.household.taken(people.at),
        "n_rows": pa.array(persons.n_rows[people.at], pa.int64()),
        "sources": named.take(as_arrow(which)),
    }
    engine.lend("persons", pa.table(columns))


def lend_scores(engine: Engine, names: Sequence[str], patterns: Patterns, people: Counted, which: Codes) -> None:
    """Lend `scores` and `contributions`.

    Args:
        engine: is lent them.
        names: the indicators.
        patterns: what is known of each pattern.
        people: whose lines they are.
        which: shape (people counted,), the pattern of each.
    """
    of, is_seen = patterns.weighed, patterns.weighed.observed > 0
    numbers = {name: np.where(is_seen, getattr(of, name), MISSING) for name in ("index", "low", "high")}
    columns = {name: _of_everyone(said, which, np.int16) for name, said in numbers.items()}
    columns |= {
        "band": words(patterns.band, which),
        "coverage": _of_everyone(of.coverage, which, np.int16),
        "band_without_status": words(patterns.band_without_status, which),
    }
    scores, parts = patterns.scores.T, np.where(patterns.scores > 0, patterns.parts, MISSING).T
    columns |= {name: _of_everyone(score, which, np.int8) for name, score in zip(names, scores, strict=True)}
    engine.lend("scores", pa.table({"person_id": people.ids, **columns}))
    shares = {name: _of_everyone(part, which, np.int16) for name, part in zip(names, parts, strict=True)}
    engine.lend("contributions", pa.table({"person_id": people.ids, **shares}))


def _of_everyone(of_pattern: Codes, which: Codes, kind: type[np.signedinteger[Any]]) -> pa.Array:
    """The number of everyone's pattern; NULL where it is -1."""
    return as_arrow(np.ascontiguousarray(of_pattern, kind)[which])
