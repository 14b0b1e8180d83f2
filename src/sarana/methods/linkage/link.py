"""Brings rows of all sectors together into people: the one door of this room."""

import math

import numpy as np
import pyarrow as pa

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import block_pairs
from sarana.methods.linkage.clusters import cluster_rows
from sarana.methods.linkage.comparing import compare_pairs
from sarana.methods.linkage.evidence import evidence_sql
from sarana.methods.linkage.rows import prepare_rows
from sarana.methods.linkage.settings import LinkSettings
from sarana.methods.linkage.weights import Weights, learn_weights, points_sql, shipped_weights

_STAGES = 6


def link_rows(engine: Engine, settings: LinkSettings, progress: Progress) -> StepReport:
    """From `standardised` to `people`, `review` and `links`.

    Every row comes out in `people` once. A pair of rows joined with a probability under `review_until`, and one left
    apart with a probability of `review_from` or more, stands in `review` with its evidence.

    Source: after Fellegi and Sunter (1969), with weights taught by hidden IDs (docs/explanation/linkage.md).
    """
    progress.report(0, _STAGES, "make rows ready")
    n_rows = prepare_rows(engine, settings)
    progress.report(1, _STAGES, "find pairs worth comparing")
    found = block_pairs(engine, settings)
    progress.report(2, _STAGES, "compare pairs")
    compare_pairs(engine, n_rows)
    progress.report(3, _STAGES, "learn weights")
    weights = learn_weights(engine, shipped_weights())
    progress.report(4, _STAGES, "weigh pairs")
    score_pairs(engine, weights, settings)
    progress.report(5, _STAGES, "join people")
    _join_people(engine, settings, n_rows)
    _tell_people(engine)
    _tell_pairs(engine, settings)
    counts = _counts(engine, weights, found)
    for table in ("lk_rows", "lk_sounds", "lk_candidates", "lk_compared", "lk_scored", "lk_person", "lk_joined"):
        engine.run(f"DROP TABLE {table}")
    return StepReport(rows_in=n_rows, rows_out=n_rows, counts=counts)


def score_pairs(engine: Engine, weights: Weights, settings: LinkSettings) -> None:
    """Make `lk_scored`: the compared pairs with their points; unlike valid IDs end all doubt."""
    id_points = {1: settings.same_id_points, 2: settings.near_id_points, 3: settings.far_id_points, 4: -100_000}
    engine.run(
        f"""CREATE OR REPLACE TABLE lk_scored AS
        SELECT *, ({points_sql(weights, id_points)})::INTEGER AS points FROM lk_compared ORDER BY a, b"""
    )


def chance_sql(points: str) -> str:
    """Points as a probability, rounded to four decimals."""
    return f"round(1 / (1 + exp(-least(greatest({points}, -3000), 3000) / 100.0)), 4)"


def points_of(probability: float) -> int:
    """A probability as points."""
    return round(100 * math.log(probability / (1 - probability)))


def _join_people(engine: Engine, settings: LinkSettings, n_rows: int) -> None:
    """Make `lk_person` (n, person)."""
    floor = min(points_of(settings.review_from), settings.unseen_points) - 200
    found = engine.columns(f"SELECT a - 1 AS a, b - 1 AS b, points FROM lk_scored WHERE points > {floor} ORDER BY a, b")
    numbered = engine.columns("SELECT CASE WHEN has_id THEN hash(id) >> 1 ELSE 0 END AS id FROM lk_rows ORDER BY n")
    edges = (found["a"].astype(np.int64), found["b"].astype(np.int64), found["points"].astype(np.int64))
    person = cluster_rows(
        edges,
        numbered["id"].astype(np.int64),
        accept_points=points_of(settings.accept),
        unseen_points=settings.unseen_points,
    )
    engine.load(
        "lk_person", pa.table({"n": np.arange(1, n_rows + 1, dtype=np.int32), "person": (person + 1).astype(np.int32)})
    )


def _tell_people(engine: Engine) -> None:
    """Make `people`: the person of each row, and the probability of the strongest link that holds the row to it."""
    engine.run(
        """CREATE OR REPLACE TABLE lk_joined AS
        SELECT s.* FROM lk_scored s JOIN lk_person x ON x.n = s.a JOIN lk_person y ON y.n = s.b
        WHERE x.person = y.person"""
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE people AS
        WITH held AS (
            SELECT n, max(points) AS points
            FROM (SELECT a AS n, points FROM lk_joined UNION ALL SELECT b, points FROM lk_joined) GROUP BY n
        ), named AS (
            SELECT r.n AS person, md5('person:' || r.source || ':' || r.row_id)[1:16] AS person_id
            FROM lk_rows r JOIN lk_person p ON p.n = r.n AND p.person = r.n
        )
        SELECT r.source, r.row_id, d.person_id, r.n,
            CASE WHEN h.points IS NULL THEN 1.0 ELSE {chance_sql("h.points")} END::DOUBLE AS certainty
        FROM lk_rows r JOIN lk_person p USING (n) JOIN named d USING (person) LEFT JOIN held h USING (n)"""
    )


def _tell_pairs(engine: Engine, settings: LinkSettings) -> None:
    """Make `links` (pairs joined) and `review` (pairs to be judged by a person)."""
    names = """x.source || ':' || x.row_id AS "left", y.source || ':' || y.row_id AS "right" """
    rows = "JOIN lk_rows x ON x.n = a JOIN lk_rows y ON y.n = b"
    engine.run(
        f"""CREATE OR REPLACE TABLE links AS
        SELECT {names}, {chance_sql("points")} AS probability, evidence, a, b
        FROM (SELECT a, b, points, {evidence_sql()} AS evidence FROM lk_joined) {rows}"""
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE review AS
        SELECT {names}, {chance_sql("points")} AS probability, list_append(evidence, verdict) AS evidence, a, b
        FROM (
            SELECT a, b, points, 'joined' AS verdict, {evidence_sql()} AS evidence
            FROM lk_joined WHERE points < {points_of(settings.review_until)}
            UNION ALL
            SELECT a, b, points, 'left-apart', {evidence_sql()}
            FROM lk_scored ANTI JOIN lk_joined USING (a, b) WHERE points >= {points_of(settings.review_from)}
        ) {rows}"""
    )


def _counts(engine: Engine, weights: Weights, found: dict[str, int]) -> dict[str, int | float | str]:
    """What the receipt keeps: pairs found, compared, joined, left for review, and what taught the weights."""
    n_people, n_together = engine.row(
        "SELECT count(*), count(*) FILTER (n > 1) FROM (SELECT count(*) AS n FROM people GROUP BY person_id)"
    )
    return {
        "people": n_people,
        "people_with_two_rows_or_more": n_together,
        "pairs_compared": engine.row("SELECT count(*) FROM lk_compared")[0],
        "pairs_joined": engine.row("SELECT count(*) FROM links")[0],
        "pairs_for_review": engine.row("SELECT count(*) FROM review")[0],
        "pairs_teaching_same": weights.n_same,
        "pairs_teaching_other": weights.n_other,
        **{f"pairs_by_{name.replace(', ', '_').replace(' ', '_')}": n for name, n in found.items()},
    }
