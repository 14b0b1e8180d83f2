"""The reading doors of the queue: its runs, the next pair, what somebody judged, and what the next run goes by."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sarana.basics.actors import Actor
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.ground.ledger.queries import things_of_today
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.models import Run
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.opened.objections.queries import check_all_known_again, objected
from sarana.learning.population.pairs import policy
from sarana.learning.population.pairs.keeping import Before, Corrected, Met, Sealed, counted
from sarana.learning.population.pairs.models import AlsoAsked, Batch, Judgement, Pair, Verdict

OPENED = "population.pair-opened"
SAMPLED = {Verdict.SAME: "population.same-sampled", Verdict.NOT_SAME: "population.not-same-sampled"}
N_SAMPLES = 5
"""So many of the sure pairs are looked at before all of them are decided."""

TWO = 2
HOLDS = Q(undone_at__isnull=True)
IN_QUEUE = Q(place__gt=0)
BY_ASKER = Q(pair__asked_by_ref__isnull=False, pair__asked_by_ref=F("judged_by_ref")) | Exists(
    AlsoAsked.objects.filter(pair=OuterRef("pair"), by_ref=OuterRef("judged_by_ref"))
)
"""What somebody said of a pair for which she asked herself counts nowhere."""

ASKING = Q(kind=Correction.Kind.OTHER_PERSON, rows_sealed__isnull=False)
NOT_CARRIED = (Run.Reason.WRONG_FILES, Run.Reason.SOURCE_ASKED)
"""What was judged on files that should not have been read goes no further."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of how many pairs two people judged alone, and of how many of them both said the same."""

    n_both: int
    n_alike: int


def queues_for(actor: Actor) -> list[Run]:
    """The newest run with pairs of each province that an actor may see; an older one was followed by its queue.

    Raises:
        Refused: POPULATION-110 she has no door here.
    """
    policy.check_may_look(actor, kinds_worked_in(actor))
    shown = Run.objects.filter(policy.openable_by(actor), withdrawn_at__isnull=True)
    having = shown.filter(pk__in=Pair.objects.filter(IN_QUEUE).values("run"))
    newest: dict[str, Run] = {}
    for run in having.select_related("agency").order_by("-as_of", "-pk"):
        newest.setdefault(run.area, run)
    return list(newest.values())


def get_queue(actor: Actor, ref: UUID) -> Run:
    """One run with its queue.

    Raises:
        Refused: POPULATION-110 she has no door here.
        Run.DoesNotExist: there is none, or it is not for her.
    """
    found = next((run for run in queues_for(actor) if run.ref == ref), None)
    if found is None:
        raise Run.DoesNotExist
    return found


def get_pair(actor: Actor, ref: UUID, *, is_held: bool = False) -> Pair:
    """One pair of a queue, with its run; `is_held` locks it for the action that asks.

    Raises:
        Refused: POPULATION-110 she has no door here.
        Pair.DoesNotExist: there is none, or it is not for her.
    """
    rows = Pair.objects.filter(IN_QUEUE, run__in=queues_for(actor)).select_related("run__agency")
    rows = rows.exclude(asked_by(actor))
    if is_held:
        rows = rows.select_for_update(of=("self",))
    return rows.fetch_mode(models.FETCH_RAISE).get(ref=ref)


def is_gone(actor: Actor, ref: UUID) -> bool:
    """Whether a pair that she opened today left the queue since: it was laid out anew under her eyes."""
    if ref not in opened_today(actor):
        return False
    return not Pair.objects.filter(IN_QUEUE, ref=ref, run__in=queues_for(actor)).exists()


def left_in(run: Run) -> QuerySet[Pair]:
    """The pairs of a queue that still wait for somebody."""
    done = Judgement.objects.filter(HOLDS, pair=OuterRef("pk")).values("pair").annotate(n=Count("pk")).values("n")
    return (
        Pair.objects.filter(IN_QUEUE, run=run)
        .annotate(n_done=Coalesce(Subquery(done), 0))
        .filter(n_done__lt=F("needs"))
    )


def asked_by(actor: Actor) -> Q:
    """Pairs for which she asked, first or after others: she judges none of them."""
    also = AlsoAsked.objects.filter(by_ref=actor.account_ref).values("pair")
    return Q(asked_by_ref__isnull=False, asked_by_ref=actor.account_ref) | Q(pk__in=also)


