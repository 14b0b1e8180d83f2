"""The writing door: take the answer of a back-test in, and call its run by the verdict."""

import json
from dataclasses import replace

import msgspec
from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting
from sarana.ground.ledger.actions import record
from sarana.learning.population import policy
from sarana.learning.population.backtests import queries
from sarana.learning.population.backtests.models import BackTest
from sarana.learning.population.models import Run
from sarana.methods.questions.validate import Counted, Validation
from sarana.methods.runs.receipts import text_hash

MOST_RATIO = 1.25
"""A test in which groups may err by more than this is none that maps are called by."""


@transaction.atomic
def check_may_keep(actor: Actor, fingerprint: str, *, cases: str) -> None:
    """What `keep` asks, before hours of reckoning. Not written down: it shows nothing and does nothing."""
    policy.check_may_take_in(actor)
    if cases not in BackTest.Cases.values:
        raise BadSetting(
            "POPULATION-131",
            "It is not said which cases became known.",
            where="--cases",
            cure="Say one of: presumed, confirmed, other. A pass holds for this kind of case alone.",
        )
    queries.get_tested(fingerprint)


@transaction.atomic
def keep(actor: Actor, found: Validation, *, cases: str) -> tuple[BackTest, bool]:
    """Take a back-test in; the same one taken in again changes nothing.

    Args:
        actor: the operator.
        found: what `validate_run` gave out.
        cases: which cases became known, one of `BackTest.Cases`.

    Returns:
        The back-test, and whether it is new here.

    Raises:
        Refused: POPULATION-002 it is not the operator.
        BadSetting: POPULATION-131 the kind of cases is none of the list; POPULATION-132 groups could err by more than
            is usual.
        NotYet: POPULATION-130 the run is not shown here.
    """
    check_may_keep(actor, found.fingerprint, cases=cases)
    if found.most_ratio > MOST_RATIO:
        raise too_easy("--ratio")
    run = queries.get_tested(found.fingerprint)
    whole = msgspec.to_builtins(found)
    told_hash = text_hash(json.dumps([whole, cases], sort_keys=True).encode())
    same = queries.find_same(run, told_hash)
    kept = same or _made(actor, run, found, cases, told_hash)
    record(
        actor,
        "population.back-tested",
        thing_kind=policy.KIND,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=0 if same else 1,
    )
    return kept, same is None


def _made(actor: Actor, run: Run, found: Validation, cases: str, told_hash: str) -> BackTest:
    is_later = queries.has_tables(run)
    kept = BackTest.objects.create(
        run=run,
        verdict=found.verdict.replace(" ", "-"),
        cases=cases,
        has_tables=not is_later,
        told=msgspec.to_builtins(_verdict_alone(found) if is_later else found),
        told_hash=told_hash,
        taken_in_at=actor.now,
    )
    call_by_verdict(run)
    return kept


def call_by_verdict(run: Run) -> None:
    """Call a run by its back-tests: *passed* only where the newest of each kind of case that was judged is."""
    found = queries.verdicts_of(run)
    if found:
        is_passed = found == {BackTest.Verdict.PASSED}
        run.status = Run.Status.PASSED if is_passed else Run.Status.NOT_PASSED
        run.save(update_fields=["status"])


def _verdict_alone(found: Validation) -> Validation:
    """A back-test without its counts and without the groups that it names."""
    reasons = tuple(reason for reason in found.reasons if reason.key != "reason-beyond")
    return replace(found, reasons=reasons, counted=Counted(None, None, None, None), tenths=(), bands=(), errors=())


def too_easy(where: str) -> BadSetting:
    """What is said of a test that is easier to pass than the usual one."""
    return BadSetting(
        "POPULATION-132",
        "A test that is easier than the usual one is not shown on the web.",
        where=where,
        cure="Leave --ratio at 1.25 or less, and let --drop name at least what the registers of the cases answer.",
    )
