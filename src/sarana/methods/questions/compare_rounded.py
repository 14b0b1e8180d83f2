"""A comparison with a table that is rounded: counts come from the tables alone, and means are told roughly.

Exact counts beside a rounded table would undo its rounding. What eleven people could do to a mean stays below its last
digit, or the mean is withheld.
"""

from dataclasses import replace

from sarana.methods.engine import Engine
from sarana.methods.questions.compare import Comparison, Part

LARGEST_INDEX = 1000
"""In thousandths: the most that one person adds to a sum of indices."""


def rounded_comparison(found: Comparison, engine: Engine) -> Comparison:
    """The comparison as it may stand beside tables of which one is rounded; as it is where both are exact.

    Args:
        found: what the two runs have apart.
        engine: holds `areas` and `scores` with `_a` and `_b`.

    Returns:
        The whole change as the two tables tell it, no counts of parts, and means in whole thousandths where the
        threshold of people with the largest index would move them by less than half of one.
    """
    if not any(_is_rounded(engine, f"areas_{run}") for run in "ab"):
        return found
    fewest_scored = min(engine.row(f"SELECT count(*) FROM scores_{run} WHERE band <> 'grey'")[0] for run in "ab")
    is_large = fewest_scored >= 2 * found.threshold * LARGEST_INDEX

    def roughly(mean: float | None) -> float | None:
        return None if mean is None or not is_large else float(round(mean))

    people_a, people_b, red_a, red_b = engine.row(
        """SELECT sum(a.n_people)::BIGINT, sum(b.n_people)::BIGINT, sum(a.n_red)::BIGINT, sum(b.n_red)::BIGINT
        FROM areas_a a JOIN areas_b b USING (level, code, "group") WHERE level = 'province' AND "group" = 'all'"""
    )
    whole = found.whole
    if whole.n_people_a is not None:
        whole = Part("whole", people_a, people_b, red_a, red_b, red_b - red_a, None)
    return replace(
        found,
        share_rows_in_both=round(found.share_rows_in_both, 2),
        mean_a=roughly(found.mean_a),
        mean_b=roughly(found.mean_b),
        whole=replace(whole, mean=roughly(found.whole.mean)),
        parts=tuple(Part(part.key, None, None, None, None, None, roughly(part.mean)) for part in found.parts),
        indicators=tuple(
            replace(
                line,
                mean_a=roughly(line.mean_a),
                mean_b=roughly(line.mean_b),
                whole=roughly(line.whole),
                data=roughly(line.data),
                linkage=roughly(line.linkage),
                people=roughly(line.people),
            )
            for line in found.indicators
        ),
    )


def _is_rounded(engine: Engine, areas: str) -> bool:
    columns = {row[0] for row in engine.rows(f"DESCRIBE {areas}")}
    return "rounded_to" in columns and bool(engine.row(f"SELECT count(rounded_to) > 0 FROM {areas}")[0])
