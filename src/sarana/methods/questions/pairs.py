"""The pairs of a run that a person is to judge: which, in which order, and what is shown of the two records of each."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings
from sarana.methods.linkage.clusters import join_components
from sarana.methods.linkage.evidence import JOINED, LEFT_APART
from sarana.methods.reference import read_reference

MOST = 300
"""So many pairs in doubt of a run are laid out; who judged these makes the next run, and its queue."""

MOST_SURE = 100
"""So many of the pairs that look alike throughout, and so many of those that hardly do."""

SURE_SAME, SURE_OTHER = 0.85, 0.15
"""From which probability a joined pair, and up to which one left apart, may be decided with others of its kind."""

SAME, ALIKE, DIFFERENT, MISSING = "same", "alike", "different", "missing"
STATES = (SAME, ALIKE, DIFFERENT, MISSING)
COMPARED = ("given", "family", "birth", "sex", "place", "house", "household", "id")
"""What is told of a pair, in this order; of the last four in words only."""

HIDDEN = "•"
MOST_SHOWN = 3
"""Of two numbers that differ in so many places or fewer, these places are shown; of others none."""

_SAME = frozenset(
    {
        *("given-name-same", "family-name-same", "birth-same-day", "sex-same", "village-same", "house-same"),
        *("household-same", "id-same"),
    }
)
_DIFFERENT = frozenset(
    {
        *("given-name-differs", "family-name-differs", "birth-year-differs", "birth-same-day-other-year"),
        *("birth-same-year-other-day", "birth-differs", "sex-differs", "place-differs", "house-differs"),
        *("household-differs", "id-differs", "id-differs-both-valid"),
    }
)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of a record: names and dates. Of its ID only what differs from the other's."""

    title: str | None
    given: str | None
    family: str | None
    nickname: str | None
    sex: str | None
    birth: str | None
    birth_precision: str | None
    id: str | None


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two records that may be of one person.

    Attributes:
        left, right: the rows as `source:row_id`, for the next run; shown to nobody.
        records: what is shown of each.
        evidence: codes of what speaks for and against.
        probability: as the run has it.
        is_joined: whether the run holds them to be one for now.
        sure: `same` or `not-same` where the pair may be decided with others of its kind; empty where not.
    """

    left: str
    right: str
    records: tuple[Record, Record]
    evidence: tuple[str, ...]
    probability: float
    is_joined: bool
    sure: str

    def states(self) -> dict[str, tuple[str, str]]:
        """For each thing compared: how alike it is, and the code that says so (empty where one lacks it)."""
        return states_of(self.evidence)


def choose_pairs(engine: Engine, judged: Collection[tuple[str, str]] = ()) -> list[Pair]:
    """The pairs that a person is to judge, the most useful first.

    A pair is asked for only where its answer would change who is one: the links that are sure hold rows together, and
    of all doubtful pairs between two such groups the most doubtful one stands for them. The nearer a probability lies
    to the one from which the run joins, the less its word counts, so these come first. Sure ones follow at the end.

    Args:
        engine: holds `standardised`, `review` and `links` of a finished run.
        judged: pairs that were judged before, each way round; they are not asked for again.

    Cost: 9 CPU seconds for a run of 2,279,000 rows with 40,000 pairs in doubt.
    """
    review = engine.arrow(
        f"""SELECT "left", "right", probability, evidence, list_contains(evidence, '{JOINED}') AS is_joined
        FROM review ORDER BY 1, 2"""
    )
    a, b = _groups(engine, review)
    # Two groups of which one pair was judged are asked about once, whichever of their rows stand for them.
    is_open = _not_yet(review, judged)
    groups = a << 32 | b
    is_open &= ~np.isin(groups, groups[~is_open])
    review, a, b = review.filter(pa.array(is_open)), a[is_open], b[is_open]
    chance = review["probability"].to_numpy()
    doubt = np.abs(chance - LinkSettings(sources=()).accept)
    at = _one_each(a, b, np.argsort(doubt, kind="stable"))
    lines = review.take(pa.array(at)).to_pylist()
    sure = [_sure(line) for line in lines]
    in_doubt = [line | {"sure": ""} for line, of in zip(lines, sure, strict=True) if not of][:MOST]
    for kind in ("same", "not-same"):
        of_kind = [line | {"sure": kind} for line, of in zip(lines, sure, strict=True) if of == kind]
        in_doubt += of_kind[::-1][:MOST_SURE]
    return with_records(engine, in_doubt)


def states_of(evidence: Collection[str]) -> dict[str, tuple[str, str]]:
    """For each thing compared: how alike it is, and the code that says so."""
    told = read_reference("linkage/evidence.toml")["comparisons"]
    found = {}
    for name in COMPARED:
        code = next((code for code in told[name].values() if code in evidence), "")
        found[name] = (state_of(code), code)
    return found


def state_of(code: str) -> str:
    """How alike two values are of which a code tells."""
    if not code:
        return MISSING
    return SAME if code in _SAME else DIFFERENT if code in _DIFFERENT else ALIKE


def masked_ids(one: str | None, other: str | None) -> tuple[str | None, str | None]:
    """Two IDs with all signs hidden but those in which they differ; where they differ much, or one is missing, all."""
    if not one or not other:
        return (HIDDEN * len(one) if one else None), (HIDDEN * len(other) if other else None)
    places = [at for at, (x, y) in enumerate(zip(one, other, strict=False)) if x != y]
    if len(one) != len(other) or len(places) > MOST_SHOWN:
        places = []
    shown = frozenset(places)
    return _masked(one, shown), _masked(other, shown)


def _masked(value: str, shown: frozenset[int]) -> str:
    return "".join(sign if at in shown else HIDDEN for at, sign in enumerate(value))


def _not_yet(review: pa.Table, judged: Collection[tuple[str, str]]) -> NDArray[np.bool_]:
    known = set(judged) | {(right, left) for left, right in judged}
    pairs = zip(review["left"].to_pylist(), review["right"].to_pylist(), strict=True)
    return np.fromiter((pair not in known for pair in pairs), np.bool_, review.num_rows)


def _groups(engine: Engine, review: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each pair of `review` the groups of its rows, as links hold them together that stand in no doubt."""
    refs = engine.arrow("SELECT source || ':' || row_id AS ref FROM standardised")["ref"].combine_chunks()
    sure = engine.arrow('SELECT "left", "right" FROM links ANTI JOIN review USING ("left", "right")')
    a, b = (_places(sure[name], refs) for name in ("left", "right"))
    root = join_components(a, b, len(refs))
    x, y = (root[_places(review[name], refs)] for name in ("left", "right"))
    return np.minimum(x, y), np.maximum(x, y)


