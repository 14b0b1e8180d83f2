"""What linkage leaves behind: people, links and pairs to be judged, each table in its final order."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers
from sarana.methods.linkage.comparing import Compared
from sarana.methods.linkage.evidence import JOINED, LEFT_APART, tell_evidence
from sarana.methods.linkage.rows import Rows

_SURE = 3000
"""Points from which a probability is 0 or 1 in four decimals."""

_SLICE = 1 << 20
"""People who are given their identifiers together."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What is known when all is joined.

    Args:
        rows: the rows.
        compared: the pairs, with what is said of them.
        points: the points of each pair.
        person: the smallest row of each row's person.
        judged: the places of the pairs that a person judged to be one.
    """

    rows: Rows
    compared: Compared
    points: Numbers
    person: Numbers
    judged: Numbers | None = None

    def joined(self) -> NDArray[np.bool_]:
        """Whether each pair is of one person."""
        one: NDArray[np.bool_] = self.person[self.compared.a] == self.person[self.compared.b]
        return one


def tell_people(engine: Engine, linked: Linked, *, accept: int) -> None:
    """Lend `people`: the person of each row, and the weakest probability that holds the row to it.

    What holds a row are its pairs with `accept` points or more; where it has none, and came in with a whole group, its
    strongest pair.
    """
    rows, at = linked.rows, np.flatnonzero(linked.joined())
    points = linked.points[at]
    least, nothing = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    weakest, strongest = np.full(len(rows), least), np.full(len(rows), nothing)
    is_accepted = points >= accept
    for side in (linked.compared.a[at], linked.compared.b[at]):
        np.minimum.at(weakest, side[is_accepted], points[is_accepted])
        np.maximum.at(strongest, side, points)
    held = np.where(weakest < least, weakest, strongest)
    certainty = np.where(held > nothing, _chances(engine, held), 1.0)
    del weakest, strongest, held  # of every row; the identifiers need room
    columns = {"source": rows.source, "row_id": rows.row_id, "person_id": _person_ids(engine, linked)}
    engine.lend("people", pa.table({**columns, "certainty": certainty}))


def tell_links(engine: Engine, linked: Linked) -> int:
    """Lend `links`, the pairs that are joined; their number."""
    at = np.flatnonzero(linked.joined())
    at = at[_order(linked, at)]
    is_judged = None if linked.judged is None else np.isin(at, linked.judged)
    evidence = tell_evidence(linked.compared.levels, at, is_judged=is_judged)
    engine.lend("links", _pairs(engine, linked, at, evidence))
    return len(at)


def tell_review(engine: Engine, linked: Linked, *, least: int, sure: int) -> int:
    """Lend `review`: pairs joined for now with fewer points than `sure`, or left apart with `least`; their number."""
    is_joined = linked.joined()
    at = np.flatnonzero(np.where(is_joined, linked.points < sure, linked.points >= least))
    at = at[_order(linked, at)]
    verdicts = np.where(is_joined[at], JOINED, LEFT_APART)
    engine.lend("review", _pairs(engine, linked, at, tell_evidence(linked.compared.levels, at, verdicts)))
    return len(at)


def _pairs(engine: Engine, linked: Linked, at: Numbers, evidence: pa.ListArray) -> pa.Table:
    """Some pairs as they are saved."""
    return pa.table(
        {
            "left": _references(linked.rows, linked.compared.a[at]),
            "right": _references(linked.rows, linked.compared.b[at]),
            "probability": _chances(engine, linked.points[at]),
            "evidence": evidence,
        }
    )


def _order(linked: Linked, at: Numbers) -> Numbers:
    """The order of pairs by the references of their rows; no reference needs to be written for it.

    Within a source, references are ordered as the rows are; no name of a source has a colon in it.
    """
    rows, a, b = linked.rows, linked.compared.a[at], linked.compared.b[at]
    names = [f"{name}:" for name in rows.source.dictionary.to_pylist()]
    place = np.array([sorted(names).index(name) for name in names], dtype=np.int64)[rows.place - 1]
    rank = np.empty(len(rows), dtype=np.int64)
    rank[np.argsort(place, kind="stable")] = np.arange(len(rows))
    return np.argsort(rank[a] << 32 | rank[b])


def _references(rows: Rows, at: Numbers) -> pa.Array:
    """Rows as `source:row_id`."""
    taken = pa.array(at)
    return pc.binary_join_element_wise(rows.source.take(taken).cast(pa.string()), rows.row_id.take(taken), ":")


def _person_ids(engine: Engine, linked: Linked) -> pa.Array:
    """The opaque identifier of each row's person, made from the person's smallest row."""
    is_smallest = linked.person == np.arange(len(linked.rows))
    smallest = np.flatnonzero(is_smallest)
    ids = [pa.array([], pa.string())]
    for begin in range(0, len(smallest), _SLICE):
        references = _references(linked.rows, smallest[begin : begin + _SLICE])
        engine.lend("lk_smallest", pa.table({"reference": references}))
        found = engine.arrow("SELECT left(md5('person:' || reference), 16) AS person_id FROM lk_smallest")
        ids += found.column("person_id").chunks
        engine.give_back("lk_smallest")
    number = np.cumsum(is_smallest) - 1
    return pa.concat_arrays(ids).take(pa.array(number[linked.person]))


def _chances(engine: Engine, points: Numbers) -> NDArray[np.float64]:
    """Points as probabilities, rounded to four decimals."""
    known = engine.columns(
        f"""SELECT round(1 / (1 + exp(-points / 100.0)), 4) AS chance
        FROM (SELECT unnest(range({-_SURE}, {_SURE + 1})) AS points) ORDER BY points"""
    )
    chance: NDArray[np.float64] = known["chance"]
    return chance[np.clip(points, -_SURE, _SURE) + _SURE]
