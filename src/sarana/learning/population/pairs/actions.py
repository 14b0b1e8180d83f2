"""The writing doors of the queue: open a pair, judge it, leave it, decide on the sure ones, take back."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.references import new_ref
from sarana.ground.ledger.actions import record
from sarana.ground.vault import places
from sarana.learning.population.models import Run
from sarana.learning.population.pairs import policy, queries
from sarana.learning.population.pairs.keeping import is_objected, seal_rows
from sarana.learning.population.pairs.laying import open_queue, read_pair
from sarana.learning.population.pairs.models import Batch, Judgement, Pair, Verdict
from sarana.learning.population.policy import PAIR, QUEUE
from sarana.methods.questions.pairs import Pair as Content

HELD = dt.timedelta(minutes=10)
"""So long a pair is held for whoever opened it; opening it again holds it anew."""


@dataclass(frozen=True, slots=True)
class OpenedPair:
    """A pair with what it says, held for whoever opened it; without, where somebody objected to stand on any list."""

    pair: Pair
    content: Content | None


@dataclass(frozen=True, slots=True)
class Sure:
    """Sure pairs of a kind: how many, a hash by which just these are decided, and a few of them opened."""

    n: int
    mark: str
    samples: list[Content]


@transaction.atomic
def open_pair(actor: Actor, ref: UUID) -> OpenedPair:
    """Open a pair and hold it for a while; one of somebody who objected meanwhile is shown to nobody, and goes.

    Raises:
        Refused: POPULATION-110 it is not hers; POPULATION-114 she opened as many today as one person does.
        NotYet: POPULATION-111 no purpose; POPULATION-112 somebody else has it; POPULATION-113 it was judged;
            POPULATION-115, POPULATION-090 it lies here no more.
        Pair.DoesNotExist: there is none, or it is not for her.
    """
    pair = queries.get_pair(actor, ref, is_held=True)
    policy.check_may_judge(actor, pair.run.area)
    _check_waits(actor, pair)
    if pair.ref not in queries.opened_today(actor):
        _check_budget(actor, 1)
    content = read_pair(open_queue(pair.run.ref, actor.today), pair.ref)
    if is_objected((content.left, content.right), queries.marks_of_objections()):
        Pair.objects.filter(pk=pair.pk).update(place=0)
        _record(actor, pair, "population.pair-set-aside")
        return OpenedPair(pair, None)
    pair.held_by_ref, pair.held_until = actor.account_ref, actor.now + HELD
    pair.save(update_fields=["held_by_ref", "held_until"])
    _record(actor, pair, queries.OPENED)
    return OpenedPair(pair, content)


@transaction.atomic
def judge(actor: Actor, ref: UUID, verdict: Verdict) -> Judgement:
    """Judge a pair that she opened; the same answer sent twice counts once.

    Raises:
        Refused: POPULATION-110 it is not hers.
        NotYet: POPULATION-111 no purpose; POPULATION-112 somebody else has it; POPULATION-113 it was judged;
            POPULATION-116 she did not open it; POPULATION-115, POPULATION-090 it lies here no more.
        Pair.DoesNotExist: there is none, or it is not for her.
    """
    pair = queries.get_pair(actor, ref, is_held=True)
    policy.check_may_judge(actor, pair.run.area)
    said = next((row for row in queries.holding(pair) if row.judged_by_ref == actor.account_ref), None)
    if said is not None and said.verdict == verdict:
        return said
    _check_waits(actor, pair)
    if pair.ref not in queries.opened_today(actor):
        raise NotYet(
            "POPULATION-116",
            "A pair is judged by somebody who looked at it.",
            cure="Open it, and then say what you see.",
        )
    content = read_pair(open_queue(pair.run.ref, actor.today), pair.ref)
    made = _judgement(actor, pair, content, verdict)
    made.turn = min({1, 2} - {row.turn for row in queries.holding(pair)})
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise _judged_already() from err
    _let_go(pair)
    _record(actor, pair, "population.pair-judged")
    return made


@transaction.atomic
def leave_pair(actor: Actor, ref: UUID) -> Run:
    """Leave a pair without an answer: it is free for others at once.

    Raises:
        Refused: POPULATION-110 it is not hers.
        Pair.DoesNotExist: there is none, or it is not for her.
    """
    pair = queries.get_pair(actor, ref, is_held=True)
    if pair.held_by_ref == actor.account_ref:
        _let_go(pair)
    _record(actor, pair, "population.pair-left")
    return pair.run


@transaction.atomic
def sample_sure(actor: Actor, run: Run, verdict: Verdict) -> Sure:
    """The sure pairs of a kind that wait, and a few of them, opened, to see what is decided.

    Raises:
        Refused: POPULATION-110 they are not hers; POPULATION-114 she opened as many today as one person does.
        NotYet: POPULATION-111 no purpose; POPULATION-090 the queue is closed.
    """
    policy.check_may_judge(actor, run.area)
    sure = list(queries.sure_for(actor, run, verdict))
    shelf, objected = open_queue(run.ref, actor.today), queries.marks_of_objections()
    contents = {pair.ref: read_pair(shelf, pair.ref) for pair in sure}
    sure = [pair for pair in sure if not _is_objected(contents[pair.ref], objected)]
    chosen = _spread(sure)
    if chosen and not queries.was_sampled(actor, run, verdict):
        _check_budget(actor, len(chosen))
    record(
        actor,
        queries.SAMPLED[verdict],
        thing_kind=QUEUE,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        thing_refs=[pair.ref for pair in chosen],
        n_things=len(chosen),
    )
    return Sure(len(sure), _told_apart(sure), [contents[pair.ref] for pair in chosen])


@transaction.atomic
def decide_sure(actor: Actor, run: Run, verdict: Verdict, *, seen: str) -> Batch:
    """Decide on all sure pairs of a kind at once, when a few of them were looked at.

    Args:
        actor: the reviewer.
        run: whose queue it is.
        verdict: what is said of all of them; `cannot-say` is said of none at once.
        seen: the mark of those that waited when she was asked.

    Raises:
        Refused: POPULATION-110 they are not hers.
        NotYet: POPULATION-111 no purpose; POPULATION-116 she looked at none; POPULATION-117 they are others now.
    """
    policy.check_may_judge(actor, run.area)
    if not queries.was_sampled(actor, run, verdict):
        raise NotYet(
            "POPULATION-116", "A pair is judged by somebody who looked at it.", cure="Open the page with the samples."
        )
    sure = list(queries.sure_for(actor, run, verdict).select_for_update(of=("self",)))
    shelf, objected = open_queue(run.ref, actor.today), queries.marks_of_objections()
    contents = {pair.ref: read_pair(shelf, pair.ref) for pair in sure}
    sure = [pair for pair in sure if not _is_objected(contents[pair.ref], objected)]
    if not sure or _told_apart(sure) != seen:
        raise NotYet(
            "POPULATION-117",
            "These are not the pairs any more of which you were asked; nothing was decided.",
            cure="See how many there are now, look at some of them, and decide again.",
        )
    batch = Batch(run=run, verdict=verdict, n_pairs=len(sure), judged_at=actor.now, judged_by_ref=actor.account_ref)
    batch.save(force_insert=True)
    made = [_judgement(actor, pair, contents[pair.ref], verdict, batch) for pair in sure]
    try:
        with transaction.atomic():
            Judgement.objects.bulk_create(made)
    except IntegrityError as err:
        raise _judged_already() from err
    _record_queue(actor, run, "population.pairs-decided", n_things=len(made))
    return batch


@transaction.atomic
def take_back_last(actor: Actor, ref: str) -> Pair:
    """Take back her last judgement of a pair, which comes into the queue again; that it was judged stays written.

    Args:
        actor: the reviewer.
        ref: of the judgement that she saw as her last one: sent twice, it takes back one.

    Raises:
        Refused: POPULATION-110 she has no door here.
        NotYet: POPULATION-111 no purpose; POPULATION-118 it is not her last one, or not any more.
    """
    last = queries.last_of(actor)
    if last is None or str(last.ref) != ref:
        raise _nothing_to_take_back()
    policy.check_may_judge(actor, last.pair.run.area)
    if not _take_back(actor, last):
        raise _nothing_to_take_back()
    _record(actor, last.pair, "population.judgement-taken-back")
    return last.pair


@transaction.atomic
def take_back_batch(actor: Actor, batch: Batch) -> int:
    """Take back a decision on many pairs as a whole; gives how many come into the queue again.

    Raises:
        NotYet: POPULATION-118 it was taken back already.
    """
    if not Batch.objects.filter(pk=batch.pk, undone_at__isnull=True).update(undone_at=actor.now):
        raise _nothing_to_take_back()
    n = Judgement.objects.filter(queries.HOLDS, batch=batch).update(undone_at=actor.now)
    _record_queue(actor, batch.run, "population.pairs-taken-back", n_things=n)
    return n


def _take_back(actor: Actor, judgement: Judgement) -> int:
    return Judgement.objects.filter(queries.HOLDS, pk=judgement.pk).update(undone_at=actor.now)


def _check_waits(actor: Actor, pair: Pair) -> None:
    """Make sure that a pair still waits for her, and that nobody else has it before her."""
    holding = queries.holding(pair)
    if len(holding) >= pair.needs or any(row.judged_by_ref == actor.account_ref for row in holding):
        raise _judged_already()
    if pair.held_by_ref not in (None, actor.account_ref) and pair.held_until and pair.held_until > actor.now:
        raise NotYet(
            "POPULATION-112",
            "Somebody else is looking at this pair just now; nothing of yours was changed.",
            cure="Take the next one. If it is not judged, it is free again in ten minutes.",
        )


def _check_budget(actor: Actor, n: int) -> None:
    """Make sure that the day's number is not used up; that it was is written down, and worth a question."""
    if queries.n_opened_today(actor) + n > policy.MOST_A_DAY:
        raise Refused(
            "POPULATION-114",
            "You opened as many pairs today as one person does on one day.",
            cure="Go on tomorrow. Whoever protects data here sees that this was reached.",
        )


