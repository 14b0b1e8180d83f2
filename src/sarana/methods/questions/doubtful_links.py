"""Other people made of the same rows: pairs joined with doubt taken apart, and pairs left apart with doubt joined."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.clusters import join_components
from sarana.methods.linkage.evidence import JOINED
from sarana.methods.risk.coded import MISSING, Codes, ranked
from sarana.methods.risk.rows import Rows

Side = Literal["apart", "joined"]


def relink(engine: Engine, rows: Rows, side: Side) -> int:
    """Lend `people` anew, with the doubtful pairs of `review` decided the other way.

    Args:
        engine: holds `standardised`, `review` and `links`; its `people` is replaced.
        rows: the rows and persons of the run.
        side: `apart` takes every pair apart that was joined with doubt: a person falls into the parts that pairs
            without doubt hold together. `joined` joins pairs left apart, each person with the likeliest other one only,
            and never two people with unlike valid IDs.

    Returns:
        How many pairs were decided otherwise.
    """
    review = engine.arrow(
        f'SELECT "left", "right", probability, list_contains(evidence, \'{JOINED}\') AS is_joined FROM review'
    )
    refs = engine.arrow(f"SELECT source || ':' || row_id AS ref FROM {rows.relation}")["ref"].combine_chunks()
    a, b = (_rows_of(review[name], refs) for name in ("left", "right"))
    is_joined = review["is_joined"].to_numpy()
    if side == "apart":
        label, n = _apart(engine, rows, refs, a[is_joined], b[is_joined]), int(is_joined.sum())
    else:
        likely = review["probability"].to_numpy()[~is_joined]
        label, n = _joined(engine, rows, a[~is_joined], b[~is_joined], likely)
    said = engine.read(rows.relation, ["source", "row_id"], ["source"])
    ids = pc.utf8_lpad(pa.array(label).cast(pa.string()), 16, "0")
    engine.lend("people", pa.table({"source": said["source"], "row_id": said["row_id"], "person_id": ids}))
    return n


def _rows_of(column: pa.ChunkedArray, refs: pa.Array) -> Codes:
    found: Codes = pc.index_in(column.combine_chunks(), value_set=refs).to_numpy()
    return found


def _apart(engine: Engine, rows: Rows, refs: pa.Array, a: Codes, b: Codes) -> Codes:
    """A number for each row's person when these pairs no longer hold."""
    links = engine.arrow('SELECT "left", "right" FROM links')
    left, right = (_rows_of(links[name], refs) for name in ("left", "right"))
    n = len(rows.person)
    doubtful = np.sort(np.minimum(a, b) * n + np.maximum(a, b))
    key = np.minimum(left, right) * n + np.maximum(left, right)
    holds = ~np.isin(key, doubtful)
    root = join_components(left[holds], right[holds], n)
    is_touched = np.zeros(rows.n_people, bool)
    is_touched[rows.person[a]] = True
    return np.where(is_touched[rows.person], root, rows.first[rows.person])


def _joined(engine: Engine, rows: Rows, a: Codes, b: Codes, likely: NDArray[np.float64]) -> tuple[Codes, int]:
    """A number for each row's person when these pairs hold too, and how many do."""
    one, other = rows.person[a], rows.person[b]
    said = engine.arrow(f"SELECT CASE WHEN id_state = 'valid' THEN national_id END AS id FROM {rows.relation}")["id"]
    valid = rows.most(ranked(said).codes)
    may = (one != other) & ((valid[one] == MISSING) | (valid[other] == MISSING) | (valid[one] == valid[other]))
    one, other, likely = one[may], other[may], likely[may]
    order = np.lexsort((other, one, -likely))
    one, other, place = one[order], other[order], np.arange(len(order))
    best = np.full(rows.n_people, len(order))
    np.minimum.at(best, one, place)
    np.minimum.at(best, other, place)
    both = (best[one] == place) & (best[other] == place)
    root = join_components(one[both], other[both], rows.n_people)
    return rows.first[root[rows.person]], int(both.sum())
