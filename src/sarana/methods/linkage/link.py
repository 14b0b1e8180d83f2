"""Brings rows of all sectors together into people: the one door of this room."""

import math

import numpy as np

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, block_pairs
from sarana.methods.linkage.clusters import cluster_rows
from sarana.methods.linkage.comparing import Compared, compare_pairs, lend_teaching
from sarana.methods.linkage.judged import SURE, Judged, bind_rows, find_judged, places_of, with_judged
from sarana.methods.linkage.model import read_model, tell_model
from sarana.methods.linkage.names_alike import name_rarities
from sarana.methods.linkage.rows import Rows, prepare_rows
from sarana.methods.linkage.settings import LinkSettings
from sarana.methods.linkage.telling import Linked, tell_links, tell_people, tell_review
from sarana.methods.linkage.weights import Weights, learn_weights, shipped_weights, weigh_pairs

_STAGES = 6


def link_rows(engine: Engine, settings: LinkSettings, progress: Progress) -> StepReport:
    """From `standardised` to `people`, `review`, `links` and `link_model`, lent to the engine in their final order.

    Where the engine holds a `given_model`, it is linked by that, and nothing is learnt.

    Every row comes out in `people` once. A pair of rows joined with a probability under `review_until`, and one left
    apart with a probability of `review_from` or more, stands in `review` with its evidence.

    Source: after Fellegi and Sunter (1969), with weights taught by hidden IDs (docs/explanation/linkage.md).
    """
    progress.report(0, _STAGES, "make rows ready")
    rows = prepare_rows(engine, settings)
    progress.report(1, _STAGES, "find pairs worth comparing")
    pairs, found = block_pairs(rows, settings)
    judged = find_judged(engine, rows)
    pairs, is_brought = (pairs, None) if judged is None else with_judged(pairs, judged)
    progress.report(2, _STAGES, "compare pairs")
    model = read_model(engine, settings.sources)
    rare = name_rarities(rows) if model is None else model.rarities(rows)
    compared = compare_pairs(engine, rows, pairs, rare)
    if is_brought is not None:
        compared.teaches[is_brought] = False
    progress.report(3, _STAGES, "learn weights")
    weights = _learn(engine, compared) if model is None else model.weights
    tell_model(engine, settings.sources, weights, rows, rare)
    progress.report(4, _STAGES, "weigh pairs")
    points = score_pairs(compared, weights, settings)
    rows = rows.compared()
    progress.report(5, _STAGES, "join people")
    linked, told = _join_people(rows, compared, points, settings, judged)
    tell_people(engine, linked, accept=points_of(settings.accept))
    n_links = tell_links(engine, linked)
    least, sure = points_of(settings.review_from), points_of(settings.review_until)
    n_review = tell_review(engine, linked, least=least, sure=sure)
    n_rows_of = np.bincount(linked.person)
    counts: dict[str, int | float | str] = {
        "people": int(np.count_nonzero(n_rows_of)),
        "people_with_two_rows_or_more": int(np.count_nonzero(n_rows_of > 1)),
        "pairs_compared": len(points),
        "pairs_joined": n_links,
        "pairs_for_review": n_review,
        "pairs_teaching_same": weights.n_same,
        "pairs_teaching_other": weights.n_other,
        **told,
        **{f"pairs_by_{name.replace(', ', '_').replace(' ', '_')}": n for name, n in found.items()},
    }
    return StepReport(rows_in=len(rows), rows_out=len(rows), counts=counts)


def _learn(engine: Engine, compared: Compared) -> Weights:
    """The weights that the run's own rows teach."""
    lend_teaching(engine, compared)
    weights = learn_weights(engine, shipped_weights())
    engine.give_back("lk_teaching")
    return weights


def score_pairs(compared: Compared, weights: Weights, settings: LinkSettings) -> Numbers:
    """The points of the compared pairs; unlike valid IDs end all doubt."""
    id_points = {1: settings.same_id_points, 2: settings.near_id_points, 3: settings.far_id_points, 4: -100_000}
    return weigh_pairs(weights, compared.levels, id_points)


def points_of(probability: float) -> int:
    """A probability as points."""
    return round(100 * math.log(probability / (1 - probability)))


def _join_people(
    rows: Rows, compared: Compared, points: Numbers, settings: LinkSettings, judged: Judged | None
) -> tuple[Linked, dict[str, int]]:
    """The person of each row, as the smallest row of that person, and what is told of judgements."""
    ids = np.where(rows.has_id, rows.id, 0)
    bound, kept, told = None, None, dict[str, int]()
    if judged is not None:
        place = places_of(judged, (compared.a, compared.b))
        bound = bind_rows(judged, points[place], ids)
        kept, told = place[bound.is_kept], judged.counts(bound)
        points[kept] = SURE
        points[place[judged.is_other]] = -SURE
    floor = min(points_of(settings.review_from), settings.unseen_points) - 200
    at = np.flatnonzero(points > floor)
    person = cluster_rows(
        (compared.a[at], compared.b[at], points[at]),
        ids,
        accept_points=points_of(settings.accept),
        unseen_points=settings.unseen_points,
        bound=bound,
    )
    return Linked(rows, compared, points, person, kept), told
