"""Brings rows of all sectors together into people: the one door of this room."""

import numpy as np

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Pairs
from sarana.methods.linkage.clusters import cluster_rows
from sarana.methods.linkage.comparing import RIVALS, Compared, compare_pairs
from sarana.methods.linkage.judged import SURE, Judged, bind_rows, find_judged, places_of
from sarana.methods.linkage.model import read_model, tell_model
from sarana.methods.linkage.passes import Weighed, score_pairs, weigh_rows
from sarana.methods.linkage.rows import Rows, prepare_rows
from sarana.methods.linkage.settings import LinkSettings, points_of
from sarana.methods.linkage.telling import Linked, tell_links, tell_people, tell_review

_STAGES = 4


def link_rows(engine: Engine, settings: LinkSettings, progress: Progress) -> StepReport:
    """From `standardised` to `people`, `review`, `links` and `link_model`, lent to the engine in their final order.

    Where the engine holds a `given_model`, it is linked by that, and nothing is learnt.

    Every row comes out in `people` once. A pair of rows joined with a probability under `review_until`, and one left
    apart with a probability of `review_from` or more, stands in `review` with its evidence.

    Source: after Fellegi and Sunter (1969), with weights taught by hidden IDs (docs/explanation/linkage.md).
    """
    progress.report(0, _STAGES, "make rows ready")
    model = read_model(engine, settings.sources)
    rows = prepare_rows(engine, settings, is_taught=model is None)
    judged = find_judged(engine, rows)
    progress.report(1, _STAGES, "find, compare and weigh pairs")
    weighed = weigh_rows(engine, rows, settings, model)
    tell_model(engine, settings.sources, weighed.weights, weighed.texts(), weighed.ear.rare)
    progress.report(2, _STAGES, "join people")
    compared, points = _with_judged(weighed, judged, settings)
    rows, first = weighed.rows.compared(), weighed.weights[0]
    counts = weighed.counts
    del weighed
    linked, told = _join_people(rows, compared, points, settings, judged)
    tell_people(engine, linked, accept=points_of(settings.accept))
    n_links = tell_links(engine, linked)
    least, sure = points_of(settings.review_from), points_of(settings.review_until)
    n_review = tell_review(engine, linked, least=least, sure=sure)
    n_rows_of = np.bincount(linked.person)
    told_counts: dict[str, int | float | str] = {
        "people": int(np.count_nonzero(n_rows_of)),
        "people_with_two_rows_or_more": int(np.count_nonzero(n_rows_of > 1)),
        "pairs_joined": n_links,
        "pairs_for_review": n_review,
        "pairs_teaching_same": first.n_same,
        "pairs_teaching_other": first.n_other,
        **told,
        **counts,
    }
    return StepReport(rows_in=len(rows), rows_out=len(rows), counts=told_counts)


def _with_judged(weighed: Weighed, judged: Judged | None, settings: LinkSettings) -> tuple[Compared, Numbers]:
    """The pairs with those that were judged and did not matter before; these have their points of two rows alone."""
    compared, points = weighed.compared, weighed.points
    if judged is None:
        return compared, points
    is_new = ~np.isin(judged.key, compared.key)
    new = np.unique(judged.key[is_new])
    more = compare_pairs(weighed.rows, weighed.ear, Pairs(new))
    more = more.saying(RIVALS, np.zeros(len(new), dtype=np.int16))
    whole = compared.joined_by(more)
    every = np.empty(len(whole.a), dtype=np.int64)
    is_more = np.isin(whole.key, new)
    every[~is_more], every[is_more] = points, score_pairs(more, weighed.weights[1], settings)
    return whole, every


def _join_people(
    rows: Rows, compared: Compared, points: Numbers, settings: LinkSettings, judged: Judged | None
) -> tuple[Linked, dict[str, int]]:
    """The person of each row, as the smallest row of that person, and what is told of judgements."""
    ids = np.where(rows.has_id, rows.id, 0)
    bound, kept, told = None, None, dict[str, int]()
    if judged is not None:
        place = places_of(judged, compared.key)
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