def left_for(actor: Actor, run: Run) -> QuerySet[Pair]:
    """The pairs of a queue that wait, that she has neither judged nor asked for, and that nobody else holds."""
    mine = Judgement.objects.filter(HOLDS, judged_by_ref=actor.account_ref).values("pair")
    is_free = Q(held_until__isnull=True) | Q(held_until__lte=actor.now) | Q(held_by_ref=actor.account_ref)
    return left_in(run).exclude(pk__in=mine).exclude(asked_by(actor)).filter(is_free).order_by("place")


def sure_for(actor: Actor, run: Run, verdict: str) -> QuerySet[Pair]:
    """The sure pairs of one kind that wait."""
    return left_for(actor, run).filter(sure=verdict)


def holding(pair: Pair) -> list[Judgement]:
    """The judgements of a pair that hold."""
    return list(Judgement.objects.filter(HOLDS, pair=pair).order_by("turn"))


def opened_today(actor: Actor) -> frozenset[UUID]:
    """The pairs that she opened alone today, as the lines of what she did have them."""
    return things_of_today(actor, OPENED)


def n_opened_today(actor: Actor) -> int:
    """How many pairs she opened today, samples of sure ones with them."""
    sampled = sum(len(things_of_today(actor, act)) for act in SAMPLED.values())
    return len(opened_today(actor)) + N_SAMPLES * sampled


def was_sampled(actor: Actor, run: Run, verdict: Verdict) -> bool:
    """Whether she looked at samples of a kind today."""
    return run.ref in things_of_today(actor, SAMPLED[verdict])


def last_of(actor: Actor) -> Judgement | None:
    """Her last judgement of a single pair that holds, in a queue that is hers."""
    found = Judgement.objects.filter(
        HOLDS, judged_by_ref=actor.account_ref, batch__isnull=True, pair__run__in=queues_for(actor)
    )
    return found.select_related("pair__run__agency").order_by("-judged_at", "-pk").first()


def batches_of(actor: Actor, run: Run) -> list[Batch]:
    """The decisions on many pairs that she took in a queue and that hold."""
    rows = Batch.objects.filter(run=run, judged_by_ref=actor.account_ref, undone_at__isnull=True)
    return list(rows.order_by("-judged_at"))


def get_batch(actor: Actor, ref: UUID) -> Batch:
    """One of her decisions on many pairs.

    Raises:
        Refused: POPULATION-110 she has no door here.
        Batch.DoesNotExist: there is none, or it is not hers.
    """
    rows = Batch.objects.filter(run__in=queues_for(actor), judged_by_ref=actor.account_ref)
    return rows.select_related("run__agency").get(ref=ref)


def counts_of(run: Run) -> dict[str, int]:
    """How many pairs of a queue were judged, by verdict; two judgements of one pair count as both people said."""
    rows = Judgement.objects.filter(HOLDS, pair__run=run).values_list("verdict").annotate(n=Count("pk"))
    return dict(rows)


def agreement_in(run: Run) -> Agreement:
    """How often two people who judged the same pair alone said the same."""
    said = defaultdict[int, list[str]](list)
    alone = Judgement.objects.filter(HOLDS, pair__run=run, pair__needs=2, pair__asked_by_ref__isnull=True)
    for pair, verdict in alone.values_list("pair", "verdict"):
        said[pair].append(verdict)
    both = [verdicts for verdicts in said.values() if len(verdicts) == TWO]
    return Agreement(len(both), sum(len(set(verdicts)) == 1 for verdicts in both))


def judged_in(area: str, *, but: Run | None = None) -> list[Sealed]:
    """What the next run of a province goes by: of each pair what counts; for the work that asked its own rule.

    A pair that somebody asked for by a correction counts only once two others judged it; one instead of which another
    was asked for counts no more.

    Args:
        area: the province.
        but: a run whose own judgements are left out.
    """
    rows = Judgement.objects.filter(HOLDS, pair__run__area=area).exclude(pair__run__withdrawn_because__in=NOT_CARRIED)
    if but is not None:
        rows = rows.exclude(pair__run=but)
    rows = rows.filter(pair__instead__isnull=True)
    said = defaultdict[UUID, list[Judgement]](list)
    for row in rows.exclude(BY_ASKER).select_related("pair").order_by("pk"):
        said[row.pair.ref].append(row)
    return [
        _counting(pair, each) for pair, each in said.items() if each[0].pair.asked_by_ref is None or len(each) == TWO
    ]


