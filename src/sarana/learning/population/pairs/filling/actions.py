"""The doors of the queue for whoever makes runs: fill it from a run's folder, and give what was judged to the next."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.ledger.actions import record
from sarana.ground.vault import places
from sarana.learning.population import policy
from sarana.learning.population import queries as maps
from sarana.learning.population.models import Run
from sarana.learning.population.opened import shelves
from sarana.learning.population.pairs import queries
from sarana.learning.population.pairs.keeping import Met, open_rows, sealed_table
from sarana.learning.population.pairs.laying import Laid, drop_others, lay_out_pairs, not_shown
from sarana.learning.population.pairs.models import AlsoAsked, Judgement, Pair
from sarana.learning.population.policy import QUEUE
from sarana.methods.runs.means import Means
from sarana.methods.sealing.organisation import OrganisationKeys


def fill(actor: Actor, fingerprint: str, folder: Path, means: Means) -> int:
    """Fill the queue of a run that is shown; gives how many pairs wait in it.

    Args:
        actor: the operator.
        fingerprint: of the run, as its card gives it.
        folder: where the run lies.
        means: threads and memory.

    Raises:
        Refused: POPULATION-002 it is somebody else.
        NotYet: POPULATION-119 the run is not shown here; and what keeps its files from being opened.
    """
    policy.check_may_take_in(actor)
    run = maps.find_taken_in(fingerprint)
    if run is None:
        raise not_shown()
    laid = lay_out_pairs(run.ref, folder, means, today=actor.today, before=queries.known_before(run.ref))
    note_filled(actor, run.ref, laid)
    return len(laid)


@transaction.atomic
def note_filled(actor: Actor, run_ref: UUID, laid: Sequence[Laid]) -> None:
    """Write the rows of a queue that was laid out; pairs that somebody judged keep theirs.

    Raises:
        Refused: POPULATION-002 it is neither the operator nor the machine.
        NotYet: POPULATION-119 the run is not shown any more.
    """
    policy.check_may_take_in(actor)
    run = Run.objects.select_for_update(of=("self",)).select_related("agency").filter(ref=run_ref).first()
    if run is None or run.withdrawn_at is not None:
        shelves.let_go(run_ref)  # it was withdrawn while its pairs were laid out
        raise not_shown()
    by_ref = {each.ref: each for each in laid}
    judged = Judgement.objects.filter(pair__run=run)
    Pair.objects.filter(run=run).exclude(ref__in=by_ref).exclude(pk__in=judged.values("pair")).delete()
    kept = {pair.ref: pair for pair in Pair.objects.select_for_update().filter(run=run)}
    met, n_late = queries.met_in(run), 0
    for ref, pair in kept.items():
        each = by_ref.get(ref)
        pair.place = each.place if each else 0
        if each and ref in met:
            n_late += not _ask(pair, each, met[ref])
    Pair.objects.bulk_update(kept.values(), ["place", "needs", "sure", "asked_by_ref"])
    Pair.objects.bulk_create(
        Pair(ref=each.ref, run=run, place=each.place, sure=each.sure, needs=each.needs, asked_by_ref=_first(each))
        for each in laid
        if each.ref not in kept
    )
    _note_askers(run, laid)
    transaction.on_commit(lambda: drop_others(run_ref, by_ref), robust=True)
    # Whoever acts took this moment before anything was read: what is said meanwhile is laid out the next time, and so
    # is what somebody judged meanwhile, who asked for it herself.
    if not n_late:
        Run.objects.filter(pk=run.pk).update(queue_filled_at=actor.now)
    record(
        actor,
        "population.pairs-laid-out",
        thing_kind=QUEUE,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=len(laid),
    )


def _ask(pair: Pair, each: Laid, met: Met) -> bool:
    """Let two judge a pair that was laid out already, where it is asked for; False where one who asks judged it."""
    if not each.asked_by:
        if not met.judged_by:
            pair.asked_by_ref = None
        return True
    if not met.holds_for(each.asked_by):
        return False
    pair.needs, pair.sure, pair.asked_by_ref = each.needs, each.sure, pair.asked_by_ref or _first(each)
    return True


def _first(each: Laid) -> UUID | None:
    return min(each.asked_by, default=None)


def _note_askers(run: Run, laid: Sequence[Laid]) -> None:
    """Write down all who asked for a pair, and instead of which one it is asked for."""
    asked = {each.ref: each for each in laid if each.asked_by}
    pairs = {pair.ref: pair for pair in Pair.objects.filter(run=run, ref__in=asked, asked_by_ref__isnull=False)}
    AlsoAsked.objects.filter(pair__run=run, pair__asked_by_ref__isnull=True).delete()
    AlsoAsked.objects.bulk_create(
        (
            AlsoAsked(pair=pair, by_ref=by)
            for ref, pair in pairs.items()
            for by in sorted(asked[ref].asked_by - {pair.asked_by_ref})
        ),
        ignore_conflicts=True,
    )
    for ref, pair in pairs.items():
        if was := asked[ref].instead_of:
            Pair.objects.filter(run=run, ref=was).update(instead=pair)


def give_judgements(actor: Actor, area: str, keys_of: Callable[[], OrganisationKeys]) -> tuple[int, bytes]:
    """Give the operator what was judged of pairs of a province, for a run at the machine: how many, and a sealed table.

    Args:
        actor: the operator.
        area: the code of the province.
        keys_of: opens the organisation's keys, which may ask for a passphrase.

    Raises:
        Refused: POPULATION-002 it is somebody else.
        NotYet: POPULATION-023 nothing was judged there; and what keeps the keys from being opened.
    """
    policy.check_may_take_in(actor)
    run, judged = queries.last_judged(area), queries.judged_in(area)
    if run is None or not judged:
        raise NotYet(
            "POPULATION-023",
            "No judgement of a pair of this province holds here; nothing was written.",
            cure="Give the code of a province, such as TH50. See Pairs to judge; a run goes without --judged as well.",
        )
    content = sealed_table(open_rows(judged, keys_of), area, places.get_keyset())
    record(
        actor,
        "population.judgements-given",
        thing_kind=QUEUE,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=len(judged),
    )
    return len(judged), content