def _places(column: pa.ChunkedArray, refs: pa.Array) -> NDArray[np.int64]:
    found = pc.index_in(column.combine_chunks(), value_set=refs)
    return np.asarray(found, dtype=np.int64)


def _one_each(a: NDArray[np.int64], b: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """In this order the first pair between any two groups; none inside a group."""
    order = order[(a != b)[order]]
    first = np.sort(np.unique(a[order] << 32 | b[order], return_index=True)[1])
    found: NDArray[np.int64] = order[first]
    return found


def _sure(line: Mapping[str, Any]) -> str:
    """What a pair may be held to be together with others of its kind; empty where a person has to look."""
    states = {state for state, _code in states_of(line["evidence"]).values()}
    if line["is_joined"] and line["probability"] >= SURE_SAME and DIFFERENT not in states:
        return "same"
    return "not-same" if not line["is_joined"] and line["probability"] <= SURE_OTHER else ""


def with_records(engine: Engine, lines: list[dict[str, Any]]) -> list[Pair]:
    """Chosen pairs with what is shown of their records."""
    refs = sorted({line[side] for line in lines for side in ("left", "right")})
    wanted = pa.table(
        {
            "source": pa.array([ref.partition(":")[0] for ref in refs], pa.string()),
            "row_id": pa.array([ref.partition(":")[2] for ref in refs], pa.string()),
        }
    )
    engine.lend("pairs_wanted", wanted)
    rows = engine.arrow(
        """SELECT source || ':' || row_id AS ref, title, given, family, nickname, sex, birth::VARCHAR AS birth,
        birth_precision, national_id AS id FROM standardised JOIN pairs_wanted USING (source, row_id)"""
    ).to_pylist()
    engine.give_back("pairs_wanted")
    by_ref = {row.pop("ref"): row for row in rows}
    found = []
    for line in lines:
        one, other = by_ref[line["left"]], by_ref[line["right"]]
        ids = masked_ids(one["id"], other["id"])
        found.append(
            Pair(
                left=line["left"],
                right=line["right"],
                records=(Record(**one | {"id": ids[0]}), Record(**other | {"id": ids[1]})),
                evidence=tuple(code for code in line["evidence"] if code not in (JOINED, LEFT_APART)),
                probability=line["probability"],
                is_joined=line["is_joined"],
                sure=line["sure"],
            )
        )
    return found