def _counting(pair_ref: UUID, rows: Sequence[Judgement]) -> Sealed:
    """What counts of the judgements of one pair."""
    return Sealed(
        rows[0].ref,
        pair_ref,
        bytes(rows[0].sealed),
        counted([row.verdict for row in rows]),
        is_asked=rows[0].pair.asked_by_ref is not None,
        judged_by=frozenset(row.judged_by_ref for row in rows),
        judged_at=max(row.judged_at for row in rows),
    )


def last_judged(area: str) -> Run | None:
    """The newest run of a province of which a pair was judged, for the work that asked its own rule."""
    found = Run.objects.filter(area=area, pairs__judgements__isnull=False).select_related("agency")
    return found.order_by("-as_of", "-pk").first()


def judged_of(run: Run) -> list[Sealed]:
    """Every pair of a run that was ever judged, without what was said, for the work that lays its queue out anew."""
    found: dict[UUID, Sealed] = {}
    rows = Judgement.objects.filter(pair__run=run, pair__instead__isnull=True)
    for row in rows.select_related("pair").order_by("pk"):
        found.setdefault(row.pair.ref, Sealed(row.ref, row.pair.ref, bytes(row.sealed), ""))
    return list(found.values())


def known_before(run_ref: UUID) -> Before:
    """What was judged of a run and of others of its province, and what was said of people, for what fills its queue."""
    run = Run.objects.get(ref=run_ref)
    others, said = judged_in(run.area, but=run), corrected_in(run.area)
    return Before(judged_of(run), others, frozenset(objected()[1]), said, met_in(run))


def met_in(run: Run) -> dict[UUID, Met]:
    """The pairs of a run as they stand, but those instead of which others were asked for, for what fills its queue."""
    pairs = Pair.objects.filter(run=run, instead__isnull=True).prefetch_related(
        "also_asked", Prefetch("judgements", Judgement.objects.filter(HOLDS))
    )
    return {pair.ref: _met(pair) for pair in pairs}


def _met(pair: Pair) -> Met:
    also = {row.by_ref for row in pair.also_asked.all()}
    by = also | ({pair.asked_by_ref} if pair.asked_by_ref else set())
    return Met(
        pair.asked_by_ref is not None, frozenset(by), frozenset(row.judged_by_ref for row in pair.judgements.all())
    )


def corrected_in(area: str) -> list[Corrected]:
    """People of a province of whom a row was said to be of somebody else, and it was not settled that this is wrong."""
    with postgres.as_task(OPERATOR):
        asking = Correction.objects.filter(ASKING, run__area=area).exclude(run__withdrawn_because__in=NOT_CARRIED)
        rows = list(asking.order_by("pk"))
    return [Corrected(row.ref, bytes(row.rows_sealed or b""), row.recorded_by_ref, row.recorded_at) for row in rows]


def queues_to_fill() -> list[UUID]:
    """The newest shown run of each province whose queue lacks what was said since; for the schedule of the machine."""
    with postgres.as_task(OPERATOR):
        asking = Correction.objects.filter(ASKING).exclude(run__withdrawn_because__in=NOT_CARRIED)
        asked = asking.order_by().values("run__area").annotate(last=Max("recorded_at"))
        last = {row["run__area"]: row["last"] for row in asked}
        newest: dict[str, Run] = {}
        for run in Run.objects.filter(withdrawn_at__isnull=True, area__in=last).order_by("-as_of", "-pk"):
            newest.setdefault(run.area, run)
    return [run.ref for run in newest.values() if not run.queue_filled_at or run.queue_filled_at < last[run.area]]


def marks_of_objections() -> frozenset[str]:
    """The marks of rows of all who objected, wherever they said it.

    Raises:
        NotYet: POPULATION-100 it cannot be told who objected, so no pair is shown.
    """
    check_all_known_again()
    return frozenset(objected()[1])