def _judgement(actor: Actor, pair: Pair, content: Content, verdict: Verdict, batch: Batch | None = None) -> Judgement:
    ref = new_ref()
    return Judgement(
        ref=ref,
        pair=pair,
        verdict=verdict,
        sealed=seal_rows(places.get_keyset(), ref, content.left, content.right),
        batch=batch,
        judged_at=actor.now,
        judged_by_ref=actor.account_ref,
    )


def _let_go(pair: Pair) -> None:
    pair.held_by_ref = pair.held_until = None
    pair.save(update_fields=["held_by_ref", "held_until"])


def _is_objected(content: Content, objected: frozenset[str]) -> bool:
    return is_objected((content.left, content.right), objected)


def _told_apart(pairs: list[Pair]) -> str:
    """A hash of which pairs these are: equally many others have another one."""
    return hashlib.sha256(b"".join(sorted(pair.ref.bytes for pair in pairs))).hexdigest()


def _spread(pairs: list[Pair]) -> list[Pair]:
    """A few of them from all over their order, the same ones each time."""
    n = queries.N_SAMPLES
    return pairs if len(pairs) <= n else [pairs[at * (len(pairs) - 1) // (n - 1)] for at in range(n)]


def _judged_already() -> NotYet:
    return NotYet(
        "POPULATION-113",
        "This pair was judged meanwhile; your answer was not needed, and nothing was changed.",
        cure="Take the next one. Your own last answer can be taken back on the page of the queue.",
    )


def _nothing_to_take_back() -> NotYet:
    return NotYet(
        "POPULATION-118",
        "There is nothing of yours to take back here.",
        cure="Only one's own last answer, or one's own decision on many pairs, can be taken back, once.",
    )


def _record(actor: Actor, pair: Pair, act: str) -> None:
    record(actor, act, thing_kind=PAIR, thing_ref=pair.ref, owner_agency_ref=pair.run.agency.ref)


def _record_queue(actor: Actor, run: Run, act: str, *, n_things: int) -> None:
    record(actor, act, thing_kind=QUEUE, thing_ref=run.ref, owner_agency_ref=run.agency.ref, n_things=n_things)
