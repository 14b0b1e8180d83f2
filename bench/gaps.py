"""Why weak strata are linked worse than the whole: what became of every true pair that was missed, in one line each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.quality import PAIR_COLUMNS, STRATA, Quality
from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import block_pairs
from sarana.methods.linkage.model import GIVEN, read_model
from sarana.methods.linkage.passes import weigh_rows
from sarana.methods.linkage.rows import Rows, prepare_rows
from sarana.methods.linkage.settings import LinkSettings, points_of

WEAK = ("human security", "stateless", "one side without ID", "neither with ID")

FATES = {
    "no_key": "no key found",
    "below": "were compared and lay below the threshold",
    "apart": "lay above it and were kept apart with their group",
}
"""What became of a missed pair: exactly one of these."""

TRAITS = {
    "no_id": "no ID on one side or both",
    "two_ids": "two unlike valid IDs",
    "two_scripts": "names in two scripts",
    "name_missing": "a name missing",
    "birth_missing": "a birth missing",
}
"""What such a pair bears; several may hold."""

type Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a stratum's recall lies from the whole's, and what its missed pairs are.

    `shares` are those of the missed pairs, by fate and by trait.
    """

    stratum: str
    recall: float
    whole: float
    n_missed: int
    shares: dict[str, float]

    def line(self) -> str:
        """The gap and its reason in one line."""
        side = "below" if self.recall < self.whole else "above"
        begin = f"{self.stratum}: recall {self.recall:.3f}, {abs(self.whole - self.recall):.3f} {side} the whole"
        if not self.n_missed:
            return f"{begin}; no pair was missed."
        fates, traits = (
            ", ".join(f"{100 * self.shares[name]:.0f} % {says}" for name, says in words.items())
            for words in (FATES, TRAITS)
        )
        return f"{begin}. Of {self.n_missed:,} missed pairs {fates}; they had: {traits}."


def explain_gaps(
    engine: Engine, qualities: list[Quality], people: str, model: Path, settings: LinkSettings
) -> list[Gap]:
    """What became of the missed pairs of every weak stratum.

    The pairs are found, compared and weighed again, by the run's own model, for a run keeps only those it joined or
    left to a person.

    Args:
        engine: holds `standardised`, `truth_rows` as `bench.quality.load_truth` makes it, and `people`.
        qualities: as `bench.quality.measure_pairs` gave them.
        people: the people of the run (source, row_id, person_id).
        model: the run's model.
        settings: what the run was linked with.
    """
    rows = prepare_rows(engine, settings)
    missed = _missed(engine, rows, people)
    is_so = _fates(engine, rows, missed, model, settings) | _traits(rows, missed["a"], missed["b"])
    whole = next(quality.recall for quality in qualities if quality.stratum == "all")
    found = []
    for quality in qualities:
        if quality.stratum in WEAK:
            mine = missed[quality.stratum].astype(np.bool_)
            shares = {name: float(holds[mine].mean()) if mine.any() else 0.0 for name, holds in is_so.items()}
            found.append(Gap(quality.stratum, quality.recall, whole, int(mine.sum()), shares))
    return found


def as_json(gap: Gap) -> dict[str, object]:
    """A gap with its line, as it is kept."""
    return {**asdict(gap), "line": gap.line()}


def _missed(engine: Engine, rows: Rows, people: str) -> dict[str, NDArray[np.int64]]:
    """The true pairs that were not said, as rows a and b (a < b), and which strata each is of."""
    numbered = pa.table({"n": np.arange(len(rows)), "source": rows.source.cast(pa.string()), "row_id": rows.row_id})
    engine.lend("gap_rows", numbered)
    strata = ", ".join(f"({rule})::BIGINT AS {_quoted(name)}" for name, rule in STRATA.items())
    found = engine.columns(f"""
        WITH told AS (
            SELECT r.n, t.*, p.person_id FROM gap_rows r JOIN truth_rows t USING (source, row_id)
            LEFT JOIN {people} p ON p.source = r.source AND p.row_id = r.row_id),
        pairs AS (SELECT a.n AS a, b.n AS b, {PAIR_COLUMNS} FROM told a JOIN told b ON a.truth = b.truth AND a.n < b.n)
        SELECT a, b, {strata} FROM pairs WHERE NOT is_said ORDER BY a, b""")
    engine.give_back("gap_rows")
    return found


def _fates(
    engine: Engine, rows: Rows, missed: Mapping[str, NDArray[np.int64]], model: Path, settings: LinkSettings
) -> dict[str, Truths]:
    """What became of each missed pair."""
    engine.view(GIVEN, model)
    learnt = read_model(engine, settings.sources)
    if learnt is None:
        raise ValueError("the run left no model")
    asked = missed["a"] << 32 | missed["b"]
    pairs = block_pairs(rows, settings)[0]
    weighed = weigh_rows(engine, rows, settings, learnt)
    is_kept, place = _found(weighed.compared.key, asked)
    is_met = is_kept | _found(pairs.key, asked)[0]
    is_above: Truths = is_kept.copy()
    is_above[is_kept] = weighed.points[place[is_kept]] > points_of(settings.accept)
    return {"no_key": ~is_met, "below": is_met & ~is_above, "apart": is_above}


def _found(key: NDArray[np.int64], asked: NDArray[np.int64]) -> tuple[Truths, NDArray[np.int64]]:
    """Which of some pairs stand among others, in order, and where."""
    place = np.minimum(np.searchsorted(key, asked), max(len(key) - 1, 0))
    is_found: Truths = key[place] == asked if len(key) else np.zeros(len(asked), np.bool_)
    return is_found, place


def _traits(rows: Rows, a: NDArray[np.int64], b: NDArray[np.int64]) -> dict[str, Truths]:
    """What each missed pair bears."""
    return {
        "no_id": (rows.id[a] == 0) | (rows.id[b] == 0),
        "two_ids": rows.has_id[a] & rows.has_id[b] & (rows.id[a] != rows.id[b]),
        "two_scripts": (rows.script[a] > 0) & (rows.script[b] > 0) & (rows.script[a] != rows.script[b]),
        "name_missing": (np.minimum(rows.given[a], rows.given[b]) == 0)
        | (np.minimum(rows.family[a], rows.family[b]) == 0),
        "birth_missing": np.minimum(rows.birth[a], rows.birth[b]) == 0,
    }


def _quoted(name: str) -> str:
    return f'"{name}"'
